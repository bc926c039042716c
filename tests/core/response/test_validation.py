"""What a page sends becomes a typed value, a reason for none, or a problem that says what to do."""

import pytest

from survey_app.core.privacy import Missing
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import screen_by_id
from survey_app.core.response.validation import read_item, read_screen
from tests.core.response.test_routing import PATIENT, PLAN


@pytest.mark.parametrize(
    ("item", "raw", "value"),
    [
        ("B01", ["always"], "always"),
        ("B01", [], Missing.NOT_ANSWERED),
        ("B01", ["  "], Missing.NOT_ANSWERED),
        ("B01", ["prefer_not"], Missing.PREFER_NOT),
        ("B04", ["blue", "red"], ("red", "blue")),
        ("B04", ["none"], ("none",)),
        ("B05", ["0"], 0),
        ("B05", ["10"], 10),
        ("B06", [" 7 "], 7),
        ("B07", ["2026-03"], "2026-03"),
        ("B08", ["DE"], "DE"),
        ("B09", ["a few words"], "a few words"),
        ("A01", ["yes"], True),
        ("A02", [], False),
        ("A03", ["patient"], "patient"),
    ],
)
def test_a_readable_answer_is_read(item, raw, value):
    assert read_item(PLAN, PLAN.items[item], raw) == value


@pytest.mark.parametrize(
    ("item", "raw", "code"),
    [
        ("B01", ["perhaps"], Code.ANSWER_NOT_OFFERED),
        ("B01", ["never", "always"], Code.ANSWER_NOT_OFFERED),
        ("B04", ["red", "none"], Code.ANSWER_CONTRADICTS),
        ("B04", ["red", "blue", "green"], Code.ANSWER_TOO_MANY),
        ("B04", ["pink"], Code.ANSWER_NOT_OFFERED),
        ("B05", ["11"], Code.ANSWER_NOT_OFFERED),
        ("B05", ["07"], Code.ANSWER_NOT_OFFERED),
        ("B06", ["seven"], Code.ANSWER_NOT_A_NUMBER),
        ("B06", ["21"], Code.ANSWER_OUT_OF_RANGE),
        ("B07", ["soon"], Code.ANSWER_NOT_A_DATE),
        ("B07", ["0026-03"], Code.ANSWER_NOT_A_DATE),
        ("B08", ["XX"], Code.ANSWER_NOT_OFFERED),
        ("B09", ["x" * 21], Code.ANSWER_TOO_LONG),
        ("A01", [], Code.CONSENT_NEEDED),
        ("A03", [], Code.ANSWER_REQUIRED),
        ("A03", ["prefer_not"], Code.ANSWER_NOT_OFFERED),
    ],
)
def test_an_unreadable_answer_is_a_problem_of_its_item(item, raw, code):
    with pytest.raises(ProblemsFound) as found:
        read_item(PLAN, PLAN.items[item], raw)

    assert [(problem.code, problem.where) for problem in found.value.problems] == [(code, item)]


@pytest.mark.parametrize("name", ["B02", "B03", "Z99", "B01.best"])
def test_what_was_sent_under_a_name_that_is_not_asked_is_refused(name: str):
    screen = screen_by_id(PLAN, "B02")

    with pytest.raises(ProblemsFound) as found:
        read_screen(PLAN, screen, PATIENT.with_entries({"B01": "never"}), {name: ["always"]})
    assert [(one.code, one.where) for one in found.value.problems] == [(Code.ANSWER_NOT_ASKED, name)]


def test_all_problems_of_a_screen_are_told_at_once():
    screen = screen_by_id(PLAN, "A01")

    with pytest.raises(ProblemsFound) as found:
        read_screen(PLAN, screen, Answers(), {"A01": []})

    assert {problem.where for problem in found.value.problems} == {"A01"}
