"""Who may not take part, who comes back, who deletes, and who is kept out."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from sqlalchemy import func, select

from survey_app.app import create_app
from survey_app.services.catalogue import close_study
from survey_app.settings import Settings
from survey_app.store.responses import ResponseRow
from tests.web.respondent.test_the_whole_way import Person, row_of
from tests.web.respondent.walker import Walker

Visitor = Callable[[], Walker]


def rows(app: Flask) -> int:
    with app.extensions["sessions"].begin() as db:
        return db.scalar(select(func.count()).select_from(ResponseRow)) or 0


def test_nothing_is_stored_before_the_needed_agreements(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    walker.get("/s/demo/en/consent/prospective")
    walker.send({"SC01": ["yes"], "SC03": ["yes"]})
    assert walker.status == 422
    assert "Without this agreement" in walker.page.text
    assert {one.name for one in walker.page.form().controls if one.checked} == {"SC01", "SC03"}
    assert rows(app) == 0


def test_a_minor_is_thanked_and_nothing_is_kept(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("en")
    walker.send({"SC06": ["no"]})
    assert "This survey is for adults" in walker.page.text
    assert row_of(app, code) is None
    assert "return_code" not in {cookie.key for cookie in walker.client._cookies.values()}


def test_a_bereaved_person_finds_a_page_of_their_own_and_nothing_is_kept(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("de")
    walker.send({"SC06": ["yes"]})
    walker.send({"SC07": ["bereaved"]})
    assert walker.address.endswith("/end/bereaved")
    assert row_of(app, code) is None


@pytest.mark.parametrize("typed", ["", "nonsense", "00000-00000-00000", "7ZZZZ-ZZZZZ-ZZZZZ"])
def test_wrong_and_unknown_codes_get_the_same_answer(visitor: Visitor, typed: str) -> None:
    walker = visitor()
    walker.get("/s/code/en")
    walker.send({"code": [typed]})
    assert walker.status == 422
    assert "This code does not open any answers" in walker.page.text


def test_guessing_codes_is_slowed_down(visitor: Visitor) -> None:
    walker = visitor()
    walker.get("/s/code/en")
    seen = []
    for _ in range(11):
        walker.send({"code": ["wrong"]})
        seen.append(walker.status)
    assert seen == [422] * 10 + [429]


def test_ones_own_answers_can_be_seen_downloaded_and_deleted(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(4, CJ01=["often"])
    code = walker.begin("en")
    walker.answer_until(person)
    walker.send(button=None)
    walker.follow("/answers")
    assert "Often" in walker.page.text
    link = next(href for href, _ in walker.page.links if href.endswith("/answers.json"))
    copy = json.loads(walker.client.get(link).text)
    row = row_of(app, code)
    assert row is not None
    assert {one["id"]: one["value"] for one in copy["waves"][0]["answers"]} == row.answers
    walker.follow("/delete")
    assert row_of(app, code) is not None, "asking is not deleting"
    walker.send(button=None)
    assert "Your answers have been deleted" in walker.page.text
    assert row_of(app, code) is None
    walker.follow("/s/code/en")
    walker.send({"code": [code]})
    assert walker.status == 422


def test_a_device_forgets_the_code_on_request(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en")
    walker.send(button="pause")
    walker.send(button=None)
    assert "This device no longer knows your code" in walker.page.text
    walker.get("/s/demo/en/go")
    assert walker.address.startswith("/s/code/")


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]
)
def test_forms_of_other_sites_are_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    walker = visitor()
    walker.begin("en")
    data = {"SC06": "yes", "go": "next"}
    assert walker.client.post(walker.address, data=data, headers=headers).status_code == 403
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert walker.client.post(walker.address, data=data, headers=ours).status_code == 303


def test_the_cookie_stays_with_us_and_cannot_be_forged(visitor: Visitor) -> None:
    walker = visitor()
    walker.get("/s/demo/en/consent/prospective")
    response = walker.client.post(walker.address, data={"SC01": "yes", "SC02": "yes", "go": "next"})
    cookie = response.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/s/"))
    assert "Expires" not in cookie
    other = visitor()
    other.client.set_cookie("return_code", cookie.split("=", 1)[1].split(";")[0][:-2] + "xx", path="/s/")
    assert other.get("/s/demo/en/code") is not None
    assert other.address.startswith("/s/code/")


def test_no_address_device_or_time_stands_in_a_row(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    walker.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    walker.client.environ_base["HTTP_USER_AGENT"] = "Telltale/9"
    code = walker.begin("en")
    row = row_of(app, code)
    assert row is not None
    stored = str(row)
    assert "203.0.113.77" not in stored
    assert "Telltale" not in stored
    assert code.replace("-", "") not in stored
    assert not re.search(r"20\d\d-\d\d-\d\d", stored)


def test_an_unreadable_answer_is_told_kindly_and_kept_on_the_page(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("de")
    walker.send({})
    assert walker.status == 422
    assert walker.question == "SC06"


def test_every_page_says_draft_and_synthetic(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("de")
    for address in ("/s/demo/de/", walker.address, "/s/demo/de/review", "/s/demo/de/pause"):
        page = walker.get(address)
        assert page.html.count('<p class="marks">') == 1
        assert "SYNTHETISCH" in page.text


def test_emphasis_is_on_the_page_and_not_in_the_store(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(2)
    code = walker.begin("en")
    while walker.question != "EM07":
        walker.send(*person(walker))
    assert 'class="safety out"' not in walker.page.html
    before = set(asdict(row_of(app, code)))
    walker.send({"EM07": ["often"]})
    assert 'class="safety out"' in walker.page.html
    assert "112" in walker.page.text
    assert set(asdict(row_of(app, code))) == before


def test_the_start_page_speaks_the_language_of_the_browser(visitor: Visitor) -> None:
    walker = visitor()
    response = walker.client.get("/", headers={"Accept-Language": "nl-BE, fr;q=0.5"})
    assert '<html lang="nl" dir="ltr">' in response.text
    assert '<html lang="it" dir="ltr">' in walker.client.get("/?language=it").text


def test_the_whole_application_serves_these_pages_with_a_style_that_its_policy_allows(
    settings: Callable[..., Settings],
) -> None:
    client = create_app(settings()).test_client()
    start = client.get("/")
    assert (start.status_code, "Set-Cookie" in start.headers) == (200, False)
    style = re.search(r'rel="stylesheet" href="([^"]+)"', start.text)
    assert style
    found = client.get(style[1])
    assert found.content_type.startswith("text/css")
    assert "immutable" in found.headers["Cache-Control"]
    assert "style-src 'self'" in start.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script>| style=| on[a-z]+=", start.text)


def test_a_closed_study_takes_nobody_new_but_those_who_have_begun_go_on(app: Flask, visitor: Visitor) -> None:
    walker, person = visitor(), Person(8)
    code = walker.begin("en")
    with app.extensions["sessions"].begin() as db:
        close_study(db, "demo")
    newcomer = visitor()
    newcomer.get("/s/demo/en/")
    assert "This survey is closed" in newcomer.page.text
    assert newcomer.client.get("/s/demo/en/consent/prospective").status_code == 404
    walker.answer_until(person)
    walker.send(button=None)
    row = row_of(app, code)
    assert row is not None
    assert row.status == "whole"


def test_a_code_opens_nothing_in_another_study(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en")
    for page in ("q/SC06", "review", "answers", "delete", "pause", "stop"):
        walker.get(f"/s/other/en/{page}")
        assert walker.address.startswith("/s/code/"), page


def test_text_is_shown_as_text(visitor: Visitor) -> None:
    walker, person = visitor(), Person(1)
    walker.begin("en")
    while walker.question != "CJ21":
        walker.send(*person(walker))
    walker.send({"CJ21": ["<script>alert(1)</script>"]}, "stop")
    page = walker.get("/s/demo/en/review")
    assert "<script>" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html


def test_the_consent_form_sent_twice_begins_one_response(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    for _ in range(2):
        walker.get("/s/demo/en/consent/prospective")
        walker.send({"SC01": ["yes"], "SC02": ["yes"]})
    assert rows(app) == 1
