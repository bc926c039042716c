"""Input that a gate may meet and must not stumble over: nothing small is shown, and nothing breaks."""

import pytest

from survey_app.core.attack.subtraction import small_numbers
from survey_app.core.protection.cube import Status
from survey_app.outputs import as_tables_csv
from tests.core.protection.small_study import a_record, changed, release, some_people


def test_an_answer_that_nobody_chose_is_a_zero_like_any_other():
    people = [changed(person, CJ01="never") for person in some_people(90, seed=2)]
    people = [changed(person, CJ01="often") if place % 2 else person for place, person in enumerate(people)]
    table = release(people).cube.table("patient.prospective", "CJ01")

    assert table.status is Status.SHOWN
    assert {code: table.figure("count", code).value for code in ("sometimes", "always")} == {
        "sometimes": 0,
        "always": 0,
    }


def test_a_country_that_nobody_named_has_a_place_for_later_and_no_number():
    one = release(some_people(200, seed=3, countries=("DE", "FR", "NL", "BE")))
    two = release(
        [*some_people(200, seed=3, countries=("DE", "FR", "NL", "BE")),
         *(changed(person, DM01="PT") for person in some_people(60, seed=4, batch=2))],
        quarter="2026-Q2", history=one.history(),
    )  # fmt: skip

    assert not [group for group in two.cube.groups if group.category == "PT"]
    holding = [group for group in two.cube.groups if group.dimension == "country" and "PT" in group.members]
    assert len(holding) == 1


def test_where_all_groups_are_too_small_nothing_is_shown():
    thirds = [*some_people(19), *some_people(19, batch=2, modes=("retrospective",))]
    thirds += [changed(person, SC07="caregiver") for person in some_people(19, batch=3)]
    cube = release(thirds, modes=("prospective", "retrospective")).cube

    assert cube.persons == 0
    assert {group.n for group in cube.groups} == {None}
    assert not [table for table in cube.tables if table.figures]


def test_one_respondent_is_never_shown():
    cube = release(some_people(1)).cube

    assert cube.rules.tier == "T0"
    assert cube.persons == 0
    assert not [table for table in cube.tables if table.figures]
    assert set(cube.flow.values()) == {0}


def test_nobody_at_all_is_a_release_of_nothing():
    cube = release([a_record("draft", {"SC01": True}, status="draft")]).cube

    assert cube.persons == 0
    assert cube.tables == () or not [table for table in cube.tables if table.figures]


@pytest.mark.parametrize("waves", [2, 3])
def test_a_person_in_several_waves_counts_once_with_the_latest_answer(waves):
    people = [changed(person, CJ01="never") for person in some_people(60, seed=5, skipped=0)]
    again = [
        a_record(person.person, {**person.answers.entries, "CJ01": "always"}, batch=wave, wave=wave)
        for wave in range(2, waves + 1)
        for person in people
    ]
    cube = release([*people, *again]).cube

    assert cube.persons == 60
    assert cube.table("patient.prospective", "CJ01").figure("share", "never").bound == "<"


def test_everyone_in_one_group_makes_no_group_of_the_others():
    people = [changed(person, SC08="S01", DM01="DE", DM03="a40", DM04="woman") for person in some_people(80, seed=6)]
    made = release(people)

    assert small_numbers(as_tables_csv.text_of(made.cube), smallest=20) == []
