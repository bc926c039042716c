"""ProtectedRows: the only rows of people that ever leave the house, and what is said about them."""

import json
from collections.abc import Mapping, MutableSequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, Protocol

import pandas as pd

from survey_app.core.problems import Code, Problem, ProblemsFound

Edition = Literal["controlled", "registered"]
"""controlled: one file, under contract. registered: one file per part of the questionnaire, without a common id."""

FEWEST_PERSONS = 50
CONTRACT_BELOW = 1000
SMALLEST_CLASS = 11


class Chance(Protocol):
    """Where order and ids come from; `random.SystemRandom` outside of tests."""

    def shuffle(self, x: MutableSequence[Any], /) -> None:
        """Put `x` into random order."""

    def getrandbits(self, k: int, /) -> int:
        """Return a number of `k` random bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPolicy:
    """The rules of a file of rows.

    smallest: people who look alike in everything that others may know of them (k).
    diversity: different values of the first scale among them, where their population has values (l).
    left_out: largest share of people who are left out before everybody is coarsened further.
    most_groups: at most so many groups a person belongs to are told besides population and wave.
    """

    smallest: int = SMALLEST_CLASS
    diversity: int = 3
    left_out: float = 0.05
    most_groups: int = 6

    def __post_init__(self) -> None:
        if self.smallest < SMALLEST_CLASS or self.diversity < 1 or not 0 <= self.left_out <= 1:
            message = "a policy below the hard floors"
            raise ValueError(message)


def edition_for(persons: int, *, recipient: str, purpose: str) -> Edition:
    """Return the edition in which rows of so many people may be given out.

    Raises:
        ProblemsFound: too few people for rows, or too few to give them out without a contract.
    """
    if persons < FEWEST_PERSONS:
        raise ProblemsFound([Problem(code=Code.BUNDLE_REFUSED_SIZE, values={"needed": FEWEST_PERSONS})])
    if recipient.strip() and purpose.strip():
        return "controlled"
    if persons < CONTRACT_BELOW:
        raise ProblemsFound([Problem(code=Code.BUNDLE_NEEDS_PURPOSE, values={"needed": CONTRACT_BELOW})])
    return "registered"


@dataclass(frozen=True, slots=True)
class Recoding:
    """How far each column is coarsened. The one of a study's first file binds all later ones."""

    steps: Mapping[str, int]

    def to_document(self) -> dict[str, int]:
        """The form in which it is stored."""
        return dict(self.steps)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Recoding":
        """Read what `to_document` made."""
        return cls({str(name): int(step) for name, step in document.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class RowValue:
    """One value that a column may hold.

    value: as it stands in the file. code: the answer's code. text: key of its label: a text of the questionnaire,
    `country/DE`, `region/155` or `word/…`; empty where the number says it all.
    """

    value: str
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowColumn:
    """One column of the file.

    item: the item, or the scale, that it holds; empty for the id, the population and the wave.
    module: the part of the questionnaire it belongs to; empty for what stands in every file.
    option: code of the answer that a tick stands for.
    scales: scales that the item enters.
    step, steps: how far it is coarsened, of how many steps; 0 of 0 where it is not.
    """

    name: str
    item: str
    kind: Literal["id", "population", "wave", "group", "answer", "score"]
    privacy: str
    module: str = ""
    option: str = ""
    direction: str = "none"
    scales: tuple[str, ...] = ()
    step: int = 0
    steps: int = 0
    values: tuple[RowValue, ...] = ()


Reason = Literal["technical", "text", "lists", "identifying", "handful", "coarsened", "tells"]
"""Why something asked is not in the file.

technical: consents and notes. text: words and dates. lists: best-worst choices and rankings, one cell of which would
hold a whole order. identifying: never in files. handful: told are only the most
useful groups. coarsened: nothing was left of it. tells: it, or being asked it, tells a finer group than the file shows.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReport:
    """What an attacker can do with the file, by the usual measures; shares from 0 to 1.

    k: fewest people alike in everything others may know. l, t: fewest different values of the sensitive scale among
        them, and largest distance of their values from those of their population; None where no population has values.
    prosecutor_max, prosecutor_mean: chance to find somebody known to be in the file, at most and on average.
    marketer: expected share of all people found, when all are looked for.
    response_knowledge: number of answers known about a person, besides all groups -> share of people who are then
        alone; over random sets of answers. High by nature: many answers together are as good as a name.
    left_out: share of people left out, rounded up to whole percent.
    """

    sensitive: str
    k: int
    l: int | None  # noqa: E741  # the name of the measure
    t: float | None
    classes: int
    prosecutor_max: float
    prosecutor_mean: float
    marketer: float
    response_knowledge: Mapping[int, float]
    left_out: float
    population_uniques: str = "not computed: how many people have had the treatment is not known"

    def to_json(self) -> str:
        """The report as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


@dataclass(frozen=True, kw_only=True)
class ProtectedRows:
    """Rows that may leave the house, in random order, under ids made for this file alone.

    frame: one column per `RowColumn`, in this order; every cell has a value, as text or whole number.
    left_out: item -> why it is not in the file.
    """

    frame: pd.DataFrame
    columns: tuple[RowColumn, ...]
    left_out: Mapping[str, Reason]
    recoding: Recoding
    policy: RowPolicy
    risk: RiskReport


def split_rows(rows: ProtectedRows, chance: Chance) -> dict[str, ProtectedRows]:
    """Return one set of rows per part of the questionnaire, each in an order of its own and without id.

    What others may know stands in each; the answers of one person in two parts cannot be put together.
    """
    common = [one for one in rows.columns if not one.module and one.kind != "id"]
    parts: dict[str, ProtectedRows] = {}
    for module in dict.fromkeys(one.module for one in rows.columns if one.module):
        columns = (*common, *(one for one in rows.columns if one.module == module))
        order = list(range(len(rows.frame)))
        chance.shuffle(order)
        frame = rows.frame[[one.name for one in columns]].iloc[order].reset_index(drop=True)
        parts[module] = replace(rows, frame=frame, columns=columns)
    return parts
