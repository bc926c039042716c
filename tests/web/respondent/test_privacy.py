"""One whole visit; then every table, file, log line, cookie and address is searched for whoever it was."""

import logging
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from flask import Flask, Response, request

from survey_app.app import create_app
from survey_app.services.catalogue import open_study
from survey_app.store.database import databases_of
from survey_app.store.responses import read_all
from tests.builders import some_settings
from tests.conftest import copy_databases
from tests.web.respondent.conftest import QUESTIONNAIRES, catalogue, demo_study
from tests.web.respondent.test_the_whole_way import Person
from tests.web.respondent.walker import Walker

ADDRESS = "203.0.113.77"
BROWSER = "Telltale/9.1"
COOKIES = {"admission", "return_code", "display", "kiosk"}
WORDS = "my daughter Ottilie plays the viola"


class LogKeeper(logging.Handler):
    """Every line that is logged, at any level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Visit:
    """The application, what it logged and every request it saw, in one visit of one person."""

    def __init__(self, app: Flask, log: LogKeeper) -> None:
        self.app, self.log = app, log
        self.asked: list[str] = []
        self.answered: list[Response] = []
        self.cookies: set[str] = set()
        app.after_request(self._watch)
        self.walker = Walker(app.test_client())
        self.walker.client.environ_base.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
        self.code = self._walk()

    def _watch(self, response: Response) -> Response:
        self.asked += [request.url, request.headers.get("Referer", ""), response.headers.get("Location", "")]
        self.answered.append(response)
        self.cookies |= {one.split("=", 1)[0] for one in response.headers.getlist("Set-Cookie")}
        return response

    def _walk(self) -> str:
        walker = self.walker
        code = walker.begin("en")
        for where in ("code", "code/print", "code.txt", "pause", "nowhere"):
            walker.get(f"/s/demo/en/{where}")
        walker.get("/s/demo/en/go")
        walker.answer_until(Person(4, CJ21=[WORDS]))
        walker.send(button=None)
        for where in ("thanks", "answers", "answers.json", "answers.html", "delete", "welcome"):
            walker.get(f"/s/demo/en/{where}")
        walker.client.post("/s/left/en")
        for typed in ("wrong", code):
            walker.get("/s/code/en")
            walker.send({"code": [typed]})
        walker.client.post("/s/api/saves", data=b"nonsense" + code.encode(), content_type="application/json")
        walker.client.post("/s/demo/en/q/SC06", data=b"%ff" + code.encode(), content_type="text/plain")
        walker.get("/s/demo/en/kiosk")
        walker.get("/s/display/en")
        return code

    @property
    def clues(self) -> tuple[str, ...]:
        """What would point to the person."""
        plain = self.code.replace("-", "")
        return (self.code, plain, plain.lower(), ADDRESS, BROWSER, "Telltale")


def visited(folder: Path, template: Path) -> Iterator[Visit]:
    copy_databases(template, folder)
    root, log = logging.getLogger(), LogKeeper()
    before = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    app = create_app(some_settings(data=folder))
    with app.extensions["sessions"].begin() as db:
        open_study(db, demo_study(), catalogue(), QUESTIONNAIRES, quarter="2026-Q4")
    yield Visit(app, log)
    root.removeHandler(log)
    root.setLevel(before)
    databases_of(app.extensions["sessions"]).dispose()


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Visit]:
    """One visit for all who only look at what it left behind."""
    yield from visited(tmp_path_factory.mktemp("visit"), sqlite_template)


@pytest.fixture
def own_visit(tmp_path: Path, sqlite_template: Path) -> Iterator[Visit]:
    yield from visited(tmp_path, sqlite_template)


def database_file(visit: Visit) -> Path:
    return Path(visit.app.extensions["settings"].data) / "survey.db"


def test_no_table_holds_a_code_an_address_or_a_browser(visit: Visit) -> None:
    with sqlite3.connect(database_file(visit)) as connection:
        dump = "\n".join(connection.iterdump())
    assert 'INSERT INTO "response"' in dump, "the dump holds the response"
    assert WORDS not in dump
    assert not [clue for clue in visit.clues if clue in dump]


def test_no_file_that_the_program_writes_holds_them_either(visit: Visit) -> None:
    files = [path for path in database_file(visit).parent.rglob("*") if path.is_file()]
    written = b"".join(path.read_bytes() for path in files)
    assert {"survey.db", "keyring.db", "identity.db"} <= {path.name for path in files}
    assert not [clue for clue in (*visit.clues, WORDS) if clue.encode() in written]


def test_no_row_of_a_person_holds_a_moment(visit: Visit) -> None:
    with sqlite3.connect(database_file(visit)) as connection:
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute("SELECT * FROM response")]
    for row in found:
        assert row.pop("sealed"), "encrypted, so it may look like anything"
    with visit.app.extensions["sessions"].begin() as db:
        found += [asdict(replace(one, draw=0)) for one in read_all(db)]
    assert WORDS in str(found), "what was sealed is looked at too"
    rows = "\n".join(str(row) for row in found)
    assert not re.findall(r"20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d", rows)
    assert not re.findall(r"(?<![0-9a-f])1[78]\d{8}(?![0-9a-f])", rows), "seconds since 1970"


def test_no_log_line_holds_them_and_no_answer(visit: Visit) -> None:
    logged = "\n".join(visit.log.lines)
    assert logged, "something was logged"
    assert not [clue for clue in (*visit.clues, WORDS) if clue in logged]


def test_no_address_and_no_referer_holds_the_code(visit: Visit) -> None:
    seen = "\n".join(visit.asked)
    assert "/s/demo/en/thanks" in seen
    assert not [clue for clue in visit.clues[:3] if clue in seen]
    assert {one.headers["Referrer-Policy"] for one in visit.answered} <= {"same-origin", "no-referrer"}


def test_every_cookie_is_known_and_says_nothing_by_itself(visit: Visit) -> None:
    assert visit.cookies <= COOKIES
    assert "return_code" in visit.cookies


def test_the_cookie_with_the_code_goes_to_our_pages_alone(visit: Visit) -> None:
    (cookie,) = {
        one
        for answer in visit.answered
        for one in answer.headers.getlist("Set-Cookie")
        if one.startswith("return_code=") and "Expires=Thu, 01 Jan 1970" not in one
    }
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert parts == {"HttpOnly", "Path=/s/", "SameSite=Strict"}, "gone when the browser is closed"


def test_no_page_about_a_person_is_kept_by_a_browser_or_on_the_way(visit: Visit) -> None:
    pages = [
        one for one in visit.answered if one.content_type.startswith(("text/html", "application/json", "text/plain"))
    ]
    assert {one.headers["Cache-Control"] for one in pages} == {"no-store"}


def test_after_deleting_no_table_holds_the_answers(own_visit: Visit) -> None:
    own_visit.walker.get("/s/demo/en/delete")
    own_visit.walker.send(button=None)
    assert "Your answers have been deleted" in own_visit.walker.page.text
    with sqlite3.connect(database_file(own_visit)) as connection:
        assert WORDS not in "\n".join(connection.iterdump())
