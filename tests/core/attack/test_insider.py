"""What an insider finds: tiny tables with answers worked out by hand, and each defence taken away."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_app.core.attack.chains import nearest
from survey_app.core.attack.coalition import known_to
from survey_app.core.attack.coarsening import given_up, likely, too_telling
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.feasible import feasible
from survey_app.core.attack.inference import infer, told_by_tables
from survey_app.core.attack.insider import attack
from survey_app.core.attack.puzzle import NOT_KNOWN, Puzzle, base_of, bounds_of, printed_puzzle, puzzles_of
from survey_app.core.attack.solver import Limits
from survey_app.core.attack.starts import starts_of
from survey_app.core.protection.cube import ProtectedTable, PublishedVariable, Status
from survey_app.core.protection.policy import Defences
from survey_app.core.protection.rounding import Printing, figures_of, is_unanimous
from tests.core.protection.small_study import changed, release, some_people

CORPUS = Path(__file__).parents[4] / "shared/corpus/disclosure"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the folder of shared test data is not here")

DICE = Dice(1)


def chance(seed=1):
    return np.random.default_rng(seed)


def puzzle(members, lower, upper):
    members = np.array(members, dtype=bool)
    keys = tuple((f"group/x/{place}", 0) for place in range(len(members)))
    bounds = np.array(lower), np.array(upper)
    return Puzzle(
        name="q", options=bounds[0].shape[1], keys=keys, members=members, lower=bounds[0], upper=bounds[1]
    )  # fmt: skip


# -- H2, by hand -------------------------------------------------------------------------------------


def test_a_group_in_which_all_gave_one_answer_is_determined():
    found = feasible(puzzle([[1, 1, 1]], [[3, 0]], [[3, 0]]))

    assert (found.proven, found.determined, found.excluded) == (True, 3, 0.5)


def test_two_overlapping_groups_fix_the_one_who_is_in_one_only():
    # a and b are in the first group, a, b and c in the second: exactly one yes in both, so c said no
    found = feasible(puzzle([[1, 1, 0], [1, 1, 1]], [[1, 1], [1, 2]], [[1, 1], [1, 2]]))

    assert found.determined == 1
    assert found.possible.tolist() == [[True, True], [True, True], [False, True]]


def test_the_same_groups_rounded_to_five_fix_nobody():
    found = feasible(puzzle([[1, 1, 0], [1, 1, 1]], [[0, 0], [0, 0]], [[2, 2], [2, 2]]))

    assert (found.determined, found.excluded) == (0, 0.0)


def test_fractions_of_people_do_not_count_as_possible():
    # three pairs of three people, one yes in each pair: a linear programme gives half a yes to each, people cannot
    pairs = [[1, 1, 0], [0, 1, 1], [1, 0, 1]]
    found = feasible(puzzle([*pairs, [1, 1, 1]], [[1, 1]] * 3 + [[0, 0]], [[1, 1]] * 3 + [[3, 3]]))

    assert not found.possible.any()


def test_people_of_whom_nothing_was_printed_are_not_counted():
    found = feasible(puzzle([[1, 1, 0]], [[2, 0]], [[2, 0]]))

    assert found.counted.tolist() == [True, True, False]
    assert found.determined == 2


def test_a_solver_that_is_stopped_has_proven_nothing():
    people = 60
    groups = chance().random((14, people)) < 0.5
    answers = chance(2).integers(0, 5, people)
    exact = printed_puzzle("q", groups, answers, options=5, base=1)
    found = feasible(exact, limits=Limits(seconds=0.01, nodes=1))

    assert not found.proven


@needs_corpus
def test_geurts_bounds_of_the_handbook_are_what_the_solver_leaves_open():
    case = json.loads((CORPUS / "handbook/examples.json").read_text())["geurts_1992"]
    # 13 known people are in the six suppressed-or-shown cells; the rows 1 and 2 and both columns are published
    total = {key: case["published"][key] for key in ("1,Total", "2,Total", "Total,1", "Total,2", "3,1", "3,2")}
    people = total["1,Total"] + total["2,Total"]
    rows = np.zeros((3, people), dtype=bool)
    rows[0, : total["1,Total"]], rows[1, total["1,Total"] :], rows[2] = True, True, True
    columns = [total["Total,1"] - total["3,1"], total["Total,2"] - total["3,2"]]
    sizes = [[0, 0], [0, 0], columns]
    tops = [[total["1,Total"]] * 2, [total["2,Total"]] * 2, columns]
    for place, name in enumerate(("1,1", "1,2")):
        low, high = case["expected_bounds"][name]
        for count, possible in ((low, True), (high, True), (low - 1, False), (high + 1, False)):
            lower, upper = [row[:] for row in sizes], [row[:] for row in tops]
            lower[0][place] = upper[0][place] = count
            open_ = feasible(puzzle(rows, np.array(lower), np.maximum(np.array(upper), 0)))
            assert bool(open_.possible.any()) is possible, (name, count)


@needs_corpus
def test_the_problem_of_zeros_is_found():
    """Eight hidden cells are enough against elimination; but nought young people outside Spain fix everybody there."""
    cells = pd.read_csv(CORPUS / "gauss_t7_b_max2.csv").set_index(["age", "geo"])["freq"]
    places = {geo: int(cells["Total", geo]) for geo in ("Iceland", "Portugal", "Spain")}
    of = np.repeat(list(places), list(places.values()))
    everyone, spain = [[int(cells[age, geo]) for age in ("old", "young")] for geo in ("Total", "Spain")]
    eight = feasible(puzzle([of != "", of == "Spain"], [everyone, spain], [everyone, spain]))
    ten = feasible(puzzle([of != ""], [everyone], [everyone]))

    assert (everyone, spain) == ([13, 5], [6, 5])
    assert eight.determined == places["Iceland"] + places["Portugal"] == 7
    assert ten.determined == 0


# -- what the print says -----------------------------------------------------------------------------


def variable(*categories, marks=None):
    return PublishedVariable(
        id="q", item="q", kind="choice", module="M", privacy="P1", direction="none", categories=categories,
        numbers=(None,) * len(categories), marks=marks or {},
    )  # fmt: skip


def table(of, counts, n, *, identifying=False):
    printing = Printing(smallest_base=20, identifying=identifying)
    return ProtectedTable(
        group="g", variable="q", status=Status.SHOWN, n=n, figures=figures_of(of, counts, n, printing),
        unanimous=is_unanimous(counts, n),
    )  # fmt: skip


def test_a_rounded_count_leaves_two_more_or_fewer():
    of = variable("a", "b", "c")
    lower, upper = bounds_of(table(of, [0, 15, 20], 35), of, base=5)

    assert lower.tolist() == [0, 13, 18]
    assert upper.tolist() == [2, 17, 22]


def test_fewer_than_ten_leaves_nought_to_seven():
    of = variable("a", "b")
    lower, upper = bounds_of(table(of, [5, 25], 35, identifying=True), of, base=5)

    assert (lower[0], upper[0]) == (0, 7)


def test_a_mark_tells_the_one_count_in_it_that_is_not_printed():
    of = variable("a", "b", "c", marks={"problem": ("a", "b")})
    lower, upper = bounds_of(table(of, [5, 15, 15], 35, identifying=True), of, base=5)

    assert (lower[0], upper[0]) == (3, 7)


@pytest.mark.parametrize("n", range(20, 205, 5))
def test_a_table_of_one_mind_leaves_five_people_open_whatever_is_behind_the_rounded_numbers(n):
    of = variable("a", "b")
    lowest = min(count for count in range(0, n + 1, 5) if is_unanimous([count, 0], n))
    one = table(of, [lowest, 0], n)
    lower, _ = bounds_of(one, of, base=5)

    assert one.unanimous
    assert lower[0] == lowest - 2
    assert n - 2 - lower[0] >= 5


def test_exact_numbers_are_seen_to_be_exact():
    cube = release(some_people(60), defences=Defences(rounding=False)).cube

    assert base_of(cube) == 1
    assert base_of(release(some_people(60)).cube) == 5


# -- H3 ----------------------------------------------------------------------------------------------


def test_chances_are_those_of_counting_all_that_could_be_true():
    # two of three people said yes, and one of the first two: the third said yes for certain
    found = infer(puzzle([[1, 1, 0], [1, 1, 1]], [[1, 1], [2, 1]], [[1, 1], [2, 1]]), dice=DICE)

    assert found.mixed
    assert found.chances[2].tolist() == [1, 0]
    assert np.allclose(found.chances[:2], 0.5, atol=0.03)
    assert found.sure.tolist() == [False, False, True]


def test_a_table_by_itself_is_told_and_not_found():
    found = infer(puzzle([[1] * 20], [[17, 3]], [[17, 3]]), dice=DICE)

    assert not found.sure.any()
    assert found.sure_by_a_table == 20
    assert np.allclose(found.chances[:, 0], 0.85, atol=0.02)


def test_rounded_margins_give_the_chances_of_enumeration():
    members = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1]], dtype=bool)
    one = puzzle(members, [[1, 0], [1, 0], [2, 1]], [[2, 1], [2, 1], [3, 2]])
    every = [np.array([n >> place & 1 for place in range(4)]) for n in range(16)]
    true = np.array([answers for answers in every if one.allows(answers)])
    found = infer(one, dice=DICE)

    assert len(true) > 2
    assert np.allclose(found.chances[:, 1], true.mean(axis=0), atol=0.05)


def test_chains_that_cannot_meet_are_not_mixed():
    # either all of the left said yes and all of the right no, or the other way round: no small step leads across
    left, right = [1] * 6 + [0] * 6, [0] * 6 + [1] * 6
    crossed = [[int(place in (one, 6 + other)) for place in range(12)] for one in range(6) for other in range(6)]
    one = puzzle([left, right, *crossed], [[0, 0]] * 2 + [[1, 1]] * 36, [[6, 6]] * 2 + [[1, 1]] * 36)
    found = [infer(one, dice=Dice(seed), rounds=((5, 20),)) for seed in range(6)]

    assert not all(one.mixed for one in found)


def test_starts_agree_with_everything_printed_and_differ_from_each_other():
    answers = chance().integers(0, 4, 90)
    groups = np.array([np.arange(90) % 3 == part for part in range(3)] + [np.arange(90) % 4 == p for p in range(4)])
    one = printed_puzzle("q", groups, answers, options=4, base=5)
    starts = starts_of(one, 4, DICE, nearest([one]))

    assert all(one.allows(start) for start in starts)
    assert len({start.tobytes() for start in starts}) == 4
    assert not one.allows(np.full(90, NOT_KNOWN))


# -- H5 ----------------------------------------------------------------------------------------------


def test_a_coalition_takes_itself_out_of_the_print():
    one = puzzle([[1, 1, 1], [1, 1, 1]], [[2, 1], [2, 1]], [[2, 1], [2, 1]])
    left = known_to(one, np.array([0, 0, 1]), 1, chance())

    assert left.sizes.tolist() == [2, 2]
    assert left.lower.sum() == 4


def test_the_only_one_with_another_answer_knows_that_of_all_others():
    one = puzzle([[1] * 5], [[4, 1]], [[4, 1]])

    assert feasible(one).determined == 0
    assert feasible(one.without(np.array([4]), np.array([1]))).determined == 4


# -- what is given up --------------------------------------------------------------------------------


def leaning():
    """Twenty people in two groups; only the four in both can have said what both groups mostly say."""
    people = 60
    one, other = np.arange(people) < 24, np.arange(people) % 6 == 0
    answers = np.where(one | other, 0, 1)
    answers[[1, 2, 3, 30, 36]] = 1
    found = printed_puzzle("q", np.array([one, ~one, other, ~other]), answers, options=2, base=5)
    keys = (("p/age/a", 0), ("p/age/b", 0), ("p/sex/a", 0), ("p/sex/b", 0))
    return replace(found, keys=keys)


def test_what_is_given_up_is_enough_by_the_estimate():
    one = leaning()
    withheld = given_up([one], {"q"}, now=0)

    assert withheld
    assert given_up([one], set(), now=0) == frozenset()
    assert {dimension for _, dimension in withheld} <= {"", "sex", "age", "country", "stage"}


def test_numbers_of_earlier_releases_cannot_be_given_up():
    every = {("q", dimension) for dimension in ("", "sex", "age", "country", "stage")}

    assert too_telling(leaning())
    assert given_up([leaning()], {"q"}, now=1) == every
    assert given_up([leaning()], {"q"}, now=0) < every


def test_groups_by_two_facts_at_once_are_given_up_first():
    one = leaning()
    both = replace(one, keys=(*one.keys[:2], ("p/age*sex/a", 0), ("p/age*sex/b", 0)))

    assert given_up([both], {"q"}, now=0) == {("q", "age*sex")}


def test_at_last_a_question_is_given_up_as_a_whole():
    withheld = given_up([leaning()], {"q"}, now=0, already=frozenset({("q", "age")}), whole=True)

    assert {("q", ""), ("q", "age"), ("q", "sex")} <= withheld


def test_what_is_found_about_a_question_does_not_hang_on_the_others():
    puzzles = [replace(leaning(), name=name) for name in ("a", "b", "c")]
    every = attack(puzzles, dice=DICE)

    assert [one.name for one in every] == ["a", "b", "c"]
    assert attack(puzzles, dice=DICE, only={"b"}) == every[1:2]


def test_the_estimate_has_the_printed_counts_as_margins():
    one = leaning()
    chances = likely(one)

    assert np.allclose(chances.sum(axis=1), 1)
    assert np.allclose(one.members @ chances, (one.lower + np.minimum(one.upper, one.sizes[:, None])) / 2, atol=1.5)
    assert (told_by_tables(one) <= 1).all()


# -- releases, and each defence taken away -----------------------------------------------------------


def test_nobody_is_determined_in_two_releases_of_a_small_study():
    people = some_people(110, seed=4)
    one = release(people)
    later = [*people[3:], *some_people(40, seed=4, batch=2)]
    two = release(later, quarter="2026-Q2", history=one.history())
    made = (one, two)
    puzzles = puzzles_of([m.protected.entry for m in made], [m.cube for m in made], two.protected.menu)
    found = attack(puzzles, dice=DICE)

    assert len(found) > 5
    assert all(question.determined == 0 and question.proven and question.mixed for question in found)
    assert max(question.excluded for question in found) <= 0.05


def test_places_agree_with_what_was_published():
    made = release(some_people(80, seed=6))
    puzzles = puzzles_of([made.protected.entry], [made.cube], made.protected.menu)

    for one in puzzles:
        assert (one.lower.sum(axis=1) <= one.sizes).all()
        assert (one.upper.sum(axis=1) >= one.sizes).all()


def test_without_rounding_the_alarm_rings():
    people = some_people(99, seed=2, skipped=0)
    early = [one for one in people if one.answers.value("SC08") == "S01" and one.answers.value("CJ01") == "always"]
    people = [changed(one, CJ01="never") if one in early else one for one in people]
    impossible = []
    for rounding in (False, True):
        made = release(people, defences=Defences(rounding=rounding))
        puzzles = puzzles_of([made.protected.entry], [made.cube], made.protected.menu)
        impossible.append(feasible(next(one for one in puzzles if one.name == "CJ01")).excluded)

    assert impossible[0] > 0.05
    assert impossible[1] == 0


def test_without_the_rule_of_unanimity_the_alarm_rings():
    alike = [changed(person, CJ01="never") for person in some_people(60, seed=2, skipped=0)]
    made = release(alike, defences=Defences(unanimity=False, rounding=False))
    (one,) = [p for p in puzzles_of([made.protected.entry], [made.cube], made.protected.menu) if p.name == "CJ01"]

    assert feasible(one).determined == 60
