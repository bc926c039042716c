"""Best-worst designs: balanced as files, and the same for a person for ever."""

from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.questionnaire.design import Design
from survey_app.inputs.questionnaire_files import read_questionnaire

QUESTIONNAIRE = read_questionnaire(Path("questionnaires/atmp_burden/0.2.0/questionnaire.yaml"))
REAL: Design = QUESTIONNAIRE.designs["BWS16"]
CODES = [one.code for one in REAL.objects]
DRAWS = st.integers(min_value=0, max_value=2**31 - 1)


def test_sixteen_objects_stand_in_five_versions_of_four_lists_of_four():
    assert len(set(CODES)) == 16
    assert [[len(one) for one in version] for version in REAL.versions] == [[4] * 4] * 5


def test_every_version_shows_every_object_once():
    assert all(sorted(code for one in version for code in one) == CODES for version in REAL.versions)


def test_over_the_five_versions_every_pair_meets_exactly_once():
    lists = [one for version in REAL.versions for one in version]
    met = Counter(frozenset(pair) for one in lists for pair in combinations(one, 2))

    assert met == Counter({frozenset(pair): 1 for pair in combinations(CODES, 2)})


@given(DRAWS)
def test_a_person_sees_the_lists_of_one_version_each_once(draw: int):
    shown = [REAL.shown(draw, place) for place in range(1, 5)]

    assert {one.id.split(".")[0] for one in shown} == {str(draw % 5 + 1)}
    assert {frozenset(one.objects) for one in shown} == {frozenset(one) for one in REAL.versions[draw % 5]}
    assert all(sorted(one.objects) == sorted(REAL.by_id[one.id]) for one in shown)


def test_what_a_draw_shows_never_changes():
    """A stored answer names its list; were this to change, people half-way would see other lists."""
    shown = [REAL.shown(123456789, place) for place in range(1, 5)]

    assert [(one.id, " ".join(one.objects)) for one in shown] == [
        ("5.2", "B08 B07 B06 B05"),
        ("5.3", "B12 B11 B09 B10"),
        ("5.4", "B14 B16 B15 B13"),
        ("5.1", "B02 B04 B01 B03"),
    ]


def test_lists_and_objects_stand_in_every_place_about_equally_often():
    draws = range(0, 20000, 5)  # version 1 only
    first_list = Counter(REAL.shown(draw, 1).id for draw in draws)
    places = Counter(
        REAL.shown(draw, n).objects.index("B01")
        for draw in draws
        for n in range(1, 5)
        if "B01" in REAL.shown(draw, n).objects
    )

    assert max(abs(count - 1000) for count in first_list.values()) < 120  # four standard deviations are 110
    assert max(abs(count - 1000) for count in places.values()) < 120


def test_the_order_of_lists_does_not_tell_the_order_of_objects():
    same = sum(
        [REAL.shown(draw, n).id for n in range(1, 5)] == [REAL.shown(other, n).id for n in range(1, 5)]
        for draw, other in pairwise(range(0, 5000, 5))
    )

    assert same < 90  # 1 in 24 by chance: 42


def test_there_is_no_fifth_list():
    with pytest.raises(IndexError):
        REAL.shown(0, 5)
