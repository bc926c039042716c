"""The span gate: what could be computed by adding and subtracting everything ever published.

A published group is a vector over sets of people ("atoms") that nothing published tells apart. What an
attacker can compute from exact counts is the span of those vectors. A group is let out only if the
span of everything published with it still contains no protected vector, and if it differs from every
other published group by nobody or by enough people. Counts are rounded as well, so this is strict.

Source: Gaussian elimination for linked tables as in Langsrud (2024), doi 10.1007/978-3-031-69651-0_6;
exact, modulo a prime: a relation over the rationals holds modulo the prime too, so none is overlooked
but for the prime dividing a pivot, which no 0/1 matrix of this size makes likely.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

PRIME = 2147483629  # below 2**31, so that products fit into int64

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]


class Span:
    """Vectors in reduced row echelon form, modulo `PRIME`. Grows by one vector at a time."""

    def __init__(self, width: int) -> None:
        self.rows: Integers = np.zeros((0, width), dtype=np.int64)
        self.pivots: list[int] = []

    def with_vector(self, vector: Rows | Integers) -> "Span":
        """This span with one more vector; itself when the vector is in it already."""
        left = self.reduce(vector.astype(np.int64)[None, :])[0]
        nonzero = np.flatnonzero(left)
        if nonzero.size == 0:
            return self
        pivot = int(nonzero[0])
        left = left * pow(int(left[pivot]), PRIME - 2, PRIME) % PRIME
        grown = Span(left.size)
        factors = self.rows[:, pivot]
        rows = self.rows.copy()
        hit = np.flatnonzero(factors)
        rows[hit] = (rows[hit] - factors[hit][:, None] * left[None, :]) % PRIME
        grown.rows = np.vstack([rows, left[None, :]])
        grown.pivots = [*self.pivots, pivot]
        return grown

    def reduce(self, vectors: Integers) -> Integers:
        """What remains of each vector when everything in the span is taken away; zero where it is in the span."""
        left = vectors % PRIME
        for row, pivot in zip(self.rows, self.pivots, strict=True):
            hit = np.flatnonzero(left[:, pivot])
            if hit.size:
                left[hit] = (left[hit] - left[hit, pivot][:, None] * row[None, :]) % PRIME
        return left

    def contains(self, vectors: Rows) -> NDArray[np.bool_]:
        """Tell for each vector whether it is in the span."""
        if not len(vectors):
            return np.zeros(0, dtype=bool)
        return np.asarray(~self.reduce(vectors.astype(np.int64)).any(axis=1), dtype=bool)

    def lone_sets(self) -> frozenset[frozenset[int]]:
        """The sets of columns that no vector tells apart and whose vector is in the span.

        Columns that no vector tells apart are equal in reduced form too. So such a set is a row whose
        columns stand in no other row, each with 1.
        """
        nonzero = self.rows != 0
        in_one_row = nonzero.sum(axis=0) == 1
        alone = ((self.rows <= 1) & (~nonzero | in_one_row[None, :])).all(axis=1)
        return frozenset(frozenset(np.flatnonzero(row).tolist()) for row in nonzero[alone])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the gate is asked.

    weights: people per column.
    published: vectors let out earlier, rows.
    candidates: vectors that would be let out now, in order of preference, rows.
    protected: sets that must not be computed; those with no or enough people are passed over.
    smallest_base: people from which on a set is no secret.
    delta: people by which published groups must differ, if they differ.
    bases: the same as smallest_base for each protected set; None where it is one number for all.
    deltas: the same as delta for each vector, the published ones first; the larger one counts for two of them.
    """

    weights: Integers
    published: Rows
    candidates: Rows
    protected: Rows
    smallest_base: int
    delta: int
    bases: Integers | None = None
    deltas: Integers | None = None

    @property
    def apart(self) -> Integers:
        """By how many people two vectors must differ, if they differ."""
        vectors = len(self.published) + len(self.candidates)
        deltas = np.full(vectors, self.delta) if self.deltas is None else self.deltas
        return np.asarray(np.maximum.outer(deltas, deltas))


@dataclass(frozen=True, slots=True)
class _Few:
    """Tells which sets hold too few people."""

    weights: Integers
    smallest_base: int

    def among(self, span: Span) -> frozenset[frozenset[int]]:
        """The lone sets of a span that hold too few."""
        found = span.lone_sets()
        return frozenset(one for one in found if self.weights[list(one)].sum() < self.smallest_base)


@dataclass(slots=True)
class _State:
    """What is let out so far: its span, the small sets and the protected sets in it."""

    span: Span
    hits: frozenset[frozenset[int]]
    secrets: NDArray[np.bool_]


def accepted(question: Question) -> list[bool]:
    """Tell for each candidate whether it may be let out, the earlier ones given: by sets that are named, one by one.

    The gate of releases looks at all sets (`at_once.py`); this is the method as published, for comparisons with it.
    A secret that is in the span of what was published before is not held against a candidate.
    """
    weights, published, candidates, protected = classes(question)
    span = Span(weights.size)
    for vector in published:
        span = span.with_vector(vector)
    few = _Few(weights, question.smallest_base)
    state = _State(span, few.among(span), span.contains(protected))
    too_close = too_close_pairs(np.vstack([published, candidates]), weights, question.apart)
    out = list(range(len(published)))
    answers = []
    for place, vector in enumerate(candidates, start=len(published)):
        good = not too_close[place, out].any() and _let_in(vector, state, few, protected)
        if good:
            out.append(place)
        answers.append(good)
    return answers


def _let_in(vector: Rows, state: _State, few: _Few, protected: Rows) -> bool:
    grown = state.span.with_vector(vector)
    if grown is state.span:
        return True
    hits = few.among(grown)
    secrets = grown.contains(protected)
    if not hits <= state.hits or bool((secrets & ~state.secrets).any()):
        return False
    state.span, state.hits, state.secrets = grown, hits, secrets
    return True


def too_close_pairs(vectors: Rows, weights: Integers, delta: int | Integers) -> NDArray[np.bool_]:
    """Which pairs differ, but by fewer people than `delta`: a number for all, or one for each pair."""
    numbers = csr_array(vectors.astype(np.int64))  # few groups hold any one column
    both = (numbers.multiply(weights) @ numbers.T).toarray()
    size = both.diagonal()
    apart = size[:, None] + size[None, :] - 2 * both
    return np.asarray((apart > 0) & (apart < delta))


def classes(question: Question) -> tuple[Integers, Rows, Rows, Rows]:
    """Put columns together that no vector tells apart; leave out columns without people and sets that are no secret."""
    some = question.weights > 0
    stacked = np.vstack([question.published, question.candidates])[:, some]
    weights = question.weights[some]
    packed = np.packbits(stacked, axis=0).T.copy()
    _, first, inverse = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    of = np.asarray(inverse).ravel()
    size = np.bincount(of, weights=weights, minlength=first.size).astype(np.int64)
    rows = stacked[:, first]
    split = len(question.published)
    enough = question.smallest_base if question.bases is None else question.bases
    protected = _whole_classes(question.protected[:, some], weights, of, enough)
    return size, rows[:split], rows[split:], protected


def _whole_classes(sets: Rows, weights: Integers, of: Integers, enough: int | Integers) -> Rows:
    """The protected sets that are unions of classes; the others cannot be in the span."""
    people = sets @ weights
    secret = sets[(people > 0) & (people < enough)]
    width = int(of.max()) + 1 if of.size else 0
    if not len(secret):
        return np.zeros((0, width), dtype=bool)
    total = np.bincount(of, minlength=width)
    inside = np.vstack([np.bincount(of, weights=one, minlength=width) for one in secret])
    whole = np.all((inside == 0) | (inside == total), axis=1)
    return np.asarray(inside[whole] > 0)
