"""Scores of scales, for all responses at once: from 0 to 100, a prorated sum, or missing (NaN).

Every rule is a field of `Scale`. Sources: our own scales follow the scoring rules of the item bank;
EORTC scales Fayers et al., EORTC QLQ-C30 Scoring Manual (2001), "at least half" answered; FACIT
scales the FACIT scoring guidelines, "more than half" answered, prorated sum.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_app.core.analysis.coding import coded_values, rows_where
from survey_app.core.dataset import Dataset
from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.logic import parse_condition
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parts import Scale

Floats = NDArray[np.float64]

NOT_APPLICABLE = (Missing.NOT_APPLICABLE.code, Missing.DONT_KNOW.code, Missing.NOT_SHOWN.code)
"""Reasons that take an item out of the number of applicable ones: scoring rule `applicable` of the item bank."""
_HAIR = 1e-9  # 0.8 * 5 must not be missed by a rounding of floating point


def score_scales(questionnaire: Questionnaire, dataset: Dataset) -> pd.DataFrame:
    """Return the score of every scale whose items are in the dataset: float64, rows of the dataset, a column per scale.

    Items that logic hid count with their `value_if_hidden` where its condition holds. No score where the version that
    was answered asked some item of the scale differently.
    """
    items = [item for scale in questionnaire.scales for item in scale.items if item in dataset.columns]
    values = with_structural_values(questionnaire, dataset, coded_values(dataset, dict.fromkeys(items)))
    scores = pd.DataFrame(index=dataset.frame.index)
    for scale in questionnaire.scales:
        if all(item in values for item in scale.items) and all(part in scores for part in scale.parts):
            scores[scale.id] = mean_of_scales(scores[list(scale.parts)]) if scale.parts else score(scale, values)
            for version, unlike in dataset.unlike.items():
                if not unlike.isdisjoint(scale.items):
                    scores.loc[(dataset.frame["version"] == version).to_numpy(), scale.id] = np.nan
    return scores


def with_structural_values(questionnaire: Questionnaire, dataset: Dataset, values: pd.DataFrame) -> pd.DataFrame:
    """Return `values` with hidden items set to their `value_if_hidden` in the rows where its condition holds."""
    filled = values.copy()
    for name in values.columns:
        rule = questionnaire.items[str(name)].value_if_hidden
        if rule is not None:
            hidden = values[name].to_numpy() == Missing.NOT_SHOWN.code
            filled.loc[hidden & rows_where(parse_condition(rule.when), dataset), name] = float(rule.value)
    return filled


def score(scale: Scale, values: pd.DataFrame) -> "pd.Series[float]":
    """Return the score of one scale that is made from items.

    Args:
        scale: `method` is linear_0_100, prorated_sum or percent_of_needed.
        values: a column per item of the scale, coded numbers: the number of the answer, or the negative number of the
            kind of missing. NaN counts as left empty.

    Returns:
        Float64 with the rows of `values`, NaN where too few items are answered (or, for percent_of_needed, nothing
        was needed). Full precision; whoever shows it rounds.

    Raises:
        ValueError: the scale is made from other scales.
    """
    coded = values[list(scale.items)].to_numpy(dtype=np.float64)
    missing = np.isnan(coded) | np.isin(coded, [kind.code for kind in Missing])
    applicable = ~np.isin(coded, NOT_APPLICABLE)
    answered = ~missing & ~np.isin(coded, scale.recode_missing)
    given = np.where(answered, _turned(scale, coded), 0.0)
    match scale.method:
        case "linear_0_100":
            result = _linear(scale, given, answered)
        case "prorated_sum":
            result = _mean(given, answered) * len(scale.items)
        case "percent_of_needed":
            result = _percent(np.where(answered, coded, np.nan), needed=scale.needed, unmet=scale.unmet)
        case "mean_of_scales":
            raise ValueError(f"{scale.id} is made from scales, not from items")
    return pd.Series(np.where(_enough(scale, answered, applicable), result, np.nan), index=values.index, name=scale.id)


def mean_of_scales(parts: pd.DataFrame) -> "pd.Series[float]":
    """Return the mean of finished scores, NaN where any is missing."""
    return parts.mean(axis="columns", skipna=False)


def _turned(scale: Scale, coded: Floats) -> Floats:
    turn = np.array([item in scale.reversed_items for item in scale.items], dtype=bool)
    return np.where(turn, scale.low + scale.high - coded, coded)


def _enough(scale: Scale, answered: NDArray[np.bool_], applicable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    n_answered = answered.sum(axis=1)
    needed = scale.threshold * applicable.sum(axis=1)
    share_reached = n_answered > needed + _HAIR if scale.threshold_rule == "more_than" else n_answered >= needed - _HAIR
    return np.asarray(share_reached & (n_answered >= scale.min_items))


def _mean(given: Floats, answered: NDArray[np.bool_]) -> Floats:
    return _ratio(given.sum(axis=1), answered.sum(axis=1))


def _linear(scale: Scale, given: Floats, answered: NDArray[np.bool_]) -> Floats:
    finished = 100 * (_mean(given, answered) - scale.low) / (scale.high - scale.low)
    return 100 - finished if scale.invert else finished


def _percent(coded: Floats, *, needed: Sequence[int], unmet: Sequence[int]) -> Floats:
    return 100 * _ratio(np.isin(coded, unmet).sum(axis=1), np.isin(coded, needed).sum(axis=1))


def _ratio(above: NDArray[np.number], below: NDArray[np.number]) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return ratio
