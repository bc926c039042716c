"""From a histogram to what may be printed of it: rounded counts, and everything else computed from those.

Nothing in here knows the exact count after the first line: two histograms that round alike look alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from survey_app.core.analysis.intervals import t_interval, wilson_interval
from survey_app.core.protection.cube import Figure, PublishedVariable
from survey_app.core.protection.policy import FLOOR_BASE, UNANIMITY, unanimity_of

DIGITS = 6
_HAIR = 1e-9  # a tenth of n has no exact binary form


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """How a table is printed.

    smallest_base: people needed behind a share of a share (unmet needs among those in need).
    unanimity: print ">90 %" and "<10 %" (in small tables ">80 %", ">70 %") instead of a nearly unanimous table.
    identifying: the answers could help to find a person; fewer than 10 people print as "<10".
    """

    smallest_base: int
    unanimity: bool = True
    identifying: bool = False


def round_count(count: int, base: int) -> int:
    """Return the multiple of `base` nearest to `count`; with an odd base there are no ties. 0 to 2 become 0."""
    return (count + base // 2) // base * base


def is_unanimous(counts: Sequence[int], n: int) -> bool:
    """Tell whether one answer has nearly all of a table: more than nine tenths, less in a small one; all rounded."""
    return n > 0 and max(counts, default=0) > unanimity_of(n) * n


def figures_of(variable: PublishedVariable, counts: Sequence[int], n: int, printing: Printing) -> tuple[Figure, ...]:
    """Return the figures of one table: counts, shares, marks, mean.

    Args:
        variable: what was answered.
        counts: rounded people per category.
        n: rounded people with a value, positive.
        printing: how.
    """
    one_sided = printing.unanimity and is_unanimous(counts, n)
    few = [printing.identifying and count < FLOOR_BASE and not one_sided for count in counts]
    rows = list(zip(variable.categories, counts, few, strict=True))
    figures = [
        Figure(statistic="count", category=category, value=None if one_sided or small else count, n=n)
        for category, count, small in rows
    ]
    for category, count, small in rows:
        if one_sided:
            limit = unanimity_of(n)
            figures.append(_censored(category, above=count > limit * n, n=n, limit=limit))
        else:
            figures.append(_below_floor(category, n) if small else _share(category, min(count, n), n))
    figures += _marks(variable, counts, n, printing)
    mean = None if one_sided or any(few) else _mean(variable, counts, n)
    return (*figures, mean) if mean else tuple(figures)


def _marks(variable: PublishedVariable, counts: Sequence[int], n: int, printing: Printing) -> list[Figure]:
    one_sided = printing.unanimity and is_unanimous(counts, n)
    by_category = dict(zip(variable.categories, counts, strict=True))
    sums = {mark: sum(by_category[code] for code in codes) for mark, codes in variable.marks.items()}
    found = []
    for mark in variable.marks:
        # an unmet need is a share of those who had the need
        share_of_share = mark == "unmet" and "needed" in sums
        base = min(sums["needed"], n) if share_of_share else n
        if base < printing.smallest_base or (one_sided and share_of_share):
            continue
        hits = min(sums[mark], base)
        limit = unanimity_of(n) if one_sided else UNANIMITY
        above, below = hits > limit * base, hits < (1 - limit) * base - _HAIR
        censored = printing.unanimity and (above or below or one_sided)
        figure = _censored(mark, above=above, n=base, limit=limit) if censored else _share(mark, hits, base)
        found.append(replace(figure, statistic="mark"))
    return found


def _below_floor(category: str, n: int) -> Figure:
    limit = round(min(FLOOR_BASE / n, 1.0), DIGITS)
    return Figure(statistic="share", category=category, value=limit, lower=0.0, upper=limit, bound="<", n=n)


def _share(category: str, hits: int, n: int) -> Figure:
    lower, upper = _interval(hits, n)
    return Figure(
        statistic="share",
        category=category,
        value=round(hits / n, DIGITS),
        lower=round(lower, DIGITS),
        upper=round(upper, DIGITS),
        n=n,
    )


@lru_cache(maxsize=65536)
def _interval(hits: int, n: int) -> tuple[float, float]:
    """Rounded counts are few, so each interval is worked out once."""
    return wilson_interval(hits, n)


def _censored(category: str, *, above: bool, n: int, limit: float) -> Figure:
    low = round(1 - limit, DIGITS)
    if above:
        return Figure(statistic="share", category=category, value=limit, lower=limit, upper=1.0, bound=">", n=n)
    return Figure(statistic="share", category=category, value=low, lower=0.0, upper=low, bound="<", n=n)


def _mean(variable: PublishedVariable, counts: Sequence[int], n: int) -> Figure | None:
    weighted = [(number, count) for number, count in zip(variable.numbers, counts, strict=True) if number is not None]
    if sum(count for _, count in weighted) < 2:
        return None
    numbers, people = zip(*weighted, strict=True)
    found = t_interval(np.array(numbers, dtype=float), people=np.array(people, dtype=float))
    return Figure(
        statistic="mean",
        category="",
        value=round(found.mean, DIGITS),
        lower=round(max(found.lower, min(numbers)), DIGITS),
        upper=round(min(found.upper, max(numbers)), DIGITS),
        n=n,
    )
