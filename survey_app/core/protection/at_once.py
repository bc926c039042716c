"""The span gate for many groups at once: what may go out so that nothing follows that must not.

Whatever follows from some of the vectors follows from all of them. So it is enough to look at all: no protected set may
be in their span, and no other set of columns with too few people (`small_sets.py`). Where one is, the candidate that
completes it is found, and the look is repeated at those before it, until nothing is found; the next candidate is
refused, and the rest is looked at. That is the answer of looking at one candidate after the other, with few looks.

One elimination over a few columns serves every universe that has those columns; what is looked at per
universe are products of matrices. They are made with floating point, which is exact here: a number
below 2 ** 31 times 0 or 1, summed over less than 2 ** 20 rows, stays below 2 ** 53.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.small_sets import TooHardError, small_set
from survey_app.core.protection.span import PRIME, Question, classes, too_close_pairs

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]

_KEPT = 8
_MOST_KNOWN = 20
"""So many small sets that others gave away are passed over; where there are more, no further ones are looked for."""


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
    """Tell for each candidate whether it may be let out, the earlier ones given.

    A set that follows from what was published before is not held against a candidate. Where it cannot be proved in time
    that nothing follows, the candidate is refused.
    """
    weights, published, candidates, protected = classes(question)
    close = too_close_pairs(np.vstack([published, candidates]), weights, question.apart)
    near_published = close[len(published) :, : len(published)].any(axis=1)
    near = close[len(published) :, len(published) :]
    look = _Look(weights, protected, question.smallest_base, bases, published)
    out: list[int] = []
    rest = np.flatnonzero(~near_published).tolist()
    while rest:
        wanted = _apart(near, out, rest)
        good = len(wanted)
        while good and (last := look.completing(candidates[[*out, *wanted[:good]]])) is not None:
            good = last - len(out)
        out += wanted[:good]
        refused = wanted[good] if good < len(wanted) else rest[-1]
        rest = [place for place in rest if place > refused]
    return [place in set(out) for place in range(len(candidates))]


def _apart(near: Rows, out: Sequence[int], rest: Sequence[int]) -> list[int]:
    """Those of `rest` that are not too close to what is out, nor to an earlier one of them."""
    found: list[int] = []
    for place in rest:
        if not near[place, [*out, *found]].any():
            found.append(place)
    return found


@dataclass(slots=True, eq=False)
class _Look:
    """Looks for what must not follow. known: small sets that follow from what was published before."""

    weights: Integers
    protected: Rows
    fewest: int
    bases: Bases
    published: Rows
    known: list[Rows] = field(default_factory=list)

    def completing(self, candidates: Rows) -> int | None:
        """The candidate with which something follows that must not, from it and all before it; None if nothing does.

        It need not be the first such candidate; then the first one is found among those before it.
        """
        vectors = np.vstack([self.published, candidates])
        if not vectors.size:
            return None
        basis, places = self.bases.of(vectors, self.weights)
        numbers = vectors.astype(np.float64)
        prefix = _Prefix(vectors[:, places])
        told = self.protected[basis.contained(numbers, places, self.protected)]
        last = min((at for one in told if (at := prefix.spanning(one[places])) >= len(self.published)), default=None)
        while last is None:
            try:
                found = self._small(basis, places, numbers)
            except TooHardError:
                return len(candidates) - 1 if len(candidates) else None
            if found is None or len(self.known) > _MOST_KNOWN:
                return None
            last = prefix.spanning(found[places])
            if last < len(self.published):
                self.known.append(found)
                last = None
        return last - len(self.published)

    def _small(self, basis: Basis, places: Integers, numbers: Numbers) -> Rows | None:
        few = np.flatnonzero(self.weights[places] < self.fewest)
        rows = basis.solve[few] @ numbers % PRIME
        return small_set(rows, self.weights, self.weights[places[few]], self.fewest, self.known)


@dataclass(slots=True, eq=False)
class _Prefix:
    """Vectors in their order, on the columns of a basis; each is reduced by those before it, modulo `PRIME`."""

    vectors: Rows
    steps: list[tuple[int, int, Integers]] = field(default_factory=list)

    def spanning(self, vector: Rows) -> int:
        """The place of the last vector that is needed for `vector`, which is in the span of all."""
        left = vector.astype(np.int64)
        for place, pivot, row in self._reduced():
            left = (left - left[pivot] * row) % PRIME
            if not left.any():
                return place
        message = "not in the span of the vectors"
        raise ValueError(message)

    def _reduced(self) -> list[tuple[int, int, Integers]]:
        for place, vector in enumerate(self.vectors if not self.steps else ()):
            left = vector.astype(np.int64)
            for _, pivot, row in self.steps:
                left = (left - left[pivot] * row) % PRIME
            nonzero = np.flatnonzero(left)
            if nonzero.size:
                pivot = int(nonzero[0])
                self.steps.append((place, pivot, left * pow(int(left[pivot]), PRIME - 2, PRIME) % PRIME))
        return self.steps
