"""99 invented patients who join over twelve months: how many does each way of publishing give away?"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_app.core.attack.bounds import determined, excluded, printed
from survey_app.core.attack.differencing import close_pairs
from survey_app.core.attack.span import computable, singled_out
from survey_app.core.protection.span import Question, accepted

TINY = Path(__file__).parents[4] / "shared/corpus/disclosure/tiny99/tiny99_seed1.csv"
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the folder of shared test data is not here")

PEOPLE, MONTHS, THRESHOLD, DELTA, BATCH = 99, 12, 10, 10, 20


@pytest.fixture(scope="module")
def patients():
    return pd.read_csv(TINY)


@pytest.fixture(scope="module")
def groups(patients):
    found = {"everyone": np.ones(PEOPLE, dtype=bool)}
    for column in ("region", "diag", "age", "stage", "country"):
        for value in sorted(patients[column].unique()):
            found[f"{column}={value}"] = (patients[column] == value).to_numpy()
    return found


@pytest.fixture(scope="module")
def joined(patients):
    return patients["join_month"].to_numpy()


@pytest.fixture(scope="module")
def batches(joined):
    closed, before = [], 0
    for month in range(MONTHS):
        now = int((joined <= month).sum())
        if now - before >= BATCH:
            closed.append(month)
            before = now
    return closed


@pytest.fixture(scope="module")
def small_sets(groups, joined):
    """Who joined a group within one month, and the groups of the end, where these are fewer than ten."""
    wanted = [group & (joined == month) for group in groups.values() for month in range(1, MONTHS)]
    wanted += [group & (joined <= 0) for group in groups.values()] + list(groups.values())
    found = {one.tobytes(): one for one in wanted if 1 <= one.sum() < THRESHOLD}
    return np.array(list(found.values()))


def publish(groups, joined, moments, *, sticky=True, span=True, secrets=None):
    """All vectors that go out, month after month, by the rules that stand."""
    out, last = [], {}
    for month in moments:
        due = {}
        for name, group in groups.items():
            members = group & (joined <= month)
            stuck = sticky and name in last and (members ^ last[name]).sum() < DELTA
            if members.sum() >= THRESHOLD and not stuck:
                due[name] = members
        names = sorted(due, key=lambda name: -due[name].sum())
        good = _gate(out, [due[name] for name in names], secrets) if span else [True] * len(names)
        for name, yes in zip(names, good, strict=True):
            if yes:
                out.append(due[name])
                last[name] = due[name]
    return np.array(out)


def _gate(out, candidates, secrets):
    def shape(vectors):
        return np.array(vectors, dtype=bool).reshape(len(vectors), PEOPLE)

    return accepted(
        Question(
            weights=np.ones(PEOPLE, dtype=np.int64), published=shape(out), candidates=shape(candidates),
            protected=secrets, smallest_base=THRESHOLD, delta=DELTA,
        )
    )  # fmt: skip


def turnover(groups, joined, moments):
    found = []
    for group in groups.values():
        states = [group & (joined <= month) for month in moments]
        found += states + [late & ~early for n, early in enumerate(states) for late in states[n + 1 :]]
    return np.array(found)


def test_monthly_tables_single_out_fifty_one_of_ninety_nine(groups, joined, small_sets):
    out = publish(groups, joined, range(MONTHS), sticky=False, span=False)

    assert len(out) == 204
    assert len(singled_out(out)) == 51
    assert (len(small_sets), sum(computable(out, small_sets))) == (140, 121)


def test_batches_and_sticky_cells_single_out_nobody_but_give_one_small_set_away(groups, joined, batches, small_sets):
    out = publish(groups, joined, batches, span=False)

    assert len(out) == 28
    assert singled_out(out) == []
    assert sum(computable(out, small_sets)) == 1


def test_with_the_span_gate_nothing_small_follows(groups, joined, batches, small_sets):
    out = publish(groups, joined, batches, secrets=turnover(groups, joined, batches))

    assert len(out) == 26
    assert singled_out(out) == []
    assert sum(computable(out, small_sets)) == 0


def test_without_sticky_cells_batches_alone_give_small_sets_away(groups, joined, batches, small_sets):
    out = publish(groups, joined, batches, sticky=False, span=False)

    assert sum(computable(out, small_sets)) == 4


def test_without_batches_pairs_of_releases_differ_by_a_few_people(groups, joined):
    out = publish(groups, joined, range(MONTHS), sticky=False, span=False)

    assert len(close_pairs(out, np.ones(PEOPLE, dtype=np.int64), delta=DELTA)) > 100


def test_with_all_rules_no_pair_of_publications_differs_by_a_few_people(groups, joined, batches):
    out = publish(groups, joined, batches, secrets=turnover(groups, joined, batches))

    assert close_pairs(out, np.ones(PEOPLE, dtype=np.int64), delta=DELTA) == []


def two_way(patients, groups):
    found = [group for group in groups.values() if group.sum() >= THRESHOLD]
    names = ("region", "diag", "age", "stage")
    for n, one in enumerate(names):
        for other in names[n + 1 :]:
            crossed = patients.groupby([one, other]).groups.values()
            found += [np.isin(np.arange(PEOPLE), members) for members in crossed if len(members) >= THRESHOLD]
    return np.array(found)


@pytest.mark.parametrize("question", [f"q{n}" for n in range(1, 13)])
def test_counts_rounded_to_five_exclude_no_answer_of_anybody(patients, groups, question):
    answers = patients[question].to_numpy() - 1

    assert not excluded(printed(two_way(patients, groups), answers, categories=5, base=5)).any()


def test_exact_counts_exclude_many_answers_and_fix_some(patients, groups):
    out = two_way(patients, groups)
    exact = [printed(out, patients[f"q{n}"].to_numpy() - 1, categories=5, base=1) for n in range(1, 13)]

    assert sum(int(excluded(one).sum()) for one in exact) > 500
    assert sum(determined(one) for one in exact) > 0
