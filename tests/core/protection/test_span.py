from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.attack.span import computable, singled_out
from survey_app.core.protection.span import Question, Span, accepted


def rows(*texts):
    return np.array([[letter == "x" for letter in text] for text in texts], dtype=bool)


def question(**changes):
    width = changes["candidates"].shape[1]
    nothing = np.zeros((0, width), dtype=bool)
    facts = {
        "weights": np.full(width, 10), "published": nothing, "protected": nothing, "smallest_base": 20, "delta": 20
    }  # fmt: skip
    return Question(**facts | changes)


def test_a_whole_and_all_its_parts_but_one_give_the_last_away():
    weights = np.array([30, 30, 5])
    gate = question(weights=weights, candidates=rows("xxx", "x..", ".x."), protected=rows("..x"), delta=1)

    assert accepted(gate) == [True, True, False]


def test_a_large_last_part_is_no_secret():
    gate = question(weights=np.array([30, 30, 25]), candidates=rows("xxx", "x..", ".x."), protected=rows("..x"))

    assert accepted(gate) == [True, True, True]


def test_what_was_published_earlier_counts_too():
    gate = question(weights=np.array([100, 5]), published=rows("x."), candidates=rows("xx"), protected=rows(".x"))

    assert accepted(gate) == [False]


def test_groups_that_differ_by_a_few_people_do_not_both_go_out():
    gate = question(weights=np.array([100, 19, 21]), candidates=rows("xxx", "x.x", "xx."))

    assert accepted(gate) == [True, False, True]


def test_a_candidate_that_follows_from_the_others_is_let_in():
    gate = question(weights=np.array([30, 40]), candidates=rows("xx", "x.", ".x"))

    assert accepted(gate) == [True, True, True]


def test_people_whom_nothing_tells_apart_are_one_set():
    gate = question(weights=np.array([8, 8, 8, 50]), candidates=rows("xxxx", "xxx."))

    assert accepted(gate) == [True, True]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=5))
def test_gate_and_attacker_agree_on_the_span_though_they_compute_it_differently(vectors):
    published = np.array(vectors, dtype=bool)
    span = Span(5)
    for vector in published:
        span = span.with_vector(vector)
    every_set = np.array([one for one in product([False, True], repeat=5) if any(one)], dtype=bool)

    assert span.contains(every_set).tolist() == computable(published, every_set)
    assert sorted(n for one in span.lone_sets() if len(one) == 1 for n in one) == singled_out(published)


def test_a_few_people_in_two_sets_that_only_a_refused_group_tells_apart_are_kept_too():
    gate = question(weights=np.array([20, 1, 1, 20]), candidates=rows("...x", "..x.", "x..x", "xxx."))

    assert accepted(gate) == [True, False, True, False]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=8),
    st.lists(st.integers(0, 40), min_size=6, max_size=6),
)
def test_whatever_the_gate_lets_out_singles_out_no_small_set(vectors, weights):
    candidates = np.array(vectors, dtype=bool)
    gate = question(weights=np.array(weights), candidates=candidates, protected=candidates)

    out = candidates[np.array(accepted(gate))]

    some = np.array(weights) > 0
    if not len(out) or not some.any():
        return
    # sets that nothing let out tells apart are one set
    classes, of = np.unique(out[:, some], axis=1, return_inverse=True)
    size = np.bincount(np.asarray(of).ravel(), weights=np.array(weights)[some])
    assert all(size[n] >= 20 for n in singled_out(classes))
