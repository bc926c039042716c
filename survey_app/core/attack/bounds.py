"""H2 without a solver: which answers can a person not have given, by the bounds of published counts alone.

The attacker knows who is in which group (A2 of the privacy guide). Each published count gives bounds;
nested groups give bounds for their difference. This finds less than integer programming does, but
what it finds is certain, and it finds plenty where counts are exact.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Release:
    """Published counts of one question.

    groups: groups x people.
    lower, upper: groups x answers, the bounds that the printed counts leave.
    """

    groups: Rows
    lower: Integers
    upper: Integers


def printed(groups: Rows, answers: Integers, *, categories: int, base: int) -> Release:
    """Return what is known when the counts of `answers` in `groups` are printed as multiples of `base` (odd)."""
    exact = np.array([np.bincount(answers[group], minlength=categories) for group in groups])
    shown = (exact + base // 2) // base * base
    slack = base // 2
    return Release(groups=groups, lower=np.maximum(shown - slack, 0), upper=shown + slack)


def excluded(release: Release) -> Rows:
    """Return people x answers: True where the answer is impossible."""
    known = _with_differences(release)
    size = known.groups.sum(axis=1)
    none = known.upper <= 0
    # when the others together have at least as many people as the group, nobody is left for this answer
    others = known.lower.sum(axis=1)[:, None] - known.lower
    none |= others >= size[:, None]
    return np.asarray((known.groups.T.astype(np.int64) @ none.astype(np.int64)) > 0)


def determined(release: Release) -> int:
    """How many people have one possible answer left."""
    possible = ~excluded(release)
    return int((possible.sum(axis=1) == 1).sum())


def _with_differences(release: Release) -> Release:
    groups, lower, upper = [release.groups], [release.lower], [release.upper]
    for n, inner in enumerate(release.groups):
        for m, outer in enumerate(release.groups):
            if n != m and not (inner & ~outer).any() and (outer & ~inner).any():
                groups.append((outer & ~inner)[None, :])
                lower.append(np.maximum(release.lower[m] - release.upper[n], 0)[None, :])
                upper.append((release.upper[m] - release.lower[n])[None, :])
    return Release(groups=np.vstack(groups), lower=np.vstack(lower), upper=np.vstack(upper))
