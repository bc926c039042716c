"""Groups by two or three dimensions at once, made of the parts that each dimension has already.

A row is one part of the first dimension (of the first two). It is divided along the last dimension as a whole
population is: what is large enough stands alone, the small ones of a broader group together, then the rest. So the
groups of a row add up to the row. They need not add up in columns: what a column holds beside its groups would follow
by subtraction, so it must be nobody or enough people, or else groups of the column go back to the rest of their row.
Rows that cannot be divided have no groups: they stand among the groups by one dimension.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from survey_app.core.protection.cube import Group
from survey_app.core.protection.groups import CROSS, exactly, joined, split
from survey_app.core.protection.menu import REST, Branch, Menu, Part, Partition, Tree, coarsen, pool

Cell = tuple[str, ...]
"""A category of each dimension."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The people of one population by the parts of the dimensions of a crossing.

    dimensions: at least two.
    parts: those of each dimension.
    tree: the hierarchy of the last dimension over its parts.
    people: in each cell where there is somebody.
    """

    dimensions: tuple[str, ...]
    parts: tuple[Partition, ...]
    tree: Tree
    people: Mapping[Cell, int]

    @property
    def rows(self) -> Iterator[Cell]:
        """The rows in fixed order, without the last dimension."""
        return product(*([part.category for part in parts] for parts in self.parts[:-1]))

    def along(self, row: Cell) -> dict[str, int]:
        """People of a row by the parts of the last dimension."""
        return {code: self.people.get((*row, code), 0) for code in self.tree.leaves}

    def size(self, cells: Iterable[Cell]) -> int:
        """People in some cells."""
        return sum(self.people.get(cell, 0) for cell in cells)


def tree_over(parts: Partition, tree: Tree) -> Tree:
    """The hierarchy of a dimension over its parts; broader groups keep the parts that lie inside them."""
    codes = [part.category for part in parts]
    branches = []
    for branch in tree.branches:
        inside = tuple(
            part.category for part in parts if set(part.members) <= set(branch.leaves) and part.category != branch.code
        )
        if len(inside) > 1:
            branches.append(Branch(code=branch.code, leaves=inside))
    return Tree(dimension=tree.dimension, column=tree.column, leaves=tuple(codes), branches=tuple(branches))


def cross(counted: Counted, smallest: int) -> Partition:
    """Return the groups of a crossing, each of at least `smallest` people or nobody; empty when there are none.

    What the columns hold beside their groups has nobody or `smallest` people too.
    """
    rows = {row: pool(counted.along(row), counted.tree, smallest) for row in counted.rows}
    while (group := _exposing(counted, rows, smallest)) is not None:
        row, category = group
        rows[row] = _folded(rows[row], category, counted.along(row), counted.tree, smallest)
    return _parts(rows)


def coarser(parts: Partition, counted: Counted, smallest: int) -> Partition:
    """Return `parts` with the smallest group put into the rest of its row; empty when none remains."""
    rows = _rows(parts, counted)
    with_people = [
        (counted.size((*row, code) for code in part.members), row) for row, found in rows.items() for part in found
    ]
    _, smallest_row = min((size, row) for size, row in with_people if size)
    along = counted.along(smallest_row)
    rows[smallest_row] = coarsen(rows[smallest_row], along, counted.tree, smallest)
    return _parts(rows)


def guarded_sets(menu: Menu, population: str, dimension: str) -> Iterator[str]:
    """Name the sets of people that the groups of a crossing must not give away, beside the groups themselves.

    Each single cell, and what each part of fewer dimensions, and all columns of one group, hold beside the groups that
    lie inside them.
    """
    dimensions = split(dimension)
    partitions = [menu.partitions.get((population, one), ()) for one in dimensions]
    cells = list(product(*([part.category for part in parts] for parts in partitions)))
    groups = [frozenset(split(one) for one in part.members) for part in menu.partitions[population, dimension]]
    sets = {frozenset([cell]): None for cell in cells}
    sets |= dict.fromkeys(left for _, left in _beside(cells, groups, len(dimensions)))
    for one in sets:
        if one and one not in groups:
            yield f"{population}/{dimension}/{exactly(joined(cell) for cell in one)}"


def stages_of(group: Group, menu: Menu) -> frozenset[str]:
    """The leaves of the stage that a group has people of; empty where it is not divided by stage."""
    dimensions = split(group.dimension)
    if "stage" not in dimensions:
        return frozenset()
    if len(dimensions) == 1:
        return frozenset(group.members)
    categories = {split(one)[dimensions.index("stage")] for one in group.members}
    parts = menu.partitions[group.population, "stage"]
    return frozenset(leaf for part in parts if part.category in categories for leaf in part.members)


def _beside(
    cells: Sequence[Cell], groups: Sequence[frozenset[Cell]], ways: int
) -> Iterator[tuple[frozenset[Cell], frozenset[Cell]]]:
    """What is known by fewer dimensions and holds some group, and what of it is in none of the groups inside it."""
    for size in range(1, ways):
        for kept in combinations(range(ways), size):
            shadows = {frozenset([tuple(cell[place] for place in kept)]) for cell in cells}
            shadows |= {frozenset(tuple(cell[place] for place in kept) for cell in group) for group in groups}
            for shadow in sorted(shadows, key=sorted):
                here = frozenset(cell for cell in cells if tuple(cell[place] for place in kept) in shadow)
                inside = [group for group in groups if group <= here]
                if inside:
                    yield here, here.difference(*inside)


def _exposing(counted: Counted, rows: Mapping[Cell, Partition], smallest: int) -> tuple[Cell, str] | None:
    """The smallest of the groups that leave too few people of a column beside them; None if all is well."""
    groups = {
        frozenset((*row, code) for code in part.members): (row, part.category)
        for row, parts in rows.items()
        for part in parts
    }
    cells = [(*row, code) for row in rows for code in counted.tree.leaves]
    for here, left in _beside(cells, list(groups), len(counted.parts)):
        if 0 < counted.size(left) < smallest:
            inside = (one for one in groups if one <= here and counted.size(one))
            order = sorted(inside, key=lambda one: (groups[one][1] == REST, counted.size(one), groups[one]))
            if order:
                return groups[order[0]]
    return None


def _folded(parts: Partition, category: str, counts: Mapping[str, int], tree: Tree, smallest: int) -> Partition:
    """The groups of a row with one of them put into the rest; none when fewer than two would remain."""
    if category == REST:
        return ()
    rest = [leaf for part in parts if part.category in (category, REST) for leaf in part.members]
    kept = [part for part in parts if part.category not in (category, REST)]
    folded = (*kept, Part(category=REST, members=tuple(leaf for leaf in tree.leaves if leaf in rest)))
    sizes = {part.category: sum(counts.get(leaf, 0) for leaf in part.members) for part in folded}
    if 0 < sizes[REST] < smallest:
        return coarsen(folded, counts, tree, smallest)
    return folded if sum(size > 0 for size in sizes.values()) >= 2 else ()


def _parts(rows: Mapping[Cell, Partition]) -> Partition:
    return tuple(
        Part(
            category=joined((*row, part.category)),
            members=tuple(joined((*row, code)) for code in part.members),
        )
        for row, parts in rows.items()
        for part in parts
    )


def _rows(parts: Partition, counted: Counted) -> dict[Cell, Partition]:
    rows: dict[Cell, list[Part]] = {row: [] for row in counted.rows}
    for part in parts:
        row, category = split(part.category)[:-1], split(part.category)[-1]
        members = tuple(member.rpartition(CROSS)[2] for member in part.members)
        rows[row].append(Part(category=category, members=members))
    return {row: tuple(found) for row, found in rows.items()}
