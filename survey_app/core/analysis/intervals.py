"""Intervals of shares, means and differences. Two-sided, at a stated level; shares from 0 to 1."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
_WRONG_HITS = "hits must lie between 0 and n, and n must be positive"


def wilson_interval(hits: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Score interval of the share `hits / n`.

    Args:
        hits: people with the answer, 0 to n. Need not be whole: rounded or weighted counts are welcome.
        n: people asked; the effective number where people are weighted.
        level: coverage.

    Returns:
        Lower and upper bound, from 0 to 1; exactly 0 when nobody has the answer and 1 when all have it.

    Raises:
        ValueError: n is not positive, or hits lies outside 0 to n.

    Source: Wilson (1927); checked against scipy and Newcombe (1998), table I.
    """
    if not (n > 0 and 0 <= hits <= n):
        raise ValueError(_WRONG_HITS)
    z, share = _normal_quantile(level), hits / n
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    # at the ends the formula gives the end itself; floating point may miss it by a hair
    lower = 0.0 if hits == 0 else min(max(middle - half, 0.0), 1.0)
    upper = 1.0 if hits == n else min(max(middle + half, 0.0), 1.0)
    return lower, upper


def wilson_intervals(hits: ArrayLike, n: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """`wilson_interval` of many shares at once; arguments broadcast against each other.

    Raises:
        ValueError: some n is not positive, or some hits lie outside 0 to n.
    """
    some_hits, some_n = np.broadcast_arrays(np.asarray(hits, dtype=float), np.asarray(n, dtype=float))
    if not bool(np.all((some_n > 0) & (some_hits >= 0) & (some_hits <= some_n))):
        raise ValueError(_WRONG_HITS)
    z = _normal_quantile(level)
    share = some_hits / some_n
    middle = (share + z**2 / (2 * some_n)) / (1 + z**2 / some_n)
    half = z / (1 + z**2 / some_n) * np.sqrt(share * (1 - share) / some_n + z**2 / (4 * some_n**2))
    # at the ends the formula gives the end itself; floating point may miss it by a hair
    lower = np.where(some_hits == 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    upper = np.where(some_hits == some_n, 1.0, np.clip(middle + half, 0.0, 1.0))
    return lower, upper


def newcombe_difference(
    first: tuple[float, float], second: tuple[float, float], *, level: float = 0.95
) -> tuple[float, float, float]:
    """Difference of the shares of two different sets of people, and its interval.

    Args:
        first: (hits, n) of one set.
        second: (hits, n) of the other.
        level: coverage.

    Returns:
        Difference first - second, lower and upper bound, from -1 to 1.

    Raises:
        ValueError: as `wilson_interval`.

    Source: Newcombe (1998), Statistics in Medicine 17:873, method 10 (square-and-add of Wilson bounds).
    """
    low1, high1 = wilson_interval(*first, level=level)
    low2, high2 = wilson_interval(*second, level=level)
    share1, share2 = first[0] / first[1], second[0] / second[1]
    difference = share1 - share2
    lower = difference - math.hypot(share1 - low1, high2 - share2)
    upper = difference + math.hypot(high1 - share1, share2 - low2)
    return difference, lower, upper


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanEstimate:
    """A mean with its spread. deviation: standard deviation of the sample (n - 1)."""

    n: int
    mean: float
    deviation: float
    lower: float
    upper: float


def t_interval(values: ArrayLike, *, people: ArrayLike | None = None, level: float = 0.95) -> MeanEstimate:
    """Mean of `values` (NaN left out), standard deviation, and Student's interval of the mean.

    Args:
        values: one number per person, or per set of people.
        people: how many people each number stands for; one where it is not given.
        level: coverage.

    Raises:
        ValueError: fewer than two values.

    Source: Student (1908). Assumes independent people and, for few of them, a symmetric spread.
    """
    given = np.asarray(values, dtype=float)
    there = ~np.isnan(given)
    kept = given[there]
    weights = np.ones(kept.size) if people is None else np.asarray(people, dtype=float)[there]
    n = int(weights.sum())
    if n < 2:
        raise ValueError("an interval of a mean needs at least two values")
    mean = float(weights @ kept) / n
    deviation = math.sqrt(float(weights @ (kept - mean) ** 2) / (n - 1))
    half = _student_quantile(level, n - 1) * deviation / math.sqrt(n)
    return MeanEstimate(n=n, mean=mean, deviation=deviation, lower=mean - half, upper=mean + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedChange:
    """Change of the same people between two times.

    change: mean of after - before, its deviation and interval; n counts pairs.
    effect: Cohen's dz, mean change / deviation of the changes; NaN when all changed alike.
    half_deviation: half the standard deviation before: the untested rule of thumb for a change worth noting.
    """

    change: MeanEstimate
    effect: float
    half_deviation: float


def paired_difference(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> PairedChange:
    """Mean change of people seen twice; a person with a NaN at either time is left out.

    Args:
        before: one number per person.
        after: the same people, in the same order.
        level: coverage.

    Raises:
        ValueError: the two differ in length, or fewer than two pairs are whole.

    Source: Student's paired t interval; dz: Cohen (1988).
    """
    first, second = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    if first.shape != second.shape:
        raise ValueError("before and after must hold the same people")
    whole = ~(np.isnan(first) | np.isnan(second))
    change = t_interval(second[whole] - first[whole], level=level)
    effect = change.mean / change.deviation if change.deviation > 0 else math.nan
    return PairedChange(change=change, effect=effect, half_deviation=float(first[whole].std(ddof=1)) / 2)


@lru_cache(maxsize=4096)
def _student_quantile(level: float, freedom: int) -> float:
    return float(special.stdtrit(freedom, (1 + level) / 2))


@lru_cache(maxsize=16)
def _normal_quantile(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError("the level must lie between 0 and 1")
    return float(stats.norm.ppf((1 + level) / 2))
