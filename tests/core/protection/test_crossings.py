"""Groups by several dimensions at once: how they are pooled, when they are published, what they give away: nothing."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.attack.subtraction import remainders, small_numbers
from survey_app.core.protection.crossings import Counted, coarser, cross, guarded_sets, tree_over
from survey_app.core.protection.cube import Status
from survey_app.core.protection.groups import is_crossing, split
from survey_app.core.protection.menu import Branch, Menu, Part, Tree
from survey_app.core.protection.plan import Crossing, Plan
from survey_app.core.protection.policy import policy_for
from survey_app.outputs import as_tables_csv
from tests.core.protection.exact_search import recovered_sets, smallest_set
from tests.core.protection.random_study import crossed_study, recovered, releases_of
from tests.core.protection.small_study import release, some_people

STAGE_BY_AGE = Plan(crossings=(Crossing(by=("stage", "age")),))
ROWS = tuple(Part(category=code, members=(code,)) for code in ("one", "two", "three"))
COLUMNS = tuple(Part(category=code, members=(code,)) for code in ("a", "b", "c", "d", "rest"))
TREE = Tree(
    dimension="country", column="C", leaves=("a", "b", "c", "d", "rest"),
    branches=(Branch(code="north", leaves=("a", "b")), Branch(code="south", leaves=("c", "d"))),
)  # fmt: skip

tables_of_counts = st.lists(st.integers(0, 90), min_size=15, max_size=15)


def counted(numbers):
    cells = list(product(("one", "two", "three"), TREE.leaves))
    return Counted(
        dimensions=("stage", "country"), parts=(ROWS, COLUMNS), tree=tree_over(COLUMNS, TREE),
        people={cell: number for cell, number in zip(cells, numbers, strict=True) if number},
    )  # fmt: skip


def size(table, part):
    return table.size(split(cell) for cell in part.members)


@settings(deadline=None)
@given(tables_of_counts)
def test_every_group_has_enough_people_or_nobody(numbers):
    table = counted(numbers)

    assert all(size(table, part) == 0 or size(table, part) >= 50 for part in cross(table, 50))


@settings(deadline=None)
@given(tables_of_counts)
def test_a_row_that_is_divided_is_divided_whole(numbers):
    parts = cross(counted(numbers), 50)
    cells = [split(cell) for part in parts for cell in part.members]

    assert len(cells) == len(set(cells))
    assert {row: sum(cell[0] == row for cell in cells) for row in {cell[0] for cell in cells}} == dict.fromkeys(
        {cell[0] for cell in cells}, 5
    )


@settings(deadline=None)
@given(tables_of_counts, st.sets(st.sampled_from(TREE.leaves), min_size=1))
def test_what_columns_hold_beside_their_groups_is_nobody_or_enough(numbers, columns):
    table = counted(numbers)
    groups = [[split(cell) for cell in part.members] for part in cross(table, 50)]
    inside = [cells for cells in groups if {cell[1] for cell in cells} <= columns]
    wanted = {cell[1] for cells in inside for cell in cells}
    left = sum(
        number for cell, number in table.people.items()
        if cell[1] in wanted and not any(cell in cells for cells in inside)
    )  # fmt: skip

    assert len(wanted) != 1 or left == 0 or left >= 50


@settings(deadline=None)
@given(tables_of_counts)
def test_making_a_crossing_coarser_comes_to_an_end(numbers):
    table = counted(numbers)
    parts = cross(table, 50)

    for _ in range(20):
        parts = coarser(parts, table, 50) if parts else ()
    assert parts == ()


def test_single_cells_and_what_columns_hold_besides_are_guarded():
    parts = (Part(category="one*a", members=("one*a",)), Part(category="one*rest", members=("one*b",)))
    both = {"stage": ROWS[:2], "country": COLUMNS[:2], "stage*country": parts}
    menu = Menu({("p", dimension): found for dimension, found in both.items()})

    assert set(guarded_sets(menu, "p", "stage*country")) == {"p/stage*country/=two*a", "p/stage*country/=two*b"}


@pytest.mark.parametrize(("people", "crossed"), [(900, False), (1600, True)])
def test_two_way_groups_begin_at_a_thousand_people(people, crossed):
    cube = release(some_people(people, seed=3), plan=STAGE_BY_AGE).cube

    assert any(is_crossing(group.dimension) and group.status is Status.SHOWN for group in cube.groups) is crossed


def test_nobody_who_did_not_ask_for_a_crossing_gets_one():
    assert not [group for group in release(some_people(1600, seed=3)).cube.groups if is_crossing(group.dimension)]


def test_a_crossing_has_tables_of_its_items_only():
    plan = Plan(crossings=(Crossing(by=("stage", "age"), items=("CJ01", "JB")),))
    cube = release(some_people(1600, seed=3), plan=plan).cube

    assert {table.variable for table in cube.tables if is_crossing(table.group)} == {"CJ01", "JB"}


def test_two_way_groups_have_fifty_people_whoever_looks_at_the_file():
    cube = release(some_people(1600, seed=3), plan=STAGE_BY_AGE).cube
    text = as_tables_csv.text_of(cube)
    crossed = [row for row in small_numbers(text, smallest=50) if row["rows"].count(";") > 1]

    assert "stage=S01;age=a40" in text
    assert [row for row in crossed if row["statistic"] in ("count", "n")] == []
    assert [one for one in remainders(text, rounding_base=5) if one.lowest > 0 and one.highest < 20] == []


def test_crossings_are_computed_anew_once_a_year_and_reprinted_in_between():
    people = some_people(1600, seed=3)
    made = [release(people, plan=STAGE_BY_AGE)]
    for number, quarter in enumerate(("2026-Q3", "2027-Q1"), start=2):
        people += some_people(600, seed=3, batch=number)
        history = made[-1].history(*made[:-1])
        made.append(release(people, plan=STAGE_BY_AGE, quarter=quarter, history=history))
    since = [
        {group.since for group in one.cube.groups if is_crossing(group.dimension) and group.n} for one in made
    ]  # fmt: skip

    assert since[:2] == [{"2026-Q1"}, {"2026-Q1"}]
    assert "2027-Q1" in since[2]


def test_a_crossing_keeps_the_groups_it_began_with():
    people = some_people(1600, seed=3)
    one = release(people, plan=STAGE_BY_AGE)
    two = release(
        people + some_people(1500, seed=9, batch=2), plan=STAGE_BY_AGE, quarter="2027-Q1", history=one.history()
    )

    assert two.protected.menu.partitions == one.protected.menu.partitions


def test_three_dimensions_at_once_begin_at_five_thousand_people():
    plan = Plan(crossings=(Crossing(by=("stage", "age", "sex")),))
    people = some_people(1600, seed=3)
    large = release(people, plan=plan, policy=replace(policy_for(1600), ways=3)).cube
    small = release(people, plan=plan).cube

    assert [is_crossing(group.id) for group in small.groups].count(True) == 0
    assert {group.category.count("*") for group in large.groups if is_crossing(group.id)} == {2}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_group_of_too_few_people_is_recoverable_from_crossings(seed):
    study = crossed_study(seed)
    made = releases_of(study)

    assert recovered(study, made) == 0
    assert recovered_sets(made, study.policy.smallest_base) == {}


def test_the_exact_search_finds_what_is_there():
    groups = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]], dtype=bool)

    assert smallest_set(groups, np.array([5, 4, 40, 50]), 10) == 9
    assert smallest_set(groups[:2], np.array([5, 4, 40, 50]), 10) is None
