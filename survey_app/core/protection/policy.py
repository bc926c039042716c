"""The disclosure rules by number of people, the floors below them, and how far apart releases are.

An administrator may raise a number, never lower it past the rule of its tier.
"""

import itertools
import math
from dataclasses import dataclass, replace
from datetime import date, timedelta

from survey_app.core.problems import Code, Problem
from survey_app.core.protection.cube import Rules
from survey_app.core.protection.groups import is_crossing

FEWEST_PERSONS = 20
FLOOR_BASE = 10
FLOOR_DELTA = 10
FLOOR_VARIANCE = 2
ROUNDING_BASE = 5
DAYS_BETWEEN = 90
UNANIMITY = 0.9
UNANIMITY_BY_SIZE = ((55, UNANIMITY), (30, 0.8), (0, 0.7))
"""From so many people in a table (rounded) on, a share above this is told as "more than" only.

Lower in small tables: of 25 people, "more than 90 %" can only mean all of them. With these steps at least five
people may always have answered otherwise, whatever the exact numbers behind the rounded ones.
"""
UNANIMITY_BELOW = tuple((fewest, share) for (fewest, _), (_, share) in itertools.pairwise(UNANIMITY_BY_SIZE))
"""The same, read downwards: below so many people the share is this."""
POOLING_ROOM = 1.1
"""Groups are pooled to a tenth more than the smallest base, so that one unanswered question does not hide a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How strong noise by cell keys is. It is told to nobody outside: whoever knows the bounds undoes it more easily.

    largest: a count changes by so much at most (D).
    variance: of the noise (V).
    blocked: no count becomes 1 to this (js).
    """

    largest: int
    variance: float
    blocked: int

    def __post_init__(self) -> None:
        if self.largest < 1 or not 0 < self.variance <= self.largest**2 or not 0 <= self.blocked < self.largest:
            message = "no such noise"
            raise ValueError(message)

    @property
    def first_symmetric(self) -> int:
        """The count from which on neither zero nor what is blocked is within reach: its noise is that of all larger."""
        return self.largest + self.blocked + 1 if self.blocked else self.largest


NOISE = Noise(largest=5, variance=3, blocked=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one release.

    tier: T0 (nothing), T1 (whole populations), T2 (and by one dimension), T3 (and by two), T4 and T5 (with noise).
    smallest_base: fewer people than this never stand behind a published number.
    delta: a group is computed anew when at least so many people joined or left it.
    rounding_base: every count is a multiple of this, where there is no noise.
    noise: by cell keys, instead of rounding.
    epsilon: what this release takes from the study's budget of differential privacy, whose noise then replaces that by
        cell keys; 0 for none.
    new_persons: people who must have joined since the release before.
    ways: by how many of stage, country, age and sex at once groups are published; 0 for whole populations only.
    crossing_base, crossing_delta: the same as smallest_base and delta, for groups by two or three of them.
    crossing_quarters: so many quarters lie between two releases that compute such groups anew.
    """

    tier: str
    smallest_base: int
    delta: int
    new_persons: int
    ways: int
    rounding_base: int = ROUNDING_BASE
    noise: Noise | None = None
    epsilon: float = 0.0
    days_between: int = DAYS_BETWEEN
    crossing_base: int = 0
    crossing_delta: int = 0
    crossing_quarters: int = 0

    def base_of(self, dimension: str) -> int:
        """The smallest base of groups by a dimension, or by a crossing of several."""
        return max(self.smallest_base, self.crossing_base) if is_crossing(dimension) else self.smallest_base

    def delta_of(self, dimension: str) -> int:
        """People who must have joined or left a group by a dimension, or by a crossing of several."""
        return max(self.delta, self.crossing_delta) if is_crossing(dimension) else self.delta

    def smallest_part(self, dimension: str = "") -> int:
        """People to which the parts of a partition are pooled: with noise a number must not fall below the base."""
        base = self.base_of(dimension)
        return max(math.ceil(base * POOLING_ROOM), base + self.noise.largest if self.noise else 0)

    def __post_init__(self) -> None:
        weak_noise = self.noise is not None and self.noise.variance < FLOOR_VARIANCE
        few = self.smallest_base < FLOOR_BASE or self.delta < FLOOR_DELTA
        if few or weak_noise or self.rounding_base < ROUNDING_BASE or self.epsilon < 0:
            message = "a policy below the hard floors"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What an administrator raised above the rule of the tier; 0 leaves the rule as it is."""

    smallest_base: int = 0
    delta: int = 0
    new_persons: int = 0
    days_between: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Defences:
    """Which defences stand. All of them, always; tests alone take one away to see that the attacks notice."""

    rounding: bool = True
    sticky: bool = True
    batches: bool = True
    span: bool = True
    pooling: bool = True
    unanimity: bool = True


ALL_DEFENCES = Defences()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustments:
    """How the rules of one installation differ from those of the tier: raised numbers; and, in tests, defences.

    private_epsilon: budget of differential privacy of a study in the highest tier; 0 for noise by cell keys.
    """

    raised: Raised = Raised()
    defences: Defences = ALL_DEFENCES
    private_epsilon: float = 0.0


AS_RULED = Adjustments()

_T4 = Policy(tier="T4", smallest_base=10, delta=20, new_persons=50, ways=3, noise=NOISE)
_T2 = Policy(tier="T2", smallest_base=20, delta=20, new_persons=20, ways=1)
_TIERS = (
    (100_001, replace(_T4, tier="T5")),
    (5000, _T4),
    (1000, replace(_T2, tier="T3", new_persons=50, ways=2, crossing_base=50, crossing_delta=50, crossing_quarters=4)),
    (50, _T2),
    (20, replace(_T2, tier="T1", ways=0)),
    (0, replace(_T2, tier="T0", ways=0)),
)
MOST_PRIVATE = _TIERS[0][1].tier
"""The tier in which differential privacy may replace noise by cell keys."""


def policy_for(persons: int, *, before: str = "T0", raised: Raised = Raised()) -> Policy:
    """Return the rules for a release of so many people.

    Args:
        persons: distinct people in the release.
        before: tier of the release before; a study never goes back to a lower tier.
        raised: what the administrator raised.
    """
    rule = _rule(max(before, next(rule.tier for fewest, rule in _TIERS if persons >= fewest)))
    return replace(
        rule,
        smallest_base=max(rule.smallest_base, raised.smallest_base),
        delta=max(rule.delta, raised.delta, raised.smallest_base),
        new_persons=max(rule.new_persons, raised.new_persons),
        days_between=max(rule.days_between, raised.days_between),
    )


def fewest_for(ways: int) -> int:
    """People from which on there are groups by so many dimensions at once."""
    return min(fewest for fewest, rule in _TIERS if rule.ways >= ways)


def loosened(policy: Policy, before: Rules) -> list[Problem]:
    """Return which rules are looser than those of the release before; empty when none is.

    A study that grows into a higher tier takes over its rules, but keeps what an administrator had raised.
    """
    rule = _rule(before.tier)
    grown = policy.tier > before.tier
    kept = (
        ("smallest_base", before.smallest_base, rule.smallest_base, policy.smallest_base),
        ("delta", before.delta, rule.delta, policy.delta),
        ("new_persons", before.new_persons, rule.new_persons, policy.new_persons),
        ("days_between", before.days_between, rule.days_between, policy.days_between),
    )
    return [
        Problem(code=Code.POLICY_LOOSENED, where=name, values={"given": name, "before": then, "now": now})
        for name, then, ruled, now in kept
        if now < then and not (grown and then <= ruled)
    ]


def slack(rules: Rules) -> int:
    """By how many people a printed count may differ from the exact one: what an attacker must assume."""
    return NOISE.largest if rules.noise else rules.rounding_base // 2


def _rule(tier: str) -> Policy:
    return next(rule for _, rule in _TIERS if rule.tier == tier)


def unanimity_of(n: int) -> float:
    """The share above which a table of `n` people (rounded) counts as of one mind."""
    return next(share for fewest, share in UNANIMITY_BY_SIZE if n >= fewest)


def quarter_of(day: date) -> str:
    """The quarter of a day, as `2026-Q4`: the only date that ever leaves the house."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarters_between(earlier: str, later: str) -> int:
    """How many quarters lie between two: 1 from `2026-Q4` to `2027-Q1`."""
    first, second = (4 * int(one[:4]) + int(one[-1]) for one in (earlier, later))
    return second - first


def spacing_problems(
    policy: Policy, *, persons: int, new_persons: int, made_on: date | None, today: date
) -> list[Problem]:
    """Return why no release may be made today; empty when one may.

    When it is too early, nothing is said about how many people have come: asking every day would
    otherwise tell when the twentieth arrived. No message has a number of people who are waiting.

    Args:
        policy: rules of the release that would be made.
        persons: people that would be in it.
        new_persons: those of them who were in none before.
        made_on: day of the release before, None when this is the first.
        today: the day.
    """
    if made_on is not None and today < made_on + timedelta(days=policy.days_between):
        values: dict[str, str | int] = {
            "given": quarter_of(made_on),
            "days": policy.days_between,
            "value": quarter_of(made_on + timedelta(days=policy.days_between)),
        }
        return [Problem(code=Code.RELEASE_TOO_EARLY, values=values)]
    if persons < FEWEST_PERSONS:
        return [too_few()]
    if made_on is not None and new_persons < policy.new_persons:
        return [Problem(code=Code.RELEASE_TOO_FEW_NEW, values={"needed": policy.new_persons})]
    return []


def too_few() -> Problem:
    """The problem that there are not enough people; how many there are is not told."""
    return Problem(code=Code.RELEASE_TOO_FEW, values={"needed": FEWEST_PERSONS})
