"""Hierarchies that contradict themselves, or those of earlier releases: named, and nothing is published."""

from dataclasses import replace

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection import tables
from survey_app.core.protection.hierarchies import hierarchy_problems
from survey_app.core.protection.menu import NOT_STATED, Branch, Menu, Part, Tree
from survey_app.core.protection.people import people_of, populations_of
from survey_app.core.protection.policy import policy_for
from tests.core.protection.small_study import release, some_people

TREE = Tree(
    dimension="age", column="DM03", leaves=("young", "middle", "old", NOT_STATED),
    branches=(Branch(code="to59", leaves=("young", "middle")), Branch(code="over59", leaves=("old",))),
)  # fmt: skip


def found(tree, menu=None):
    problems = hierarchy_problems([tree] if tree else [], menu or Menu({}))
    return [(one.code, one.values["value"]) for one in problems]


def with_branches(*branches):
    return replace(TREE, branches=tuple(Branch(code=code, leaves=leaves) for code, leaves in branches))


def test_a_sound_hierarchy_has_no_problem():
    assert found(TREE) == []


@pytest.mark.parametrize(
    ("tree", "named"),
    [
        (with_branches(("to59", ("young", "middle")), ("over59", ("middle", "old"))), "middle"),
        (with_branches(("to59", ("young", "young"))), "young"),
        (with_branches(("to59", ("young", "nobody"))), "nobody"),
        (with_branches(("to59", ("young",)), ("to59", ("old",))), "to59"),
        (with_branches(("old", ("young", "middle"))), "old"),
        (replace(TREE, leaves=(*TREE.leaves, "old")), "old"),
    ],
    ids=[
        "two groups",
        "twice in one",
        "no answer",
        "one code twice",
        "a group named as another's answer",
        "leaf twice",
    ],
)
def test_a_contradiction_is_named(tree, named):
    assert (Code.HIERARCHY_CONTRADICTS, named) in found(tree)


@pytest.mark.parametrize(
    ("tree", "named"),
    [
        (with_branches(("to59", ("young",)), ("over59", ("middle", "old"))), "middle"),
        (with_branches(("to59", ("young", "middle"))), "old"),
        (replace(TREE, leaves=("young", "middle", "old", "oldest", NOT_STATED)), "oldest"),
        (replace(TREE, leaves=("young", "middle", NOT_STATED), branches=TREE.branches[:1]), "old"),
    ],
    ids=["moved", "taken out of its group", "new", "gone"],
)
def test_a_change_since_the_releases_before_is_named(tree, named):
    assert found(tree, Menu({}, trees=(TREE,))) == [(Code.HIERARCHY_CHANGED, named)]


def test_a_dimension_that_was_published_and_is_gone_is_named():
    parts = (Part(category="young", members=("young",)), Part(category="rest", members=("middle", "old", NOT_STATED)))

    assert found(None, Menu({("patient", "age"): parts}, trees=(TREE,))) == [(Code.HIERARCHY_CHANGED, "young")]
    assert found(None, Menu({}, trees=(TREE,))) == []


def test_a_menu_without_hierarchies_is_held_to_its_partitions():
    parts = (Part(category="young", members=("young",)), Part(category="rest", members=("middle", "old")))

    assert found(TREE, Menu({("patient", "age"): parts})) == [(Code.HIERARCHY_CHANGED, NOT_STATED)]


def test_hierarchies_are_kept_in_the_document_of_the_menu():
    menu = Menu({}, trees=(TREE,))

    assert Menu.from_document(menu.to_document()) == menu


def test_a_release_along_another_hierarchy_is_refused():
    people = some_people(120, seed=3)
    one = release(people)
    first, *others = one.protected.menu.trees
    moved = replace(first, branches=first.branches[:1])
    history = one.history()
    changed = replace(history, menu=replace(history.menu, trees=(moved, *others)))

    with pytest.raises(ProblemsFound) as refused:
        release(people, quarter="2026-Q2", history=changed)
    assert {problem.code for problem in refused.value.problems} == {Code.HIERARCHY_CHANGED}


def test_a_release_along_a_contradictory_hierarchy_is_refused():
    made = release(some_people(120, seed=3))
    wrong = replace(made.people.trees[0], leaves=(*made.people.trees[0].leaves, "S01"))
    people = people_of(made.dataset, populations_of(("patient",), ("prospective",)), (wrong,))

    with pytest.raises(ProblemsFound) as refused:
        tables.protect(None, people, (), made.history(), policy_for(120))
    assert Code.HIERARCHY_CONTRADICTS in {problem.code for problem in refused.value.problems}
