"""Cells of a dataset as coded numbers, and conditions evaluated on all rows at once.

A coded number is the number of the answer, or the negative number of the kind of missing
(`Missing.code`), as in files; NaN where an answer has no number.
"""

import operator
from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_app.core.dataset import Column, Dataset
from survey_app.core.questionnaire.logic import AllOf, Answered, AnyOf, Comparison, Condition, Has, Membership, Not

Mask = NDArray[np.bool_]

TICKED = 1
"""The cell of a tick column where the answer was chosen; 0 where it was not."""

_COMPARE: dict[str, Callable[[NDArray[np.float64], float], Mask]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def coded_values(dataset: Dataset, columns: Iterable[str]) -> pd.DataFrame:
    """Return `columns` as coded numbers: float64, rows of the dataset.

    Raises:
        KeyError: a column is not in the dataset.
    """
    coded = {name: coded_column(dataset.frame[name], dataset.columns[name]) for name in columns}
    return pd.DataFrame(coded, index=dataset.frame.index)


def coded_column(cells: "pd.Series[int]", column: Column) -> NDArray[np.float64]:
    """Return the cells of one column as coded numbers."""
    positions = cells.to_numpy(dtype=np.int64)
    if not column.codes:
        return positions.astype(np.float64)
    numbers = column.numbers or (None,) * len(column.codes)
    table = np.array([np.nan if number is None else number for number in numbers], dtype=np.float64)
    return np.where(positions >= 0, table[np.maximum(positions, 0)], positions.astype(np.float64))


def rows_where(condition: Condition, dataset: Dataset) -> Mask:
    """Tell for each row whether `condition` holds; the same answer as `condition.holds` for each response.

    A name that is neither a column, `stage` nor `wave` counts as not answered.
    """
    match condition:
        case AllOf(parts=parts):
            return _folded(np.logical_and, [rows_where(part, dataset) for part in parts])
        case AnyOf(parts=parts):
            return _folded(np.logical_or, [rows_where(part, dataset) for part in parts])
        case Not(part=part):
            return ~rows_where(part, dataset)
        case _:
            return _rows_where_leaf(condition, dataset)


def _rows_where_leaf(condition: Comparison | Membership | Answered | Has, dataset: Dataset) -> Mask:
    match condition:
        case Comparison():
            return _compare(condition, dataset)
        case Membership(name=name, literals=literals):
            same = [_compare(Comparison(name, "==", literal), dataset) for literal in literals]
            return _folded(np.logical_or, same)
        case Answered(name=name):
            return _answered(name, dataset)
        case Has(name=name, literal=literal):
            return _ticked(f"{name}/{literal}", dataset)


def _folded(rule: np.ufunc, masks: list[Mask]) -> Mask:
    return np.asarray(rule.reduce(masks), dtype=bool)


def _compare(comparison: Comparison, dataset: Dataset) -> Mask:
    name, literal = comparison.name, comparison.literal
    if isinstance(literal, str):
        codes = _codes(name, dataset)
        if comparison.operator == "==":
            return np.asarray(codes == literal)
        present = np.array([code is not None for code in codes], dtype=bool)
        return np.asarray(codes != literal) & present if comparison.operator == "!=" else _nowhere(dataset)
    numbers = _numbers(name, dataset)
    return _COMPARE[comparison.operator](numbers, float(literal)) & ~np.isnan(numbers)


def _numbers(name: str, dataset: Dataset) -> NDArray[np.float64]:
    """The number of each answer; NaN where there is none, whatever the reason."""
    if name == "wave":
        return dataset.frame["wave"].to_numpy(dtype=np.float64)
    if name not in dataset.columns:
        return np.full(len(dataset.frame), np.nan)
    cells = dataset.frame[name]
    return np.where(cells.to_numpy() >= 0, coded_column(cells, dataset.columns[name]), np.nan)


def _codes(name: str, dataset: Dataset) -> NDArray[np.object_]:
    """The code of each answer; None where there is none."""
    if name == "stage":
        stages = dataset.frame["stage"].astype(object)
        return np.asarray(stages.where(stages.notna(), None), dtype=object)
    column = dataset.columns.get(name)
    if column is None or not column.codes:
        return np.full(len(dataset.frame), None, dtype=object)
    positions = dataset.frame[name].to_numpy()
    found: NDArray[np.object_] = np.array(column.codes, dtype=object)[np.maximum(positions, 0)]
    found[positions < 0] = None
    return found


def _answered(name: str, dataset: Dataset) -> Mask:
    if name == "wave":
        return np.ones(len(dataset.frame), dtype=bool)
    if name == "stage":
        return dataset.frame["stage"].notna().to_numpy(dtype=bool)
    ticks = [column.id for column in dataset.columns.values() if column.item == name]
    if not ticks:
        return _nowhere(dataset)
    return np.asarray((dataset.frame[ticks[0]] >= 0).to_numpy(), dtype=bool)


def _ticked(name: str, dataset: Dataset) -> Mask:
    if name not in dataset.columns:
        return _nowhere(dataset)
    return np.asarray(dataset.frame[name].to_numpy() == TICKED)


def _nowhere(dataset: Dataset) -> Mask:
    return np.zeros(len(dataset.frame), dtype=bool)
