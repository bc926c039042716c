"""Are the hierarchies sound, and are they still those of the releases before? Asked before anything is counted."""

from collections import Counter
from collections.abc import Iterator, Sequence

from survey_app.core.problems import Code, Problem
from survey_app.core.protection.groups import is_crossing
from survey_app.core.protection.menu import Menu, Tree


def hierarchy_problems(trees: Sequence[Tree], menu: Menu) -> list[Problem]:
    """Return every contradiction in `trees`, and every difference to what `menu` was made along."""
    now = {tree.dimension: tree for tree in trees}
    before = {tree.dimension: tree for tree in menu.trees}
    used = dict.fromkeys(dimension for _, dimension in menu.partitions if not is_crossing(dimension))
    problems = [one for tree in trees for one in _contradictions(tree)]
    for dimension, tree in before.items():
        if dimension in now or dimension in used:
            problems += _changes(tree, now.get(dimension))
    for dimension in used:
        if dimension not in before:
            problems += _unlike_partitions(dimension, menu, now.get(dimension))
    return problems


def _contradictions(tree: Tree) -> Iterator[Problem]:
    placed = Counter(leaf for branch in tree.branches for leaf in branch.leaves)
    wrong = [leaf for leaf, times in Counter(tree.leaves).items() if times > 1]
    wrong += [leaf for leaf, times in placed.items() if times > 1 or leaf not in tree.leaves]
    wrong += [code for code, times in Counter(branch.code for branch in tree.branches).items() if times > 1]
    wrong += [branch.code for branch in tree.branches if branch.code in {*tree.leaves} - {*branch.leaves}]
    for value in dict.fromkeys(wrong):
        values: dict[str, str | int] = {"given": tree.dimension, "value": value}
        yield Problem(code=Code.HIERARCHY_CONTRADICTS, where=tree.dimension, values=values)


def _changes(before: Tree, now: Tree | None) -> Iterator[Problem]:
    """The first leaf that has another place; one is enough to refuse, and a list of all would be long."""
    places, places_now = _places(before), _places(now) if now else {}
    leaves = dict.fromkeys((*before.leaves, *(now.leaves if now else ())))
    moved = (leaf for leaf in leaves if leaf not in places or places[leaf] != places_now.get(leaf))
    for leaf in list(moved)[:1]:
        yield _changed(before.dimension, leaf)


def _unlike_partitions(dimension: str, menu: Menu, now: Tree | None) -> Iterator[Problem]:
    """The same for a menu from before hierarchies were kept: what is in no part, or in one and no longer a leaf."""
    leaves = set(now.leaves) if now else set()
    for (_, one), parts in menu.partitions.items():
        unlike = leaves ^ {leaf for part in parts for leaf in part.members}
        if one == dimension and unlike:
            yield _changed(dimension, min(unlike))
            return


def _places(tree: Tree) -> dict[str, str]:
    above = {leaf: branch.code for branch in tree.branches for leaf in branch.leaves}
    return {leaf: above.get(leaf, "") for leaf in tree.leaves}


def _changed(dimension: str, leaf: str) -> Problem:
    return Problem(code=Code.HIERARCHY_CHANGED, where=dimension, values={"given": dimension, "value": leaf})
