"""What nobody means to send: each gets a page that says what is wrong and what to do, in the person's language."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import EnvironBuilder

from survey_app.app import LARGEST_REQUEST_BYTES, create_app
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.services.catalogue import open_study, read_study
from survey_app.settings import Settings
from survey_app.web.respondent.texts import texts_in
from tests.web.respondent.conftest import QUESTIONNAIRES, catalogue
from tests.web.respondent.test_the_whole_way import answers_of
from tests.web.respondent.walker import Page, Walker

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def whole(settings: Callable[..., Settings]) -> Flask:
    """The whole application, as it is served, with the demo study open."""
    app = create_app(settings())
    with app.extensions["sessions"].begin() as db:
        study = read_study(QUESTIONNAIRES / "studies" / "demo.yaml")
        open_study(db, study, catalogue(), Path("questionnaires"), quarter="2026-Q4")
    return app


@pytest.fixture
def answering(whole: Flask) -> tuple[Walker, str]:
    """Somebody at the first question, in German; and their code."""
    walker = Walker(whole.test_client())
    code = walker.begin("de")
    return walker, code


def heading(name: str, language: str = "de") -> str:
    return texts_in(language)[f"error_{name}_h"]


@pytest.mark.parametrize(
    ("status", "name", "sent"),
    [
        (413, "413", {"data": b"SC06=" + b"a" * 10_000_000, "content_type": FORM}),
        (413, "413", {"data": b"SC06=" + b"a" * LARGEST_REQUEST_BYTES, "content_type": FORM}),
        (400, "encoding", {"data": b"SC06=%ff%fe&go=next", "content_type": FORM}),
        (400, "encoding", {"data": b"SC06=\xe4\xf6&go=next", "content_type": f"{FORM}; charset=iso-8859-1"}),
        (400, "encoding", {"data": b"SC06=yes%00&go=next", "content_type": FORM}),
        (415, "415", {"data": b'{"SC06": "yes"}', "content_type": "application/json"}),
        (415, "415", {"data": b"SC06=yes", "content_type": "text/plain"}),
        (415, "415", {"data": b"\x00\x01", "content_type": "nonsense//;;"}),
        (403, "403", {"data": {"SC06": "yes"}, "headers": {"Sec-Fetch-Site": "cross-site"}}),
        (403, "403", {"data": {"SC06": "yes"}, "headers": {"Origin": "null"}}),
    ],
)
def test_what_no_form_of_ours_sends_is_refused_in_the_language_of_the_page(
    answering: tuple[Walker, str], whole: Flask, status: int, name: str, sent: dict[str, object]
) -> None:
    walker, code = answering
    before = answers_of(whole, code)
    answer = walker.client.post(walker.address, **sent)
    page = Page(answer.text)
    assert (answer.status_code, page.language) == (status, "de")
    assert heading(name) in page.text
    assert texts_in("de")["error_kept"] in page.text
    assert {"/s/code/de"} <= {href for href, _ in page.links}, "the cure is on the page"
    assert answers_of(whole, code) == before


def test_a_body_that_does_not_say_how_long_it_is_is_refused(answering: tuple[Walker, str]) -> None:
    walker, _ = answering
    sent = {"method": "POST", "headers": {"Transfer-Encoding": "chunked"}}
    environ = EnvironBuilder(walker.address, **sent).get_environ()
    environ.pop("CONTENT_LENGTH", None)
    answer = walker.client.open(environ)
    assert answer.status_code == 411
    assert heading("400") in answer.text


@pytest.mark.parametrize(
    ("status", "method", "address", "language", "name"),
    [
        (404, "GET", "/s/demo/ar/nowhere", "ar", "404"),
        (404, "GET", "/s/demo/xx/", "fr", "404"),
        (404, "GET", "/s/demo/en%ff/q/SC06", "fr", "404"),
        (404, "GET", "/s/code/tlh", "fr", "404"),
        (404, "GET", "/nowhere?language=es", "es", "404"),
        (404, "GET", "/s/demo/de/end/nonsense", "de", "404"),
        (404, "GET", "/s/demo/de/consent/yesterday", "de", "404"),
        (405, "POST", "/s/demo/de/pause", "de", "405"),
        (405, "DELETE", "/s/code/it", "it", "405"),
        (414, "GET", "/s/code/pt?" + "x" * 5_000, "pt", "414"),
    ],
)
def test_addresses_that_lead_nowhere_end_on_a_page(
    whole: Flask, status: int, method: str, address: str, language: str, name: str
) -> None:
    french = {"Accept-Language": "fr-CA, en;q=0.5"}
    answer = whole.test_client().open(address, method=method, headers=french, follow_redirects=True)
    page = Page(answer.text)
    assert (answer.status_code, page.language) == (status, language)
    assert page.direction == ("rtl" if language == "ar" else "ltr")
    assert heading(name, language) in page.text


@pytest.mark.parametrize(
    "order", ["_external=1&_scheme=javascript", "_anchor=x", "endpoint=x", "_method=POST", "language=xx", "study_id=x"]
)
def test_what_stands_behind_the_question_mark_gives_no_orders(whole: Flask, order: str) -> None:
    for address in ("/", "/s/demo/en/", "/s/demo/en/time", "/s/code/en"):
        answer = whole.test_client().get(f"{address}?{order}")
        assert answer.status_code == 200, address
        links = [href for href, _ in Page(answer.text).links]
        assert all(href.startswith(("/", "#main")) and not href.startswith("//") for href in links), links


def test_no_address_ticks_an_agreement_beforehand(whole: Flask) -> None:
    walker = Walker(whole.test_client())
    walker.get("/s/demo/en/consent/prospective?SC01=yes&SC02=yes")
    assert not [one.name for one in walker.page.form().controls if one.checked]


@pytest.mark.parametrize("forged", ["", "x", "a.b.c", '"ABC".xyz', "é", "0" * 4000])
def test_a_forged_cookie_opens_nothing_and_breaks_nothing(whole: Flask, forged: str) -> None:
    walker = Walker(whole.test_client())
    walker.client.set_cookie("return_code", forged, path="/s/")
    for page in ("q/SC06", "review", "answers", "answers.json", "delete", "pause", "stop", "thanks", "code", "go"):
        walker.get(f"/s/demo/de/{page}")
        assert (walker.status, walker.address) == (200, "/s/code/de"), page


@pytest.mark.parametrize("item", ["SC99", "sc06", "../SC06", "x" * 500, "%00"])
def test_a_question_that_does_not_exist_is_not_there(answering: tuple[Walker, str], item: str) -> None:
    walker, _ = answering
    for answer in (
        walker.client.get(f"/s/demo/de/q/{item}", follow_redirects=True),
        walker.client.post(f"/s/demo/de/q/{item}", data={"go": "next"}, follow_redirects=True),
    ):
        assert answer.status_code == 404
        assert heading("404") in answer.text


def test_the_door_of_javascript_answers_in_its_own_form(whole: Flask) -> None:
    answer = whole.test_client().get("/s/api/no/such/door", headers={"Accept-Language": "es"})
    assert (answer.status_code, answer.content_type) == (404, "application/json")
    assert answer.json == {"code": "404", "sentence": heading("404", "es"), "do": texts_in("es")["error_404"]}


def broken(whole: Flask, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("survey_app.services.responding.studies_offered", fail)
    monkeypatch.setattr("survey_app.services.responding.study_offered", fail)


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (ValueError("my answer is: I feel alone"), 500, "500"),
        (OperationalError("SELECT secret", {"code": "ABCDE"}, Exception("locked")), 503, "503"),
        (ProblemsFound([Problem(code=Code.VERSION_GONE, values={"given": "x/1"})]), 503, "version_gone"),
    ],
)
def test_a_fault_of_ours_is_told_calmly_and_logged_without_words(
    whole: Flask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    status: int,
    name: str,
) -> None:
    broken(whole, monkeypatch, error)
    with caplog.at_level(logging.DEBUG):
        answer = whole.test_client().get("/s/demo/ar/")
    assert (answer.status_code, Page(answer.text).direction) == (status, "rtl")
    assert heading(name, "ar") in answer.text
    assert not [word for word in ("Traceback", "alone", "SELECT", "ABCDE") if word in answer.text + caplog.text]


def test_where_even_the_calm_page_fails_a_plain_one_is_there(whole: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    broken(whole, monkeypatch, ValueError("x"))
    monkeypatch.setattr("survey_app.web.respondent.mishaps.page", lambda *_, **__: 1 / 0)
    answer = whole.test_client().get("/s/demo/de/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


def test_staff_read_their_errors_in_english(whole: Flask) -> None:
    answer = whole.test_client().get("/staff/nowhere", headers={"Accept-Language": "de"})
    assert answer.status_code == 404
    assert '<html lang="en"' in answer.text
