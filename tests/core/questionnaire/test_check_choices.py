"""Faults of designs, rankings, windows and wordings are told with their place."""

import pytest
from ruamel.yaml import YAML

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.questionnaire.parse import parse
from tests.choices_questionnaire import TEXT
from tests.core.response.test_routing import _tuples


def problems(old: str, new: str) -> list[tuple[Code, str]]:
    assert old in TEXT
    with pytest.raises(ProblemsFound) as found:
        parse(_tuples(YAML(typ="safe").load(TEXT.replace(old, new, 1))))
    assert all(one.sentence for one in found.value.problems)
    return [(one.code, one.where) for one in found.value.problems]


def test_the_longer_file_is_sound():
    assert parse(_tuples(YAML(typ="safe").load(TEXT))).carers == {"caregiver"}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("design: FOUR, list: 1", "design: FIVE, list: 1", [(Code.REFERENCE_UNKNOWN, "modules.2.items.0.design")]),
        ("        design: FOUR\n", "        design: FIVE\n", [(Code.REFERENCE_UNKNOWN, "modules.2.items.2.design")]),
        ("list: 2", "list: 3", [(Code.DESIGN_LIST_UNKNOWN, "modules.2.items.1.list")]),
        ("list: 2", "list: 1", [(Code.DESIGN_LIST_UNKNOWN, "modules.2.items.1.list")]),
        ("list: 2", "list: 0", [(Code.VALUE_WRONG, "modules.2.items.1.list")]),
        ("design: FOUR, list: 2", "design: FOUR", [(Code.KEY_MISSING, "modules.2.items.1.list")]),
        ("[[O1, O2], [O3, O4]]", "[[O1, O2], [O3, O9]]", [(Code.DESIGN_INCOMPLETE, "designs.FOUR.versions.0")]),
        ("[[O1, O2], [O3, O4]]", "[[O1, O2], [O3, O1]]", [(Code.DESIGN_INCOMPLETE, "designs.FOUR.versions.0")]),
        ("[[O1, O4], [O2, O3]]", "[[O1, O4, O2, O3]]", [(Code.DESIGN_UNEVEN, "designs.FOUR.versions")]),
        ("[[O1, O2], [O3, O4]]", "[[O1, O2, O3], [O4]]", [(Code.DESIGN_UNEVEN, "designs.FOUR.versions")]),
        ("code: O2, text: Two", "code: O1, text: Two", [(Code.ID_TWICE, "designs.FOUR.objects.1.code")]),
        ("places: 3", "places: 5", [(Code.RANKING_TOO_MANY_PLACES, "modules.2.items.3.places")]),
        ("places: 3", "places: 0", [(Code.VALUE_WRONG, "modules.2.items.3.places")]),
        ("{code: blue, text: Blue}", "{code: red, text: Blue}", [(Code.ID_TWICE, "modules.2.items.3.options.1.code")]),
        ("has(C04, 'red')", "has(C04, 'pink')", [(Code.LOGIC_UNKNOWN_OPTION, "modules.2.items.4.show_if")]),
        ("text_carer: Which two", "text_career: Which two", [(Code.KEY_UNKNOWN, "modules.2.items.2.text_career")]),
        ("key: before,", "key: before, day_from: 3, day_to: 1,", [(Code.WINDOW_REVERSED, "stages.0")]),
    ],
)
def test_each_fault_is_told_alone_and_in_its_place(old: str, new: str, found: list[tuple[Code, str]]):
    assert problems(old, new) == found


def test_a_multiple_choice_takes_its_own_answers_or_those_of_a_design():
    both = "        design: FOUR\n        options: [{code: a, text: A}, {code: b, text: B}]\n"

    assert problems("        design: FOUR\n", both) == [(Code.OPTIONS_DOUBLED, "modules.2.items.2")]
    assert problems("        design: FOUR\n", "") == [(Code.OPTIONS_MISSING, "modules.2.items.2")]
