"""Many comparisons at once: adjusted p values, so that chance alone is not taken for a finding."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]


def holm(p_values: ArrayLike) -> Floats:
    """Adjusted p values of a primary set of comparisons, in the given order.

    Controls the chance of any false finding, whatever the dependence. NaN stays NaN and is not counted.

    Raises:
        ValueError: a p value lies outside 0 to 1.

    Source: Holm (1979), Scandinavian Journal of Statistics 6:65.
    """
    values, known = _checked(p_values)
    ordered = np.argsort(values[known], kind="stable")
    factors = np.arange(known.sum(), 0, -1)
    stepped = np.minimum(1.0, np.maximum.accumulate(values[known][ordered] * factors))
    return _placed(stepped, ordered, known)


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjusted p values (q values) of an exploration, in the given order.

    Controls the expected share of false ones among the findings, for independent or positively dependent tests.
    NaN stays NaN and is not counted.

    Raises:
        ValueError: a p value lies outside 0 to 1.

    Source: Benjamini and Hochberg (1995), JRSS B 57:289; computed by scipy.
    """
    values, known = _checked(p_values)
    adjusted = np.full(values.shape, np.nan)
    if known.any():
        adjusted[known] = stats.false_discovery_control(values[known], method="bh")
    return adjusted


def _checked(p_values: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    values = np.asarray(p_values, dtype=np.float64)
    known = ~np.isnan(values)
    if not bool(np.all((values[known] >= 0) & (values[known] <= 1))):
        raise ValueError("p values lie between 0 and 1")
    return values, known


def _placed(stepped: Floats, ordered: NDArray[np.intp], known: NDArray[np.bool_]) -> Floats:
    back = np.empty_like(stepped)
    back[ordered] = stepped
    placed = np.full(known.shape, np.nan)
    placed[known] = back
    return placed
