"""Releases of generated people, attacked in every way there is; and each defence taken away, to see the alarm ring."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.attack import differencing, span
from survey_app.core.attack.subtraction import remainders, small_numbers
from survey_app.core.protection.cube import ProtectedCube, Status
from survey_app.core.protection.policy import ALL_DEFENCES, Defences
from survey_app.outputs import as_tables_csv
from tests.core.protection.small_study import COUNTRIES, Made, changed, release, some_people

BOTH = ("prospective", "retrospective")
seeds = st.integers(0, 10_000)
sizes = st.integers(25, 260)


def first_and_second(n, more, seed, *, defences=ALL_DEFENCES):
    """A release of `n` people and one of `more` besides, some of the first having withdrawn."""
    people = some_people(n, seed=seed, modes=BOTH, caregivers=0.12, proxies=0.03)
    one = release(people, modes=BOTH, defences=defences)
    stayed = [person for place, person in enumerate(people) if place % 29]
    joined = some_people(more, seed=seed, batch=2, modes=BOTH, caregivers=0.12, proxies=0.03)
    two = release([*stayed, *joined], quarter="2026-Q2", history=one.history(), modes=BOTH, defences=defences)
    return one, two


def ledger(*made: Made):
    return [one.protected.entry for one in made], made[-1].protected.menu


def hidden_remainders(made: Made):
    """For each variable and dimension with hidden groups: how many people with a value are in those groups, exactly."""
    cube, people = made.cube, made.people
    for remainder in remainders(as_tables_csv.text_of(cube), rounding_base=5):
        if remainder.table in ("people", "flow"):
            continue
        population = remainder.population.removeprefix("population=")
        parts = made.protected.menu.partitions[population, remainder.dimension]
        hidden = {
            leaf
            for part in parts
            if f"{remainder.dimension}={part.category}" in remainder.hidden
            for leaf in part.members
        }
        tree = next(tree for tree in people.trees if tree.dimension == remainder.dimension)
        inside = np.isin(np.array(tree.leaves)[people.leaves[remainder.dimension]], list(hidden))
        inside &= people.population == people.position(population)
        column = remainder.table if remainder.table in people.dataset.frame else None
        if column:
            yield int((inside & (people.dataset.frame[column].to_numpy() >= 0)).sum())


# -- all defences stand ------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(sizes, seeds)
def test_nothing_small_follows_by_subtraction_over_all_releases(n, seed):
    entries, menu = ledger(*first_and_second(n, 45, seed))

    assert span.audit_ledger(entries, menu, smallest_base=20) == []


@settings(max_examples=12, deadline=None)
@given(sizes, seeds)
def test_no_two_publications_differ_by_a_few_people(n, seed):
    entries, menu = ledger(*first_and_second(n, 45, seed))

    assert differencing.audit_ledger(entries, menu, delta=20) == []


@settings(max_examples=12, deadline=None)
@given(sizes, seeds)
def test_no_number_is_about_fewer_people_than_the_smallest_base(n, seed):
    for made in first_and_second(n, 45, seed):
        assert small_numbers(as_tables_csv.text_of(made.cube), smallest=20) == []


@settings(max_examples=12, deadline=None)
@given(sizes, seeds)
def test_an_outsider_with_the_tables_alone_isolates_no_hidden_group(n, seed):
    made = release(some_people(n, seed=seed, modes=BOTH, skipped=0.12), modes=BOTH)

    assert all(people == 0 or people >= 20 for people in hidden_remainders(made))


@settings(max_examples=12, deadline=None)
@given(sizes, seeds)
def test_every_count_is_a_multiple_of_five(n, seed):
    cube = release(some_people(n, seed=seed, modes=BOTH), modes=BOTH).cube

    counts = [figure.value for table in cube.tables for figure in table.figures if figure.statistic == "count"]
    counts += [count for table in cube.tables for count in (*table.missing.values(), table.n)]
    counts += [cube.persons, *cube.flow.values(), *(group.n for group in cube.groups)]
    assert all(count is None or count % 5 == 0 for count in counts)


@settings(max_examples=20, deadline=None)
@given(sizes, seeds)
def test_a_cube_is_the_same_after_it_was_stored(n, seed):
    cube = release(some_people(n, seed=seed, modes=BOTH), modes=BOTH).cube

    assert ProtectedCube.from_json(cube.to_json()).to_json() == cube.to_json()


# -- non-interference --------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(seeds, st.randoms(use_true_random=False))
def test_what_the_cube_does_not_show_does_not_change_it(seed, chance: random.Random):
    people = some_people(150, seed=seed)
    disturbed = [_disturbed(person, chance) for person in people]
    chance.shuffle(disturbed)

    assert release(disturbed).cube.to_json() == release(people).cube.to_json()


def _disturbed(record, chance):
    """Another language, other words, and (for patients) other bits that no table shows."""
    record = replace(record, language=chance.choice(["de", "fr"]))
    return changed(record, CJ21=f"other words {chance.random()}") if "CJ21" in record.answers else record


def test_who_gave_which_answer_within_a_group_does_not_change_the_cube():
    people = some_people(150, seed=5, skipped=0)
    alike = {}
    for place, person in enumerate(people):
        key = tuple(person.answers.value(item) for item in ("SC07", "SC08", "SC10", "DM01", "DM03", "DM04"))
        alike.setdefault(key, []).append(place)
    swapped = list(people)
    for places in alike.values():
        for place, other in zip(places, reversed(places), strict=True):
            swapped[place] = changed(people[place], CJ10=people[other].answers.value("CJ10"))

    assert swapped != people
    assert release(swapped).cube.to_json() == release(people).cube.to_json()


def test_counts_that_round_alike_look_alike():
    people = some_people(150, seed=5, skipped=0)
    cube = release(people).cube.to_json()
    answers = ("never", "sometimes", "often", "always")
    quiet = [
        release([changed(people[0], CJ11=answer), *people[1:]]).cube.to_json() == cube for answer in answers
    ]  # fmt: skip

    assert sum(quiet) >= 2


# -- over time ---------------------------------------------------------------------------------------


def test_a_group_that_a_few_people_joined_is_reprinted_with_its_old_quarter():
    people = some_people(120, seed=3)
    one = release(people)
    newcomers = [changed(person, SC08="S01") for person in some_people(25, seed=3, batch=2)]
    two = release([*people, *newcomers], quarter="2026-Q2", history=one.history())

    first, second = (made.cube.group["patient.prospective/stage/S03"] for made in (one, two))
    assert first.status is Status.SHOWN
    assert second.status is Status.HELD
    assert (second.n, second.since) == (first.n, "2026-Q1")
    held = two.cube.table("patient.prospective/stage/S03", "CJ01")
    assert replace(held, status=Status.SHOWN) == one.cube.table("patient.prospective/stage/S03", "CJ01")


def test_a_group_that_twenty_people_joined_is_computed_anew():
    people = some_people(120, seed=3)
    one = release(people)
    newcomers = [changed(person, SC08="S01") for person in some_people(40, seed=3, batch=2)]
    two = release([*people, *newcomers], quarter="2026-Q2", history=one.history())

    assert two.cube.group["patient.prospective/stage/S01"].since == "2026-Q2"
    assert two.cube.group["patient.prospective"].since == "2026-Q2"


def test_people_who_left_count_like_people_who_joined():
    people = some_people(150, seed=3)
    one = release(people)
    stayed = people[:138]
    joined = some_people(8, seed=3, batch=2)
    few = release([*stayed, *joined[:7]], quarter="2026-Q2", history=one.history())
    many = release([*stayed, *joined], quarter="2026-Q2", history=one.history())

    assert few.cube.group["patient.prospective"].status is Status.HELD
    assert many.cube.group["patient.prospective"].status is Status.SHOWN


def test_nothing_changes_when_nobody_came_or_left():
    people = some_people(120, seed=3)
    one = release(people)
    two = release(people, quarter="2026-Q2", history=one.history())

    assert {group.status for group in two.cube.groups if group.n} == {Status.HELD}


def test_a_question_that_a_few_newcomers_were_asked_is_reprinted_while_its_group_is_new():
    people = some_people(150, seed=3)
    one = release(people)
    newcomers = [changed(person, SC08="S01") for person in some_people(38, seed=3, batch=2)]
    newcomers += [changed(person, SC08="S03", CJ11="often") for person in some_people(4, seed=4, batch=2)]
    two = release([*people, *newcomers], quarter="2026-Q2", history=one.history())

    asked_of_few = two.cube.table("patient.prospective", "CJ11")
    assert two.cube.group["patient.prospective"].status is Status.SHOWN
    assert (asked_of_few.status, asked_of_few.since) == (Status.HELD, "2026-Q1")


def test_a_study_that_grows_gets_its_groups_later():
    people = some_people(40, seed=3)
    one = release(people)
    grown = [*people, *some_people(160, seed=3, batch=2)]
    two = release(grown, quarter="2026-Q2", history=one.history())

    assert [group.id for group in one.cube.groups] == ["everyone", "patient.prospective"]
    assert len(two.cube.groups_of("patient.prospective", "stage")) >= 2
    entries, menu = ledger(one, two)
    assert span.audit_ledger(entries, menu, smallest_base=20) == []


def test_a_menu_that_was_frozen_stays():
    one, two = first_and_second(200, 150, 11)

    for key, parts in one.protected.menu.partitions.items():
        assert two.protected.menu.partitions[key] == parts


# -- each defence taken away -------------------------------------------------------------------------


def test_without_rounding_the_alarm_rings():
    cube = release(some_people(150), defences=Defences(rounding=False)).cube

    assert any(
        figure.value % 5
        for table in cube.tables
        for figure in table.figures
        if figure.statistic == "count" and figure.value
    )


def test_without_sticky_cells_and_span_gate_the_alarm_rings():
    entries, menu = ledger(*first_and_second(200, 25, 1, defences=Defences(sticky=False, span=False)))

    assert span.audit_ledger(entries, menu, smallest_base=20)
    assert differencing.audit_ledger(entries, menu, delta=20)


def test_without_sticky_cells_groups_vanish_and_tell_that_something_changed():
    _, two = first_and_second(200, 25, 1, defences=Defences(sticky=False))

    gone = [group for group in two.cube.groups if group.status is Status.HIDDEN]
    assert gone


def test_without_the_span_gate_the_alarm_rings():
    made = release(some_people(160, seed=2, skipped=0.12), defences=Defences(span=False))
    entries, menu = ledger(made)

    assert span.audit_ledger(entries, menu, smallest_base=20)
    assert any(0 < people < 20 for people in hidden_remainders(made))


def test_without_pooling_and_span_gate_a_threshold_alone_gives_the_small_groups_away():
    sharply = some_people(160, seed=2, skipped=0, countries=("DE", "FR", "NL", "AT"))
    made = release(sharply, defences=Defences(pooling=False, span=False))
    entries, menu = ledger(made)

    assert span.audit_ledger(entries, menu, smallest_base=20)


def test_without_the_unanimity_rule_the_alarm_rings():
    people = [changed(person, CJ10=9) for person in some_people(150)]
    naive, safe = release(people, defences=Defences(unanimity=False)).cube, release(people).cube

    def certain(cube):
        return [
            f for table in cube.tables for f in table.figures if f.statistic == "share" and f.value and f.value > 0.9
        ]

    assert certain(naive)
    assert not certain(safe)


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_country_with_few_people_is_neither_shown_nor_alone_in_a_group(country):
    cube = release(some_people(150, seed=9)).cube

    found = [group for group in cube.groups if group.dimension == "country" and country in group.members]
    assert all(group.n is None or group.n >= 20 for group in found)
