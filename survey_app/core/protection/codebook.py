"""What the columns of a file of rows hold: every value that can stand in a cell, and where its label is."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from survey_app.core.dataset import Column, Dataset
from survey_app.core.privacy import Missing, PrivacyClass
from survey_app.core.protection.ladders import AFTER, BEFORE, NOT_STATED, WAVE
from survey_app.core.protection.lattice import Ladder
from survey_app.core.protection.rows import Reason, RowColumn, RowValue
from survey_app.core.questionnaire.items import Choice, Country, Item, MultiChoice, Option, Rating, Role
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parts import Scale

NO_SCORE = Missing.NOT_ANSWERED.code
ANCHORS = (0, 25, 50, 75, 100)
SCORE = "score_"
RESPONDENTS = ("patient", "proxy", "caregiver")
RECALL_MODES = ("prospective", "retrospective", "not_told")
"""Carers and proxies of both modes are one population: then the mode is not told."""


def columns_of(
    questionnaire: Questionnaire,
    dataset: Dataset,
    scores: frozenset[str],
    ladders: Mapping[str, Ladder],
    steps: Mapping[str, int],
    left_out: Mapping[str, Reason],
) -> tuple[RowColumn, ...]:
    """Return the columns of the file in their order: id, population, wave, groups, answers, scores.

    A scale with an item that is not in the file is not in it either: its being scored would tell what the item told.
    """
    groups = [column for column in dataset.columns.values() if column.item in ladders and column.item not in left_out]
    answers = [column for column in dataset.columns.values() if _is_answer(questionnaire, column, left_out)]
    whole = {scale.id: scale for scale in questionnaire.scales if not set(scale.items) & set(left_out)}
    kept = [scale for scale in whole.values() if scale.id in scores and set(scale.parts) <= set(whole)]
    return (
        RowColumn(name="id", item="", kind="id", privacy=PrivacyClass.TECHNICAL.value),
        _population("respondent", RESPONDENTS),
        _population("recall_mode", RECALL_MODES),
        *_wave(ladders[WAVE], steps[WAVE]),
        *(_group(questionnaire, column, ladders[column.id], steps[column.id]) for column in groups),
        *(_answer(questionnaire, column) for column in answers),
        *(_score(questionnaire, scale) for scale in kept),
    )


def numbers_in_file(column: Column) -> NDArray[np.int64]:
    """The number in the file of each position of a column: of the answers, or where one has none, its place from 1.

    Empty for ratings and numbers, which stand for themselves.
    """
    numbers = [None if number is None else int(number) for number in column.numbers]
    if None in numbers or len(set(numbers)) < len(column.codes):
        numbers = list(range(1, len(column.codes) + 1))
    return np.array(numbers, dtype=np.int64)


def _is_answer(questionnaire: Questionnaire, column: Column, left_out: Mapping[str, Reason]) -> bool:
    item = questionnaire.items[column.item]
    # who answers is told by the population
    return item.privacy is PrivacyClass.ORDINARY and item.id not in left_out and not isinstance(item, Role)


def _population(name: str, values: tuple[str, ...]) -> RowColumn:
    told = tuple(RowValue(value=value, code=value, text=f"word/{name}/{value}") for value in values)
    return RowColumn(name=name, item="", kind="population", privacy=PrivacyClass.QUASI_IDENTIFIER.value, values=told)


def _wave(ladder: Ladder, step: int) -> Iterator[RowColumn]:
    if len(ladder.labels(step)) > 1:
        told = tuple(RowValue(value=label, code=label, text="") for label in ladder.labels(step))
        yield RowColumn(
            name=WAVE,
            item="",
            kind="wave",
            privacy=PrivacyClass.QUASI_IDENTIFIER.value,
            step=step,
            steps=len(ladder.levels) - 1,
            values=told,
        )


def _group(questionnaire: Questionnaire, column: Column, ladder: Ladder, step: int) -> RowColumn:
    item = questionnaire.items[column.item]
    return RowColumn(
        name=column.id,
        item=item.id,
        kind="group",
        privacy=item.privacy.value,
        step=step,
        steps=len(ladder.levels) - 1,
        values=tuple(
            RowValue(value=label, code=label, text=_group_text(questionnaire, item, label, step))
            for label in ladder.labels(step)
        ),
    )


def _group_text(questionnaire: Questionnaire, item: Item, label: str, step: int) -> str:
    if label == NOT_STATED:
        return f"word/{NOT_STATED}"
    if isinstance(item, Country):
        return f"country/{label}" if step == 0 else label.replace(":", "/")
    if isinstance(item, Choice):
        if step > 0:
            return f"item/{item.id}/group/{label}"
        option = next(one for one in questionnaire.options_of(item) if one.code == label)
        return questionnaire.option_key(item, option)
    if label in (BEFORE, AFTER):
        return f"word/{label}"
    return f"stage/{label}/text" if step == 0 else f"stage_group/{label}"


def _answer(questionnaire: Questionnaire, column: Column) -> RowColumn:
    item = questionnaire.items[column.item]
    return RowColumn(
        name=column.id,
        item=item.id,
        kind="answer",
        privacy=item.privacy.value,
        module=questionnaire.module_of[item.id].id,
        option=column.id.partition("/")[2] if column.kind == "tick" else "",
        direction=item.direction,
        scales=tuple(scale.id for scale in questionnaire.scales if item.id in scale.items),
        values=(*_values(questionnaire, item, column), *_missing(questionnaire, item)),
    )


def _values(questionnaire: Questionnaire, item: Item, column: Column) -> Iterator[RowValue]:
    if isinstance(item, Rating):
        ends = questionnaire.rating_of(item)
        words = {ends.low: f"set/{item.responses}/low", ends.high: f"set/{item.responses}/high"}
        for value in range(ends.low, ends.high + 1):
            yield RowValue(value=str(value), code=str(value), text=words.get(value, ""))
    elif column.kind == "tick":
        yield RowValue(value="0", code="no", text="word/not_chosen")
        yield RowValue(value="1", code="yes", text="word/chosen")
    else:
        options = {option.code: option for option in questionnaire.options_of(item)}
        for code, number in zip(column.codes, numbers_in_file(column).tolist(), strict=True):
            yield RowValue(value=str(number), code=code, text=_option_text(questionnaire, item, options, code))


def _option_text(questionnaire: Questionnaire, item: Item, options: Mapping[str, Option], code: str) -> str:
    if code in options:
        return questionnaire.option_key(item, options[code])
    return f"country/{code}" if isinstance(item, Country) else f"stage/{code}/text"


def _missing(questionnaire: Questionnaire, item: Item) -> Iterator[RowValue]:
    """The kinds of missing; by the words of the item where an answer of it stands for the kind."""
    own = {
        option.missing: questionnaire.option_key(item, option)
        for option in (questionnaire.options_of(item) if isinstance(item, Choice | MultiChoice) else ())
        if option.missing
    }
    for kind in Missing:
        yield RowValue(value=str(kind.code), code=kind.value, text=own.get(kind, f"word/missing/{kind.value}"))


def _score(questionnaire: Questionnaire, scale: Scale) -> RowColumn:
    words = {0: f"scale/{scale.id}/low", 100: f"scale/{scale.id}/high"}
    anchors = tuple(
        RowValue(
            value=str(anchor), code=str(anchor), text="" if scale.method == "prorated_sum" else words.get(anchor, "")
        )
        for anchor in ANCHORS
    )
    return RowColumn(
        name=SCORE + scale.id,
        item=scale.id,
        kind="score",
        privacy=PrivacyClass.ORDINARY.value,
        module=scale.module or next((questionnaire.module_of[item].id for item in scale.items), SCORE),
        direction=scale.direction,
        values=(*anchors, RowValue(value=str(NO_SCORE), code="no_score", text="word/no_score")),
    )
