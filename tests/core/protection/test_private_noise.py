"""Differential privacy: the account, what is refused without the library, and with it the size of the noise."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection import private_noise as module
from survey_app.core.protection.policy import policy_for
from survey_app.core.protection.private_noise import RELEASES, Account, private_noise
from tests.core.protection.small_study import release, some_people

needs_library = pytest.mark.skipif(
    importlib.util.find_spec("opendp") is None, reason="opendp is not installed: pip install 'survey-app[private]'"
)


def test_the_epsilons_of_a_study_add_up_to_its_budget_and_then_it_ends():
    account = Account(budget=3.0)
    for _ in range(RELEASES):
        account = account.spend()

    assert sum(account.spent) == pytest.approx(3.0)
    with pytest.raises(ProblemsFound) as refused:
        account.spend()
    assert [one.code for one in refused.value.problems] == [Code.PRIVATE_BUDGET_SPENT]


@given(st.floats(0.1, 100), st.lists(st.floats(0, 100), max_size=20))
def test_no_sequence_of_releases_ever_uses_more_than_the_budget(budget, spent):
    account = Account(budget=budget, spent=tuple(spent))
    try:
        after = account.spend()
    except ProblemsFound:
        return

    assert sum(after.spent) <= budget * (1 + 1e-9)


def test_a_budget_that_was_lowered_is_held_against_what_was_used_before():
    with pytest.raises(ProblemsFound):
        Account(budget=1.0, spent=(0.5, 0.5)).spend()


def test_without_the_library_the_setting_is_refused_and_nothing_is_made(monkeypatch):
    monkeypatch.setattr(module, "LIBRARY", "a_library_that_is_not_there")

    with pytest.raises(ProblemsFound) as refused:
        release(some_people(60), policy=replace(policy_for(100_001), epsilon=1.0))
    assert [one.code for one in refused.value.problems] == [Code.PRIVATE_NOISE_MISSING]
    assert "survey-app[private]" in str(refused.value)


@needs_library
def test_noise_is_as_wide_as_the_account_says_and_has_no_bias():
    noise = private_noise(1.0, histograms=4)
    found = noise.add(np.full((200, 100), 1000)) - 1000
    ratio = np.exp(-1 / 4)  # of the geometric distribution, P(k) proportional to ratio ** |k|

    assert found.std() == pytest.approx(np.sqrt(2 * ratio) / (1 - ratio), rel=0.05)
    assert abs(found.mean()) < 0.2


@needs_library
def test_a_release_with_private_noise_tells_its_epsilon_and_hides_what_the_noise_would_swamp():
    policy = replace(policy_for(100_001), epsilon=60.0)
    cube = release(some_people(900, seed=2), policy=policy).cube

    assert cube.rules.epsilon == 60.0
    counted = (
        6 * (1 + len(cube.variables)) + 4
    )  # everyone, populations, four dimensions; people and each variable; flow
    least = private_noise(60.0, histograms=counted).least
    shown = [one.n for one in (*cube.groups, *cube.tables) if one.n is not None]
    assert least > policy.smallest_base
    assert min(shown) >= least


@needs_library
def test_two_private_releases_of_the_same_people_differ():
    policy = replace(policy_for(100_001), epsilon=60.0)
    people = some_people(900, seed=2)

    assert release(people, policy=policy).cube.to_json() != release(people, policy=policy).cube.to_json()
