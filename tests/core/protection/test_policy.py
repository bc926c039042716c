from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.problems import Code
from survey_app.core.protection.policy import Policy, Raised, policy_for, quarter_of, spacing_problems


@pytest.mark.parametrize(
    ("persons", "tier", "crossings", "new_persons"),
    [
        (0, "T0", False, 20), (19, "T0", False, 20), (20, "T1", False, 20), (49, "T1", False, 20),
        (50, "T2", True, 20), (999, "T2", True, 20), (1000, "T3", True, 50), (250_000, "T3", True, 50),
    ],
)  # fmt: skip
def test_the_number_of_people_decides_the_tier(persons, tier, crossings, new_persons):
    policy = policy_for(persons)

    assert (policy.tier, policy.crossings, policy.new_persons) == (tier, crossings, new_persons)


def test_a_study_never_goes_back_to_a_lower_tier():
    assert policy_for(40, before="T2").tier == "T2"


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 100), st.integers(0, 100))
def test_an_administrator_can_raise_but_never_lower(persons, base, delta):
    rule = policy_for(persons)
    policy = policy_for(persons, raised=Raised(smallest_base=base, delta=delta))

    assert policy.smallest_base == max(rule.smallest_base, base)
    assert policy.delta >= max(rule.delta, delta)


@pytest.mark.parametrize("floor", [{"smallest_base": 9}, {"delta": 9}, {"rounding_base": 4}])
def test_no_policy_exists_below_the_hard_floors(floor):
    sound = {"tier": "T2", "smallest_base": 20, "delta": 20, "new_persons": 20, "crossings": True}

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
