"""Where chains begin when many releases overlap: annealing misses some counts, mending meets them."""

import numpy as np

from survey_app.core.attack.chains import Chains, nearest
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.puzzle import printed_puzzle

DICE = Dice(1)


def four_releases(people=240):
    random = np.random.default_rng(3)
    joined = random.integers(0, 12, people)
    facts = [random.integers(0, values, people) for values in (4, 4, 4, 2)]
    groups = [np.ones(people, dtype=bool), *(fact == value for fact in facts for value in np.unique(fact))]
    members = np.array([group & (joined <= release) for release in range(0, 12, 3) for group in groups])
    answers = random.integers(0, 5, people)
    return printed_puzzle("q", members, answers, options=5, base=5), answers


def test_counts_that_annealing_misses_are_mended():
    one, truth = four_releases()
    thrown = np.random.default_rng(1).integers(0, 5, (4, truth.size))
    chains = Chains(one, thrown, DICE, nearest([one]))
    good = chains.repair(5)

    assert all(good)
    assert all(one.allows(answers) for answers in chains.answers())
    assert not any((answers == truth).all() for answers in chains.answers())


def test_what_cannot_be_met_is_said():
    one, truth = four_releases(60)
    impossible = type(one)(
        name="q", options=5, keys=one.keys, members=one.members, lower=one.lower + 60, upper=one.upper + 60
    )  # fmt: skip
    chains = Chains(impossible, truth[None, :], DICE, nearest([one]))

    assert chains.repair(3) == [False]
