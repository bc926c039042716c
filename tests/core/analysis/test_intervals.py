import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey_app.core.analysis.intervals import (
    newcombe_difference,
    paired_difference,
    t_interval,
    wilson_interval,
    wilson_intervals,
)
from tests.core.analysis.vectors import vectors

COUNTS = st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson_agrees_with_the_vectors_of_the_item_bank():
    for case in vectors("wilson"):
        assert wilson_interval(case["k"], case["n"]) == pytest.approx((case["lo"], case["hi"]), abs=5e-5)


@given(COUNTS, st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_agrees_with_scipy(counts, level):
    hits, n = counts
    theirs = stats.binomtest(hits, n).proportion_ci(level, method="wilson")

    assert wilson_interval(hits, n, level=level) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(COUNTS)
def test_the_share_lies_in_its_interval_and_the_ends_are_exact(counts):
    hits, n = counts
    lower, upper = wilson_interval(hits, n)

    assert 0 <= lower <= hits / n <= upper <= 1
    assert (lower == 0) == (hits == 0)
    assert (upper == 1) == (hits == n)


def test_many_intervals_are_the_single_ones():
    lower, upper = wilson_intervals([3, 33, 99], 99)

    assert list(zip(lower, upper, strict=True)) == [wilson_interval(hits, 99) for hits in (3, 33, 99)]


@pytest.mark.parametrize(("hits", "n"), [(1, 0), (-1, 10), (11, 10), (math.nan, 10)])
def test_impossible_counts_have_no_interval(hits, n):
    with pytest.raises(ValueError, match="between 0 and n"):
        wilson_interval(hits, n)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="level"):
        wilson_interval(1, 2, level=level)


def test_newcombe_agrees_with_the_vectors_of_the_item_bank():
    for case in vectors("newcombe_diff_independent"):
        found = newcombe_difference(tuple(case["a"]), tuple(case["b"]))
        assert found == pytest.approx((case["diff"], case["lo"], case["hi"]), abs=5e-5)


def test_newcombe_agrees_with_the_published_example():
    # Newcombe (1998), table II, case (a), method 10: 56/70 - 48/80
    assert newcombe_difference((56, 70), (48, 80)) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(COUNTS, COUNTS)
def test_newcombe_turns_with_its_arguments(first, second):
    difference, lower, upper = newcombe_difference(first, second)

    assert newcombe_difference(second, first) == pytest.approx((-difference, -upper, -lower))


def test_the_t_interval_agrees_with_the_vectors_of_the_item_bank():
    case = vectors("t_ci")
    found = t_interval(case["x"])

    assert [found.mean, found.deviation, found.lower, found.upper] == pytest.approx(case["mean_sd_lo_hi"], abs=5e-5)


@given(st.lists(st.integers(0, 100), min_size=2, max_size=50).filter(lambda values: len(set(values)) > 1))
def test_the_t_interval_agrees_with_scipy_and_ignores_missing_values(values):
    found = t_interval([*values, math.nan])
    theirs = stats.ttest_1samp(values, 0).confidence_interval()

    assert (found.n, found.lower, found.upper) == pytest.approx((len(values), theirs.low, theirs.high))


def test_one_value_has_no_interval_of_a_mean():
    with pytest.raises(ValueError, match="two values"):
        t_interval([50.0, math.nan])


def test_paired_change_agrees_with_the_vectors_of_the_item_bank():
    case = vectors("paired")
    found = paired_difference(case["before"], case["after"])
    change = found.change

    assert [change.mean, change.deviation, change.lower, change.upper] == pytest.approx(
        case["mean_change_sd_lo_hi"], abs=5e-5
    )
    assert found.effect == pytest.approx(case["cohen_dz"], abs=5e-4)
    assert found.half_deviation == pytest.approx(case["half_sd_baseline"], abs=5e-5)


def test_a_number_that_stands_for_several_people_counts_as_often():
    once = t_interval([0.0, 1.0, 3.0], people=[4, 2, 5])
    each = t_interval([0.0] * 4 + [1.0] * 2 + [3.0] * 5)

    assert (once.n, once.mean, once.deviation, once.lower) == pytest.approx(
        (each.n, each.mean, each.deviation, each.lower)
    )


def test_one_share_has_the_interval_it_has_among_many():
    pairs = [(0, 7), (3, 99), (50, 100), (12, 12), (2.5, 1000.25)]
    lower, upper = wilson_intervals([hits for hits, _ in pairs], [n for _, n in pairs])

    assert [wilson_interval(*one) for one in pairs] == [pytest.approx(one) for one in zip(lower, upper, strict=True)]


def test_paired_change_agrees_with_scipy_and_leaves_out_broken_pairs():
    before, after = [10.0, 20.0, 30.0, 45.0, 5.0], [12.0, 25.0, 28.0, 50.0, math.nan]
    found = paired_difference(before, after)
    theirs = stats.ttest_rel(after[:4], before[:4]).confidence_interval()

    assert (found.change.n, found.change.lower, found.change.upper) == pytest.approx((4, theirs.low, theirs.high))


def test_people_who_all_change_alike_have_no_effect_size():
    assert np.isnan(paired_difference([1.0, 2.0], [2.0, 3.0]).effect)


def test_pairs_of_different_length_are_refused():
    with pytest.raises(ValueError, match="same people"):
        paired_difference([1.0, 2.0], [1.0])
