"""Best-worst scaling: how often an object is chosen as most, and as least, important."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class BestWorst:
    """The score of one object.

    score: (best - worst) / shown, from -1 to 1. display: the same from 0 to 100.
    error: standard error of the score if lists were independent; lists of one person are not, so prefer `person_error`.
    """

    shown: int
    best: int
    worst: int
    score: float
    display: float
    error: float


def best_worst_score(*, shown: int, best: int, worst: int) -> BestWorst:
    """Score one object from its counts.

    Raises:
        ValueError: nothing was shown, or it was chosen more often than shown.

    Source: Louviere, Flynn and Marley (2015), Best-Worst Scaling, counting analysis; the error is that of a mean of
    values -1, 0 and 1, the multinomial variance.
    """
    if shown < 1 or min(best, worst) < 0 or best + worst > shown:
        raise ValueError("best and worst are parts of the times an object was shown")
    value = (best - worst) / shown
    spread = (best + worst) / shown - value**2
    return BestWorst(
        shown=shown, best=best, worst=worst, score=value, display=50 * (value + 1), error=math.sqrt(spread / shown)
    )


def best_worst_scores(lists: pd.DataFrame) -> dict[str, BestWorst]:
    """Score every object from the lists that people saw.

    Args:
        lists: a row per object of a list: `person`, `list`, `object` (str), `choice` (`best`, `worst` or empty).
            A list with one choice of the two is dropped.

    Returns:
        Scores by object, in alphabetical order.
    """
    chosen = lists.assign(best=lists["choice"] == "best", worst=lists["choice"] == "worst")
    of_list = chosen.groupby(["person", "list"])[["best", "worst"]].transform("sum")
    whole = chosen[(of_list["best"] == 1) & (of_list["worst"] == 1)]
    counts = whole.groupby("object").agg(shown=("best", "size"), best=("best", "sum"), worst=("worst", "sum"))
    return {
        str(name): best_worst_score(shown=int(row["shown"]), best=int(row["best"]), worst=int(row["worst"]))
        for name, row in counts.iterrows()
    }


def person_error(lists: pd.DataFrame, name: str) -> float:
    """Standard error of the score of object `name` with people, not lists, as what was drawn.

    Args:
        lists: as `best_worst_scores`, whole lists only.
        name: the object.

    Returns:
        The linearised (ratio) error, what a bootstrap of people tends to; NaN for fewer than two people.

    Source: Cochran (1977), Sampling Techniques, 6.3.
    """
    own = lists[lists["object"] == name]
    points = own["choice"].map({"best": 1.0, "worst": -1.0}).fillna(0.0)
    people = pd.DataFrame({"person": own["person"], "points": points, "shown": 1.0}).groupby("person").sum()
    n = len(people)
    if n < 2:
        return math.nan
    score = float(people["points"].sum() / people["shown"].sum())
    residuals = (people["points"] - score * people["shown"]).to_numpy()
    return float(np.sqrt(n / (n - 1) * np.square(residuals).sum()) / people["shown"].sum())
