"""The proof for all groups at once never says more than the gate that looks at one after the other."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection import at_once
from survey_app.core.protection.at_once import Bases, accepted_at_once
from survey_app.core.protection.span import Question, accepted


@st.composite
def questions(draw):
    """Groups of a few partitions over few or many sets of people, small ones and large ones."""
    chance = np.random.default_rng(draw(st.integers(0, 100_000)))
    width = int(chance.integers(2, 40))
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


@settings(max_examples=400, deadline=None)
@given(questions())
def test_all_at_once_is_what_one_by_one_is(question):
    assert accepted_at_once(question, Bases()) == accepted(question)


@settings(max_examples=60, deadline=None)
@given(st.lists(questions(), min_size=2, max_size=6))
def test_a_basis_found_for_one_question_serves_others_without_changing_the_answer(several):
    bases = Bases()

    for question in several:
        assert accepted_at_once(question, bases) == accepted(question)


def test_a_basis_is_kept_and_serves_columns_of_other_sizes():
    bases = Bases()
    vectors = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 0, 1, 0]], dtype=bool)

    basis, places = bases.of(vectors, np.array([50, 60, 70, 80]))

    assert len(places) == 3
    assert bases.of(vectors, np.array([5, 90, 90, 90]))[0] is basis


def test_where_everybody_is_in_large_sets_nobody_is_looked_at_one_by_one(monkeypatch):
    monkeypatch.setattr(at_once, "accepted", None)
    chance = np.random.default_rng(1)
    parts = [chance.integers(0, 4, 300)[None, :] == np.arange(4)[:, None] for _ in range(3)]
    vectors = np.vstack([np.ones((1, 300), dtype=bool), *parts])
    question = Question(
        weights=chance.integers(0, 30, 300), published=vectors[:0], candidates=vectors, protected=vectors,
        smallest_base=20, delta=20,
    )  # fmt: skip

    assert accepted_at_once(question, Bases()) == [True] * len(vectors)
