"""The span gate for many groups at once: a proof that letting all of them out gives nothing away.

Whatever follows from some of the vectors follows from all of them. So it is enough to look at all: no
protected set may be in their span, and no other set of columns with too few people. Let a basis of the
columns be chosen with the largest columns first, and the vectors be written in reduced form on it, a
row per column of the basis. A set in the span is the sum of the rows of those basis columns that are
in it; so one with too few people is a sum of rows whose basis columns have too few. A column that is
in one such row only is in every sum with this row. If each two of these rows have enough people in
such columns together, and none is such a set alone, there is none.

One elimination over a few columns serves every universe that has those columns; what is looked at per
universe are products of matrices. They are made with floating point, which is exact here: a number
below 2 ** 31 times 0 or 1, summed over less than 2 ** 20 rows, stays below 2 ** 53.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.span import PRIME, Question, accepted, classes, too_close_pairs

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

_KEPT = 8


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """Columns that span the columns of some vectors, and what the elimination over them found.

    columns: their content, a bit per vector.
    solve: with it times the vectors, the columns of the basis become the unit matrix; columns x vectors.
    null: all relations between the vectors, on the columns of the basis.
    """

    columns: tuple[bytes, ...]
    solve: Numbers
    null: Numbers

    def spans(self, vectors: Numbers) -> bool:
        """Tell whether the basis spans all columns of `vectors`."""
        return not (self.null @ vectors % PRIME).any()

    def contained(self, vectors: Numbers, places: Integers, sets: Rows) -> NDArray[np.bool_]:
        """Tell for each set whether it is in the span of `vectors`, whose columns `places` are the basis."""
        factors = sets[:, places].astype(np.float64) @ self.solve % PRIME
        return np.asarray((factors @ vectors % PRIME == sets).all(axis=1))


@dataclass(slots=True)
class Bases:
    """The bases found so far; universes of one release mostly share one."""

    known: list[Basis] = field(default_factory=list)

    def of(self, vectors: Rows, weights: Integers) -> tuple[Basis, Integers]:
        """A basis of the columns of `vectors`, and where its columns stand. These columns differ from each other."""
        numbers = vectors.astype(np.float64)
        place = {column.tobytes(): n for n, column in enumerate(np.packbits(vectors, axis=0).T)}
        for basis in self.known:
            places = np.array([place.get(column, -1) for column in basis.columns], dtype=np.int64)
            if basis.solve.shape[1] == len(vectors) and (places >= 0).all() and basis.spans(numbers):
                return basis, places
        basis, places = _new_basis(vectors, numbers, np.argsort(-weights, kind="stable"))
        self.known = [basis, *self.known][:_KEPT]
        return basis, places


def _new_basis(vectors: Rows, numbers: Numbers, order: Integers) -> tuple[Basis, Integers]:
    """A basis of the columns, the first ones of `order` preferred."""
    step = 2 * len(vectors)
    chosen = order[:step].tolist()
    while True:
        pivots, solve, null = _eliminated(vectors[:, chosen])
        chosen = [chosen[pivot] for pivot in pivots]
        outside = np.any(null @ numbers % PRIME != 0, axis=0)[order]
        if not outside.any():
            break
        chosen += order[outside][:step].tolist()
    packed = np.packbits(vectors[:, chosen], axis=0).T
    return Basis(tuple(column.tobytes() for column in packed), solve, null), np.array(chosen, dtype=np.int64)


def _eliminated(columns: Rows) -> tuple[Sequence[int], Numbers, Numbers]:
    """Independent columns, what makes the unit matrix of them, and the relations between the rows; modulo `PRIME`."""
    rows, width = columns.shape
    left = np.hstack([columns.astype(np.int64), np.eye(rows, dtype=np.int64)])
    pivots: list[int] = []
    for column in range(width):
        here = len(pivots)
        rest = np.flatnonzero(left[here:, column])
        if rest.size == 0:
            continue
        found = here + int(rest[0])
        left[[here, found]] = left[[found, here]]
        left[here] = left[here] * pow(int(left[here, column]), PRIME - 2, PRIME) % PRIME
        others = np.flatnonzero(left[:, column])
        others = others[others != here]
        left[others] = (left[others] - left[others, column][:, None] * left[here][None, :]) % PRIME
        pivots.append(column)
        if len(pivots) == rows:
            break
    made = left[:, width:].astype(np.float64)
    return pivots, made[: len(pivots)], made[len(pivots) :]


def accepted_at_once(question: Question, bases: Bases) -> list[bool]:
    """Tell for each candidate whether it may be let out: all of them when that is proved safe, else one by one."""
    weights, published, candidates, protected = classes(question)
    vectors = np.vstack([published, candidates])
    close = too_close_pairs(vectors, weights, question.delta)
    if close[len(published) :].any() or not _safe(vectors, weights, protected, question.smallest_base, bases):
        return accepted(question)
    return [True] * len(candidates)


def _safe(vectors: Rows, weights: Integers, protected: Rows, enough: int, bases: Bases) -> bool:
    """Whether no protected set, and no other set of columns with too few people, is in the span of `vectors`."""
    if not vectors.size:
        return True
    basis, places = bases.of(vectors, weights)
    numbers = vectors.astype(np.float64)
    if basis.contained(numbers, places, protected).any():
        return False
    rows = basis.solve[weights[places] < enough] @ numbers % PRIME
    there = rows != 0
    small_alone = (rows <= 1).all(axis=1) & (there @ weights < enough)
    private = np.sort((there & (there.sum(axis=0) == 1)) @ weights)[:2]
    return not small_alone.any() and (len(rows) < 2 or int(private.sum()) >= enough)
