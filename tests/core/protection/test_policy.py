from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.problems import Code
from survey_app.core.protection.cube import Rules
from survey_app.core.protection.policy import (
    UNANIMITY,
    UNANIMITY_BELOW,
    Noise,
    Policy,
    Raised,
    loosened,
    policy_for,
    quarter_of,
    slack,
    spacing_problems,
    unanimity_of,
)


@pytest.mark.parametrize(
    ("persons", "tier", "ways", "new_persons"),
    [
        (0, "T0", 0, 20), (19, "T0", 0, 20), (20, "T1", 0, 20), (49, "T1", 0, 20),
        (50, "T2", 1, 20), (999, "T2", 1, 20), (1000, "T3", 2, 50), (4999, "T3", 2, 50),
        (5000, "T4", 3, 50), (100_000, "T4", 3, 50), (100_001, "T5", 3, 50),
    ],
)  # fmt: skip
def test_the_number_of_people_decides_the_tier(persons, tier, ways, new_persons):
    policy = policy_for(persons)

    assert (policy.tier, policy.ways, policy.new_persons) == (tier, ways, new_persons)


def test_a_study_never_goes_back_to_a_lower_tier():
    assert policy_for(40, before="T2").tier == "T2"


@settings(deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 100), st.integers(0, 100))
def test_an_administrator_can_raise_but_never_lower(persons, base, delta):
    rule = policy_for(persons)
    policy = policy_for(persons, raised=Raised(smallest_base=base, delta=delta))

    assert policy.smallest_base == max(rule.smallest_base, base)
    assert policy.delta >= max(rule.delta, delta)


@pytest.mark.parametrize(
    "floor",
    [
        {"smallest_base": 9}, {"delta": 9}, {"rounding_base": 4}, {"epsilon": -1.0},
        {"noise": Noise(largest=5, variance=1.9, blocked=2)},
    ],
)  # fmt: skip
def test_no_policy_exists_below_the_hard_floors(floor):
    sound = {"tier": "T2", "smallest_base": 20, "delta": 20, "new_persons": 20, "ways": 1}

    with pytest.raises(ValueError, match="hard floors"):
        Policy(**sound | floor)


@pytest.mark.parametrize(("day", "quarter"), [((2026, 1, 1), "2026-Q1"), ((2026, 11, 25), "2026-Q4")])
def test_a_day_leaves_the_house_as_its_quarter(day, quarter):
    assert quarter_of(date(*day)) == quarter


def problems(**changes):
    facts = {"persons": 100, "new_persons": 30, "made_on": date(2026, 1, 1), "today": date(2026, 4, 1)}
    return [one.code for one in spacing_problems(policy_for(100), **facts | changes)]


def test_ninety_days_later_with_enough_new_people_a_release_may_be_made():
    assert problems() == []


def test_eighty_nine_days_later_it_is_too_early():
    assert problems(today=date(2026, 3, 31)) == [Code.RELEASE_TOO_EARLY]


def test_nineteen_new_people_are_too_few():
    assert problems(new_persons=19) == [Code.RELEASE_TOO_FEW_NEW]


def test_when_it_is_too_early_nothing_is_said_about_how_many_came():
    few = spacing_problems(
        policy_for(100), persons=100, new_persons=3, made_on=date(2026, 1, 1), today=date(2026, 2, 1)
    )
    many = spacing_problems(
        policy_for(100), persons=180, new_persons=80, made_on=date(2026, 1, 1), today=date(2026, 2, 1)
    )

    assert few == many


def test_the_number_of_waiting_people_is_told_in_steps_of_five():
    sentences = {
        spacing_problems(policy_for(n), persons=n, new_persons=n, made_on=None, today=date(2026, 1, 1))[0].sentence
        for n in range(15, 20)
    }

    assert len(sentences) == 1


# -- noise from 5,000 people on ------------------------------------------------------------------------


def test_from_five_thousand_people_on_there_is_noise_and_a_base_of_ten():
    below, above = policy_for(4999), policy_for(5000)

    assert (below.noise, below.smallest_base, below.rounding_base) == (None, 20, 5)
    assert (above.noise, above.smallest_base, above.delta) == (Noise(largest=5, variance=3, blocked=2), 10, 20)


@settings(deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_no_number_of_people_and_no_setting_passes_the_floors(persons, base, delta, new):
    policy = policy_for(persons, raised=Raised(smallest_base=base, delta=delta, new_persons=new))

    assert policy.smallest_base >= 10
    assert policy.delta >= 10
    assert policy.noise is None or policy.noise.variance >= 2
    assert policy.rounding_base >= 5


def test_with_noise_parts_are_pooled_so_that_no_number_falls_below_the_base():
    policy = policy_for(5000)

    assert policy.smallest_part() - policy.noise.largest >= policy.smallest_base


# -- a policy that is looser than before ---------------------------------------------------------------


def rules_of(policy):
    return Rules(
        tier=policy.tier, smallest_base=policy.smallest_base, rounding_base=5, delta=policy.delta,
        new_persons=policy.new_persons, days_between=policy.days_between,
    )  # fmt: skip


@pytest.mark.parametrize(
    "raised",
    [{"smallest_base": 40}, {"delta": 50}, {"new_persons": 100}, {"days_between": 180}],
    ids=["base", "delta", "people", "days"],
)
def test_what_was_raised_before_cannot_be_lowered(raised):
    before = rules_of(policy_for(300, raised=Raised(**raised)))

    found = loosened(policy_for(300), before)
    assert {one.code for one in found} == {Code.POLICY_LOOSENED}
    assert set(raised) <= {one.where for one in found}
    assert loosened(policy_for(300, raised=Raised(**raised)), before) == []


def test_a_study_that_grows_takes_over_the_rules_of_its_tier():
    assert loosened(policy_for(6000), rules_of(policy_for(4000))) == []


def test_a_study_that_grows_keeps_what_was_raised():
    before = rules_of(policy_for(4000, raised=Raised(smallest_base=40)))

    assert {one.where for one in loosened(policy_for(6000), before)} == {"smallest_base", "delta"}


@settings(deadline=None)
@given(st.integers(20, 200_000), st.integers(20, 200_000), st.integers(0, 60), st.integers(0, 60))
def test_without_a_change_of_settings_no_growth_counts_as_loosening(before, now, base, delta):
    raised = Raised(smallest_base=base, delta=delta)
    first = policy_for(before, raised=raised)

    assert loosened(policy_for(now, before=first.tier, raised=raised), rules_of(first)) == []


def test_an_attacker_must_assume_the_whole_reach_of_the_noise():
    assert slack(Rules(tier="T2", smallest_base=20, rounding_base=5, delta=20)) == 2
    assert slack(Rules(tier="T4", smallest_base=10, rounding_base=1, delta=20, noise=True)) == 5


@pytest.mark.parametrize("people", range(0, 200, 5))
def test_the_limits_of_unanimity_that_are_printed_are_those_that_are_used(people):
    printed = [share for below, share in UNANIMITY_BELOW if people < below]

    assert unanimity_of(people) == (printed[-1] if printed else UNANIMITY)
