"""The rules for 50 to 999 people on 99 invented patients, taken away in turn: H2 and H3 ring the alarm."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_app.core.attack.dice import Dice
from survey_app.core.attack.feasible import feasible
from survey_app.core.attack.inference import infer
from survey_app.core.attack.insider import MOST_EXCLUDED, ROOM
from survey_app.core.attack.puzzle import printed_puzzle
from survey_app.core.attack.solver import Limits
from survey_app.core.protection.policy import policy_for
from survey_app.core.protection.span import Question, accepted

TINY = Path(__file__).parents[4] / "shared/corpus/disclosure/tiny99/tiny99_seed1.csv"
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the folder of shared test data is not here")

MONTHS = 12
LIMITS = Limits(seconds=60, nodes=500)  # the number of nodes ends it, on a slow machine too
RULES = policy_for(99)


@pytest.fixture(scope="module")
def patients():
    return pd.read_csv(TINY)


def groups_of(patients):
    found = {"everyone": np.ones(len(patients), dtype=bool)}
    for column in ("region", "diag", "age", "stage", "country"):
        found |= {
            f"{column}={value}": (patients[column] == value).to_numpy() for value in sorted(patients[column].unique())
        }
    return found


def moments_of(joined, *, batches):
    moments, before = [], 0
    for month in range(MONTHS):
        now = int((joined <= month).sum())
        if not batches or now - before >= RULES.new_persons:
            moments.append(month)
            before = now
    return moments


def publish(patients, off):
    """Who stood behind each number that goes out when some of the rules are off."""
    groups, joined = groups_of(patients), patients["join_month"].to_numpy()
    secrets = [group & (joined <= month) for group in groups.values() for month in range(MONTHS)]
    secrets += [group & (joined == month) for group in groups.values() for month in range(MONTHS)]
    out, last = [], {}
    for month in moments_of(joined, batches="batches" not in off):
        now = {name: group & (joined <= month) for name, group in groups.items()}
        stuck = {name for name in last if "sticky" not in off and (now[name] ^ last[name]).sum() < RULES.delta}
        large = [name for name in now if now[name].sum() >= RULES.smallest_base and name not in stuck]
        names = sorted(large, key=lambda name: -now[name].sum())
        good = [True] * len(names) if "span" in off else gate(out, [now[name] for name in names], secrets)
        for name, yes in zip(names, good, strict=True):
            if yes:
                out.append(now[name])
                last[name] = now[name]
    return np.array(out)


def gate(out, candidates, secrets):
    width = len(secrets[0])

    def shape(vectors):
        return np.array(vectors, dtype=bool).reshape(len(vectors), width)

    return accepted(
        Question(
            weights=np.ones(width, dtype=np.int64), published=shape(out), candidates=shape(candidates),
            protected=shape(secrets), smallest_base=RULES.smallest_base, delta=RULES.delta,
        )
    )  # fmt: skip


def question(patients, off):
    answers = patients["q3"].to_numpy() - 1
    base = 1 if "rounding" in off else RULES.rounding_base
    return printed_puzzle("q3", publish(patients, off), answers, options=5, base=base)


def guessed(one):
    return infer(one, dice=Dice(1), limits=LIMITS, rounds=((20, 100), (0, 500)))


def excluded(one, found):
    return feasible(one, seen=found.seen, limits=LIMITS).excluded


def test_with_all_rules_nobody_is_found_nor_nearly(patients):
    one = question(patients, ())
    found = guessed(one)

    assert excluded(one, found) == 0
    assert not found.sure.any()
    assert found.surest() <= ROOM


@pytest.mark.parametrize("off", ["sticky", "batches", "span"])
def test_where_one_rule_over_time_fails_the_others_still_hold(patients, off):
    one = question(patients, (off,))
    found = guessed(one)

    assert excluded(one, found) == 0
    assert not found.sure.any()


def test_without_rounding_answers_are_impossible_and_people_are_known(patients):
    one = question(patients, ("rounding",))
    found = guessed(one)

    assert excluded(one, found) > MOST_EXCLUDED
    assert found.sure.any()


def test_without_sticky_numbers_and_the_gate_somebody_is_nearly_known(patients):
    assert guessed(question(patients, ("sticky", "span"))).surest() > ROOM


def test_without_any_rule_over_time_people_are_known_in_spite_of_rounding(patients):
    assert guessed(question(patients, ("sticky", "batches", "span"))).sure.sum() > 5
