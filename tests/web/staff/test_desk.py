"""The pages of the desk: two people, no JavaScript, and nothing lost that somebody typed."""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from survey_app.app import create_app
from survey_app.core.protection.cube import Population
from survey_app.services import desking
from survey_app.store.database import databases_of
from tests.builders import a_cube, some_settings, store_cube
from tests.conftest import copy_databases
from tests.services.text_builders import KEYS, a_desk_of_texts, bring, written
from tests.web.staff.conftest import PROJECT, Browser

NOW = Population(id="patient.prospective", respondent="patient", recall_mode="prospective")
WORDS = "Ich war am 3. Mai 2023 bei Dr. Brandt, bitte an a.b@example.org schreiben."


@pytest.fixture(scope="module")
def app(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests of the desk, where `ada` and `ben` work; each test brings texts of its own."""
    folder = tmp_path_factory.mktemp("desk")
    copy_databases(furnished, folder)
    (folder / "lists").mkdir()
    (folder / "lists" / "names.txt").write_text("Ute\nAnna\n", "utf-8")
    told = some_settings(data=folder, questionnaires=PROJECT / "questionnaires", redaction_lists=folder / "lists")
    made = create_app(told)
    with made.extensions["sessions"].begin() as db:
        a_desk_of_texts(db)
    yield made
    databases_of(made.extensions["sessions"]).dispose()


@pytest.fixture
def text(app: Flask) -> str:
    """The id of a text at the desk of the study `demo`."""
    with app.extensions["sessions"].begin() as db:
        (found,) = bring(db, written(str(uuid4()), text=WORDS))
    return found


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str], Browser]:
    def begin(name: str) -> Browser:
        browser = Browser(app.test_client())
        browser.sign_in(name)
        return browser

    return begin


def version(browser: Browser, path: str) -> str:
    return re.search(r'name="version"[^>]* value="(\w+)"', browser.get(path).text).group(1)


def post(browser: Browser, path: str, deed: str, **fields: str):
    return browser.post(f"{path}/{deed}", **({"version": version(browser, path)} | fields))


def state(app: Flask, text: str) -> str:
    with app.extensions["sessions"].begin() as db:
        return desking.read_text(db, "demo", text, KEYS).state


def test_a_redactor_begins_at_the_desk(sign_in, text: str):
    ada = sign_in("ada")

    assert ada.get("/staff/").headers["Location"] == "/staff/desk/"
    assert "To redact" in ada.get("/staff/desk/").text


def test_the_way_of_a_text_over_two_people(app: Flask, sign_in, text: str):
    path = f"/staff/desk/demo/{text}"
    ada, ben = sign_in("ada"), sign_in("ben")

    assert post(ada, path, "propose", use="quote", text_en="It was hard.").status_code == 303
    assert "Another person must check it" in ada.get(path).text
    assert post(ben, path, "confirm").status_code == 303
    assert state(app, text) == "confirmed"


def test_the_same_person_is_refused_with_the_page_and_the_reason(app: Flask, sign_in, text: str):
    path, ada = f"/staff/desk/demo/{text}", sign_in("ada")
    post(ada, path, "propose", use="quote", text_en="It was hard.")

    answer = post(ada, path, "confirm")

    assert answer.status_code == 422
    assert "Another person of the desk must check it." in answer.text
    assert state(app, text) == "to_confirm"


def test_marks_and_their_kinds_are_shown(sign_in, text: str):
    page = sign_in("ada").get(f"/staff/desk/demo/{text}").text

    assert '<mark title="date">3. Mai 2023</mark>' in page
    assert '<mark title="e-mail address">a.b@example.org</mark>' in page
    assert "Ich war am […] bei Dr. […], bitte an […] schreiben." in html.unescape(page)


def test_what_was_typed_is_still_there_when_it_is_refused(sign_in, text: str):
    answer = post(
        sign_in("ada"),
        f"/staff/desk/demo/{text}",
        "propose",
        use="quote",
        text_en="Mail x@example.org",
        text_de="Bleibt.",
    )

    assert answer.status_code == 422
    assert "holds what no quote may hold: e-mail address. Take it out." in answer.text
    assert "Mail x@example.org</textarea>" in answer.text
    assert "Bleibt.</textarea>" in answer.text


def test_what_was_typed_survives_the_work_of_somebody_else(sign_in, text: str):
    path, ada, ben = f"/staff/desk/demo/{text}", sign_in("ada"), sign_in("ben")
    seen = version(ada, path)
    post(ben, path, "propose", use="quote", text_en="By Ben.")

    answer = ada.post(f"{path}/propose", version=seen, use="quote", text_en="By Ada.")

    assert answer.status_code == 422
    assert "By Ada.</textarea>" in answer.text
    assert '<blockquote lang="en" dir="auto">By Ben.</blockquote>' in answer.text
    assert ada.post(f"{path}/propose", version=version(ada, path), use="quote", text_en="By Ada.").status_code == 303


def test_words_taken_over_and_left_marks_are_pointed_out_to_the_second_person(app: Flask, sign_in):
    with app.extensions["sessions"].begin() as db:
        (text,) = bring(db, written(str(uuid4()), language="en", text="We waited there three long weeks without news"))
    path = f"/staff/desk/demo/{text}"
    post(sign_in("ada"), path, "propose", use="quote", text_en="We waited there three long weeks in May 2023")

    page = sign_in("ben").get(path).text

    assert "6 words in a row are those of the author" in page
    assert "“May 2023” may be a date." in page


def test_a_text_goes_back_with_a_note(app: Flask, sign_in, text: str):
    path = f"/staff/desk/demo/{text}"
    post(sign_in("ada"), path, "propose", use="quote", text_en="It was hard.")

    assert post(sign_in("ben"), path, "send-back", note="").status_code == 422
    assert post(sign_in("ben"), path, "send-back", note="Too near.").status_code == 303
    assert "Too near." in sign_in("ada").get(path).text


def test_a_forged_form_changes_nothing(app: Flask, sign_in, text: str):
    ada, path = sign_in("ada"), f"/staff/desk/demo/{text}"
    seen = version(ada, path)

    answer = ada.client.post(f"{path}/propose", data={"use": "never", "version": seen})

    assert answer.status_code == 400
    assert state(app, text) == "to_redact"


def test_a_text_that_is_gone_is_told_and_not_a_fault(sign_in):
    answer = sign_in("ada").get("/staff/desk/demo/none")

    assert answer.status_code == 422
    assert "its author has deleted it" in answer.text


@pytest.mark.parametrize("name", ["cora", "rana"])
@pytest.mark.parametrize("path", ["", "demo/", "demo/{text}"])
def test_nobody_else_reads_what_people_wrote(sign_in, text: str, name: str, path: str):
    assert sign_in(name).get(f"/staff/desk/{path.format(text=text)}").status_code == 403


def test_the_desk_reaches_no_release_and_no_theme_page(sign_in):
    ada = sign_in("ada")

    assert [ada.get(path).status_code for path in ("/staff/releases/", "/staff/bundles/", "/staff/themes/demo/")] == [
        403
    ] * 3


def test_a_coordinator_writes_themes_and_the_desk_offers_them(sign_in, text: str):
    cora = sign_in("cora")
    cora.get("/staff/themes/demo/")

    assert cora.post("/staff/themes/demo/", code="waiting", label_en="Waiting").status_code == 303
    assert "Waiting" in sign_in("ada").get(f"/staff/desk/demo/{text}").text
    cora.get("/staff/themes/demo/")
    assert cora.post("/staff/themes/demo/waiting", label_en="Long waits").status_code == 303
    assert "Long waits" in cora.get("/staff/themes/demo/").text


def test_a_refused_theme_keeps_what_was_typed(sign_in):
    cora = sign_in("cora")
    cora.get("/staff/themes/demo/")

    answer = cora.post("/staff/themes/demo/", code="Not Good", label_en="")

    assert answer.status_code == 422
    assert 'value="Not Good"' in answer.text
    assert "A theme needs its name in en." in answer.text


def test_the_desk_counts_the_words_of_its_lists(sign_in, text: str):
    assert "names: 2 words" in sign_in("ada").get("/staff/desk/").text


def test_the_list_tells_whose_turn_it_is(sign_in, text: str):
    ada, ben = sign_in("ada"), sign_in("ben")
    link = f'<a href="/staff/desk/demo/{text}">Text {text[:6]}</a>'
    assert link in ada.get("/staff/desk/demo/").text

    post(ada, f"/staff/desk/demo/{text}", "propose", use="quote", text_en="It was hard.")

    assert link.replace("</a>", " <small>yours</small></a>") in ada.get("/staff/desk/demo/").text
    assert link in ben.get("/staff/desk/demo/").text


def test_a_coordinator_seals_once_and_the_page_says_what_is_in_it(app: Flask, sign_in, text: str):
    with app.extensions["sessions"].begin() as db:
        store_cube(db, a_cube("demo-2", populations=(NOW,)), number=2)
        (ready,) = bring(db, written(str(uuid4())), release="demo-2")
    path = f"/staff/desk/demo/{ready}"
    post(sign_in("ada"), path, "propose", use="quote", text_en="It was hard.")
    post(sign_in("ben"), path, "confirm")
    cora = sign_in("cora")
    assert "Seal quotes and themes of release demo-2" in cora.get("/staff/releases/").text

    assert cora.post("/staff/releases/demo-2/voices").status_code == 303

    assert re.search(r"Its report has quotes \([1-9]\d*\) and themes \(0\)", cora.get("/staff/releases/").text)
    again = cora.post("/staff/releases/demo-2/voices")
    assert again.status_code == 422
    assert "The voices of demo-2 are sealed already." in again.text


def test_only_coordinators_seal(sign_in, text: str):
    for name in ("ada", "rana"):
        browser = sign_in(name)
        browser.get("/staff/desk/" if name == "ada" else "/staff/bundles/")
        assert browser.post("/staff/releases/demo-1/voices").status_code == 403
