import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection.cube import PublishedVariable
from survey_app.core.protection.rounding import Printing, figures_of, is_unanimous, round_count

VARIABLE = PublishedVariable(
    id="Q", item="Q", kind="choice", module="M", privacy="P1", direction="none",
    categories=("a", "b", "c"), numbers=(0, 1, 2), marks={"problem": ("c",)},
)  # fmt: skip
NEEDS = PublishedVariable(
    id="N", item="N", kind="choice", module="M", privacy="P1", direction="none",
    categories=("no", "met", "unmet"), numbers=(None, None, None),
    marks={"needed": ("met", "unmet"), "unmet": ("unmet",)},
)  # fmt: skip
PLAIN = Printing(smallest_base=20)


def told(variable, counts, n, printing=PLAIN):
    return {(f.statistic, f.category): (f.bound, f.value) for f in figures_of(variable, counts, n, printing)}


@pytest.mark.parametrize(("count", "printed"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (22, 20), (23, 25)])
def test_counts_are_rounded_to_the_nearest_five(count, printed):
    assert round_count(count, 5) == printed


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), min_size=3, max_size=3).filter(lambda counts: sum(counts) >= 20))
def test_no_category_is_printed_larger_than_its_table(counts):
    rounded = [round_count(count, 5) for count in counts]

    figures = figures_of(VARIABLE, rounded, round_count(sum(counts), 5), PLAIN)
    assert all(figure.value <= 1 for figure in figures if figure.statistic == "share" and figure.value is not None)


def test_shares_are_quotients_of_rounded_numbers():
    assert told(VARIABLE, [20, 15, 10], 45)["share", "a"] == ("", round(20 / 45, 6))


def test_a_mean_is_that_of_the_rounded_histogram():
    assert told(VARIABLE, [20, 15, 10], 45)["mean", ""] == ("", round(35 / 45, 6))


def test_near_unanimity_prints_more_than_ninety_percent_and_no_counts():
    found = told(VARIABLE, [5, 0, 95], 100)

    assert found["share", "c"] == (">", 0.9)
    assert found["share", "a"] == ("<", 0.1)
    assert found["mark", "problem"] == (">", 0.9)
    assert {found["count", category] for category in "abc"} == {("", None)}
    assert ("mean", "") not in found


def test_exactly_ninety_percent_is_not_unanimous():
    assert not is_unanimous([90, 10, 0], 100)


def test_a_rare_problem_prints_less_than_ten_percent():
    assert told(VARIABLE, [50, 45, 5], 100)["mark", "problem"] == ("<", 0.1)


def test_unmet_needs_are_a_share_of_those_in_need():
    assert told(NEEDS, [40, 15, 25], 80)["mark", "unmet"] == ("", round(25 / 40, 6))


def test_too_few_people_in_need_have_no_share_of_unmet_needs():
    assert ("mark", "unmet") not in told(NEEDS, [65, 10, 5], 80)


def test_fewer_than_ten_people_with_an_identifying_answer_are_not_counted():
    found = told(VARIABLE, [60, 35, 5], 100, Printing(smallest_base=20, identifying=True))

    assert found["count", "c"] == ("", None)
    assert found["share", "c"] == ("<", 0.1)
    assert ("mean", "") not in found


def test_none_and_a_few_with_an_identifying_answer_look_alike():
    printing = Printing(smallest_base=20, identifying=True)

    none, few = told(VARIABLE, [60, 40, 0], 100, printing), told(VARIABLE, [60, 40, 5], 100, printing)

    assert none["count", "c"] == few["count", "c"]
    assert none["share", "c"] == few["share", "c"]
