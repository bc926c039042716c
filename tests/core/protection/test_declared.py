"""What a study declares to publish: each fault is named, all at once; what is not declared does not exist."""

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.declared import plan_of, plan_problems
from survey_app.core.protection.menu import DIMENSIONS
from survey_app.core.protection.plan import EVERYTHING, Crossing, Plan
from survey_app.core.questionnaire.publish import parse_publish
from tests.core.protection.small_study import MODULES, QUESTIONNAIRE, release, some_people


def faults(document, ways=2):
    return [(one.code, one.where) for one in plan_problems(parse_publish(document), QUESTIONNAIRE, MODULES, ways=ways)]


def test_a_study_that_declares_nothing_publishes_every_item_by_one_dimension():
    assert plan_of(None) == EVERYTHING == Plan(items=None, dimensions=DIMENSIONS, crossings=())


def test_a_sound_declaration_has_no_faults():
    hierarchies = {"country": [{"code": "dach", "options": ["DE", "AT", "CH"]}]}
    declared = {"items": ["CJ01", "JB"], "crossings": [{"by": ["age", "stage"]}], "hierarchies": hierarchies}

    assert faults(declared) == []
    assert plan_of(parse_publish(declared)).crossings == (Crossing(by=("stage", "age")),)


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"items": ["XX99"]}, (Code.REFERENCE_UNKNOWN, "items")),
        ({"items": ["CJ21"]}, (Code.MENU_ITEM_NEVER, "items")),
        ({"items": ["DM01"]}, (Code.MENU_ITEM_NEVER, "items")),
        ({"items": ["CJ01", "CJ01"]}, (Code.MENU_TWICE, "items")),
        ({"dimensions": ["shoe_size"]}, (Code.REFERENCE_UNKNOWN, "dimensions")),
        ({"dimensions": ["age", "age"]}, (Code.MENU_TWICE, "dimensions")),
        ({"crossings": [{"by": ["stage"]}]}, (Code.MENU_CROSSING_WRONG, "crossings.0.by")),
        ({"crossings": [{"by": ["stage", "stage"]}]}, (Code.MENU_CROSSING_WRONG, "crossings.0.by")),
        ({"crossings": [{"by": ["stage", "height"]}]}, (Code.REFERENCE_UNKNOWN, "crossings.0.by")),
        ({"crossings": [{"by": ["stage", "age", "sex"]}]}, (Code.MENU_CROSSING_CUSTOM, "crossings.0.by")),
        (
            {"crossings": [{"by": ["stage", "age"]}, {"by": ["age", "stage"]}]},
            (Code.MENU_TWICE, "crossings.1.by"),
        ),
        (
            {"dimensions": ["age"], "crossings": [{"by": ["stage", "age"]}]},
            (Code.MENU_DIMENSION_LEFT_OUT, "crossings.0.by"),
        ),
        (
            {"items": ["CJ01"], "crossings": [{"by": ["stage", "age"], "items": ["CJ02"]}]},
            (Code.MENU_ITEM_LEFT_OUT, "crossings.0.items"),
        ),
        (
            {"crossings": [{"by": ["stage", "age"], "items": ["DM03"]}]},
            (Code.MENU_ITEM_NEVER, "crossings.0.items"),
        ),
        ({"hierarchies": {"height": [{"code": "a", "options": ["b"]}]}}, (Code.REFERENCE_UNKNOWN, "hierarchies")),
        (
            {"hierarchies": {"country": [{"code": "a", "options": ["DE"]}, {"code": "b", "options": ["DE", "FR"]}]}},
            (Code.HIERARCHY_CONTRADICTS, "country"),
        ),
        (
            {"hierarchies": {"country": [{"code": "a", "options": ["DE", "Atlantis"]}]}},
            (Code.HIERARCHY_CONTRADICTS, "country"),
        ),
    ],
)
def test_each_fault_is_named(document, fault):
    assert faults(document) == [fault]


def test_all_faults_are_told_at_once():
    hierarchies = {"age": [{"code": "a", "options": ["a18"]}, {"code": "b", "options": ["a18"]}]}
    document = {"items": ["XX99"], "dimensions": ["x"], "crossings": [{"by": ["y"]}], "hierarchies": hierarchies}

    assert len(faults(document)) == 5


def test_a_key_that_does_not_exist_is_told():
    with pytest.raises(ProblemsFound) as found:
        parse_publish({"filters": ["anything"]})
    assert [one.where for one in found.value.problems] == ["filters"]


def test_three_dimensions_are_a_custom_table():
    assert faults({"crossings": [{"by": ["stage", "age", "sex"]}]}, ways=3) == []


def test_what_is_not_declared_does_not_exist():
    plan = plan_of(parse_publish({"items": ["CJ01", "JB"], "dimensions": ["age"]}))
    cube = release(some_people(300), plan=plan).cube

    assert {table.variable for table in cube.tables} == {"CJ01", "JB"}
    assert {group.dimension for group in cube.groups} == {"", "age"}


def test_broader_groups_of_the_study_take_the_place_of_those_of_the_questionnaire():
    declared = parse_publish({"hierarchies": {"country": [{"code": "small", "options": ["IE", "GB", "PT", "ES"]}]}})
    plan = plan_of(declared)
    cube = release(some_people(300), plan=plan).cube

    assert plan.hierarchies["country"][0].code == "own:small"
    assert any("own:small" in group.category or group.category == "rest:own:small" for group in cube.groups)


def test_a_plan_is_the_same_after_it_was_stored():
    plan = plan_of(
        parse_publish({
            "items": ["CJ01"], "crossings": [{"by": ["stage", "age"], "items": ["CJ01"]}],
            "hierarchies": {"age": [{"code": "young", "options": ["a18", "a40"]}]},
        })
    )  # fmt: skip

    assert Plan.from_document(plan.to_document()) == plan
