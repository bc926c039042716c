"""The gate that looks at all groups at once lets out what looking at every set of people lets out, and nothing else."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.attack.span import computable
from survey_app.core.protection import small_sets
from survey_app.core.protection.at_once import Bases, accepted_at_once
from survey_app.core.protection.span import Question, accepted, classes, too_close_pairs


@st.composite
def questions(draw, widest=40):
    """Groups of a few partitions over few or many sets of people, small ones and large ones."""
    chance = np.random.default_rng(draw(st.integers(0, 100_000)))
    width = int(chance.integers(2, widest))
    parts = [np.ones((1, width), dtype=bool)]
    for _ in range(int(chance.integers(1, 4))):
        of = chance.integers(0, chance.integers(2, 5), width)
        parts.append(of[None, :] == np.arange(of.max() + 1)[:, None])
    vectors = np.vstack(parts)
    split = int(chance.integers(0, len(vectors)))
    largest = int(chance.choice([3, 12, 60, 400]))
    return Question(
        weights=chance.integers(0, largest, width), published=vectors[:split], candidates=vectors[split:],
        protected=chance.random((6, width)) < chance.choice([0.05, 0.3]),
        smallest_base=10, delta=int(chance.choice([1, 10])),
    )  # fmt: skip


def one_after_the_other(question):
    """The same gate by looking at every set of columns there is."""
    weights, published, candidates, protected = classes(question)
    every_set = (np.arange(1, 2**weights.size)[:, None] >> np.arange(weights.size)) & 1 == 1
    people = every_set @ weights
    secret = every_set[(people > 0) & (people < question.smallest_base)]
    secret = np.vstack([secret, protected]) if weights.size else protected
    known, out, answers = np.array(computable(published, secret), dtype=bool), published, []
    for candidate in candidates:
        grown = np.vstack([out, candidate])
        found = np.array(computable(grown, secret), dtype=bool) & ~known
        close = too_close_pairs(grown, weights, question.delta)[-1].any()
        answers.append(not close and not found.any())
        out = grown if answers[-1] else out
    return answers


@settings(max_examples=300, deadline=None)
@given(questions(widest=9))
def test_what_goes_out_is_what_looking_at_every_set_lets_out(question):
    assert accepted_at_once(question, Bases()) == one_after_the_other(question)


@settings(max_examples=100, deadline=None)
@given(questions())
def test_no_group_goes_out_that_the_gate_for_named_sets_refuses(question):
    every_one = [bool(one) for one in accepted_at_once(question, Bases())]

    assert all(accepted(question)) or not all(every_one)


@settings(max_examples=60, deadline=None)
@given(st.lists(questions(), min_size=2, max_size=6))
def test_a_basis_found_for_one_question_serves_others_without_changing_the_answer(several):
    bases = Bases()

    for question in several:
        assert accepted_at_once(question, bases) == accepted_at_once(question, Bases())


def test_a_basis_is_kept_and_serves_columns_of_other_sizes():
    bases = Bases()
    vectors = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0]], dtype=bool)

    basis, places = bases.of(vectors, np.array([50, 60, 70, 80]))

    assert len(places) == 3
    assert bases.of(vectors, np.array([5, 90, 90, 90]))[0] is basis


def test_where_everybody_is_in_large_sets_no_sums_are_looked_at(monkeypatch):
    monkeypatch.setattr(small_sets, "_solved", None)
    chance = np.random.default_rng(1)
    parts = [chance.integers(0, 4, 300)[None, :] == np.arange(4)[:, None] for _ in range(3)]
    vectors = np.vstack([np.ones((1, 300), dtype=bool), *parts])
    question = Question(
        weights=chance.integers(0, 30, 300), published=vectors[:0], candidates=vectors, protected=vectors,
        smallest_base=20, delta=20,
    )  # fmt: skip

    assert accepted_at_once(question, Bases()) == [True] * len(vectors)


def test_a_few_people_of_two_groups_follow_though_nobody_named_their_set():
    """The first group and the second without the third are the 9 people of the first two columns."""
    groups = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]], dtype=bool)
    question = Question(
        weights=np.array([5, 4, 40, 50]), published=groups[:0], candidates=groups, protected=groups[:0],
        smallest_base=10, delta=1,
    )  # fmt: skip

    assert accepted(question) == [True, True, True]
    assert accepted_at_once(question, Bases()) == [True, True, False]


def test_what_was_given_away_before_is_not_held_against_anybody():
    published = np.array([[1, 1, 1], [0, 1, 1]], dtype=bool)
    question = Question(
        weights=np.array([3, 40, 50]), published=published, candidates=np.array([[0, 1, 0]], dtype=bool),
        protected=published[:0], smallest_base=20, delta=1,
    )  # fmt: skip

    assert accepted_at_once(question, Bases()) == [True]
