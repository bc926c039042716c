"""Dataset: one row per response, one column per variable, and what each column means. Inside only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from survey_app.core.response.answers import Answers

Respondent = Literal["patient", "proxy", "caregiver"]


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
        Empty for ratings and numbers, whose cells hold the number itself.
    """

    id: str
    item: str
    kind: Literal["choice", "rating", "tick", "number", "country", "stage", "role"]
    codes: tuple[str, ...] = ()
    numbers: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Responses as a table. Never leaves the house: see `protection`.

    frame: columns `person` (str), `batch` (int), `wave` (int), `status`, `language`, `recall_mode`, `respondent`, `stage`
        (categories), then one int16 column per `Column`. No free text, no dates.
    """

    frame: pd.DataFrame
    columns: Mapping[str, Column]
