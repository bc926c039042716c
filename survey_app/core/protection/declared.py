"""What a study declares to publish: checked against its questionnaire, and turned into a plan."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from survey_app.core.privacy import PrivacyClass
from survey_app.core.problems import Code, Problem
from survey_app.core.protection.groups import OWN
from survey_app.core.protection.hierarchies import hierarchy_problems
from survey_app.core.protection.menu import DIMENSIONS, Branch, Menu, trees_of
from survey_app.core.protection.plan import EVERYTHING, MOST_WAYS, Crossing, Plan
from survey_app.core.questionnaire.items import Choice, Item, MultiChoice, Rating
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.publish import Publish

DECLARED_WAYS = 2
"""So many dimensions may be crossed in a study file; three are a custom table."""


def plan_of(publish: Publish | None) -> Plan:
    """Return the plan of a declaration that has no problems; everything by one dimension where there is none."""
    if publish is None:
        return EVERYTHING
    return Plan(
        items=publish.items,
        dimensions=_ordered(DIMENSIONS if publish.dimensions is None else publish.dimensions),
        crossings=tuple(Crossing(by=_ordered(one.by), items=one.items) for one in publish.crossings),
        hierarchies={
            dimension: tuple(Branch(code=f"{OWN}{group.code}", leaves=group.options) for group in groups)
            for dimension, groups in publish.hierarchies.items()
        },
    )


def plan_problems(
    publish: Publish, questionnaire: Questionnaire, modules: tuple[str, ...], *, ways: int = DECLARED_WAYS
) -> list[Problem]:
    """Return everything that is wrong with a declaration.

    Args:
        publish: the declaration.
        questionnaire: that of the study.
        modules: those of the study.
        ways: by how many dimensions at once tables may be.
    """
    there = [tree.dimension for tree in trees_of(questionnaire, modules)]
    problems = [
        *_items(publish, questionnaire, modules),
        *_dimensions(publish, there),
        *(problem for n, one in enumerate(publish.crossings) for problem in _crossing(publish, n, one.by, there, ways)),
    ]
    known = {name: groups for name, groups in publish.hierarchies.items() if name in there}
    declared = plan_of(publish.model_copy(update={"hierarchies": known}))
    trees = trees_of(questionnaire, modules, declared.hierarchies)
    return [*problems, *hierarchy_problems([tree for tree in trees if tree.dimension in known], Menu({}))]


def _ordered(dimensions: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for one in DIMENSIONS if one in dimensions)


def _items(publish: Publish, questionnaire: Questionnaire, modules: tuple[str, ...]) -> Iterator[Problem]:
    asked = {item.id: item for one in questionnaire.modules if one.id in modules for item in one.items}
    scales = {scale.id for scale in questionnaire.scales}
    lists = [("items", publish.items or ())]
    lists += [(f"crossings.{n}.items", one.items) for n, one in enumerate(publish.crossings)]
    for where, names in lists:
        for name in dict.fromkeys(names):
            crossed = where != "items"
            if name not in asked and name not in scales:
                hint = "Use items and scales of the modules of this study."
                values: dict[str, str | int] = {"kind": "The item", "given": name, "hint": hint}
                yield Problem(code=Code.REFERENCE_UNKNOWN, where=where, values=values)
            elif name in asked and (why := _never(asked[name], crossed=crossed)):
                yield Problem(code=Code.MENU_ITEM_NEVER, where=where, values={"given": name, "detail": why})
            elif crossed and publish.items is not None and name not in publish.items:
                yield Problem(code=Code.MENU_ITEM_LEFT_OUT, where=where, values={"given": name})
        yield from _doubled(where, names)


def _never(item: Item, *, crossed: bool) -> str:
    """Why an item is in no table; empty when it may be."""
    if item.privacy not in (PrivacyClass.ORDINARY, PrivacyClass.QUASI_IDENTIFIER):
        return "Texts, consents and what belongs to running the survey are not published."
    if not isinstance(item, Choice | MultiChoice | Rating):
        return "Only choices and ratings are counted."
    if crossed and item.privacy is PrivacyClass.QUASI_IDENTIFIER:
        return "It helps to find people, so it is told for whole populations only."
    return ""


def _dimensions(publish: Publish, there: Sequence[str]) -> Iterator[Problem]:
    for where, names in (("dimensions", publish.dimensions or ()), ("hierarchies", tuple(publish.hierarchies))):
        for name in names:
            if name not in there:
                yield _unknown(where, name, there)
        yield from _doubled(where, names)


def _crossing(publish: Publish, number: int, by: Sequence[str], there: Sequence[str], ways: int) -> Iterator[Problem]:
    where, name = f"crossings.{number}.by", " and ".join(by) or "nothing"
    known = [one for one in by if one in there]
    yield from (_unknown(where, one, there) for one in by if one not in there)
    if not 2 <= len(set(by)) <= MOST_WAYS or len(set(by)) < len(by):
        values: dict[str, str | int] = {"given": name, "known": ", ".join(there)}
        yield Problem(code=Code.MENU_CROSSING_WRONG, where=where, values=values)
    elif len(by) > ways:
        yield Problem(code=Code.MENU_CROSSING_CUSTOM, where=where, values={"given": name})
    left_out = set(known) - set(known if publish.dimensions is None else publish.dimensions)
    for one in sorted(left_out):
        yield Problem(code=Code.MENU_DIMENSION_LEFT_OUT, where=where, values={"given": name, "value": one})
    same = [n for n, other in enumerate(publish.crossings) if set(other.by) == set(by)]
    if number != same[0]:
        yield Problem(code=Code.MENU_TWICE, where=where, values={"given": name})


def _unknown(where: str, name: str, there: Sequence[str]) -> Problem:
    hint = f"Use some of: {', '.join(there)}."
    return Problem(
        code=Code.REFERENCE_UNKNOWN, where=where, values={"kind": "The dimension", "given": name, "hint": hint}
    )


def _doubled(where: str, names: Sequence[str]) -> Iterator[Problem]:
    for name, times in Counter(chain(names)).items():
        if times > 1:
            yield Problem(code=Code.MENU_TWICE, where=where, values={"given": name})
