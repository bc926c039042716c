"""Responses to several versions of a questionnaire in one table: what is not comparable counts as not asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_app.core.dataset import Dataset, ResponseRecord, columns_of, dataset_of
from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.compare import comparable_items
from survey_app.core.questionnaire.model import Questionnaire

VERSION = "version"
"""The column that says which version was answered."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Responses that were asked the same: a version, and modules of it."""

    questionnaire: Questionnaire
    modules: tuple[str, ...]
    records: Sequence[ResponseRecord]


def pooled_dataset(questionnaire: Questionnaire, modules: tuple[str, ...], parts: Sequence[Part]) -> Dataset:
    """Return the responses of all parts in the columns of `questionnaire`.

    Each part is read with its own version: who agreed, who answers, what logic hid. An item that does not mean the
    same in both versions, or that a part was not asked, is not shown in its rows.
    """
    if not parts:
        return dataset_of(questionnaire, [], modules)
    columns = columns_of(questionnaire, modules)
    frames = [_frame(questionnaire, columns, part) for part in parts]
    pooled = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    for name in ("language", VERSION):
        pooled[name] = pd.Categorical(pooled[name].astype(str))
    others = {part.questionnaire.version: part.questionnaire for part in parts}
    return Dataset(frame=pooled, columns=columns, unlike=unlike_items(questionnaire, others))


def unlike_items(questionnaire: Questionnaire, others: Mapping[str, Questionnaire]) -> Mapping[str, frozenset[str]]:
    """For each other version: the items of `questionnaire` that do not mean the same there, or are not there."""
    items = frozenset(questionnaire.items)
    return {
        version: items - comparable_items(other, questionnaire)
        for version, other in others.items()
        if version != questionnaire.version
    }


def _frame(questionnaire: Questionnaire, columns: Mapping[str, object], part: Part) -> pd.DataFrame:
    own = dataset_of(part.questionnaire, part.records, part.modules)
    alike = frozenset(questionnaire.items)
    if part.questionnaire.version != questionnaire.version:
        alike = comparable_items(part.questionnaire, questionnaire)
    about = own.frame[[name for name in own.frame if name not in own.columns]].copy()
    about["stage"] = pd.Categorical(about["stage"].astype(object), categories=list(questionnaire.stage_codes))
    about[VERSION] = part.questionnaire.version
    not_asked = np.full(len(about), Missing.NOT_SHOWN.code, dtype=np.int16)
    cells = {
        name: own.frame[name] if name in own.columns and own.columns[name].item in alike else not_asked
        for name in columns
    }
    return pd.concat([about, pd.DataFrame(cells, index=about.index)], axis=1)
