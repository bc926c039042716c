import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection.menu import Menu, coarsen, pool, trees_of
from tests.core.protection.small_study import MODULES, QUESTIONNAIRE, release, some_people

TREES = {tree.dimension: tree for tree in trees_of(QUESTIONNAIRE, MODULES)}
EUROPEAN_SURVEY = {
    "AT": 9, "BE": 27, "FR": 129, "DE": 57, "IE": 6, "IT": 12, "NL": 95, "PT": 7, "ES": 15, "GB": 32,
}  # fmt: skip


def sizes(parts, counts):
    return {part.category: sum(counts.get(leaf, 0) for leaf in part.members) for part in parts}


counts_of_countries = st.dictionaries(
    st.sampled_from(["DE", "FR", "NL", "BE", "AT", "IT", "ES", "PT", "GB", "IE", "PL", "US", "not_stated"]),
    st.integers(0, 120),
)


@settings(deadline=None)
@given(counts_of_countries)
def test_every_group_has_enough_people_or_nobody(counts):
    parts = pool(counts, TREES["country"], 20)

    assert all(size == 0 or size >= 20 for size in sizes(parts, counts).values())


@settings(deadline=None)
@given(counts_of_countries)
def test_the_groups_cover_every_leaf_once(counts):
    parts = pool(counts, TREES["country"], 20)

    leaves = [leaf for part in parts for leaf in part.members]
    assert not parts or sorted(leaves) == sorted(TREES["country"].leaves)


@settings(deadline=None)
@given(counts_of_countries)
def test_one_group_alone_is_no_division(counts):
    parts = pool(counts, TREES["country"], 20)

    assert not parts or sum(size > 0 for size in sizes(parts, counts).values()) >= 2


@settings(deadline=None)
@given(counts_of_countries)
def test_coarsening_ends_and_keeps_every_group_large_enough(counts):
    parts = pool(counts, TREES["country"], 20)

    for _ in range(20):
        assert all(size == 0 or size >= 20 for size in sizes(parts, counts).values())
        parts = coarsen(parts, counts, TREES["country"], 20)
    assert parts == ()


def test_ten_countries_of_a_european_survey_are_pooled_by_region():
    parts = pool(EUROPEAN_SURVEY, TREES["country"], 20)

    assert sizes(parts, EUROPEAN_SURVEY) == {
        "FR": 129, "DE": 57, "NL": 95, "GB": 32, "region:039": 34, "rest": 42
    }  # fmt: skip


def test_a_group_names_leaves_whether_or_not_anybody_is_there():
    with_portugal = pool(EUROPEAN_SURVEY, TREES["country"], 20)
    without = pool(EUROPEAN_SURVEY | {"PT": 0, "GR": 7}, TREES["country"], 20)

    assert with_portugal == without


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"S01": 30, "S02": 25, "S03": 40, "S04": 25}, {"S01": 30, "S02": 25, "S03": 40, "S04": 25}),
        ({"S01": 15, "S02": 10, "S03": 40, "S04": 25}, {"early": 25, "S03": 40, "S04": 25}),
        ({"S01": 90, "S02": 12, "S03": 12, "S04": 3}, {"S01": 90, "rest": 27}),
        ({"S01": 90, "S02": 5, "S03": 3, "S04": 3}, {}),
    ],
)
def test_stages_go_up_to_their_group_and_then_to_the_rest(counts, expected):
    found = sizes(pool(counts, TREES["stage"], 20), counts)

    assert {category: size for category, size in found.items() if size} == expected


def test_whoever_gave_no_answer_is_somewhere():
    counts = {"woman": 60, "man": 50, "not_stated": 4}

    assert sizes(pool(counts, TREES["sex"], 20), counts) == {"woman": 60, "rest": 54}


def test_a_menu_is_the_same_after_it_was_stored():
    menu = Menu({("patient.prospective", "country"): pool(EUROPEAN_SURVEY, TREES["country"], 20)})

    assert Menu.from_document(menu.to_document()) == menu


def test_a_question_that_is_never_asked_in_a_stage_has_no_table_there():
    cube = release(some_people(300, seed=4, skipped=0)).cube

    assert cube.table("patient.prospective/stage/S01", "CJ11") is None
    assert cube.table("patient.prospective/stage/S03", "CJ11") is not None
