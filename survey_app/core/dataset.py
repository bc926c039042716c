"""Dataset: one row per response, one column per variable, and what each column means. Inside only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey_app.core.geography import COUNTRIES
from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.items import (
    BestWorst,
    Choice,
    Consent,
    Country,
    Item,
    MultiChoice,
    Number,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.questionnaire.logic import comparisons, parse_condition
from survey_app.core.questionnaire.model import RECALL_MODES, Questionnaire
from survey_app.core.response.answers import Answers, Value
from survey_app.core.response.routing import hidden_items, plan_of

Respondent = Literal["patient", "proxy", "caregiver"]
RESPONDENTS = get_args(Respondent)

WHO_ANSWERS = "who_answers"
"""Construct of the item that tells whether someone else answers for the patient."""
RESEARCH = "secondary_research"
"""Purpose of the agreement that researchers may use the answers."""
PRIORITIES = ("best", "neither", "worst")
"""What became of one object of a best-worst choice, with the numbers 1, 0 and -1: their mean is its score."""
SOMEONE_ELSE = 3
"""Its number for "someone else answers for me"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRecord:
    """One response as it comes from the store, before it becomes a row.

    person: keyed pseudonym that links the responses of one person; no code, no name.
    status: `draft` (begun, not sent), `part` (sent before the end), `whole` (sent at the end).
    batch: number of the batch it was closed into.
    """

    person: str
    wave: int
    batch: int
    status: Literal["draft", "part", "whole"]
    language: str
    recall_mode: Literal["prospective", "retrospective"]
    questionnaire_version: str
    answers: Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column of a dataset holds.

    codes: category codes; a cell holds the position of its code, or the number of a kind of missing (negative).
        Empty for ratings and numbers, whose cells hold the number itself. A tick holds 1 or 0.
    numbers: the number of each code, None where it has none.
    item: of a priority the first list of its design; which list shows the object differs between people.
    """

    id: str
    item: str
    kind: Literal["choice", "rating", "tick", "number", "country", "stage", "role", "priority"]
    codes: tuple[str, ...] = ()
    numbers: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Responses as a table. Never leaves the house: see `protection`.

    frame: columns `person` (str), `batch` (int), `wave` (int), `agreed` and `research` (bool: to what is required, and
        to use by researchers), `status`, `language`, `recall_mode`, `respondent`, `stage` (categories), then one int16
        column per `Column`. No free text, no dates. Where several versions were pooled also `version` (category).
    unlike: other version -> items that do not mean the same there; no scale is made from them in its rows.
    """

    frame: pd.DataFrame
    columns: Mapping[str, Column]
    unlike: Mapping[str, frozenset[str]] = field(default_factory=dict)


def dataset_of(questionnaire: Questionnaire, records: Sequence[ResponseRecord], modules: tuple[str, ...]) -> Dataset:
    """Return the responses as a table; linear in their number.

    A cell without a value says why: hidden by logic wins over whatever is stored; then what is stored
    (left empty, preferred not to say, an answer that stands for "does not apply" or "does not know");
    an item that is not stored at all was not reached.
    """
    columns = columns_of(questionnaire, modules)
    hidden = _hidden(questionnaire, records, modules)
    priorities = _priorities(questionnaire, records)
    cells = {}
    for column in columns.values():
        if column.kind == "priority":
            found = priorities[column.id]
        else:
            raw = [record.answers.entries.get(column.item) for record in records]
            found = _cells(questionnaire, column, raw)
        away = np.fromiter((column.item in gone for gone in hidden), dtype=bool, count=len(records))
        cells[column.id] = np.where(away, np.int16(Missing.NOT_SHOWN.code), found)
    frame = pd.DataFrame({**_about(questionnaire, records, modules), **cells})
    return Dataset(frame=frame, columns=columns)


def columns_of(questionnaire: Questionnaire, modules: tuple[str, ...]) -> dict[str, Column]:
    """The columns of a dataset of these modules, in the order of asking.

    No text, no dates, no consents; no rankings, which have no estimator here yet. Best-worst choices are one column per
    object of their design: chosen as best, as worst, or as neither.
    """
    items = [item for module in questionnaire.modules if module.id in modules for item in module.items]
    return {column.id: column for item in items for column in _columns(questionnaire, item)}


def _columns(questionnaire: Questionnaire, item: Item) -> Iterator[Column]:
    match item:
        case Choice():
            real = [option for option in questionnaire.options_of(item) if option.missing is None]
            codes, numbers = tuple(option.code for option in real), tuple(option.value for option in real)
            yield Column(id=item.id, item=item.id, kind="choice", codes=codes, numbers=numbers)
        case MultiChoice():
            real = [option for option in questionnaire.options_of(item) if option.missing is None]
            for identity in (f"{item.id}/{option.code}" for option in real):
                yield Column(id=identity, item=item.id, kind="tick", codes=("no", "yes"), numbers=(0, 1))
        case BestWorst(list_number=1):
            for thing in questionnaire.options_of(item):
                identity = f"{item.design}/{thing.code}"
                yield Column(id=identity, item=item.id, kind="priority", codes=PRIORITIES, numbers=(1, 0, -1))
        case Rating() | Number():
            yield Column(id=item.id, item=item.id, kind=item.type)
        case Country() | StageItem() | Role():
            yield Column(id=item.id, item=item.id, kind=item.type, codes=_known_codes(questionnaire, item))


def _known_codes(questionnaire: Questionnaire, item: Country | StageItem | Role) -> tuple[str, ...]:
    if isinstance(item, Country):
        return COUNTRIES
    return questionnaire.stage_codes if isinstance(item, StageItem) else tuple(r.code for r in questionnaire.roles)


def _cells(
    questionnaire: Questionnaire, column: Column, raw: Sequence[Value | Missing | None]
) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    read = _reader(questionnaire, column)
    return np.fromiter((read(value) for value in raw), dtype=np.int16, count=len(raw))


def _priorities(
    questionnaire: Questionnaire, records: Sequence[ResponseRecord]
) -> "Mapping[str, np.ndarray[tuple[int], np.dtype[np.int16]]]":
    """What became of each object in the list that showed it to each person, by column; else why there is none.

    Source: Louviere, Flynn and Marley (2015), Best-Worst Scaling: counting analysis of the object case.
    """
    found = {}
    for name, design in questionnaire.designs.items():
        place = {thing.code: number for number, thing in enumerate(design.objects)}
        shown = {one: [place[code] for code in codes] for one, codes in design.by_id.items()}
        items = [one.id for one in questionnaire.items.values() if isinstance(one, BestWorst) and one.design == name]
        rows = []
        for record in records:
            given = [record.answers.entries.get(item) for item in items]
            why = next((value.code for value in given if isinstance(value, Missing)), Missing.NOT_REACHED.code)
            row = [why] * len(place)
            for value in given:
                if isinstance(value, tuple):
                    for number in shown[value[0]]:
                        row[number] = PRIORITIES.index("neither")
                    row[place[value[1]]] = PRIORITIES.index("best")
                    row[place[value[2]]] = PRIORITIES.index("worst")
            rows.append(row)
        table = np.array(rows, dtype=np.int16).reshape(len(rows), len(place))
        found.update({f"{name}/{code}": table[:, number] for code, number in place.items()})
    return found


def _reader(questionnaire: Questionnaire, column: Column) -> Callable[[Value | Missing | None], int]:
    """The function from a stored answer to a cell; each different answer is looked at once."""
    item = questionnaire.items[column.item]
    options = questionnaire.options_of(item)
    known: dict[object, int] = {kind: kind.code for kind in Missing}
    known[None] = Missing.NOT_REACHED.code
    if column.kind in ("rating", "number"):
        return lambda value: known[value] if value is None or isinstance(value, Missing) else int(value)  # type: ignore[arg-type]  # validated: an int
    reasons = {option.code: option.missing.code for option in options if option.missing}
    if column.kind == "tick":
        return _tick_reader(column.id.partition("/")[2], known, reasons)
    known.update({code: position for position, code in enumerate(column.codes)})
    known.update(reasons)
    # a code that this version does not offer can only be an old country: it counts as left empty
    return lambda value: known.get(value, Missing.NOT_ANSWERED.code)


def _tick_reader(
    code: str, known: Mapping[object, int], reasons: Mapping[str, int]
) -> Callable[[Value | Missing | None], int]:
    def read(value: Value | Missing | None) -> int:
        if not isinstance(value, tuple):
            return known.get(value, Missing.NOT_ANSWERED.code)
        reason = next((reasons[chosen] for chosen in value if chosen in reasons), None)
        if reason is not None:
            return reason
        return int(code in value) if value else Missing.NOT_ANSWERED.code

    return read


def _hidden(
    questionnaire: Questionnaire, records: Sequence[ResponseRecord], modules: tuple[str, ...]
) -> list[frozenset[str]]:
    """The items that logic hides from each response. Few answers decide, so few cases are worked out."""
    deciding = _deciding_items(questionnaire)
    found: dict[object, frozenset[str]] = {}
    hidden = []
    for record in records:
        entries = record.answers.entries
        case = (record.wave, *(_decides(item, entries.get(item.id)) for item in deciding))
        if case not in found:
            plan = plan_of(questionnaire, modules, record.recall_mode, record.wave)
            found[case] = hidden_items(plan, record.answers)
        hidden.append(found[case])
    return hidden


def _decides(item: Item, value: Value | Missing | None) -> object:
    """What of an answer a condition can ask. Of a best-worst choice only whether there is one: lists differ a lot."""
    return isinstance(value, tuple) if isinstance(item, BestWorst) else value


def _deciding_items(questionnaire: Questionnaire) -> tuple[Item, ...]:
    named = {
        name
        for item in questionnaire.items.values()
        if item.show_if
        for name, _ in comparisons(parse_condition(item.show_if))
    }
    return tuple(
        item for item in questionnaire.items.values() if item.id in named or isinstance(item, Role | StageItem)
    )


def _about(
    questionnaire: Questionnaire, records: Sequence[ResponseRecord], modules: tuple[str, ...]
) -> dict[str, object]:
    items = [item for module in questionnaire.modules if module.id in modules for item in module.items]
    stage = next((item.id for item in items if isinstance(item, StageItem)), "")
    required = [item.id for item in items if isinstance(item, Consent) and item.required]
    research = [item.id for item in items if isinstance(item, Consent) and item.purpose == RESEARCH]
    entries = [record.answers.entries for record in records]
    stages = [given.get(stage) for given in entries]
    return {
        "person": pd.Series([record.person for record in records], dtype=str),
        "batch": np.array([record.batch for record in records], dtype=np.int64),
        "wave": np.array([record.wave for record in records], dtype=np.int64),
        "agreed": np.array([all(given.get(item) is True for item in required) for given in entries], dtype=bool),
        "research": np.array([all(given.get(item) is True for item in research) for given in entries], dtype=bool),
        "status": pd.Categorical([record.status for record in records], categories=["draft", "part", "whole"]),
        "language": pd.Categorical([record.language for record in records]),
        "recall_mode": pd.Categorical([record.recall_mode for record in records], categories=list(RECALL_MODES)),
        "respondent": pd.Categorical(_respondents(questionnaire, items, entries), categories=list(RESPONDENTS)),
        "stage": pd.Categorical(
            [code if code in questionnaire.stage_codes else None for code in stages],
            categories=list(questionnaire.stage_codes),
        ),
    }


def _respondents(
    questionnaire: Questionnaire, items: Sequence[Item], entries: Sequence[Mapping[str, Value | Missing]]
) -> list[Respondent | None]:
    """Whose view each response gives; None for a role that is not surveyed, or as long as nobody said."""
    role = next((item.id for item in items if isinstance(item, Role)), "")
    who = next((item for item in items if item.construct_name == WHO_ANSWERS), None)
    others = {option.code for option in questionnaire.options_of(who) if option.value == SOMEONE_ELSE} if who else set()
    found: list[Respondent | None] = []
    for given in entries:
        if given.get(role) == "patient":
            found.append("proxy" if who and given.get(who.id) in others else "patient")
        else:
            found.append("caregiver" if given.get(role) == "caregiver" else None)
    return found
