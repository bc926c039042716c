"""What a person sees while answering: every kind of question, what is wrong with an answer, and where help is."""

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from survey_app.core.privacy import Missing
from survey_app.core.response.answers import Answers
from survey_app.services import responding
from survey_app.store.database import Sessions
from survey_app.web.respondent.pages import desk
from tests.choices_questionnaire import TEXT
from tests.web.respondent.choices_site import at, choices_app
from tests.web.respondent.person import Person
from tests.web.respondent.walker import Walker

LINES = """\
format: 1
lines:
  - {country: DE, languages: [de], kind: crisis, name: Invented line, number: +49 30 0000001, hours: Day and night,
     cost: Free, checked_by: Nobody Real, checked_on: 2000-01-01, expires: 2000-05-01}
  - {country: FR, languages: [en, fr], kind: crisis, name: Invented French line, number: +33 1 00 00 00 02,
     hours: Day and night, cost: Free, checked_by: Nobody Real, checked_on: TODAY, expires: TODAY}
  - {country: NL, languages: [nl], kind: crisis, name: Invented Dutch line, number: +31 20 000 0003,
     hours: Day and night, cost: Free, checked_by: Nobody Real, checked_on: TODAY, expires: TODAY}
"""


@pytest.fixture
def small(sqlite_sessions: Sessions, tmp_path: Path) -> Callable[..., Flask]:
    """Makes an app in which a small study is open, with one of everything."""
    return partial(choices_app, sqlite_sessions, tmp_path)


def answers_of(app: Flask, walker: Walker) -> Answers:
    code = re.search(r'class="code"[^>]*>(?:<span[^>]*>)?([0-9A-Z-]+)', walker.get("/s/small/en/pause").html)
    assert code
    with app.app_context():
        held = responding.load(desk(), code[1].replace("-", ""))
    assert held is not None
    return held.answers


def test_a_best_worst_list_is_two_plain_questions_and_stands_as_it_was_answered(small: Callable[..., Flask]) -> None:
    app = small()
    walker = at(app, "C01")
    form = walker.page.form()
    offered = form.choices("C01.best")
    assert sorted(offered) == sorted(form.choices("C01.worst"))
    assert len(offered) == 2
    assert "<table" not in walker.page.html
    assert walker.page.html.count("<fieldset>") == 2
    assert not any(one.checked for one in form.controls)
    walker.send({"C01.best": [offered[0]], "C01.worst": [offered[1]]})
    assert walker.question == "C02"
    walker.send(button="back")
    standing = {one.name: one.value for one in walker.page.form().controls if one.checked}
    assert standing == {"C01.best": offered[0], "C01.worst": offered[1]}
    value = answers_of(app, walker).value("C01")
    assert isinstance(value, tuple)
    assert value[1:] == tuple(offered)


@pytest.mark.parametrize(("best", "worst", "sentence"), [(0, 0, "most and least"), (0, None, "one of the two")])
def test_a_list_answered_by_half_is_explained_and_stays_on_the_page(
    small: Callable[..., Flask], best: int, worst: int | None, sentence: str
) -> None:
    walker = at(small(), "C01")
    offered = walker.page.form().choices("C01.best")
    walker.send({"C01.best": [offered[best]], "C01.worst": [offered[worst]] if worst is not None else []})
    assert walker.status == 422
    assert sentence in walker.page.text
    assert ("#f-C01", "") in walker.page.links
    assert 'id="f-C01"' in walker.page.html
    assert walker.page.html.index('id="sum"') < walker.page.html.index('id="f-C01"')
    assert {one.value for one in walker.page.form().controls if one.checked} == {offered[best]}


def test_to_decline_a_list_or_an_order_is_kept_as_such(small: Callable[..., Flask]) -> None:
    app = small()
    walker = at(app, "C01")
    walker.send({"C01": ["prefer_not"]})
    walker.get("/s/small/en/q/C04")
    walker.send({"C04": ["prefer_not"], "C04.red": ["1"]})
    answers = answers_of(app, walker)
    assert answers.missing("C01") is Missing.PREFER_NOT
    assert answers.missing("C04") is Missing.PREFER_NOT


def test_an_order_is_given_by_choosing_places(small: Callable[..., Flask]) -> None:
    app = small()
    walker = at(app, "C04")
    assert "up to 3" in walker.page.text
    walker.send({"C04.blue": ["1"], "C04.red": ["2"]})
    assert answers_of(app, walker).value("C04") == ("blue", "red")
    walker.get("/s/small/en/q/C04")
    standing = {one.name: one.value for one in walker.page.form().controls if one.kind == "select"}
    assert standing == {"C04.red": "2", "C04.blue": "1", "C04.green": "", "C04.grey": ""}
    walker.send({"C04.red": ["1"]})
    assert walker.status == 422
    assert "place 1" in walker.page.text


def test_the_whole_way_with_every_kind_of_question(small: Callable[..., Flask]) -> None:
    app = small(blocks=(("B05", "B06"),))
    questionnaire = app.extensions["catalogue"].editions["small", "1.0.0"].questionnaire
    for seed in range(3):
        walker = at(app, stage="S02")
        person = Person(seed, questionnaire, B01=["always"], B09=["Ein <b>Wort</b>"])
        person.said = {"A01": True, "A02": False, "A03": "patient", "A04": "S02"}
        walker.answer_until(person)
        assert walker.address.endswith("/review")
        assert dict(answers_of(app, walker).entries) == person.said


def test_statements_on_one_screen_are_a_fieldset_each_and_never_a_table(small: Callable[..., Flask]) -> None:
    walker = at(small(blocks=(("B05", "B06"),)), "B05")
    html = walker.page.html
    assert 'id="f-B05"' in html
    assert 'id="f-B06"' in html
    assert "<table" not in html
    assert html.count("<h1") == 1
    walker.send({"B06": ["many"]})
    assert walker.status == 422
    assert [href for href, _ in walker.page.links if href.startswith("#f-")] == ["#f-B06"]


def test_only_the_stages_of_the_study_are_offered_each_with_its_time(small: Callable[..., Flask]) -> None:
    app = small(stages=({"code": "S02", "day_from": -7, "day_to": -1},))
    walker = at(app, stage="")
    assert walker.question == "A04"
    assert walker.page.form().choices("A04") == ["S02"]
    assert "Days before the cells: about 7 to 1" in walker.page.text
    walker.client.post("/s/small/en/q/A04", data={"A04": "S01", "go": "next"})
    assert "A04" not in answers_of(app, walker)


def test_wording_follows_role_and_time(small: Callable[..., Flask]) -> None:
    app = small()
    assert "In which order now?" in at(app, "C04").page.text
    past = at(app, "C04", mode="retrospective")
    assert "In which order then?" in past.page.text
    assert "Think of then." in past.page.text
    carer = at(app, stage="")
    carer.get("/s/small/en/q/A03")
    carer.send({"A03": ["caregiver"]})
    carer.get("/s/small/en/q/C04")
    assert "In which order for them now?" in carer.page.text


@pytest.mark.parametrize(
    ("screen", "sent", "sentence"),
    [
        ("B01", {"B01": "sideways"}, "not one of the choices"),
        ("B01", {"B01": "never", "Z99": "1"}, "does not ask"),
        ("B01", {"B01": "never", "B03": "always"}, "does not ask"),
        ("B02", {"B02": "always"}, "does not ask"),
        ("B04", {"B04": ["red", "blue", "green"]}, "at most 2"),
        ("B04", {"B04": ["red", "none"]}, "“None of these”"),
        ("B06", {"B06": "99"}, "from 0 to 20"),
        ("B06", {"B06": "two"}, "from 0 to 20"),
        ("B07", {"B07": "yesterday"}, "2026-03"),
        ("B08", {"B08": "XX"}, "not one of the choices"),
        ("A03", {"A03": ""}, "choose an answer here"),
    ],
)
def test_an_answer_that_cannot_be_kept_is_explained_and_nothing_of_it_is_kept(
    small: Callable[..., Flask], screen: str, sent: dict[str, Any], sentence: str
) -> None:
    app = small()
    walker = at(app, "B01")
    walker.send({"B01": ["never"]})
    before = answers_of(app, walker)
    response = walker.client.post(f"/s/small/en/q/{screen}", data={**sent, "go": "next"})
    assert response.status_code == 422
    assert sentence in response.text
    assert 'role="alert"' in response.text
    assert "<title>Error:" in response.text
    assert answers_of(app, walker) == before


def test_a_question_that_is_hidden_is_answered_with_the_one_to_answer_now(small: Callable[..., Flask]) -> None:
    walker = at(small(), "B01")
    walker.send({"B01": ["never"]})
    response = walker.client.post("/s/small/en/q/B02", data={"B02": "always", "go": "next"})
    assert 'action="/s/small/en/q/B04"' in response.text


def test_the_box_stands_out_after_an_answer_that_worries_and_its_rule_is_on_the_page(
    small: Callable[..., Flask],
) -> None:
    app = small()
    walker = at(app, "B11")
    box = re.search(r'<aside class="safety"[^>]*data-emphasise="([^"]*)"', walker.page.html)
    assert box
    assert json.loads(box[1].replace("&#34;", '"')) == ["in", "B11", ["always"]]
    walker.send({"B11": ["always"]})
    assert walker.question == "C01"
    assert '<aside class="safety out"' in walker.page.html
    assert "112" in walker.page.text


def test_help_lines_are_those_of_the_country_else_of_the_language_and_never_expired_ones(
    small: Callable[..., Flask], tmp_path: Path
) -> None:
    app = small(TEXT.replace("show: [emergency_number]", "show: [emergency_number, helplines_country]"))
    with app.app_context():
        today = desk().today().isoformat()
    (tmp_path / "help_lines.yaml").write_text(LINES.replace("TODAY", today), "utf-8")
    walker = at(app)
    walker.get("/s/help/en")
    assert "Invented French line" in walker.page.text
    assert "(France)" in walker.page.text
    assert ("tel:+33100000002", "") in walker.page.links
    walker.get("/s/help/de")
    assert "Invented" not in walker.page.text
    assert "112" in walker.page.text
    walker.get("/s/small/en/q/B08")
    walker.send({"B08": ["NL"]})
    for address in ("/s/help/en", "/s/small/en/q/B11"):
        walker.get(address)
        assert "Invented Dutch line" in walker.page.text
        assert "French" not in walker.page.text


def test_continue_comes_first_after_the_answers(small: Callable[..., Flask]) -> None:
    html = at(small(), "B02").page.html.partition("<form")[2]
    buttons = re.findall(r'<button[^>]*name="go" value="(\w+)"', html)
    assert buttons[0] == "next"
    assert set(buttons[1:5]) == {"back", "skip", "pause", "stop"}
