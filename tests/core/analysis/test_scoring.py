import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from survey_app.core.analysis.scoring import mean_of_scales, score, score_scales
from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.items import HiddenValue
from survey_app.core.questionnaire.parts import Scale
from tests.core.analysis.rows import a_dataset, coded
from tests.core.analysis.vectors import VECTORS, vectors

CELL = st.sampled_from([0, 1, 2, 3, 4, *(kind.code for kind in Missing)])


def a_scale(n_items=4, **fields):
    given = {
        "id": "TRY",
        "name": "A scale",
        "method": "linear_0_100",
        "items": tuple(f"Q{number}" for number in range(1, n_items + 1)),
        "direction": "higher_worse",
        "low_text": "less",
        "high_text": "more",
    }
    return Scale(**{**given, **fields})


def score_of(scale, *answers):
    values = pd.DataFrame([[coded(answer) for answer in answers]], columns=list(scale.items))
    found = score(scale, values.astype(float)).iloc[0]
    return None if math.isnan(found) else found


def as_in_the_bank(scale_id):
    """The scale of the item bank, read from the bank itself."""
    if not VECTORS.is_file():
        pytest.skip(f"the item bank is not here: {VECTORS}")
    bank = YAML(typ="safe").load((VECTORS.parent / "items.yaml").read_text(encoding="utf-8"))
    found = next(scale for scale in bank["scales"] if scale["id"] == scale_id)
    extra = {"needed": (1, 2, 3), "unmet": (2, 3), "high": 3, "min_items": 6}
    linear = {"low": found.get("item_min"), "high": found.get("item_max"), "min_items": found.get("min_items")}
    return a_scale(
        id=scale_id,
        items=tuple(found["items"]),
        method=found["method"],
        **(extra if found["method"] == "percent_of_needed" else linear),
    )


@pytest.mark.parametrize("scale_id", ["JBU", "JEX", "SUP_UNM"])
def test_scores_agree_with_the_vectors_of_the_item_bank(scale_id):
    scale = as_in_the_bank(scale_id)

    for case in vectors(scale_id):
        assert score_of(scale, *case["v"]) == pytest.approx(case["score"], abs=5e-5)


EORTC = {
    "EF": a_scale(4, low=1, high=4, invert=True),
    "FA": a_scale(3, low=1, high=4),
    "QL": a_scale(2, low=1, high=7),
    "PF": a_scale(5, low=1, high=4, invert=True),
}
FACT = {"method": "prorated_sum", "threshold_rule": "more_than", "recode_missing": (8, 9)}
FACIT = {
    "EWB": a_scale(6, reversed_items=("Q1", "Q3", "Q4", "Q5", "Q6"), **FACT),
    "PWB": a_scale(7, reversed_items=tuple(f"Q{number}" for number in range(1, 8)), **FACT),
}


@pytest.mark.parametrize(("family", "scales"), [("EORTC", EORTC), ("FACT", FACIT)])
def test_scores_of_published_manuals_agree_with_the_vectors(family, scales):
    for case in vectors(family):
        assert score_of(scales[case["scale"]], *case["v"]) == pytest.approx(case["score"], abs=5e-5)


@pytest.mark.parametrize(
    ("scale", "answers", "expected"),
    [
        (EORTC["EF"], (2, 1, None, None), 100 * (1 - 0.5 / 3)),
        (EORTC["EF"], (2, None, None, None), None),
        (EORTC["QL"], (5, 6), 75),
        (FACIT["EWB"], (1, 3, 0, 2, 1, None), 18),
        (FACIT["EWB"], (1, 3, 0, 9, 8, None), None),
        (FACIT["PWB"], (0, 1, 2, 3, None, None, None), 17.5),
    ],
)
def test_scores_agree_with_the_manuals_worked_by_hand(scale, answers, expected):
    assert score_of(scale, *answers) == pytest.approx(expected)


def test_half_of_the_items_is_enough_for_one_family_of_manuals_and_not_for_the_other():
    answers = (2, 2, None, None)

    assert score_of(a_scale(threshold_rule="at_least"), *answers) == 50
    assert score_of(a_scale(threshold_rule="more_than"), *answers) is None


@pytest.mark.parametrize("reason", [Missing.NOT_APPLICABLE, Missing.DONT_KNOW, Missing.NOT_SHOWN])
def test_what_does_not_apply_leaves_the_number_of_applicable_items(reason):
    assert score_of(a_scale(), 4, reason.code, reason.code, reason.code) == 100


@pytest.mark.parametrize("reason", [Missing.NOT_ANSWERED, Missing.NOT_REACHED, Missing.PREFER_NOT])
def test_what_is_left_open_counts_as_applicable(reason):
    assert score_of(a_scale(), 4, reason.code, reason.code, reason.code) is None


def test_fewer_answers_than_the_smallest_number_give_no_score():
    na = Missing.NOT_APPLICABLE.code

    assert score_of(a_scale(min_items=2), 4, na, na, na) is None


def test_nothing_needed_gives_no_share_of_unmet_needs():
    scale = a_scale(method="percent_of_needed", high=3, needed=(1, 2, 3), unmet=(2, 3))

    assert score_of(scale, 0, 0, 0, 0) is None
    assert score_of(scale, 0, 1, 2, 3) == pytest.approx(200 / 3)


def test_a_mean_of_scales_needs_all_of_them():
    parts = pd.DataFrame({"A": [0.0, 50.0], "B": [100.0, math.nan]})

    assert mean_of_scales(parts).tolist() == pytest.approx([50.0, math.nan], nan_ok=True)


def test_a_scale_of_scales_is_not_scored_from_items():
    with pytest.raises(ValueError, match="made from scales"):
        score(a_scale(method="mean_of_scales", items=(), parts=("A",)), pd.DataFrame(index=[0]))


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=30))
def test_all_rows_at_once_score_as_each_row_alone(rows):
    scale = a_scale(reversed_items=("Q2",))
    together = score(scale, pd.DataFrame(rows, columns=list(scale.items), dtype=float))

    assert together.tolist() == pytest.approx([_slowly(row) for row in rows], nan_ok=True)


def _slowly(row):
    """The rule written a second time, for one person, in the words of the item bank."""
    turned = [4 - value if position == 1 and value >= 0 else value for position, value in enumerate(row)]
    answered = [value for value in turned if value >= 0]
    applicable = [value for value in turned if value not in (-88, -99, -66)]
    if not answered or len(answered) < math.ceil(0.5 * len(applicable)):
        return math.nan
    return 25 * sum(answered) / len(answered)


def an_edition_with_a_hidden_value(value_if_hidden):
    """Stands for a questionnaire: the two things that scoring asks of one."""
    gate = {f"CG0{number}": _Item(None) for number in range(1, 9)}
    items = {**gate, **{name: _Item(value_if_hidden) for name in ("CG09", "CG10", "CG11")}}
    impact = a_scale(id="COG_IMP", items=("CG09", "CG10", "CG11"), min_items=2)
    return _Questionnaire(items, (impact,))


class _Item:
    def __init__(self, value_if_hidden):
        self.value_if_hidden = value_if_hidden


class _Questionnaire:
    def __init__(self, items, scales):
        self.items, self.scales = items, scales


ALL_NEVER = " and ".join(f"CG0{number} == 0" for number in range(1, 9))


def _impact(gate, impact):
    names = [f"CG{number:02d}" for number in range(1, 12)]
    dataset = a_dataset({name: [coded(value)] for name, value in zip(names, [*gate, *impact], strict=True)})
    questionnaire = an_edition_with_a_hidden_value(HiddenValue(value=0, when=ALL_NEVER))
    return score_scales(questionnaire, dataset)["COG_IMP"].iloc[0]


def test_structural_zeros_agree_with_the_vectors_of_the_item_bank():
    for case in vectors("COG_IMP"):
        expected = math.nan if case["score"] is None else case["score"]
        assert _impact(case["gate"], case["v"]) == pytest.approx(expected, nan_ok=True)


def test_impact_hidden_because_there_is_no_problem_counts_as_none():
    hidden = ["hidden"] * 3

    assert _impact([0] * 8, hidden) == 0
    assert np.isnan(_impact([0] * 7 + [None], hidden))
    assert _impact([0, 1] + [0] * 6, [2, 1, 0]) == 25


def test_a_scale_of_a_module_that_was_not_asked_has_no_scores():
    questionnaire = _Questionnaire({"Q1": _Item(None)}, (a_scale(1), a_scale(2, id="OTHER")))

    assert list(score_scales(questionnaire, a_dataset({"Q1": [0, 4]})).columns) == ["TRY"]
