"""Counting by profile against counting person by person."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.counting import OUTSIDE, Layer, counter_of

SECRET = b"a record key of forty characters, at least"
PROFILES, WIDTH = 6, 4


@st.composite
def crowds(draw):
    """People in profiles, profiles in groups of two layers, and one cell per person."""
    people = draw(st.integers(1, 60))
    chance = np.random.default_rng(draw(st.integers(0, 10_000)))
    profile = np.unique(chance.integers(0, PROFILES, people), return_inverse=True)[1]
    layers = []
    for number, groups in enumerate((2, 3)):
        of = chance.integers(OUTSIDE, groups, PROFILES)[profile]
        layers.append(Layer(groups=tuple(f"{number}/{group}" for group in range(groups)), of=of))
    return tuple(layers), profile, chance.integers(0, WIDTH, people)


def expected(layers, cells, weights):
    found = []
    for layer in layers:
        for group in range(len(layer.groups)):
            mine = layer.of == group
            found.append([sum(weights[mine & (cells == cell)].tolist()) % 2**64 for cell in range(WIDTH)])
    return found


@settings(deadline=None)
@given(crowds())
def test_counts_are_those_of_going_through_everyone(crowd):
    layers, profile, cells = crowd
    counter = counter_of(layers, profile, profile.max() + 1, None)

    assert counter.counts(cells, WIDTH).tolist() == expected(layers, cells, np.ones(cells.size, dtype=np.int64))


@settings(deadline=None)
@given(crowds())
def test_cell_keys_are_the_sums_of_the_record_keys_of_the_people_in_the_cell(crowd):
    layers, profile, cells = crowd
    keys = RecordKey(SECRET).of(f"person-{number}" for number in range(cells.size))
    counter = counter_of(layers, profile, profile.max() + 1, keys)

    assert counter.cell_keys(cells, WIDTH).tolist() == expected(layers, cells, keys.astype(object))


def test_without_keys_there_are_no_cell_keys():
    counter = counter_of((Layer(groups=("all",), of=np.zeros(2, dtype=np.int64)),), np.array([0, 0]), 1, None)

    with pytest.raises(AssertionError):
        counter.cell_keys(np.array([0, 1]), 2)
