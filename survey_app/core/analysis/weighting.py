"""Weights that bring margins to known shares, and what they cost. Off unless a study names dated targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
MAX_ROUNDS = 1000
CLOSE = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightQuality:
    """What weights cost.

    design_effect: Kish's, n * sum(w^2) / sum(w)^2, 1 when all weigh the same. effective: n / design_effect.
    max_over_median: largest weight in medians.
    """

    n: int
    design_effect: float
    effective: float
    max_over_median: float


class NoRakingError(ValueError):
    """No weights reach the targets; the message says why."""


def rake(people: pd.DataFrame, targets: Mapping[str, Mapping[str, float]]) -> "pd.Series[float]":
    """Weights by iterative proportional fitting, mean 1.

    Args:
        people: one row per person, a column of categories for each margin. Nobody may lack one.
        targets: margin -> category -> share; the shares of a margin sum to 1.

    Returns:
        One weight per row of `people`.

    Raises:
        NoRakingError: a category has people and no target or a target and no people, shares do not sum to 1, or the
            weights do not settle.

    Source: Deming and Stephan (1940), Annals of Mathematical Statistics 11:427. Repairs no group that is absent.
    """
    positions, wanted = zip(*(_margin(people, name, shares) for name, shares in targets.items()), strict=True)
    weights = np.ones(len(people))
    for _ in range(MAX_ROUNDS):
        furthest = 0.0
        for where, shares in zip(positions, wanted, strict=True):
            have = np.bincount(where, weights=weights, minlength=len(shares)) / weights.sum()
            furthest = max(furthest, float(np.abs(have - shares).max()))
            weights = weights * (shares / have)[where]
        if furthest < CLOSE:
            return pd.Series(weights / weights.mean(), index=people.index, name="weight")
    raise NoRakingError("the weights do not settle; the targets contradict each other for these people")


def weight_quality(weights: ArrayLike) -> WeightQuality:
    """Return the cost of `weights` (positive, one per person).

    Source: Kish (1965), Survey Sampling, 11.7.
    """
    values = np.asarray(weights, dtype=np.float64)
    effect = len(values) * float(np.square(values).sum()) / float(values.sum()) ** 2
    return WeightQuality(
        n=len(values),
        design_effect=effect,
        effective=len(values) / effect,
        max_over_median=float(values.max() / np.median(values)),
    )


def why_not_weighted(
    people: pd.DataFrame, margins: Sequence[str], quality: WeightQuality, *, least_people: int = 5
) -> tuple[str, ...]:
    """Say why weights must not be used, in words of the rules broken; empty when they may.

    Rules: at least 100 people, at least `least_people` in every category, design effect at most 2, no weight above 5
    medians.
    """
    smallest = min(int(people[margin].value_counts().min()) for margin in margins)
    broken = {
        f"{quality.n} people, 100 are needed": quality.n < 100,
        f"a category with {smallest} people, {least_people} are needed": smallest < least_people,
        f"a design effect of {quality.design_effect:.2f}, at most 2 is allowed": quality.design_effect > 2,
        f"a weight of {quality.max_over_median:.1f} medians, at most 5 is allowed": quality.max_over_median > 5,
    }
    return tuple(reason for reason, is_broken in broken.items() if is_broken)


def _margin(people: pd.DataFrame, name: str, shares: Mapping[str, float]) -> tuple[NDArray[np.intp], Floats]:
    if set(people[name]) != set(shares):
        raise NoRakingError(f"{name}: the categories of the people and of the targets differ")
    wanted = np.array(list(shares.values()), dtype=np.float64)
    if not np.isclose(wanted.sum(), 1.0) or wanted.min() <= 0:
        raise NoRakingError(f"{name}: the target shares must be positive and sum to 1")
    where = pd.Index(list(shares)).get_indexer(pd.Index(people[name]))
    return np.asarray(where, dtype=np.intp), wanted
