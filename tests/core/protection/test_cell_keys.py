"""The same people, the same noise; and nothing of the key but its fingerprint."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.problems import Code
from survey_app.core.protection.cell_keys import RecordKey, cell_keys, key_problems
from survey_app.core.protection.perturbation import noise_table
from survey_app.core.protection.policy import Noise

SECRET = b"a record key of forty characters, at least"
persons = st.lists(st.text("0123456789abcdef", min_size=8, max_size=8), min_size=1, max_size=60, unique=True)


def key_of(people):
    keys = RecordKey(SECRET).of(people)
    return cell_keys(np.zeros(len(people), dtype=np.int64), keys, 1)


@settings(deadline=None)
@given(persons, st.randoms(use_true_random=False))
def test_the_same_people_have_the_same_cell_key_in_whatever_order(people, chance):
    other = list(people)
    chance.shuffle(other)

    assert key_of(people) == key_of(other)


@settings(deadline=None)
@given(persons)
def test_a_whole_has_the_sum_of_the_keys_of_its_parts_modulo_two_to_the_64(people):
    half = len(people) // 2
    parts = [int(key_of(some)[0]) if some else 0 for some in (people[:half], people[half:])]

    assert int(key_of(people)[0]) == sum(parts) % 2**64


def test_the_same_people_get_the_same_noise_in_two_tables():
    table = noise_table(Noise(largest=5, variance=3, blocked=2))
    people = [f"person-{number}" for number in range(40)]
    alone = table.perturbed(np.array([40]), key_of(people))
    keys = RecordKey(SECRET).of([*people, "another"])
    among_others = table.perturbed(np.array([40, 1]), cell_keys(np.array([0] * 40 + [1]), keys, 2))

    assert alone[0] == among_others[0]


def test_record_keys_are_spread_evenly():
    keys = RecordKey(SECRET).of(f"person-{number}" for number in range(20_000))
    tenths = np.bincount((keys / 2.0**64 * 10).astype(np.int64), minlength=10)

    assert ((tenths - 2000) ** 2 / 2000).sum() < 28  # chi-square with 9 degrees of freedom, 0.1 %


def test_another_secret_makes_other_keys():
    people = [f"person-{number}" for number in range(100)]

    assert not (RecordKey(SECRET).of(people) == RecordKey(SECRET + b"!").of(people)).any()


def test_the_key_does_not_print():
    assert "forty" not in repr(RecordKey(SECRET))


def test_the_fingerprint_is_no_record_key_and_not_the_secret():
    key = RecordKey(SECRET)

    assert len(key.fingerprint) == 64
    assert SECRET.hex() not in key.fingerprint


def test_a_short_key_is_no_key():
    with pytest.raises(ValueError, match="fewer than 32"):
        RecordKey(b"short")


def test_without_a_key_there_is_no_noise():
    assert [one.code for one in key_problems(None, "")] == [Code.RECORD_KEY_MISSING]


def test_a_changed_key_is_refused():
    kept = RecordKey(SECRET).fingerprint

    assert key_problems(RecordKey(SECRET), kept) == []
    assert [one.code for one in key_problems(RecordKey(SECRET + b"!"), kept)] == [Code.RECORD_KEY_CHANGED]
