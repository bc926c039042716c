"""Over time: who stood behind what was published, as counts of people per profile and batch, and who came or left.

An atom is one combination of menu parts in one batch. A batch is closed once, so an atom only loses
people (withdrawal, erasure, a later answer of the same person). From its counts at all releases the
atom falls into nested sets of people, "columns": those who are still there, those who left after
release 2, and so on. So set differences over all dates follow from counts; no person is in the ledger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.external import MARK, External, ExternalGroup, groups_told, tables_told
from survey_app.core.protection.groups import EXACTLY, is_crossing, joined, split
from survey_app.core.protection.menu import DIMENSIONS, Menu

EVERYONE = "everyone"
PEOPLE = ""
"""Name of the universe of all people; the others are named after a variable: those who gave a value to it."""

Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]
LEAF = "="
"""Stands before a leaf where the dimension is not pooled yet; it takes its part once there is one."""
Atom = tuple[str, ...]
"""Population, one part per dimension ("" where it has none), number of the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the ledger keeps of one release.

    populations: those published; together they are `everyone`.
    atoms: in fixed order.
    counts: universe -> people per atom.
    published: universe -> ids of the groups computed anew.
    """

    release: str
    quarter: str
    populations: tuple[str, ...]
    atoms: tuple[Atom, ...]
    counts: Mapping[str, tuple[int, ...]]
    published: Mapping[str, tuple[str, ...]]

    def to_document(self) -> dict[str, Any]:
        """The form in which an entry is stored and hashed."""
        return {
            "release": self.release,
            "quarter": self.quarter,
            "populations": list(self.populations),
            "atoms": [list(atom) for atom in self.atoms],
            "counts": {name: list(counts) for name, counts in self.counts.items()},
            "published": {name: list(groups) for name, groups in self.published.items()},
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Entry":
        """Read what `to_document` made."""
        return cls(
            release=document["release"],
            quarter=document["quarter"],
            populations=tuple(document["populations"]),
            atoms=tuple(tuple(atom) for atom in document["atoms"]),
            counts={name: tuple(counts) for name, counts in document["counts"].items()},
            published={name: tuple(groups) for name, groups in document["published"].items()},
        )


class Ledger:
    """All entries of a study, the one being made last, laid out over one list of atoms of the present menu.

    externals: what others published about the same people.
    """

    def __init__(self, entries: Sequence[Entry], menu: Menu, externals: Sequence[External] = ()) -> None:
        self.entries = tuple(entries)
        self.told = groups_told(externals)
        self.tables_told = tables_told(externals)
        keys = [[_pooled(atom, menu) for atom in entry.atoms] for entry in entries]
        self.atoms = tuple(sorted({atom for one in keys for atom in one}))
        place = {atom: n for n, atom in enumerate(self.atoms)}
        self._places = [np.array([place[atom] for atom in one], dtype=np.int64) for one in keys]
        self.menu = menu
        self._keys = np.array(self.atoms, dtype=object).reshape(len(self.atoms), len(DIMENSIONS) + 2)
        self._masks: dict[tuple[str, int], Mask] = {}
        self._coded: dict[str, tuple[dict[str, int], Integers]] = {}

    def members(self, group: str, release: int) -> Mask:
        """The atoms in `group` at release number `release` (position of its entry)."""
        if (group, release) not in self._masks:
            self._masks[group, release] = self._members(group, release)
        return self._masks[group, release]

    def _members(self, group: str, release: int) -> Mask:
        if group == EVERYONE:
            return np.isin(self._keys[:, 0].astype(str), self.entries[release].populations)
        population, _, rest = group.partition("/")
        mask: Mask = self._keys[:, 0] == population
        if not rest:
            return mask
        dimension, _, category = rest.partition("/")
        number, codes = self._categories(dimension)
        inside = np.zeros(len(number), dtype=bool)
        inside[[number[one] for one in self._cells(population, dimension, category) if one in number]] = True
        return mask & inside[codes]

    def _categories(self, dimension: str) -> tuple[dict[str, int], Integers]:
        """The categories of a dimension that occur, numbered, and which one each atom has."""
        if dimension not in self._coded:
            columns = [1 + DIMENSIONS.index(one) for one in split(dimension)]
            names = [joined(tuple(atom)) for atom in self._keys[:, columns].tolist()]
            number = {name: place for place, name in enumerate(dict.fromkeys(names))}
            self._coded[dimension] = number, np.array([number[name] for name in names], dtype=np.int64)
        return self._coded[dimension]

    def _cells(self, population: str, dimension: str, category: str) -> Sequence[str]:
        """The categories that a category is made of: of a crossing, the cells of its part."""
        if category.startswith(EXACTLY):
            return category.removeprefix(EXACTLY).split("|")
        if not is_crossing(dimension):
            return (category,)
        parts = self.menu.partitions.get((population, dimension), ())
        return next((part.members for part in parts if part.category == category), ())

    def universe(self, name: str) -> "Universe":
        """The columns of the people (`PEOPLE`), or of those who gave a value to a variable."""
        counts = np.zeros((len(self.entries), len(self.atoms)), dtype=np.int64)
        for row, (entry, places) in enumerate(zip(self.entries, self._places, strict=True)):
            if name in entry.counts:
                np.add.at(counts[row], places, entry.counts[name])
        return Universe(self, name, self._marked(counts) if self.told else counts)

    def _marked(self, counts: Integers) -> Integers:
        """Give people of earlier releases the marks that they got later; who left before has none."""
        finer = self._finer()
        for release in range(len(counts) - 2, -1, -1):
            for atom, marked in finer.items():
                left = int(counts[release, atom])
                for one in marked if left else ():
                    later = min(int(counts[release + 1 :, one].max()), left)
                    counts[release, one] += later
                    left -= later
                counts[release, atom] = left
        return counts

    def _finer(self) -> dict[int, list[int]]:
        """Atom -> those that differ from it by more marks only; atoms with few marks first."""
        found: dict[int, list[int]] = {}
        alike: dict[Atom, list[tuple[str, int]]] = {}
        for place, atom in enumerate(self.atoms):
            batch, _, marks = atom[-1].partition(MARK)
            alike.setdefault((*atom[:-1], batch), []).append((marks, place))
        for several in alike.values():
            for marks, place in several:
                longer = [other for more, other in several if more != marks and more.startswith(marks)]
                if longer:
                    found[place] = longer
        return found

    def inside(self, group: ExternalGroup) -> Mask:
        """The atoms in a group of others; who has no mark and whose part is divided by the group counts as outside."""
        parts = {
            dimension: {
                part.category: part.members for part in self.menu.partitions.get((group.population, dimension), ())
            }
            for dimension in group.group
        }
        return np.array([self._is_inside(atom, group, parts) for atom in self.atoms], dtype=bool)

    def _is_inside(self, atom: Atom, group: ExternalGroup, parts: Mapping[str, Mapping[str, Sequence[str]]]) -> bool:
        if atom[0] != group.population:
            return False
        marks = atom[-1].partition(MARK)[2]
        if len(marks) > group.mark:
            return marks[group.mark] == "1"
        for dimension, leaves in group.group.items():
            value = atom[1 + DIMENSIONS.index(dimension)]
            members = parts[dimension].get(value, (value.removeprefix(LEAF),))
            if not set(members) <= set(leaves):
                return False
        return True


class Universe:
    """Columns of people with their numbers, and every group as a vector over them."""

    def __init__(self, ledger: Ledger, name: str, counts: Integers) -> None:
        self.ledger = ledger
        self.name = name
        levels = np.sort(counts, axis=0)
        steps = np.diff(levels, axis=0, prepend=0)
        step, self.atom_of = np.nonzero(steps)
        self.weights: Integers = steps[step, self.atom_of]
        self._present = counts[:, self.atom_of] >= levels[step, self.atom_of][None, :]

    def vector(self, group: str, release: int) -> Mask:
        """Which columns stood in `group` at that release."""
        return np.asarray(self.ledger.members(group, release)[self.atom_of] & self._present[release])

    def present(self, release: int) -> Mask:
        """Which columns were there at that release, in whatever group."""
        return np.asarray(self._present[release])

    def people(self, vector: Mask) -> int:
        """How many people a vector has."""
        return int(self.weights[vector].sum())

    def publications(self, *, before: int) -> list[tuple[str, int]]:
        """Each (group, release) at which something was computed anew, in the releases before that one."""
        return [
            (group, release)
            for release, entry in enumerate(self.ledger.entries[:before])
            for group in entry.published.get(self.name, ())
        ]

    def told(self) -> list[tuple[int, Mask]]:
        """What others told of these people: place of the table, and who was in its group."""
        found = []
        for place, (group, (_, table)) in enumerate(zip(self.ledger.told, self.ledger.tables_told, strict=True)):
            if self.name in (PEOPLE, table.variable) and group.release < len(self.ledger.entries):
                mask = self.ledger.inside(group)[self.atom_of] & self._present[group.release]
                found.append((place, np.asarray(mask)))
        return found

    def since(self, group: str, *, before: int) -> int | None:
        """The release in which `group` was last computed anew, None if it never was."""
        found = [release for one, release in self.publications(before=before) if one == group]
        return max(found, default=None)

    def changed(self, group: str, then: int, now: int) -> int:
        """How many people joined or left `group` between two releases."""
        return self.people(self.vector(group, then) ^ self.vector(group, now))


def _pooled(atom: Atom, menu: Menu) -> Atom:
    population, *values, batch = atom
    found = []
    for dimension, value in zip(DIMENSIONS, values, strict=True):
        leaf = value.removeprefix(LEAF)
        parts = menu.partitions.get((population, dimension), ()) if value.startswith(LEAF) else ()
        found.append(next((part.category for part in parts if leaf in part.members), value))
    return (population, *found, batch)
