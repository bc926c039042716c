"""H1: what can be computed exactly by adding and subtracting everything published so far, over all dates.

Written apart from the gate, by another road: a set can be computed if and only if its vector is
orthogonal to the null space of the published vectors. So a mistake in one is not a mistake in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.external import External
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import EVERYONE, Entry, Ledger, Universe

PRIME = 2147483587  # another one than that of the gate

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Too few people whose answers could be computed. universe: variable, or empty for all people."""

    universe: str
    people: int


def singled_out(published: Rows) -> list[int]:
    """Return the columns that can be computed alone."""
    return np.flatnonzero(~_null_space(published).any(axis=1)).tolist()


def computable(published: Rows, sets: Rows) -> list[bool]:
    """Tell for each set whether it can be computed."""
    null = _null_space(published)
    found = []
    for one in sets:
        inside = np.flatnonzero(one)
        found.append(not bool((null[inside].sum(axis=0) % PRIME).any()))
    return found


def audit_ledger(
    entries: Sequence[Entry], menu: Menu, *, smallest_base: int, externals: Sequence[External] = ()
) -> list[Finding]:
    """Return every set of 1 to `smallest_base` - 1 people that the whole ledger gives away.

    What others published, `externals`, counts as known; what follows from that and from earlier releases is no finding.

    Looked for are all sets that nothing published tells apart, every group at every date, and all who
    joined or left a group between two dates; for all people and for those who answered each variable.
    """
    ledger = Ledger(entries, menu, externals)
    names = dict.fromkeys(name for entry in entries for name in entry.counts)
    groups = [
        f"{population}/{dimension}/{part.category}"
        for (population, dimension), parts in menu.partitions.items()
        for part in parts
    ]
    groups += [population for entry in entries for population in entry.populations]
    return [finding for name in names for finding in _audit_universe(ledger.universe(name), groups, smallest_base)]


def _audit_universe(universe: Universe, groups: Sequence[str], smallest: int) -> list[Finding]:
    releases = len(universe.ledger.entries)
    publications = universe.publications(before=releases)
    if not publications:
        return []
    told = [vector for _, vector in universe.told()]
    published = np.array([*told, *(universe.vector(group, release) for group, release in publications)])
    known = np.array([release < releases - 1 for _, release in publications], dtype=bool)
    known = np.concatenate([np.ones(len(told), dtype=bool), known]) & bool(told)
    first, of = _classes(published)
    size = np.bincount(of, weights=universe.weights, minlength=first.size).astype(np.int64)
    compact = published[:, first]
    alone = [np.arange(first.size) == n for n in singled_out(compact) if size[n] < smallest]
    secrets = _whole(_secrets(universe, groups, smallest), of, first.size)
    followed = computable(compact, secrets)
    found = [*alone, *(one for one, yes in zip(secrets, followed, strict=True) if yes)]
    if known.any() and found:
        before = computable(compact[known], np.array(found))
        found = [one for one, yes in zip(found, before, strict=True) if not yes]
    return [Finding(universe=universe.name, people=int(size[one].sum())) for one in found]


def _secrets(universe: Universe, groups: Sequence[str], smallest: int) -> Rows:
    found = []
    for group in dict.fromkeys([EVERYONE, *groups]):
        states = [universe.vector(group, release) for release in range(len(universe.ledger.entries))]
        found += states
        for n, earlier in enumerate(states):
            for later in states[n + 1 :]:
                found += [later & ~earlier, earlier & ~later]
    rows = np.unique(np.array(found), axis=0)
    people = rows @ universe.weights
    return np.asarray(rows[(people > 0) & (people < smallest)])


def _classes(published: Rows) -> tuple[Integers, Integers]:
    _, first, of = np.unique(published, axis=1, return_index=True, return_inverse=True)
    return np.asarray(first), np.asarray(of).ravel()


def _whole(sets: Rows, of: Integers, width: int) -> Rows:
    """The sets that are unions of classes, as rows over classes."""
    total = np.bincount(of, minlength=width)
    inside = np.array([np.bincount(of, weights=one, minlength=width) for one in sets]).reshape(len(sets), width)
    whole = np.all((inside == 0) | (inside == total), axis=1)
    return np.asarray(inside[whole] > 0)


def _null_space(published: Rows) -> Integers:
    """A basis of all vectors orthogonal to the published ones, as columns, modulo `PRIME`."""
    rows = published.astype(np.int64)
    width = rows.shape[1]
    pivots: list[int] = []
    for column in range(width):
        rest = np.flatnonzero(rows[len(pivots) :, column])
        if rest.size == 0:
            continue
        here, found = len(pivots), len(pivots) + int(rest[0])
        rows[[here, found]] = rows[[found, here]]
        rows[here] = rows[here] * pow(int(rows[here, column]), PRIME - 2, PRIME) % PRIME
        others = np.flatnonzero(rows[:, column])
        others = others[others != here]
        rows[others] = (rows[others] - rows[others, column][:, None] * rows[here][None, :]) % PRIME
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    free = [column for column in range(width) if column not in set(pivots)]
    null = np.zeros((width, len(free)), dtype=np.int64)
    null[free, np.arange(len(free))] = 1
    null[pivots] = -rows[: len(pivots)][:, free] % PRIME
    return null
