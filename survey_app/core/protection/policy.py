"""The disclosure rules by number of people, the floors below them, and how far apart releases are.

An administrator may raise a number, never lower it past the rule of its tier.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from survey_app.core.problems import Code, Problem

FEWEST_PERSONS = 20
FLOOR_BASE = 10
FLOOR_DELTA = 10
ROUNDING_BASE = 5
DAYS_BETWEEN = 90
UNANIMITY = 0.9
POOLING_ROOM = 1.1
"""Groups are pooled to a tenth more than the smallest base, so that one unanswered question does not hide a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of one release.

    tier: T0 (nothing), T1 (whole populations), T2 and T3 (and by one dimension).
    smallest_base: fewer people than this never stand behind a published number.
    delta: a group is computed anew when at least so many people joined or left it.
    rounding_base: every count is a multiple of this.
    new_persons: people who must have joined since the release before.
    crossings: groups by stage, country, age and sex are published.
    """

    tier: str
    smallest_base: int
    delta: int
    new_persons: int
    crossings: bool
    rounding_base: int = ROUNDING_BASE
    days_between: int = DAYS_BETWEEN

    @property
    def smallest_part(self) -> int:
        """People to which the parts of a partition are pooled."""
        return math.ceil(self.smallest_base * POOLING_ROOM)

    def __post_init__(self) -> None:
        if self.smallest_base < FLOOR_BASE or self.delta < FLOOR_DELTA or self.rounding_base < ROUNDING_BASE:
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
    """How the rules of one installation differ from those of the tier: raised numbers; and, in tests, defences."""

    raised: Raised = Raised()
    defences: Defences = ALL_DEFENCES


AS_RULED = Adjustments()

# from 5,000 people on the rules of T3 hold until noise by cell keys exists
_TIERS = (
    (1000, Policy(tier="T3", smallest_base=20, delta=20, new_persons=50, crossings=True)),
    (50, Policy(tier="T2", smallest_base=20, delta=20, new_persons=20, crossings=True)),
    (20, Policy(tier="T1", smallest_base=20, delta=20, new_persons=20, crossings=False)),
    (0, Policy(tier="T0", smallest_base=20, delta=20, new_persons=20, crossings=False)),
)


def policy_for(persons: int, *, before: str = "T0", raised: Raised = Raised()) -> Policy:
    """Return the rules for a release of so many people.

    Args:
        persons: distinct people in the release.
        before: tier of the release before; a study never goes back to a lower tier.
        raised: what the administrator raised.
    """
    at_least = max(before, next(rule.tier for fewest, rule in _TIERS if persons >= fewest))
    rule = next(rule for _, rule in _TIERS if rule.tier == at_least)
    return Policy(
        tier=rule.tier,
        smallest_base=max(rule.smallest_base, raised.smallest_base),
        delta=max(rule.delta, raised.delta, raised.smallest_base),
        new_persons=max(rule.new_persons, raised.new_persons),
        crossings=rule.crossings,
        days_between=max(rule.days_between, raised.days_between),
    )


def quarter_of(day: date) -> str:
    """The quarter of a day, as `2026-Q4`: the only date that ever leaves the house."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def spacing_problems(
    policy: Policy, *, persons: int, new_persons: int, made_on: date | None, today: date
) -> list[Problem]:
    """Return why no release may be made today; empty when one may.

    When it is too early, nothing is said about how many people have come: asking every day would
    otherwise tell when the twentieth arrived. Numbers in a message are rounded down.

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
        return [too_few(persons)]
    if made_on is not None and new_persons < policy.new_persons:
        return [Problem(code=Code.RELEASE_TOO_FEW_NEW, values={"needed": policy.new_persons})]
    return []


def too_few(persons: int) -> Problem:
    """The problem that there are not enough people, told in steps of five."""
    rounded = persons // ROUNDING_BASE * ROUNDING_BASE
    shown = f"{rounded} to {rounded + ROUNDING_BASE - 1}"
    return Problem(code=Code.RELEASE_TOO_FEW, values={"persons": shown, "needed": FEWEST_PERSONS})
