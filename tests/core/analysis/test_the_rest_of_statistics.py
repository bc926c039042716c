import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.analysis.best_worst import best_worst_score, best_worst_scores, person_error
from survey_app.core.analysis.comparison import benjamini_hochberg, holm
from survey_app.core.analysis.participation import participation_rates
from survey_app.core.analysis.reliability import cronbach_alpha
from survey_app.core.analysis.weighting import NoRakingError, rake, weight_quality, why_not_weighted
from tests.core.analysis.vectors import vectors

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=20)


def test_benjamini_hochberg_agrees_with_the_vectors():
    case = vectors("bh")

    assert benjamini_hochberg(case["p"]) == pytest.approx(case["q"], abs=5e-5)


@given(P_VALUES)
def test_benjamini_hochberg_agrees_with_its_definition(p_values):
    m = len(p_values)
    ordered = sorted(p_values)

    def q_value(p):
        return min(1.0, *(m * other / (rank + 1) for rank, other in enumerate(ordered) if other >= p), 1.0)

    assert benjamini_hochberg(p_values) == pytest.approx([q_value(p) for p in p_values])


@given(P_VALUES)
def test_holm_agrees_with_its_definition(p_values):
    m = len(p_values)
    ordered = sorted(p_values)

    def adjusted(p):
        return min(1.0, max((m - rank) * other for rank, other in enumerate(ordered) if other <= p))

    assert holm(p_values) == pytest.approx([adjusted(p) for p in p_values])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_comparison_that_was_not_made_is_not_counted(adjust):
    with_gap = adjust([0.01, math.nan, 0.04])

    assert [with_gap[0], with_gap[2]] == pytest.approx(list(adjust([0.01, 0.04])))
    assert math.isnan(with_gap[1])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_p_value_above_one_is_refused(adjust):
    with pytest.raises(ValueError, match="between 0 and 1"):
        adjust([0.5, 1.5])


def people_of(cells):
    return pd.DataFrame([(sex, age) for sex, age, n in cells for _ in range(n)], columns=["sex", "age"])


CELLS = [("F", "old", 10), ("F", "young", 30), ("M", "old", 20), ("M", "young", 39)]
TARGETS = {"sex": {"F": 0.45, "M": 0.55}, "age": {"old": 0.5, "young": 0.5}}


def test_raking_agrees_with_the_vectors():
    case = vectors("raking")
    people = people_of(case["cells"])
    weights = rake(people, case["targets"])
    quality = weight_quality(weights)

    found = weights.groupby(people["sex"] + "/" + people["age"]).first().to_dict()
    assert found == pytest.approx(case["weights"], abs=5e-5)
    assert quality.design_effect == pytest.approx(case["kish_deff"], abs=5e-5)
    assert quality.effective == pytest.approx(case["n_eff"], abs=5e-3)
    assert quality.max_over_median == pytest.approx(case["max_over_median"], abs=5e-4)


def test_raked_people_have_the_target_shares_and_the_odds_they_came_with():
    people = people_of(CELLS)
    weights = rake(people, TARGETS)
    cells = pd.crosstab(people["sex"], people["age"], values=weights, aggfunc="sum")

    assert (cells.sum(axis=1) / weights.sum()).to_dict() == pytest.approx(TARGETS["sex"])
    assert (cells.sum(axis=0) / weights.sum()).to_dict() == pytest.approx(TARGETS["age"])
    odds = cells.loc["F", "old"] * cells.loc["M", "young"] / (cells.loc["F", "young"] * cells.loc["M", "old"])
    assert odds == pytest.approx(10 * 39 / (30 * 20))
    assert weights.mean() == pytest.approx(1)


def test_equal_weights_cost_nothing():
    quality = weight_quality(np.full(7, 3.0))

    assert (quality.design_effect, quality.effective, quality.max_over_median) == pytest.approx((1, 7, 1))


@pytest.mark.parametrize(
    ("targets", "reason"),
    [
        ({"sex": {"F": 0.5, "M": 0.4}}, "sum to 1"),
        ({"sex": {"F": 0.5, "M": 0.3, "X": 0.2}}, "differ"),
        ({"sex": {"F": 1.0}}, "differ"),
    ],
)
def test_targets_that_do_not_fit_the_people_are_refused(targets, reason):
    with pytest.raises(NoRakingError, match=reason):
        rake(people_of(CELLS), targets)


def test_contradicting_targets_are_refused():
    people = people_of([("F", "old", 10), ("M", "young", 10)])

    with pytest.raises(NoRakingError, match="settle"):
        rake(people, TARGETS)


def test_weights_that_cost_too_much_are_refused_with_reasons():
    people = people_of([("F", "old", 3), ("F", "young", 30), ("M", "old", 30), ("M", "young", 30)])
    fine = people_of([(sex, age, 2 * n) for sex, age, n in CELLS])

    strained = rake(people, {"sex": {"F": 0.9, "M": 0.1}})
    reasons = why_not_weighted(people, ["sex"], weight_quality(strained), least_people=40)

    assert len(reasons) == 4
    assert why_not_weighted(fine, ["sex", "age"], weight_quality(rake(fine, TARGETS))) == ()


def test_best_worst_agrees_with_the_vectors():
    case = vectors("bws")
    found = best_worst_score(shown=case["shown"], best=case["best"], worst=case["worst"])

    assert (found.score, found.display) == pytest.approx((case["bw"], case["display"]))
    assert found.error == pytest.approx(case["se"], abs=5e-5)


def test_the_error_of_a_best_worst_score_is_that_of_a_mean():
    values = np.array([1] * 41 + [-1] * 9 + [0] * 50)
    found = best_worst_score(shown=100, best=41, worst=9)

    assert found.error == pytest.approx(values.std() / 10)


def a_list(person, number, best, worst, objects=("a", "b", "c")):
    rows = [(person, number, name, {best: "best", worst: "worst"}.get(name, "")) for name in objects]
    return pd.DataFrame(rows, columns=["person", "list", "object", "choice"])


def test_a_list_with_one_choice_is_dropped():
    lists = pd.concat([a_list("p", 1, "a", "b"), a_list("p", 2, "a", None), a_list("q", 1, "c", "a")])
    found = best_worst_scores(lists)

    assert {name: (one.shown, one.score) for name, one in found.items()} == {"a": (2, 0), "b": (2, -0.5), "c": (2, 0.5)}


def test_people_who_always_choose_alike_make_the_error_larger():
    lists = pd.concat(
        [a_list(f"p{person}", number, "a" if person % 2 else "b", "c") for person in range(10) for number in range(4)]
    )
    counted = best_worst_scores(lists)["a"]

    assert person_error(lists, "a") == pytest.approx(np.std([0, 1] * 5, ddof=1) / math.sqrt(10))
    assert person_error(lists, "a") > counted.error
    assert math.isnan(person_error(lists[lists["person"] == "p1"], "a"))


@pytest.mark.parametrize(("shown", "best", "worst"), [(0, 0, 0), (10, 8, 3), (10, -1, 3)])
def test_impossible_best_worst_counts_are_refused(shown, best, worst):
    with pytest.raises(ValueError, match="parts of the times"):
        best_worst_score(shown=shown, best=best, worst=worst)


def test_alpha_agrees_with_the_vectors():
    case = vectors("cronbach_alpha")

    assert cronbach_alpha(case["matrix"]) == pytest.approx(case["alpha"], abs=5e-5)


def test_alpha_agrees_with_the_formula_of_mean_covariance():
    answers = np.random.default_rng(7).integers(0, 5, (40, 5)) + np.arange(40)[:, None] % 4
    covariance = np.cov(answers.T)
    items = covariance.shape[0]
    mean_covariance = (covariance.sum() - np.trace(covariance)) / (items * (items - 1))

    expected = items * mean_covariance / (np.trace(covariance) / items + (items - 1) * mean_covariance)
    assert cronbach_alpha(answers) == pytest.approx(expected)


def test_alpha_leaves_out_people_with_gaps_and_refuses_what_says_nothing():
    assert cronbach_alpha([[1, 2], [3, 4], [5, 5], [math.nan, 0]]) == cronbach_alpha([[1, 2], [3, 4], [5, 5]])
    assert math.isnan(cronbach_alpha([[1, 2], [1, 2]]))
    with pytest.raises(ValueError, match="two people"):
        cronbach_alpha([[1, 2], [math.nan, 1]])
    with pytest.raises(ValueError, match="two items"):
        cronbach_alpha([[1], [2]])


def test_rates_agree_with_the_vectors():
    case = vectors("rates")
    found = participation_rates(visitors=case["unique_visitors"], agreed=case["consented"], finished=case["completed"])

    assert (found.participation, found.completion) == pytest.approx(
        (case["participation"], case["completion"]), abs=5e-5
    )


def test_rates_without_a_count_are_not_told():
    assert participation_rates(visitors=None, agreed=10, finished=4).participation is None
    assert participation_rates(visitors=5, agreed=0, finished=0).completion is None
    with pytest.raises(ValueError, match="no step"):
        participation_rates(visitors=5, agreed=6, finished=0)
