"""Facts about headers, and about pages for what goes wrong."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask, abort

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.settings import Settings
from survey_app.web.errors import register_errors
from survey_app.web.security import css_hash, headers_of, protect


@pytest.fixture
def app(settings: Callable[..., Settings]) -> Flask:
    """An application with one page of each fate."""
    app = Flask("survey_app.app", static_folder="static", template_folder="web/templates")
    protect(app, settings(cookies_secure=True))
    register_errors(app)

    @app.get("/fault")
    def fault() -> str:
        raise ValueError("my answer is: I feel alone")

    @app.get("/problem")
    def problem() -> str:
        raise ProblemsFound([Problem(code=Code.STUDY_CLOSED, values={"given": "<b>x</b>"})])

    @app.get("/stop/<int:code>")
    def stop(code: int) -> str:
        abort(code)

    @app.get("/kept")
    def kept() -> tuple[str, dict[str, str]]:
        return "the same for everybody", {"Cache-Control": "public, max-age=60"}

    return app


def policy(**told: object) -> dict[str, str]:
    text = headers_of(**told)["Content-Security-Policy"]
    return dict(part.split(" ", 1) for part in text.split("; "))


def test_no_script_may_stand_in_a_page():
    assert policy()["script-src"] == "'self'"


def test_nothing_comes_from_elsewhere():
    assert {source for sources in policy().values() for source in sources.split()} == {"'self'", "'none'", "data:"}
    assert [kind for kind, sources in policy().items() if "data:" in sources] == ["img-src"]


def test_no_other_site_may_frame_a_page():
    assert policy()["frame-ancestors"] == "'none'"


def test_style_inside_a_page_is_allowed_by_its_hash_only():
    assert policy(inlined_css=["p{color:red}"])["style-src"] == f"'self' {css_hash('p{color:red}')}"


def test_the_hash_is_the_one_that_browsers_compute():
    # The example of the CSP specification, "doSomething();"
    assert css_hash("doSomething();") == "'sha256-RFWPLDbv2BY+rCkDzsE+0fr8ylGr2R2faWMhq4lfEQc='"


@pytest.mark.parametrize("path", ["/fault", "/problem", "/nowhere", "/stop/403", "/static/nothing.css"])
def test_every_answer_carries_the_headers(app: Flask, path: str):
    headers = app.test_client().get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_pages_are_not_kept_unless_a_view_says_so(app: Flask):
    assert app.test_client().get("/nowhere").headers["Cache-Control"] == "no-store"
    assert app.test_client().get("/kept").headers["Cache-Control"] == "public, max-age=60"


def test_https_is_demanded_where_cookies_are_for_https_only():
    assert "Strict-Transport-Security" in headers_of(https_only=True)
    assert "Strict-Transport-Security" not in headers_of(https_only=False)


def test_a_fault_shows_a_calm_page_without_its_message(app: Flask):
    answer = app.test_client().get("/fault")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert not [word for word in ("Traceback", "ValueError", "alone") if word in answer.text]


def test_the_log_of_a_fault_says_where_but_holds_no_answer_and_no_address(app: Flask, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        app.test_client().get("/fault?code=SECRET-CODE")

    assert "ValueError in fault" in caplog.text
    assert not [word for word in ("alone", "SECRET-CODE", "127.0.0.1") if word in caplog.text]


def test_problems_are_shown_as_they_are_told_and_nothing_in_them_becomes_markup(app: Flask):
    answer = app.test_client().get("/problem")

    assert answer.status_code == 422
    assert "The study &lt;b&gt;x&lt;/b&gt; is not open." in answer.text


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 418, 429, 500, 503])
def test_every_status_has_a_page_with_one_heading_and_its_number(app: Flask, code: int):
    answer = app.test_client().get(f"/stop/{code}")

    assert answer.status_code == code
    assert answer.text.count("<h1>") == 1
