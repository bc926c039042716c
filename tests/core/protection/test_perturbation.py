"""Noise tables against published matrices, and what holds for every one of them."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection.perturbation import noise_table, table_of
from survey_app.core.protection.policy import Noise

CORPUS = Path(__file__).parents[4] / "shared/corpus/disclosure"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the folder of shared test data is not here")
PUBLISHED = {
    "ptable_D2_V1_js0_tMatrix.csv": Noise(largest=2, variance=1, blocked=0),
    "ptable_D3_V1_js0_tMatrix.csv": Noise(largest=3, variance=1, blocked=0),
    "ptable_D4_V3_js2_tMatrix.csv": Noise(largest=4, variance=3, blocked=2),
    "ptable_D5_V3_js2_tMatrix.csv": Noise(largest=5, variance=3, blocked=2),
}
noises = st.sampled_from(
    [Noise(largest=d, variance=v, blocked=js) for d, v, js in [(2, 1, 0), (4, 2, 1), (5, 2, 2), (5, 3, 2), (6, 4, 3)]]
)
keys = st.integers(0, 2**64 - 1)


@needs_corpus
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_table_of_greatest_entropy_is_the_published_one(name):
    rows = list(csv.reader((CORPUS / name).read_text().splitlines()))
    targets = [int(one) for one in rows[0][1:]]
    table = noise_table(PUBLISHED[name])

    for row in rows[1:]:
        found = table.probabilities(int(row[0]))
        wanted = [float(one) for one in row[1:]]
        assert [found.get(to, 0.0) for to in targets] == pytest.approx(wanted, abs=1e-7)
        assert set(found) <= set(targets)
    assert len(table.steps) == len(rows) - 1


@needs_corpus
def test_the_example_of_the_handbook_makes_four_of_three():
    example = json.loads((CORPUS / "handbook/examples.json").read_text())["ckm"]
    rows = [{}, {}, {}, {}]
    for count, to, probability, _ in example["ptable"]:
        rows[int(count)][int(to)] = probability
    key = sum(int(one * 2**64) for one in example["record_keys"]) % 2**64

    found = table_of(rows).perturbed(np.array([3]), np.array([key], dtype=np.uint64))

    assert key / 2**64 == pytest.approx(example["expected_cell_key"])
    assert found.tolist() == [example["expected_count"]]


@settings(max_examples=200, deadline=None)
@given(noises, st.integers(0, 60), keys)
def test_no_count_is_negative_or_blocked_or_farther_away_than_allowed(noise, count, key):
    to = int(noise_table(noise).perturbed(np.array([count]), np.array([key], dtype=np.uint64))[0])

    assert to == 0 or to > noise.blocked
    assert abs(to - count) <= noise.largest
    assert count > 0 or to == 0


@given(noises)
def test_noise_has_mean_zero_and_the_variance_asked_for_at_most(noise):
    table = noise_table(noise)

    for count in range(1, noise.first_symmetric + 4):
        found = table.probabilities(count)
        assert sum(found.values()) == pytest.approx(1)
        assert sum(p * (to - count) for to, p in found.items()) == pytest.approx(0, abs=1e-6)
        assert sum(p * (to - count) ** 2 for to, p in found.items()) <= noise.variance + 1e-6


@given(noises, st.integers(0, 1000))
def test_from_the_first_symmetric_count_on_noise_is_the_same_for_all(noise, more):
    table = noise_table(noise)
    first = noise.first_symmetric

    shifted = {to + more: p for to, p in table.probabilities(first).items()}
    assert table.probabilities(first + more) == shifted
    assert shifted == pytest.approx({2 * (first + more) - to: p for to, p in shifted.items()})


def test_over_many_keys_counts_become_what_the_table_says():
    table = noise_table(Noise(largest=5, variance=3, blocked=2))
    spread = np.arange(200_000, dtype=np.uint64) * np.uint64(2**64 // 200_000)
    found = table.perturbed(np.full(spread.size, 4), spread)

    shares = {int(to): float((found == to).mean()) for to in np.unique(found)}
    assert shares == pytest.approx(table.probabilities(4), abs=1e-4)


@pytest.mark.parametrize(
    "wrong", [(0, 1, 0), (2, 0, 0), (2, 5, 0), (2, 1, 2)], ids=["no reach", "no variance", "too much", "all blocked"]
)
def test_impossible_noise_is_refused(wrong):
    largest, variance, blocked = wrong

    with pytest.raises(ValueError, match="no such noise"):
        Noise(largest=largest, variance=variance, blocked=blocked)
