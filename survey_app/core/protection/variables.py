"""What is published of each item and scale, and how a row of the dataset falls into its categories."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_app.core.dataset import Column, Dataset
from survey_app.core.privacy import Missing, PrivacyClass
from survey_app.core.protection.cube import Population, PublishedVariable
from survey_app.core.questionnaire.items import Choice, ChoiceSet, Item, Rating
from survey_app.core.questionnaire.logic import AllOf, AnyOf, Condition, Operand, comparisons, parse_condition
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parts import Scale

MARKS: tuple[Literal["problem", "top", "needed", "unmet"], ...] = ("problem", "top", "needed", "unmet")
MISSING = tuple(Missing)
MOST_CATEGORIES = 12
ABOUT_THE_PERSON = ("SCR", "DM")
"""Modules whose items are facts about the person, not about a time or a treatment."""

_BANDS = ((0, 2), (3, 4), (5, 6), (7, 8), (9, 10))
_ANCHORS = (0, 25, 50, 75, 100)
_MARKED_CELL = {kind.code: position for position, kind in enumerate(MISSING)}

Cells = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variable:
    """A published variable and its cells.

    published: what the cube says about it.
    audience: roles that are asked.
    recall: its answers are about a time, so recall modes stay apart.
    about_the_person: it may be shown for everyone together.
    stage_decides: logic hides it by stage; then who was not asked is not told.
    stages: those in which it can be asked at all; there is no table for the others.
    cells: one number per row: position of the category, or number of categories plus position of the kind of missing.
    """

    published: PublishedVariable
    audience: tuple[str, ...]
    recall: bool
    about_the_person: bool
    stage_decides: bool
    stages: frozenset[str]
    cells: Cells

    @property
    def real(self) -> NDArray[np.bool_]:
        """The rows that have a value."""
        return np.asarray(self.cells < len(self.published.categories))

    def is_for(self, population: Population) -> bool:
        """Tell whether it is published for a whole population."""
        if population.respondent == "everyone":
            return self.about_the_person
        role = "caregiver" if population.respondent == "caregiver" else "patient"
        return role in self.audience and (bool(population.recall_mode) or not self.recall)

    @property
    def crossed(self) -> bool:
        """Tell whether it is published by stage, country, age and sex; priorities are for whole populations only."""
        return self.published.privacy == PrivacyClass.ORDINARY and self.published.kind != "priority"


def variables_of(
    questionnaire: Questionnaire, modules: tuple[str, ...], dataset: Dataset, scores: pd.DataFrame
) -> tuple[Variable, ...]:
    """Return all variables that are ever published, items in the order of asking, then scales.

    Country, stage and role are published as groups and populations; texts, dates, consents and numbers are not.
    """
    found = [_of_item(questionnaire, column, dataset) for column in dataset.columns.values()]
    found += [
        _of_scale(questionnaire, scale, scores[scale.id].to_numpy(dtype=float))
        for scale in questionnaire.scales
        if scale.id in scores and _module(questionnaire, scale) in modules
    ]
    return tuple(variable for variable in found if variable)


def _of_item(questionnaire: Questionnaire, column: Column, dataset: Dataset) -> Variable | None:
    item = questionnaire.items[column.item]
    public = item.privacy in (PrivacyClass.ORDINARY, PrivacyClass.QUASI_IDENTIFIER)
    if not public or column.kind not in ("choice", "rating", "tick", "priority"):
        return None
    published, position = _published(questionnaire, item, column)
    if not 2 <= len(published.categories) <= MOST_CATEGORIES:
        return None
    module = questionnaire.module_of[item.id]
    recall = questionnaire.recall[item.recall]
    frame = bool(recall.prospective or recall.retrospective)
    return Variable(
        published=published,
        audience=module.audience,
        recall=frame,
        about_the_person=module.id in ABOUT_THE_PERSON and not frame,
        stage_decides=_asked_by_stage(item),
        stages=_possible_stages(questionnaire, item),
        cells=_cells(dataset.frame[column.id].to_numpy(dtype=np.int64), position, len(published.categories)),
    )


def _published(questionnaire: Questionnaire, item: Item, column: Column) -> tuple[PublishedVariable, Mapping[int, int]]:
    """The variable, and the position of the category of each cell value."""
    coding = _coding(questionnaire, item, column)
    published = PublishedVariable(
        id=column.id,
        item=item.id,
        kind=_kind(column),
        module=questionnaire.module_of[item.id].id,
        privacy=item.privacy.value,
        direction=item.direction,
        categories=coding.categories,
        numbers=coding.numbers,
        marks=coding.marks,
    )
    return published, coding.position


def _kind(column: Column) -> Literal["choice", "rating", "tick", "priority"]:
    return column.kind if column.kind in ("rating", "tick", "priority") else "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coding:
    """Categories with their numbers and marks, and the position of the category of each cell value."""

    categories: tuple[str, ...]
    numbers: tuple[float | None, ...]
    position: Mapping[int, int]
    marks: Mapping[str, tuple[str, ...]]


def _coding(questionnaire: Questionnaire, item: Item, column: Column) -> _Coding:
    if column.kind == "tick":
        return _Coding(categories=("yes", "no"), numbers=(None, None), position={1: 0, 0: 1}, marks={})
    if isinstance(item, Rating):
        return _rating(questionnaire, item)
    if column.kind == "priority":
        return _Coding(categories=column.codes, numbers=column.numbers, position={0: 0, 1: 1, 2: 2}, marks={})
    found = {mark: questionnaire.marked(item, mark) for mark in MARKS}
    return _Coding(
        categories=column.codes,
        numbers=column.numbers if _has_means(questionnaire, item) else (None,) * len(column.codes),
        position={place: place for place in range(len(column.codes))},
        marks={mark: codes for mark, codes in found.items() if codes},
    )


def _rating(questionnaire: Questionnaire, item: Rating) -> _Coding:
    ends = questionnaire.rating_of(item)
    bands = _BANDS if (ends.low, ends.high) == (0, 10) else tuple((n, n) for n in range(ends.low, ends.high + 1))
    names = tuple(f"{low}_{high}" if low < high else str(low) for low, high in bands)
    marked = set(ends.problem)
    inside = [name for name, (low, high) in zip(names, bands, strict=True) if marked >= set(range(low, high + 1))]
    covered = {
        n for name, (low, high) in zip(names, bands, strict=True) if name in inside for n in range(low, high + 1)
    }
    return _Coding(
        categories=names,
        numbers=tuple((low + high) / 2 for low, high in bands),  # 0 to 2 counts as 1
        position={value: place for place, (low, high) in enumerate(bands) for value in range(low, high + 1)},
        marks={"problem": tuple(inside)} if marked and covered == marked else {},
    )


def _of_scale(questionnaire: Questionnaire, scale: Scale, scores: NDArray[np.float64]) -> Variable | None:
    module = _module(questionnaire, scale)
    if scale.method == "prorated_sum" or module is None:
        return None
    real = ~np.isnan(scores)
    nearest = np.floor(np.where(real, scores, 0) / 25 + 0.5).astype(np.int64)
    none = len(_ANCHORS) + _MARKED_CELL[Missing.NOT_ANSWERED.code]
    audience = next(one.audience for one in questionnaire.modules if one.id == module)
    published = PublishedVariable(
        id=scale.id,
        item=scale.id,
        kind="scale",
        module=module,
        privacy=PrivacyClass.ORDINARY.value,
        direction=scale.direction,
        categories=tuple(str(anchor) for anchor in _ANCHORS),
        numbers=tuple(float(anchor) for anchor in _ANCHORS),
    )
    return Variable(
        published=published,
        audience=audience,
        recall=True,
        about_the_person=False,
        stages=frozenset(questionnaire.stage_codes),
        stage_decides=True,  # a score that cannot be made has many reasons; they are not told
        cells=np.where(real, nearest, none),
    )


def _module(questionnaire: Questionnaire, scale: Scale) -> str | None:
    return scale.module or next((questionnaire.module_of[item].id for item in scale.items), None)


def _has_means(questionnaire: Questionnaire, item: Item) -> bool:
    if not isinstance(item, Choice):
        return False
    if item.options:
        return item.direction != "none"
    shared = questionnaire.response_sets[item.responses or ""]
    return isinstance(shared, ChoiceSet) and shared.kind == "ordinal"


def _asked_by_stage(item: Item) -> bool:
    return bool(item.show_if) and "stage" in {name for name, _ in comparisons(parse_condition(item.show_if or ""))}


def _possible_stages(questionnaire: Questionnaire, item: Item) -> frozenset[str]:
    if not item.show_if:
        return frozenset(questionnaire.stage_codes)
    condition = parse_condition(item.show_if)
    return frozenset(stage for stage in questionnaire.stage_codes if _may_hold(condition, stage))


def _may_hold(condition: Condition, stage: str) -> bool:
    """Whether a condition can hold in a stage, whatever else was answered."""
    match condition:
        case AllOf(parts=parts):
            return all(_may_hold(part, stage) for part in parts)
        case AnyOf(parts=parts):
            return any(_may_hold(part, stage) for part in parts)
    if {name for name, _ in comparisons(condition)} != {"stage"}:
        return True
    return condition.holds(lambda _name: Operand(code=stage))


def _cells(values: Cells, position: Mapping[int, int], categories: int) -> Cells:
    """The cells of coded values, by one look-up table over all numbers that can occur."""
    known = {**position, **{code: categories + place for code, place in _MARKED_CELL.items()}}
    lowest = min(known)
    table = np.full(max(known) - lowest + 1, categories + _MARKED_CELL[Missing.NOT_ANSWERED.code], dtype=np.int64)
    for value, cell in known.items():
        table[value - lowest] = cell
    return np.asarray(table[np.clip(values - lowest, 0, table.size - 1)])


def missing_kinds(variable: Variable) -> Iterator[tuple[int, Missing]]:
    """Yield position and kind of the reasons for no value that are told with a table.

    Who was not asked because of the stage is not told: it would count the people of small stages.
    """
    for position, kind in enumerate(MISSING):
        if kind is not Missing.NOT_SHOWN or not variable.stage_decides:
            yield position, kind
