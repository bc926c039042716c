"""Facts about signing in and out."""

import time
from collections.abc import Callable

import pytest
from flask import Flask

from survey_app.services import staffing
from survey_app.web.rate_limit import RateLimit
from survey_app.web.staff import sign_in
from tests.web.staff.conftest import Browser


def test_a_coordinator_begins_at_the_releases(browser: Browser):
    assert browser.sign_in("cora").location == "/staff/releases/"


def test_a_researcher_begins_at_the_research_files(browser: Browser):
    assert browser.sign_in("rana").location == "/staff/bundles/"


def test_the_sign_in_page_sends_on_who_is_signed_in(coordinator: Browser):
    assert coordinator.get("/staff/sign-in").status_code == 303


@pytest.mark.parametrize(
    "path", ["/staff/", "/staff/releases/", "/staff/bundles/", "/staff/releases/demo-1/tables.csv"]
)
def test_nobody_gets_in_without_signing_in(browser: Browser, path: str):
    assert browser.get(path).location == "/staff/sign-in"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser: Browser):
    wrong = browser.sign_in("cora", "not the password")
    unknown = browser.sign_in("nobody", "not the password")

    assert wrong.status_code == unknown.status_code == 422
    assert _without_tokens(wrong.text).replace("cora", "nobody") == _without_tokens(unknown.text)


def test_the_page_never_repeats_the_password(browser: Browser):
    assert "not the password" not in browser.sign_in("cora", "not the password").text


def test_an_empty_form_is_told_field_by_field(browser: Browser):
    answer = browser.sign_in("", "")

    assert answer.status_code == 422
    assert 'aria-describedby="name-problem"' in answer.text
    assert 'aria-describedby="password-problem"' in answer.text


@pytest.mark.parametrize("path", ["/staff/sign-in", "/staff/sign-out"])
def test_a_form_without_its_token_is_refused(coordinator: Browser, path: str):
    answer = coordinator.client.post(path, data={"name": "cora", "password": "a long enough password"})

    assert answer.status_code == 400
    assert "open for too long" in answer.text


def test_the_session_cookie_is_for_staff_pages_only_and_not_for_scripts(browser: Browser):
    cookie = browser.sign_in("cora").headers["Set-Cookie"]

    assert {"HttpOnly", "Path=/staff", "SameSite=Lax"} <= set(cookie.split("; "))


def test_the_session_cookie_goes_over_https_only_where_the_settings_say_so(make_app: Callable[..., Flask]):
    browser = Browser(make_app(cookies_secure=True).test_client())

    assert "Secure" in browser.get("/staff/sign-in").headers["Set-Cookie"].split("; ")


def test_a_session_is_a_new_one_after_signing_in(app: Flask):
    browser = Browser(app.test_client())
    with browser.client.session_transaction(path="/staff/") as session:
        session["planted"] = "before"

    browser.sign_in("cora")

    with browser.client.session_transaction(path="/staff/") as session:
        assert "planted" not in session


def test_signing_out_ends_the_session_everywhere(app: Flask, coordinator: Browser):
    elsewhere = Browser(app.test_client())
    elsewhere.sign_in("cora")

    coordinator.get("/staff/releases/")
    coordinator.post("/staff/sign-out")

    assert elsewhere.get("/staff/releases/").location == "/staff/sign-in"


def test_a_disabled_account_is_out_at_once(app: Flask, coordinator: Browser):
    with app.extensions["sessions"].begin() as db:
        staffing.disable(db, name="cora")

    assert coordinator.get("/staff/releases/").location == "/staff/sign-in"
    assert coordinator.sign_in("cora").status_code == 422


def test_a_session_ends_after_eight_hours(coordinator: Browser):
    with coordinator.client.session_transaction(path="/staff/") as session:
        session["began"] = int(time.time()) - 8 * 3600

    assert coordinator.get("/staff/releases/").location == "/staff/sign-in"


def test_an_address_that_failed_too_often_must_wait_even_with_the_right_password(app: Flask, browser: Browser):
    app.extensions[sign_in.LIMIT] = RateLimit(failures=2, seconds=900)
    for _ in range(2):
        browser.sign_in("cora", "wrong")

    answer = browser.sign_in("cora")

    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.text


def test_the_sign_in_page_is_not_kept_by_browsers(browser: Browser):
    assert browser.get("/staff/sign-in").headers["Cache-Control"] == "no-store"


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)
