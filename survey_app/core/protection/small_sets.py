"""Is there a set of too few people among all sums and differences of what is published? Exact, for any set at all.

Let the largest possible columns be a basis of the columns. Whatever 0/1 vector is in the span is the sum of the rows
(in reduced form on that basis) of those basis columns that are in it. So a set of too few people is such a sum over
columns with too few. Whether a row can take part is decided by propagation of bounds: each column of the sum must be 0
or 1, and the people in it must be too few. Each row is tried in turn, the largest first; one that cannot take part is
left out from then on. What propagation leaves open is left to integer programming (HiGHS).

Source of the propagation and the trying ("probing"): Savelsbergh (1994), doi 10.1287/ijoc.6.4.445.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from survey_app.core.protection.span import PRIME

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

_HAIR = 1e-6
_NODES = 2000
_LARGEST_NUMERATOR, _LARGEST_DENOMINATOR = 1000, 60
_INFEASIBLE = 2  # what the solver calls it


class TooHardError(Exception):
    """The solver did not come to an end: nothing is proved."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums of rows over distinct columns.

    rows: s x c.
    weights: people per column, c.
    fewest: people from which on a set is no secret.
    """

    rows: Numbers
    weights: Integers
    fewest: int

    def narrowed(self, least: Numbers, most: Numbers) -> tuple[Numbers, Numbers] | None:
        """Narrow the bounds of how often each row is taken, 0 or 1; None when no sum of too few people is left."""
        up, down = np.maximum(self.rows, 0), np.minimum(self.rows, 0)
        while True:
            low, high = least @ up + most @ down, most @ up + least @ down
            taken = low > _HAIR
            people = int(self.weights[taken].sum())
            top = (taken | (self.weights + people < self.fewest)).astype(np.float64)
            bottom = taken.astype(np.float64)
            if people >= self.fewest or (low > top + _HAIR).any() or (high < bottom - _HAIR).any():
                return None
            free = np.flatnonzero(least < most)
            if not free.size:
                return least, most
            more, less = up[free], down[free]
            never = (low + more > top + _HAIR).any(axis=1) | (high + less < bottom - _HAIR).any(axis=1)
            always = (low - less > top + _HAIR).any(axis=1) | (high - more < bottom - _HAIR).any(axis=1)
            if (never & always).any():
                return None
            if not (never | always).any():
                return least, most
            least, most = least.copy(), most.copy()
            least[free[always]] = 1
            most[free[never]] = 0

    def without_hopeless(self) -> tuple[Numbers, Numbers | None]:
        """Try each row: what is left of `most`, and a sum that was met on the way."""
        least, most = np.zeros(len(self.rows)), np.ones(len(self.rows))
        for row in range(len(self.rows)):
            if not most[row]:
                continue
            tried = least.copy()
            tried[row] = 1
            found = self.narrowed(tried, most)
            if found is None:
                most[row] = 0
            elif (found[0] == found[1]).all():
                return most, found[0]
        return most, None


def small_set(
    rows: Numbers, weights: Integers, basis_weights: Integers, fewest: int, known: Sequence[Rows]
) -> Rows | None:
    """Return a set of 1 to `fewest` - 1 people that is a sum of rows, None when there is none.

    Args:
        rows: in reduced form on a basis of the largest columns, one for each column of it with too few people; s x c,
            modulo `PRIME`.
        weights: people per column, c.
        basis_weights: people in those columns of the basis, s.
        fewest: people from which on a set is no secret.
        known: sets that are passed over.

    Raises:
        TooHardError: the solver did not come to an end.
    """
    rows = _possible(rows[np.argsort(-basis_weights, kind="stable")], weights, fewest)
    touched = np.flatnonzero((rows != 0).any(axis=0))
    if not touched.size:
        return None
    distinct, of = np.unique(rows[:, touched], axis=1, return_inverse=True)
    of = np.asarray(of).ravel()
    people = np.bincount(of, weights=weights[touched]).astype(np.int64)
    sums = _Sums(_real(distinct), people, fewest)
    most, found = sums.without_hopeless()
    chosen = found if found is not None and not known else _solved(sums, most, [one[touched] for one in known], of)
    if chosen is None:
        return None
    answer = np.zeros(weights.size, dtype=bool)
    answer[touched] = (chosen @ sums.rows > 0.5)[of]
    return answer


def _possible(rows: Numbers, weights: Integers, fewest: int) -> Numbers:
    """The rows that may take part in a sum, by the columns that each has alone: they are in every sum with it."""
    while len(rows):
        there = rows != 0
        alone = there & (there.sum(axis=0) == 1)
        never = (alone @ weights >= fewest) | (alone & (rows != 1)).any(axis=1)
        if not never.any():
            break
        rows = rows[~never]
    return rows


def _real(rows: Numbers) -> Numbers:
    """The rational numbers with small numerator and denominator that these are modulo `PRIME`.

    Raises:
        TooHardError: there are none.
    """
    found = np.full(rows.shape, np.nan)
    for below in range(1, _LARGEST_DENOMINATOR + 1):
        above = rows * below % PRIME
        above = np.where(above > PRIME // 2, above - PRIME, above)
        fits = np.isnan(found) & (np.abs(above) <= _LARGEST_NUMERATOR)
        found[fits] = above[fits] / below
        if not np.isnan(found).any():
            return found
    raise TooHardError


def _solved(sums: _Sums, most: Numbers, known: Sequence[Rows], of: Integers) -> Numbers | None:
    """Which rows to take, by integer programming; None when there is no sum of too few people.

    Columns that whole numbers of rows need not make whole get a variable of their own.
    """
    free = np.flatnonzero(most)
    if not free.size:
        return None
    rows = sums.rows[free]
    halves = np.flatnonzero((np.abs(rows - np.round(rows)) > _HAIR).any(axis=0))
    people = rows @ sums.weights
    beside = np.zeros(halves.size)
    limits = [
        (np.hstack([rows.T, np.zeros((rows.shape[1], halves.size))]), 0, sums.weights < sums.fewest),
        (np.concatenate([people, beside])[None, :], 1, sums.fewest - 1),
        (np.hstack([rows[:, halves].T, -np.eye(halves.size)]), 0, 0),
    ]
    for one in known:
        inside = np.bincount(of, weights=one) > 0
        signs = np.where(inside, -1.0, 1.0)
        limits.append((np.concatenate([rows @ signs, beside])[None, :], 1 - inside.sum(), np.inf))
    done = milp(
        np.concatenate([people, beside]),
        constraints=[LinearConstraint(*limit) for limit in limits if len(limit[0])],
        bounds=Bounds(0, 1),
        integrality=np.ones(free.size + halves.size),
        options={"node_limit": _NODES},
    )
    if done.status == _INFEASIBLE:
        return None
    if done.x is None:
        raise TooHardError
    chosen = np.zeros(len(sums.rows))
    chosen[free] = np.round(done.x[: free.size])
    return chosen
