"""What a report reads out of a cube: who leads, which questions weigh most, how much may be said of a number."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum

from survey_app.core.protection.cube import (
    Figure,
    Group,
    Population,
    ProtectedCube,
    ProtectedTable,
    PublishedVariable,
    Status,
)
from survey_app.core.protection.groups import is_crossing

FEW, WIDE = 30, 50  # below FEW no percentage, below WIDE a mark
JOURNEY_SCALE = "JBU"
MAIN_SCALES = ("JBU", "EMO_TOT", "SUP_UNM", "JEX")
PATH = frozenset({"before", "first_100_days", "later"})  # groups of stages that everyone treated goes through
HEADLINES, HEADLINES_PER_MODULE = 4, 2
NEEDS, TOP = 4, 5  # unmet needs, and what matters most, on the first page


class Tier(IntEnum):
    """How much may be said of a share with so many people."""

    HIDDEN = 0
    FEW = 1
    WIDE = 2
    PLAIN = 3


def tier(n: int | None) -> Tier:
    """The display tier of a rounded base."""
    if not n:
        return Tier.HIDDEN
    if n < FEW:
        return Tier.FEW
    return Tier.WIDE if n < WIDE else Tier.PLAIN


def whole(cube: ProtectedCube, population: str) -> Group | None:
    """The group of everyone in a population."""
    return next(iter(cube.groups_of(population, "")), None)


def size(group: Group | None) -> int:
    """How many people are in a group, rounded; 0 where that is hidden."""
    return (group.n or 0) if group is not None and group.status is not Status.HIDDEN else 0


def people(cube: ProtectedCube, population: str) -> int:
    """How many people are in it, rounded."""
    return size(whole(cube, population))


def leading(cube: ProtectedCube) -> Population | None:
    """The patient population with more people: the report is about it."""
    patients = [one for one in cube.populations if one.respondent == "patient"]
    return max(patients, key=lambda one: people(cube, one.id), default=None)


def shown(table: ProtectedTable | None) -> bool:
    """Whether a table has numbers."""
    return table is not None and table.status is not Status.HIDDEN and bool(table.n) and bool(table.figures)


def hard_codes(variable: PublishedVariable) -> tuple[str, ...]:
    """Codes of the hard answers; empty for a question whose answers have no better and worse end."""
    return variable.marks.get("problem", ()) if variable.direction != "none" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A share that may be printed, with what it is about."""

    variable: PublishedVariable
    figure: Figure
    count: int | None

    @property
    def n(self) -> int:
        """People that the share is about, rounded."""
        return self.figure.n or 0


def finding(cube: ProtectedCube, group: Group, variable: PublishedVariable, mark: str) -> Finding | None:
    """The share of a mark, if it is published."""
    table = cube.table(group.id, variable.id)
    if table is None or not shown(table):
        return None
    figure = table.mark(mark)
    if figure is None or figure.value is None or not figure.n:
        return None
    return Finding(variable=variable, figure=figure, count=_count(table, variable, mark, figure))


def _count(table: ProtectedTable, variable: PublishedVariable, mark: str, figure: Figure) -> int | None:
    """People with one of the marked answers: the sum of printed counts; None when withheld."""
    if table.unanimous or figure.bound:
        return None
    counts = [table.figure("count", code) for code in variable.marks.get(mark, ())]
    values = [one.value for one in counts if one is not None and one.value is not None]
    return int(sum(values)) if len(values) == len(counts) else None


def hardest(cube: ProtectedCube, group: Group) -> list[Finding]:
    """Shares of hard answers of a group, largest first; ties in the order of the questionnaire."""
    found = (finding(cube, group, one, "problem") for one in cube.variables if hard_codes(one))
    return sorted((one for one in found if one), key=lambda one: -(one.figure.value or 0))


def headlines(cube: ProtectedCube, group: Group, *, most: int = HEADLINES) -> list[Finding]:
    """The largest shares that concern most of a group, at most two from each module."""
    half = size(group) / 2
    chosen: list[Finding] = []
    for one in hardest(cube, group):
        per_module = sum(other.variable.module == one.variable.module for other in chosen)
        if one.n >= half and tier(one.n) >= Tier.WIDE and per_module < HEADLINES_PER_MODULE:
            chosen.append(one)
    return chosen[:most]


def unmet(cube: ProtectedCube, group: Group) -> list[Finding]:
    """Needs that were not met, of those who had the need, largest first; of the module that asks most about needs."""
    needs = [one for one in cube.variables if one.marks.get("unmet")]
    modules = [one.module for one in needs]
    most = max(modules, key=modules.count, default="")
    found = (finding(cube, group, one, "unmet") for one in needs if one.module == most)
    return sorted((one for one in found if one and tier(one.n) >= Tier.WIDE), key=lambda one: -(one.figure.value or 0))


def standing_out(cube: ProtectedCube, population: str, need: Finding) -> tuple[Group, Finding] | None:
    """The group in which a need is unmet more often than overall, beyond both intervals; None if there is none."""
    best: tuple[Group, Finding] | None = None
    for group in cube.groups:
        one = finding(cube, group, need.variable, "unmet") if group.population == population else None
        if not group.dimension or one is None or tier(one.n) < Tier.WIDE:
            continue
        apart = (one.figure.lower or 0) > (need.figure.upper or 1)
        if apart and (best is None or (one.figure.value or 0) > (best[1].figure.value or 0)):
            best = (group, one)
    return best


def priorities(cube: ProtectedCube, group: Group) -> list[tuple[PublishedVariable, ProtectedTable]]:
    """Objects of best-worst choices that may be compared, highest score first; ties in the order of the design."""
    found = []
    for variable in cube.variables:
        table = cube.table(group.id, variable.id) if variable.kind == "priority" else None
        score = table.figure("mean") if table is not None and shown(table) else None
        if table is not None and score is not None and score.value is not None and tier(table.n) >= Tier.WIDE:
            found.append((variable, table))
    return sorted(found, key=lambda pair: -(_score(pair[1])))


def _score(table: ProtectedTable) -> float:
    figure = table.figure("mean")
    return (figure.value or 0) if figure is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnFront:
    """What the numbers of the first page are about, by what is said of them.

    hard: the largest shares of hard answers. unmet: the largest unmet needs. matters: objects that matter most.
    """

    hard: tuple[Finding, ...] = ()
    unmet: tuple[Finding, ...] = ()
    matters: tuple[tuple[PublishedVariable, ProtectedTable], ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Ids of all variables whose numbers stand there."""
        shares = (one.variable.id for one in (*self.hard, *self.unmet))
        return tuple(dict.fromkeys((*shares, *(variable.id for variable, _ in self.matters))))


def on_front(cube: ProtectedCube, group: Group | None) -> OnFront:
    """What the first page shows of a group: the one place that decides it."""
    if group is None:
        return OnFront()
    return OnFront(
        hard=tuple(headlines(cube, group)),
        unmet=tuple(unmet(cube, group)[:NEEDS]),
        matters=tuple(priorities(cube, group)[:TOP]),
    )


def is_rest(group: Group) -> bool:
    """Whether a group is what was left over: too little of several things, and nothing by itself."""
    return group.category.partition(":")[0] == "rest"


def peak(cube: ProtectedCube, population: str, variable: PublishedVariable) -> tuple[Group, Finding] | None:
    """The step at which the share of hard answers is largest; None when fewer than two steps can be compared."""
    steps_there = [group for group in cube.groups_of(population, "stage") if not is_rest(group)]
    found = [(group, finding(cube, group, variable, "problem")) for group in steps_there]
    large = [(group, one) for group, one in found if one is not None and tier(one.n) >= Tier.WIDE]
    if len(large) < 2:
        return None
    return max(large, key=lambda pair: pair[1].figure.value or 0)


def mean(cube: ProtectedCube, group: Group, variable: str) -> Figure | None:
    """The published mean of a group; None when there is none or it stands on too few people."""
    table = cube.table(group.id, variable)
    if table is None or not shown(table) or tier(table.n) < Tier.WIDE:
        return None
    figure = table.figure("mean")
    return figure if figure is not None and figure.value is not None else None


def crossings(cube: ProtectedCube, population: str) -> tuple[str, ...]:
    """The crossings of a population, in their fixed order."""
    found = (group.dimension for group in cube.groups if group.population == population)
    return tuple(dict.fromkeys(one for one in found if is_crossing(one)))


def steps(cube: ProtectedCube, population: str, order: tuple[str, ...]) -> tuple[Group, ...]:
    """Groups of the stage dimension in the order of the journey, what is left over last."""

    def place(group: Group) -> tuple[bool, int]:
        inside = [order.index(code) for code in group.members if code in order]
        return group.category == "rest", min(inside, default=len(order))

    return tuple(sorted(cube.groups_of(population, "stage"), key=place))


def on_path(group: Group, way: Collection[str]) -> bool:
    """Whether a step lies wholly on the way that everyone treated goes; other steps are not joined by a line."""
    return bool(group.members) and all(code in way for code in group.members)


def scales(cube: ProtectedCube, direction: str) -> Iterator[PublishedVariable]:
    """Scales of one direction, in the order of the questionnaire."""
    return (one for one in cube.variables if one.kind == "scale" and one.direction == direction)
