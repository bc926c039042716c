"""ProtectedCube: everything that a release says, and the only thing that leaves the house.

Plain values, no data frames: pages, reports and files read it; `tables.py` alone makes it. Every
number in it is rounded, or computed from rounded numbers. It is stored as JSON under its SHA-256.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal


class Status(StrEnum):
    """What became of a cell. Small and complementary look the same to a reader: both are hidden."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    MERGED = "merged"
    HELD = "held"  # reprinted from an earlier release


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published number.

    statistic: `count` (people, rounded), `share` (0 to 1, of rounded counts), `mark` (share of all marked answers
        together) or `mean` (from the rounded histogram).
    category: an answer code; of a mark its name, `problem`, `top`, `needed` or `unmet` (share among those who needed
        it), which may be the code of an answer too; empty for a mean.
    value: None when the number may not be shown (unanimity; fewer than 10 people with an answer that could help to
        find them).
    lower, upper: 95 % interval; for a censored share the bounds of the statement.
    bound: ">" or "<" when the value is censored and is the limit itself, else "".
    n: rounded number of people that the number is about.
    """

    statistic: Literal["count", "share", "mark", "mean"]
    category: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    bound: Literal["", ">", "<"] = ""
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVariable:
    """An item, one answer of a multiple choice, or a scale, as published.

    id: item id (`CJ01`), item id and answer (`SI24/family`), or scale id (`JBU`).
    kind: choice (one of the categories), rating (0-10 in bands), tick (yes / no), scale (0-100, nearest anchor),
        priority (one object of a best-worst choice; its mean is the best-worst score, -1 to 1).
    categories: codes in fixed order, never sorted by frequency. A rating band is `0_2`, an anchor of a scale `25`.
    numbers: the number with which each category enters a mean; None where it enters none.
    marks: which categories count as problem, top, needed, unmet.
    """

    id: str
    item: str
    kind: Literal["choice", "rating", "tick", "scale", "priority"]
    module: str
    privacy: str
    direction: str
    categories: tuple[str, ...]
    numbers: tuple[float | None, ...]
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """People whose answers may be put into one estimate: one kind of respondent, one recall mode.

    id: `everyone`, `patient.prospective`, `patient.retrospective`, `caregiver`, `proxy`.
    recall_mode: empty where answers of both modes stand together (facts about the person, no recall).
    """

    id: str
    respondent: Literal["everyone", "patient", "proxy", "caregiver"]
    recall_mode: Literal["", "prospective", "retrospective"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A published set of people: a whole population, or those of it in one category of one dimension.

    dimension: `stage`, `country`, `age`, `sex`; `stage*country` for a crossing; empty for the whole population.
    category: a leaf code (`DE`, `S04`, `a60_69`), a broader one (`region:155`, `before`), or `rest` / `rest:155` for
        what was too small to stand alone, "not stated" included. Of a crossing one for each dimension: `S04*DE`.
    members: the leaf codes inside; `not_stated` among them where people gave no answer. Of a crossing the categories of
        its dimensions inside, as `S04*DE`.
    n: people, rounded; None when hidden.
    since: quarter in which these numbers were computed; older than the release when held.
    """

    id: str
    population: str
    dimension: str = ""
    category: str = ""
    members: tuple[str, ...] = ()
    n: int | None
    status: Status
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectedTable:
    """What one group answered to one variable.

    n: people with a real value, rounded; None when hidden.
    figures: counts and shares of all categories in their order, then marks, then the mean; empty when hidden.
    missing: people per kind of missing (`Missing` value), rounded; empty when hidden.
    unanimous: more than 90 % gave one answer (less in small tables, see its figures); counts are then withheld.
    since: quarter in which these numbers were computed; older than the release when held, empty when hidden.
    """

    group: str
    variable: str
    status: Status
    n: int | None
    figures: tuple[Figure, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    unanimous: bool = False
    since: str = ""

    def figure(self, statistic: str, category: str = "") -> Figure | None:
        """The published number of that name, None if there is none."""
        return next((f for f in self.figures if f.statistic == statistic and f.category == category), None)

    def mark(self, name: str) -> Figure | None:
        """The published share of all answers marked `name`, None if there is none."""
        return self.figure("mark", name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules that the cube was made by; public, printed in the method page.

    rounding_base: every count is a multiple of this; 1 where noise takes its place.
    noise: every count has noise; how strong it is stands nowhere.
    unanimity: a greater share of one answer is told as "more than" only.
    unanimity_below: number of people and share that take its place in tables of fewer people, largest number first.
    epsilon: what the release took from the study's budget of differential privacy; 0 for none.
    approvals: people of the study team who must agree before anything of it leaves; 0 where an earlier version did not
        ask for two.
    new_persons, days_between: how far apart releases are at least; 0 where an earlier version did not keep it.
    ways: by how many dimensions at once groups may be published.
    crossing_base, crossing_delta: smallest base and delta of groups by several at once; 0 where they are the same.
    """

    tier: str
    smallest_base: int
    rounding_base: int
    delta: int
    unanimity: float = 0.9
    unanimity_below: tuple[tuple[int, float], ...] = ()
    noise: bool = False
    epsilon: float = 0.0
    new_persons: int = 0
    days_between: int = 0
    approvals: int = 0
    ways: int = 1
    crossing_base: int = 0
    crossing_delta: int = 0


@dataclass(frozen=True, kw_only=True)
class ProtectedCube:
    """A release: frozen, protected, sealed by its hash.

    quarter: `2026-Q4`, the only date in it.
    persons: people in the release, rounded.
    flow: people begun, agreed, sent_part, sent_whole, in the release; rounded. Answers never sent are in `begun` only.
    held_back: kinds of people whose number was too small, who wait for a later release (population ids).
    languages: languages in which people answered at least once are not told; these are those of the study.
    translation_states: language -> state of its translation when the release was made.
    synthetic: the people are invented; every page and file says so.
    """

    release: str
    study: str
    title: Mapping[str, str]
    organisation: str
    questionnaire: str
    questionnaire_version: str
    questionnaire_sha256: str
    questionnaire_status: str
    quarter: str
    first_quarter: str
    synthetic: bool
    languages: tuple[str, ...]
    translation_states: Mapping[str, str]
    rules: Rules
    persons: int
    flow: Mapping[str, int]
    held_back: tuple[str, ...]
    populations: tuple[Population, ...]
    groups: tuple[Group, ...]
    variables: tuple[PublishedVariable, ...]
    tables: tuple[ProtectedTable, ...]

    @cached_property
    def group(self) -> Mapping[str, Group]:
        """Groups by id."""
        return {group.id: group for group in self.groups}

    @cached_property
    def variable(self) -> Mapping[str, PublishedVariable]:
        """Variables by id."""
        return {variable.id: variable for variable in self.variables}

    @cached_property
    def _table(self) -> Mapping[tuple[str, str], ProtectedTable]:
        return {(table.group, table.variable): table for table in self.tables}

    def table(self, group: str, variable: str) -> ProtectedTable | None:
        """What `group` answered to `variable`; None when the menu has no such table."""
        return self._table.get((group, variable))

    def groups_of(self, population: str, dimension: str) -> tuple[Group, ...]:
        """Groups of one dimension in their fixed order, hidden ones included."""
        return tuple(g for g in self.groups if g.population == population and g.dimension == dimension)

    def to_json(self) -> str:
        """The cube as canonical JSON: the same cube is the same bytes."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps(fields, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """The hash under which the cube is sealed."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "ProtectedCube":
        """Read a cube that `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        raw["rules"] = _rules(raw["rules"])
        raw["languages"] = tuple(raw["languages"])
        raw["held_back"] = tuple(raw["held_back"])
        raw["populations"] = tuple(Population(**one) for one in raw["populations"])
        raw["groups"] = tuple(_group(one) for one in raw["groups"])
        raw["variables"] = tuple(_variable(one) for one in raw["variables"])
        raw["tables"] = tuple(_table(one) for one in raw["tables"])
        return cls(**raw)


def rows_of(cube: ProtectedCube) -> Iterator[tuple[Group, ProtectedTable, Figure | None]]:
    """Yield every published number with its group and table; None as number for a hidden table."""
    for table in cube.tables:
        group = cube.group[table.group]
        if not table.figures:
            yield group, table, None
        for figure in table.figures:
            yield group, table, figure


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return asdict(value)  # type: ignore[call-overload]  # only our own dataclasses come here


def _rules(raw: dict[str, Any]) -> Rules:
    # releases of an earlier version do not have it
    steps = tuple((fewest, share) for fewest, share in raw.get("unanimity_below", ()))
    return Rules(**{**raw, "unanimity_below": steps})


def _group(raw: dict[str, Any]) -> Group:
    return Group(**{**raw, "members": tuple(raw["members"]), "status": Status(raw["status"])})


def _variable(raw: dict[str, Any]) -> PublishedVariable:
    marks = {name: tuple(codes) for name, codes in raw["marks"].items()}
    return PublishedVariable(
        **{**raw, "categories": tuple(raw["categories"]), "numbers": tuple(raw["numbers"]), "marks": marks}
    )


def _table(raw: dict[str, Any]) -> ProtectedTable:
    figures = tuple(Figure(**one) for one in raw["figures"])
    return ProtectedTable(**{**raw, "figures": figures, "status": Status(raw["status"])})
