"""Internal consistency of scales, for the researcher's annex."""

import math

import numpy as np
from numpy.typing import ArrayLike


def cronbach_alpha(answers: ArrayLike) -> float:
    """Cronbach's alpha of a scale.

    Args:
        answers: one row per person, one column per item, items turned the same way; rows with a NaN are left out.

    Returns:
        Alpha, at most 1; NaN when all people have the same sum. Not to be told for a formative index such as JBU.

    Raises:
        ValueError: fewer than two items, or fewer than two whole rows.

    Source: Cronbach (1951), Psychometrika 16:297. Assumes items of equal true score and independent errors.
    """
    table = np.asarray(answers, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("alpha needs a table of at least two items")
    whole = table[~np.isnan(table).any(axis=1)]
    if len(whole) < 2:
        raise ValueError("alpha needs at least two people who answered every item")
    items = whole.shape[1]
    of_sum = float(whole.sum(axis=1).var(ddof=1))
    if math.isclose(of_sum, 0.0):
        return math.nan
    of_items = float(whole.var(axis=0, ddof=1).sum())
    return float(items / (items - 1) * (1 - of_items / of_sum))
