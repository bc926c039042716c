"""Which answers of two versions may be counted together."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from survey_app.core.questionnaire.compare import comparable_items
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parse import parse
from survey_app.inputs.questionnaire_files import read_questionnaire
from tests.choices_questionnaire import TEXT
from tests.core.response.test_routing import _tuples


def parsed(text: str) -> Questionnaire:
    return parse(_tuples(YAML(typ="safe").load(text)))


BEFORE = parsed(TEXT)
ANSWERED = {name for name, item in BEFORE.items.items() if item.type != "note"}


def left_out(*changes: tuple[str, str]) -> set[str]:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return ANSWERED - comparable_items(BEFORE, parsed(text))


def test_the_same_version_is_comparable_whole_but_notes():
    assert comparable_items(BEFORE, BEFORE) == ANSWERED


def test_words_may_change_everywhere():
    words = ["How often?", "Sometimes", "Three", "Very hard", "Before", "Which two for them?", "Blue"]

    assert left_out(*((word, f"{word} (mended)") for word in words)) == set()


def test_who_is_asked_may_change():
    assert left_out(("show_if: B01 >= 1", "show_if: B01 >= 2")) == set()


@pytest.mark.parametrize(
    ("old", "new", "items"),
    [
        ("{code: dk, value: -99", "{code: dk, value: -88", {"B01", "B02", "B03", "B11", "C05"}),
        ("code: sometimes", "code: at_times", {"B01", "B02", "B03", "B11", "C05"}),
        ("      - {code: dk, value: -99, text: I do not know}\n", "", {"B01", "B02", "B03", "B11", "C05"}),
        ("low: 0, high: 10, low_text", "low: 1, high: 10, low_text", {"B05"}),
        ("low: 0, high: 20", "low: 0, high: 30", {"B06"}),
        ("max_choices: 2\n        privacy", "max_choices: 3\n        privacy", {"B04"}),
        ("text: How often?, responses: often, recall: this_stage", "text: How often?, responses: often", {"B01"}),
        ("places: 3", "places: 2", {"C04"}),
        ("code: grey", "code: black", {"C04"}),
        ("[[O1, O2], [O3, O4]]", "[[O2, O1], [O3, O4]]", {"C01", "C02"}),
        ("code: S02, key: after", "code: S03, key: after", {"A04"}),
        ("id: B08, type: country", "id: B18, type: country", {"B08"}),
        ("id: B09, type: text", "id: B09, type: note", {"B09"}),
    ],
)
def test_another_meaning_is_another_item(old: str, new: str, items: set[str]):
    changes = [(old, new)]
    if new.startswith("code: S03"):
        changes.append(("stage == 'S02'", "stage == 'S03'"))
    if "type: note" in new:
        changes.append(("text: Anything else?, max_length: 20, privacy: P3", "text: Anything else?, privacy: P3"))

    assert left_out(*changes) == items


def test_a_frame_that_takes_another_period_is_another_meaning():
    assert left_out(
        ("{prospective: stage, retrospective: stage}", "{prospective: The past week., retrospective: stage}")
    ) == {
        "B01",
        "C04",
    }


def test_of_the_questionnaire_we_ship_all_that_was_asked_before_stays_comparable():
    old, new = (
        read_questionnaire(Path("questionnaires/atmp_burden") / version / "questionnaire.yaml")
        for version in ("0.1.0", "0.2.0")
    )
    gone = {name for name, item in old.items.items() if item.type != "note"} - comparable_items(old, new)

    assert gone == set()
