"""Releases with noise by cell keys: the same people, the same number; and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.attack import differencing, span
from survey_app.core.attack.subtraction import small_numbers
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.cube import ProtectedCube, Status
from survey_app.core.protection.material import History
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.policy import NOISE, Defences, policy_for
from survey_app.outputs import as_tables_csv
from tests.core.protection.small_study import changed, release, some_people

KEY = RecordKey(b"a record key of forty characters, at least")
T4 = policy_for(5000)  # the same rules for fewer people, so that tests are quick
PEOPLE = some_people(600, seed=4)


@pytest.fixture(scope="module")
def noisy():
    return release(PEOPLE, policy=T4, record_key=KEY)


@pytest.fixture(scope="module")
def exact():
    return release(PEOPLE, policy=replace(T4, noise=None), defences=Defences(rounding=False))


def counts(cube):
    return {
        (table.group, table.variable, figure.category): figure.value
        for table in cube.tables
        for figure in table.figures
        if figure.statistic == "count" and figure.value is not None
    }


def test_no_count_is_farther_from_the_exact_one_than_the_noise_reaches(noisy, exact):
    mine, theirs = counts(noisy.cube), counts(exact.cube)
    both = mine.keys() & theirs.keys()

    assert len(both) > 200
    assert all(abs(mine[one] - theirs[one]) <= NOISE.largest for one in both)
    assert any(mine[one] != theirs[one] for one in both)


def test_nobody_stays_nobody_and_one_or_two_are_never_printed(noisy, exact):
    mine, theirs = counts(noisy.cube), counts(exact.cube)

    assert all(mine[one] == 0 for one in mine.keys() & theirs.keys() if theirs[one] == 0)
    assert all(value == 0 or value > NOISE.blocked for value in mine.values())


def test_the_same_people_with_the_same_key_make_the_same_release(noisy):
    assert release(list(reversed(PEOPLE)), policy=T4, record_key=KEY).cube.to_json() == noisy.cube.to_json()


def test_another_key_makes_another_release(noisy):
    other = RecordKey(b"another record key of forty characters, well")

    assert counts(release(PEOPLE, policy=T4, record_key=other).cube) != counts(noisy.cube)


def test_an_unchanged_answer_keeps_its_number_where_another_question_changes(noisy):
    elsewhere = [changed(person, CJ02="never") for person in PEOPLE]
    other = release(elsewhere, policy=T4, record_key=KEY)

    def of(cube):
        return {where: value for where, value in counts(cube).items() if where[1] in ("CJ01", "CJ03", "SC12")}

    assert of(other.cube) == of(noisy.cube)


def test_no_number_is_about_fewer_people_than_the_smallest_base(noisy):
    assert small_numbers(as_tables_csv.text_of(noisy.cube), smallest=T4.smallest_base) == []


def test_the_rules_tell_that_there_is_noise_and_not_how_strong_it_is(noisy):
    text = noisy.cube.to_json()

    assert noisy.cube.rules.noise
    assert noisy.cube.rules.rounding_base == 1
    assert not [word for word in ("largest", "variance", "blocked", KEY.fingerprint) if word in text]


def test_a_noisy_cube_is_the_same_after_it_was_stored(noisy):
    assert ProtectedCube.from_json(noisy.cube.to_json()).to_json() == noisy.cube.to_json()


def test_the_menu_keeps_the_fingerprint_and_nothing_else_of_the_key(noisy):
    document = noisy.protected.menu.to_document()

    assert Menu.from_document(document) == noisy.protected.menu
    assert document["record_key"] == KEY.fingerprint
    assert KEY.secret.hex() not in str(document)


def test_the_ledger_holds_neither_key_nor_tags(noisy):
    text = str(noisy.protected.entry.to_document())

    assert not [person.person for person in PEOPLE if person.person in text]
    assert KEY.fingerprint not in text


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, Code.RECORD_KEY_MISSING), (RecordKey(b"k" * 40), Code.RECORD_KEY_CHANGED)],
    ids=["missing", "changed"],
)
def test_without_the_key_of_earlier_releases_there_is_no_further_one(noisy, key, code):
    with pytest.raises(ProblemsFound) as found:
        release(PEOPLE, quarter="2026-Q2", history=noisy.history(), policy=T4, record_key=key)

    assert [one.code for one in found.value.problems] == [code]


def test_fewer_than_five_thousand_people_need_no_key():
    assert release(some_people(60)).protected.menu.record_key == ""


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 1000))
def test_over_releases_with_joiners_and_leavers_nothing_small_follows(seed):
    people = some_people(400, seed=seed)
    one = release(people, policy=T4, record_key=KEY)
    stayed = [person for place, person in enumerate(people) if place % 23]
    two = release(
        [*stayed, *some_people(90, seed=seed, batch=2)],
        quarter="2026-Q2", history=one.history(), policy=T4, record_key=KEY,
    )  # fmt: skip
    entries = [one.protected.entry, two.protected.entry]

    assert span.audit_ledger(entries, two.protected.menu, smallest_base=T4.smallest_base) == []
    assert differencing.audit_ledger(entries, two.protected.menu, delta=T4.delta) == []


def test_a_study_that_grows_goes_over_from_rounding_to_noise_and_reprints_what_did_not_change():
    people = some_people(200, seed=3)
    one = release(people)
    newcomers = [changed(person, SC08="S01") for person in some_people(60, seed=3, batch=2)]
    two = release([*people, *newcomers], quarter="2026-Q2", history=one.history(), policy=T4, record_key=KEY)

    held = {group.id: group.n for group in two.cube.groups if group.status is Status.HELD}
    assert held
    assert all(n == one.cube.group[group].n for group, n in held.items())


def test_a_study_starts_with_the_history_of_nothing():
    assert History().menu.record_key == ""
