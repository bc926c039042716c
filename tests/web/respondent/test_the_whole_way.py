"""From the start page to “thank you”, by links and forms alone; and what is then in the store."""

import dataclasses
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from survey_app.core.participation.codes import code_hmac, read_code
from survey_app.core.privacy import Missing
from survey_app.core.response.answers import Answers, Value
from survey_app.core.response.routing import hidden_items, plan_of
from survey_app.services import responding
from survey_app.services.catalogue import Catalogue
from survey_app.store.responses import ResponseRow
from survey_app.store.studies import StudyRow
from tests.web.respondent.conftest import catalogue
from tests.web.respondent.walker import Form, Walker

Visitor = Callable[[], Walker]


def row_of(app: Flask, code: str) -> ResponseRow | None:
    key = app.extensions["settings"].key_for("return-code")
    with app.extensions["sessions"].begin() as db:
        return db.scalar(select(ResponseRow).where(ResponseRow.code_hmac == code_hmac(key, read_code(code) or "")))


def answers_of(app: Flask, code: str) -> Answers:
    row = row_of(app, code)
    assert row is not None
    return Answers.from_document(row.answers)


class Person:
    """Answers by chance, but remembers what."""

    def __init__(self, seed: int, **fixed: list[str]) -> None:
        self.chance = random.Random(seed)
        self.fixed = {"SC06": ["yes"], "SC07": ["patient"], "SC08": ["S07"], "DM01": ["DE"], **fixed}
        self.said: dict[str, Value | Missing] = {
            "SC01": True,
            "SC02": True,
            "SC03": False,
            "SC04": False,
            "SC05": False,
        }

    def __call__(self, walker: Walker) -> tuple[dict[str, Iterable[str]], str]:
        form = walker.page.form()
        values = {name: self.fixed.get(name) or self._choose(form, name) for name in form.names()}
        skip = any(one.value == "skip" for one in form.controls) and self.chance.random() < 0.1
        for name, chosen in values.items():
            self.said[name] = Missing.NOT_ANSWERED if skip else self._meant(name, chosen)
        return values, "skip" if skip else "next"

    def _choose(self, form: Form, name: str) -> list[str]:
        select_box = next((one for one in form.controls if one.name == name and one.kind == "select"), None)
        if select_box:
            return [self.chance.choice(select_box.options)]
        if any(one.name == name and one.kind == "textarea" for one in form.controls):
            return ["Ein Satz & <b>noch</b> “einer”"]
        choices = form.choices(name)
        return [self.chance.choice(choices)]

    @staticmethod
    def _meant(name: str, chosen: list[str]) -> Value | Missing:
        item = catalogue().editions["atmp_burden", "0.1.0"].questionnaire.items[name]
        if chosen == ["prefer_not"]:
            return Missing.PREFER_NOT
        if chosen in ([], [""]):
            return Missing.NOT_ANSWERED
        if item.type == "multiple":
            return tuple(chosen)
        return int(chosen[0]) if item.type in {"rating", "number"} else chosen[0]


@pytest.mark.parametrize(
    ("language", "direction", "mode", "stage"),
    [("en", "ltr", "prospective", "S07"), ("de", "ltr", "retrospective", "S01"), ("ar", "rtl", "prospective", "X1")],
)
def test_a_person_goes_the_whole_way_and_the_store_holds_exactly_what_they_said(
    app: Flask, visitor: Visitor, language: str, direction: str, mode: str, stage: str
) -> None:
    walker, person = visitor(), Person(7, SC08=[stage])
    code = walker.begin(language, mode)
    assert (walker.page.language, walker.page.direction) == (language, direction)
    walker.answer_until(person)
    assert walker.address.endswith("/review")
    walker.send(button=None)
    assert walker.address.endswith("/thanks")
    row = row_of(app, code)
    assert row is not None
    assert (row.status, row.language, row.recall_mode, row.batch_id) == ("whole", language, mode, None)
    edition = catalogue().editions["atmp_burden", "0.1.0"]
    assert row.wording == {language: edition.translations[language].revision}
    assert (row.questionnaire, row.questionnaire_version) == ("atmp_burden", "0.1.0")
    assert dict(Answers.from_document(row.answers).entries) == person.said


def test_a_person_comes_back_half_way_on_another_device_in_another_language(app: Flask, visitor: Visitor) -> None:
    first, person = visitor(), Person(3)
    code = first.begin("en")
    for _ in range(30):
        first.send(*person(first))
    stopped_at = first.question
    first.send(button="pause")
    assert code in first.page.text
    second = visitor()
    second.get("/?language=ar")
    second.follow("/s/code/ar")
    second.send({"code": [f" {code.lower().replace('-', ' ')}"]})
    assert (second.question, second.page.language, second.page.direction) == (stopped_at, "ar", "rtl")
    second.answer_until(person)
    second.send(button=None)
    row = row_of(app, code)
    assert row is not None
    assert (row.status, row.language, set(row.wording)) == ("whole", "ar", {"en", "ar"})
    assert dict(Answers.from_document(row.answers).entries) == person.said


def test_a_saved_answer_takes_at_most_three_statements(app_on_each: tuple[Flask, Engine]) -> None:
    app, engine = app_on_each
    walker = Walker(app.test_client())
    code = walker.begin("en")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _u, statement, *_: statements.append(statement))
    said = walker.page.form().choices("SC06")
    response = walker.client.post(walker.address, data={"SC06": said[0], "go": "next"})
    assert response.status_code == 303
    assert 1 < len(statements) <= 3, statements
    assert answers_of(app, code).value("SC06") == said[0]


def test_language_switch_keeps_what_is_chosen_and_not_yet_sent(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("en")
    walker.send({"SC06": ["yes"]}, "language-ar")
    assert (walker.question, walker.page.language) == ("SC06", "ar")
    assert [one.value for one in walker.page.form().controls if one.checked] == ["yes"]
    assert answers_of(app, code).value("SC06") == "yes"


def test_language_switch_on_the_consent_page_keeps_the_ticks(visitor: Visitor) -> None:
    walker = visitor()
    walker.get("/s/demo/en/consent/prospective")
    walker.send({"SC01": ["yes"], "SC04": ["yes"]}, "language-fr")
    assert walker.page.language == "fr"
    assert {one.name for one in walker.page.form().controls if one.checked} == {"SC01", "SC04"}


def test_a_text_that_is_being_written_survives_language_back_and_pause(app: Flask, visitor: Visitor) -> None:
    for button in ("language-de", "back", "pause", "stop"):
        walker, person = visitor(), Person(1)
        code = walker.begin("en")
        while walker.question != "CJ21":
            walker.send(*person(walker))
        walker.send({"CJ21": ["half a sentence"]}, button)
        assert answers_of(app, code).value("CJ21") == "half a sentence", button


def test_the_six_kinds_of_missing_are_kept_apart(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    person = Person(5, CJ11=["dk"], CJ14=["na"], CJ01=["prefer_not"], SC11=["no"], CJ03=["not_hard"], CJ12=["full"])
    person.chance.random = lambda: 1.0  # type: ignore[method-assign]  # never skips by itself
    code = walker.begin("en")
    while walker.question != "CJ02":
        walker.send(*person(walker))
    walker.send({}, "skip")
    while walker.question != "CJ21":
        walker.send(*person(walker))
    walker.send({}, "stop")
    walker.send(button=None)
    row, answers = row_of(app, code), answers_of(app, code)
    assert row is not None
    assert row.status == "part"
    edition = catalogue().editions["atmp_burden", "0.1.0"].questionnaire
    plan = plan_of(edition, ("SCR", "CJ", "CS", "EM", "CG", "SI", "DM"), "prospective", 1)
    hidden = hidden_items(plan, answers)
    assert answers.missing("CJ01") is Missing.PREFER_NOT
    assert answers.missing("CJ02") is Missing.NOT_ANSWERED
    options = {option.code: option.missing for option in edition.options_of(edition.items["CJ14"])}
    assert options[str(answers.value("CJ11"))] is Missing.DONT_KNOW
    assert options[str(answers.value("CJ14"))] is Missing.NOT_APPLICABLE
    assert "CJ18" not in answers
    assert "CJ18" in hidden
    assert "EM01" not in answers
    assert "EM01" not in hidden


def test_answers_that_logic_hides_are_removed(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(2, SC11=["yes"])
    code = walker.begin("en")
    while walker.question != "CJ20":
        walker.send(*person(walker))
    assert "CJ18" in answers_of(app, code)
    walker.get("/s/demo/en/review")
    changes = [href for href, _ in walker.page.links if "/q/SC11?" in href]
    walker.get(changes[0])
    walker.send({"SC11": ["no"]})
    assert "CJ18" not in answers_of(app, code)


def test_two_tabs_do_not_lose_each_others_answers(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(2)
    code = walker.begin("en")
    while walker.question != "CJ01":
        walker.send(*person(walker))
    for item, value in (("CJ03", "very"), ("CJ01", "never"), ("CJ02", "often")):
        walker.client.post(f"/s/demo/en/q/{item}", data={item: value, "go": "next"})
    answers = answers_of(app, code)
    assert [answers.value(item) for item in ("CJ01", "CJ02", "CJ03")] == ["never", "often", "very"]


def test_saves_of_one_response_at_the_same_moment_all_arrive(app_on_each: tuple[Flask, Engine]) -> None:
    app, _ = app_on_each
    walker = Walker(app.test_client())
    code = walker.begin("en")
    for item, value in (("SC06", "yes"), ("SC07", "patient"), ("SC08", "S07")):
        walker.send({item: [value]})
    settings = app.extensions["settings"]
    desk = responding.Desk(
        sessions=app.extensions["sessions"],
        editions=catalogue().editions,
        code_key=settings.key_for("return-code"),
        person_key=settings.key_for("person"),
    )
    items = [f"EM{number:02}" for number in range(1, 10)] + [f"CG{number:02}" for number in range(1, 9)]
    known = read_code(code) or ""
    with ThreadPoolExecutor(6) as pool:
        saved = [
            pool.submit(
                responding.save_screen,
                desk,
                known,
                item,
                {item: ["often"] if item != "EM03" else ["lot"]},
                language="en",
            )
            for item in items
        ]
        assert all(one.result(timeout=60) for one in saved)
    assert set(items) <= set(answers_of(app, code))


def test_someone_who_supports_a_patient_is_asked_only_what_is_meant_for_them(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(9, SC07=["caregiver"])
    code = walker.begin("fr")
    walker.answer_until(person)
    walker.send(button=None)
    answers = answers_of(app, code)
    assert dict(answers.entries) == person.said
    assert {item[:2] for item in answers} == {"SC", "DM"}


def test_looking_back_asks_in_the_past(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en", "retrospective")
    walker.send({"SC06": ["yes"]})
    walker.send({"SC07": ["patient"]})
    assert "Which step do you want to tell us about?" in walker.page.text


def test_a_response_keeps_its_version_when_the_study_goes_on_to_another(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(6)
    code = walker.begin("en")
    old = catalogue().editions["atmp_burden", "0.1.0"]
    newer = dataclasses.replace(
        old, questionnaire=old.questionnaire.model_copy(update={"version": "0.2.0"}), sha256="0" * 64
    )
    app.extensions["catalogue"] = Catalogue({**catalogue().editions, ("atmp_burden", "0.2.0"): newer})
    app.extensions.pop("respondent_desk")
    with app.extensions["sessions"].begin() as db:
        row = db.get_one(StudyRow, "demo")
        row.questionnaire_version, row.definition = "0.2.0", {**row.definition, "version": "0.2.0"}
    walker.answer_until(person)
    walker.send(button=None)
    kept, other = row_of(app, code), row_of(app, visitor().begin("en"))
    assert kept is not None
    assert other is not None
    assert (kept.status, kept.questionnaire_version, other.questionnaire_version) == ("whole", "0.1.0", "0.2.0")
