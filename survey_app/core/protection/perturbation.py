"""Noise tables: with which probability a count becomes which other, and how a key decides it.

For every count i the noise v has mean 0, variance V at most and size D at most; no count becomes
negative, none becomes 1 to js, and 0 stays 0. Among all such distributions that of greatest entropy
is taken, rising up to v = 0. Where bounds leave no room for the whole variance it is smaller.

Source: Giessing (2016), "Computational issues in the design of transition probabilities and
disclosure risk estimation for additive noise", PSD 2016, LNCS 9867; Fraser and Wooton (2006).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from survey_app.core.protection.policy import Noise

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]
Numbers = NDArray[np.float64]

_EXACT = 1e-7
_KEPT_BITS = 53  # of a key; as many as a float holds


@dataclass(frozen=True, slots=True)
class NoiseTable:
    """What a count becomes, by the place of its key between 0 and 1.

    steps: rows of counts x columns of noise; the last row holds for all larger counts.
    reached: the sum of the probabilities up to and with each column; padded with 1.
    """

    steps: Integers
    reached: Numbers

    def perturbed(self, counts: Integers, keys: Keys) -> Integers:
        """Return `counts` with the noise that their `keys` decide: same key and count, same noise. Any shape.

        Args:
            counts: people, 0 or more.
            keys: the sum of the record keys of those people, modulo 2 ** 64.
        """
        place = np.minimum(counts, len(self.steps) - 1)
        at = (keys >> np.uint64(64 - _KEPT_BITS)).astype(np.float64) * 2.0**-_KEPT_BITS
        column = (self.reached[place] <= at[..., None]).sum(axis=-1)
        return np.asarray(counts + self.steps[place, np.minimum(column, self.steps.shape[1] - 1)])

    def probabilities(self, count: int) -> dict[int, float]:
        """What a count may become, and how probable that is."""
        row = min(count, len(self.steps) - 1)
        found: dict[int, float] = {}
        for step, share in zip(self.steps[row], np.diff(self.reached[row], prepend=0.0), strict=True):
            if share > 0:
                found[count + int(step)] = float(share)
        return found


def table_of(rows: Sequence[Mapping[int, float]]) -> NoiseTable:
    """Return the table in which the count of each row becomes a key of its mapping with the probability beside it."""
    width = max(len(row) for row in rows)
    steps = np.zeros((len(rows), width), dtype=np.int64)
    reached = np.ones((len(rows), width), dtype=np.float64)
    for count, row in enumerate(rows):
        targets = sorted(row)
        steps[count, : len(row)] = np.array(targets) - count
        steps[count, len(row) :] = targets[-1] - count
        reached[count, : len(row)] = np.cumsum([row[target] for target in targets])
        reached[count, len(row) - 1] = 1.0
    return NoiseTable(steps, reached)


@lru_cache(maxsize=16)
def noise_table(noise: Noise) -> NoiseTable:
    """Return the table of greatest entropy.

    Raises:
        ValueError: no distribution keeps all conditions.
    """
    rows = [{0: 1.0}]
    rows += [_row(count, noise) for count in range(1, noise.first_symmetric + 1)]
    return table_of(rows)


def _row(count: int, noise: Noise) -> dict[int, float]:
    """The distribution of greatest entropy among those that keep the conditions; a convex problem."""
    lowest = max(count - noise.largest, 0)
    targets = [to for to in range(lowest, count + noise.largest + 1) if not 1 <= to <= noise.blocked]
    step = np.array(targets, dtype=np.float64) - count
    equal = np.vstack([np.ones(step.size), step])
    at_most = np.vstack([step**2, _rising(step)])
    limit = np.zeros(len(at_most))
    limit[0] = noise.variance
    found = minimize(
        lambda p: float((p * np.log(p)).sum()),
        np.full(step.size, 1 / step.size),
        jac=lambda p: np.log(p) + 1,
        method="SLSQP",
        bounds=[(1e-12, 1.0)] * step.size,
        constraints=[
            {"type": "eq", "fun": lambda p: equal @ p - (1.0, 0.0), "jac": lambda _: equal},
            {"type": "ineq", "fun": lambda p: limit - at_most @ p, "jac": lambda _: -at_most},
        ],
        options={"ftol": 1e-14, "maxiter": 1000},
    ).x
    kept = np.abs(equal @ found - (1.0, 0.0)).max() < _EXACT and (at_most @ found - limit).max() < _EXACT
    if not kept:
        message = f"no noise for the count {count}"
        raise ValueError(message)
    return dict(zip(targets, found.tolist(), strict=True))


def _rising(step: Numbers) -> Numbers:
    """Rows that say: up to a noise of 0, no smaller noise is more probable than the next larger one."""
    zero = int(np.flatnonzero(step == 0)[0]) if 0 in step else 0
    rows = np.zeros((zero, step.size))
    rows[np.arange(zero), np.arange(zero)] = 1
    rows[np.arange(zero), np.arange(zero) + 1] = -1
    return rows
