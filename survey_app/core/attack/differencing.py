"""H4: pairs of published groups that differ by a few people, at whatever dates they were published."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import Entry, Ledger

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePair:
    """Two publications (group, release) that differ by `people`. universe: variable, or empty for all people."""

    universe: str
    one: tuple[str, str]
    other: tuple[str, str]
    people: int


def close_pairs(published: Rows, weights: Integers, *, delta: int) -> list[tuple[int, int, int]]:
    """Return (row, row, people) of each pair that differs by 1 to `delta` - 1 people.

    Args:
        published: vectors, a row each.
        weights: people per column.
        delta: people by which groups must differ, if they differ.
    """
    rows = published.astype(np.int64)
    size = rows @ weights
    both = (rows * weights) @ rows.T
    apart = size[:, None] + size[None, :] - 2 * both
    first, second = np.nonzero(np.triu((apart > 0) & (apart < delta), k=1))
    return [(int(a), int(b), int(apart[a, b])) for a, b in zip(first, second, strict=True)]


def audit_ledger(entries: Sequence[Entry], menu: Menu, *, delta: int) -> list[ClosePair]:
    """Return every pair of publications in the ledger that differs by too few people, for all variables."""
    ledger = Ledger(entries, menu)
    found = []
    for name in dict.fromkeys(name for entry in entries for name in entry.counts):
        universe = ledger.universe(name)
        publications = universe.publications(before=len(entries))
        vectors = np.array([universe.vector(group, release) for group, release in publications], dtype=bool)
        if not publications:
            continue
        for a, b, people in close_pairs(vectors, universe.weights, delta=delta):
            one, other = publications[a], publications[b]
            found.append(
                ClosePair(
                    universe=name,
                    one=(one[0], entries[one[1]].release),
                    other=(other[0], entries[other[1]].release),
                    people=people,
                )
            )
    return found
