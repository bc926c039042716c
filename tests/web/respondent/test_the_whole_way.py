"""From the start page to “thank you”, by links and forms alone; and what is then in the store."""

import dataclasses
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from survey_app.core.participation.codes import code_hmac, read_code
from survey_app.core.privacy import Missing
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import hidden_items, plan_of
from survey_app.services import responding, revising
from survey_app.services.catalogue import Catalogue
from survey_app.store.responses import StoredResponse, read_waves
from tests.web.respondent.conftest import QUESTIONNAIRES, catalogue, demo_study
from tests.web.respondent.person import Person, demo_questionnaire
from tests.web.respondent.walker import Walker

Visitor = Callable[[], Walker]


def row_of(app: Flask, code: str) -> StoredResponse | None:
    key = app.extensions["settings"].key_for("return-code")
    with app.extensions["sessions"].begin() as db:
        return next(iter(read_waves(db, code_hmac(key, read_code(code) or ""))), None)


def answers_of(app: Flask, code: str) -> Answers:
    row = row_of(app, code)
    assert row is not None
    return Answers.from_document(row.answers)


def languages_seen(row: StoredResponse) -> list[str]:
    return [language for language, _ in row.wording["texts"]]


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
    study, edition = demo_study(), catalogue().edition_of(demo_study())
    assert row.wording["texts"] == [[language, edition.translations[language].revision]]
    assert (row.questionnaire, row.questionnaire_version) == (study.questionnaire, study.version)
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
    assert (row.status, row.language, languages_seen(row)) == ("whole", "ar", ["en", "ar"])
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
    edition = demo_questionnaire()
    plan = plan_of(edition, demo_study().modules, "prospective", 1, demo_study().blocks)
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
    assert {"SC", "DM"} <= {item[:2] for item in answers}
    assert not {"CJ", "EM", "CG"} & {item[:2] for item in answers}


def test_looking_back_asks_in_the_past(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en", "retrospective")
    walker.send({"SC06": ["yes"]})
    walker.send({"SC07": ["patient"]})
    assert "Which step do you want to tell us about?" in walker.page.text


def test_a_response_keeps_its_version_when_the_study_goes_on_to_another(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker, person = visitor(), Person(6)
    code = walker.begin("en")
    old = catalogue().edition_of(demo_study())
    changed = old.questionnaire.model_copy(update={"version": "9.0.0"})
    newer = dataclasses.replace(old, questionnaire=changed, sha256="0" * 64)
    app.extensions["catalogue"] = Catalogue({**catalogue().editions, ("atmp_burden", "9.0.0"): newer})
    app.extensions.pop("respondent_desk")
    monkeypatch.setattr(revising, "require_fit", lambda *_: None)  # nothing of the kind is published
    with app.extensions["sessions"].begin() as db:
        study = demo_study().model_copy(update={"version": "9.0.0"})
        revising.revise_study(db, study, app.extensions["catalogue"], QUESTIONNAIRES)
    walker.answer_until(person)
    walker.send(button=None)
    kept, other = row_of(app, code), row_of(app, visitor().begin("en"))
    assert kept is not None
    assert other is not None
    assert (kept.status, kept.questionnaire_version) == ("whole", demo_study().version)
    assert other.questionnaire_version == "9.0.0"
