"""What an insider sees of one question: everyone's groups, and bounds for every count that was ever printed.

The insider (attacker A2) knows who took part, everyone's group in every dimension, their batch and
whether they gave a value to the question: more than is realistic, so what they cannot find nobody can.
People are places: those of one atom of the ledger are exchangeable, so which of them is in which place
does not matter. A person's answer is one of the printed options.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.cube import ProtectedCube, ProtectedTable, PublishedVariable
from survey_app.core.protection.external import External, ExternalTable
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.policy import FLOOR_BASE
from survey_app.core.protection.sticky import PEOPLE, Entry, Ledger, Universe

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Key = tuple[str, int]
"""A publication: the group, and the number of the release in which it was computed anew."""
NOT_KNOWN = -1
"""In place of an option: of people of whom nothing was printed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Puzzle:
    """One question. K options, P publications, S places for people (the same for all questions of a study).

    keys: what each row is, P.
    members: P x S, who stood behind each publication.
    lower, upper: P x K, bounds of each count.
    """

    name: str
    options: int
    keys: tuple[Key, ...]
    members: Rows
    lower: Integers
    upper: Integers

    @property
    def counted(self) -> Rows:
        """The places of which something was printed."""
        return np.asarray(self.members.any(axis=0))

    @property
    def sizes(self) -> Integers:
        """People behind each publication."""
        return np.asarray(self.members.sum(axis=1))

    def kinds(self) -> tuple[Integers, Integers]:
        """Kinds of people that nothing printed tells apart: the first place of each, and the kind of every place."""
        packed = np.packbits(self.members, axis=0).T.copy()
        _, first, of = np.unique(packed, axis=0, return_index=True, return_inverse=True)
        return np.asarray(first), np.asarray(of).ravel()

    def only(self, rows: Sequence[int]) -> "Puzzle":
        """What is left when only some of the publications are known."""
        kept = list(rows)
        return replace(
            self,
            keys=tuple(self.keys[row] for row in kept),
            members=self.members[kept],
            lower=self.lower[kept],
            upper=self.upper[kept],
        )

    def without(self, places: Integers, answers: Integers) -> "Puzzle":
        """What is left when the answers of some people are known: they are taken out of everything printed."""
        known = np.zeros((self.members.shape[1], self.options), dtype=np.int64)
        known[places, answers] = 1
        taken = self.members.astype(np.int64) @ known
        members = self.members.copy()
        members[:, places] = False
        return replace(self, members=members, lower=np.maximum(self.lower - taken, 0), upper=self.upper - taken)

    def allows(self, answers: Integers) -> bool:
        """Tell whether an answer per place agrees with everything printed."""
        one_hot = answers[:, None] == np.arange(self.options)[None, :]
        counts = self.members.astype(np.int64) @ one_hot.astype(np.int64)
        inside = (counts >= self.lower) & (counts <= self.upper)
        return bool(inside.all() and (answers[self.counted] != NOT_KNOWN).all())


def printed_puzzle(name: str, members: Rows, answers: Integers, *, options: int, base: int) -> Puzzle:
    """The puzzle that counts leave which are printed as multiples of `base` (odd), for experiments."""
    one_hot = (answers[:, None] == np.arange(options)[None, :]).astype(np.int64)
    exact = members.astype(np.int64) @ one_hot
    slack = base // 2
    shown = (exact + slack) // base * base
    return Puzzle(
        name=name,
        options=options,
        keys=tuple((f"row {place}", 0) for place in range(len(members))),
        members=members,
        lower=np.maximum(shown - slack, 0),
        upper=shown + slack,
    )


def puzzles_of(
    entries: Sequence[Entry], cubes: Sequence[ProtectedCube], menu: Menu, externals: Sequence[External] = ()
) -> list[Puzzle]:
    """Return a puzzle per variable, from all that was ever published of a study.

    Args:
        entries: the ledger.
        cubes: the releases that belong to the entries.
        menu: the present one.
        externals: what others published about the same people.
    """
    ledger = Ledger(entries, menu, externals)
    names = [name for name in dict.fromkeys(name for entry in entries for name in entry.counts) if name != PEOPLE]
    universes = {name: ledger.universe(name) for name in (PEOPLE, *names)}
    widest = np.zeros(len(ledger.atoms), dtype=np.int64)
    for universe in universes.values():
        found = np.bincount(universe.atom_of, weights=universe.weights, minlength=len(ledger.atoms))
        widest = np.maximum(widest, found.astype(np.int64))
    first = np.cumsum(widest) - widest
    bases = [base_of(cube) for cube in cubes]
    puzzles = [_puzzle(universes[name], first, int(widest.sum()), cubes, bases) for name in names]
    return [puzzle for puzzle in puzzles if puzzle]


def _puzzle(
    universe: Universe, first: Integers, places: int, cubes: Sequence[ProtectedCube], bases: Sequence[int]
) -> Puzzle | None:
    """The question of one variable; None when nothing of it was ever shown."""
    keys, lower, upper = [], [], []
    for group, release in universe.publications(before=len(cubes)):
        cube = cubes[release]
        table = cube.table(group, universe.name)
        if table is None or not table.figures:
            continue
        bounds = bounds_of(table, cube.variable[universe.name], base=bases[release])
        lower.append(bounds[0])
        upper.append(np.minimum(bounds[1], universe.people(universe.vector(group, release))))
        keys.append((group, release))
    if not keys:
        return None
    columns = [universe.vector(group, release) for group, release in keys]
    for place, vector in universe.told():
        external, told = universe.ledger.tables_told[place]
        if told.counts and len(told.counts) == lower[0].size:
            bounds = told_bounds(external, told, universe.people(vector))
            lower.append(bounds[0])
            upper.append(bounds[1])
            keys.append((f"external {place + 1}", universe.ledger.told[place].release))
            columns.append(vector)
    return Puzzle(
        name=universe.name,
        options=lower[0].size,
        keys=tuple(keys),
        members=_in_places(universe, np.array(columns), first, places),
        lower=np.array(lower),
        upper=np.array(upper),
    )


def told_bounds(external: External, table: ExternalTable, people: int) -> tuple[Integers, Integers]:
    """Return the least and the most of our people per category that a table of others leaves open.

    Where their base can be ours, their people are taken to be ours. Otherwise some of theirs are not among ours, or
    some of ours not among theirs, and the bounds are wider by as many.
    """
    slack = external.slack
    strange, missing = max(table.base - slack - people, 0), max(people - table.base - slack, 0)
    told = [(0, people) if one is None else (one - slack - strange, one + slack + missing) for one in table.counts]
    bounds = np.clip(np.array(told, dtype=np.int64), 0, people)
    return bounds[:, 0], bounds[:, 1]


def _in_places(universe: Universe, columns: Rows, first: Integers, places: int) -> Rows:
    """Spread columns of people over places; those of one atom stand beside each other, in the order of the columns."""
    members = np.zeros((len(columns), places), dtype=bool)
    filled = first.copy()
    for place, (atom, people) in enumerate(zip(universe.atom_of, universe.weights, strict=True)):
        members[:, filled[atom] : filled[atom] + people] = columns[:, place][:, None]
        filled[atom] += people
    return members


def base_of(cube: ProtectedCube) -> int:
    """The rounding base in force, as anybody sees it: 1 as soon as a count is no multiple of the one declared."""
    counts = (f.value for table in cube.tables for f in table.figures if f.statistic == "count" and f.value is not None)
    declared = cube.rules.rounding_base
    return declared if all(value % declared == 0 for value in counts) else 1


def bounds_of(table: ProtectedTable, variable: PublishedVariable, *, base: int) -> tuple[Integers, Integers]:
    """Return the least and the most people per category that a shown table leaves open.

    A rounded count r says r - 2 to r + 2. ">90 %" says that the rounded count of that category is more than
    nine tenths of the rounded total. "<10" says that the rounded count is less than 10, and a mark may say more.
    """
    slack, n = base // 2, table.n or 0
    lower = np.zeros(len(variable.categories), dtype=np.int64)
    upper = np.full(len(variable.categories), n + slack, dtype=np.int64)
    for place, category in enumerate(variable.categories):
        count, share = table.figure("count", category), table.figure("share", category)
        if count is not None and count.value is not None:
            lower[place], upper[place] = max(int(count.value) - slack, 0), int(count.value) + slack
        elif share is not None and share.bound == ">" and share.value is not None:
            lower[place] = _above(share.value * n, base) - slack
        elif share is not None and share.bound == "<" and not table.unanimous:
            upper[place] = _below(FLOOR_BASE, base) + slack
    if not table.unanimous:
        _tighten_by_marks(table, variable, lower, upper, base)
    return lower, upper


def _above(limit: float, base: int) -> int:
    """The smallest multiple of `base` above a limit; one that stands within a hair of it counts as above."""
    return base * (int(np.floor(limit / base + 1e-9)) + 1)


def _below(limit: float, base: int) -> int:
    return base * (int(np.ceil(limit / base)) - 1)


def _tighten_by_marks(
    table: ProtectedTable, variable: PublishedVariable, lower: Integers, upper: Integers, base: int
) -> None:
    """A mark is a sum of rounded counts: what it leaves for the one count in it that is not printed."""
    for mark, codes in variable.marks.items():
        figure = table.mark(mark)
        if figure is None or figure.value is None or figure.bound or figure.n is None:
            continue
        counts = {code: table.figure("count", code) for code in codes}
        hidden = [code for code, count in counts.items() if count is not None and count.value is None]
        if len(hidden) != 1 or figure.value >= 1:
            continue
        shown = sum(int(count.value) for count in counts.values() if count is not None and count.value is not None)
        rounded = round(figure.value * figure.n) - shown
        place = variable.categories.index(hidden[0])
        lower[place] = max(lower[place], rounded - base // 2)
        upper[place] = min(upper[place], rounded + base // 2)
