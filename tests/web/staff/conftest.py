"""A browser in the staff wing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey_app.app import create_app
from survey_app.services import staffing
from survey_app.settings import Settings
from survey_app.store.database import databases_of, make_sessions, open_databases
from tests.builders import CHEAP, a_cube, some_settings, store_cube
from tests.conftest import copy_databases

PROJECT = Path(__file__).parents[3]
PASSWORD = "a long enough password"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Browser:
    """Follows no redirect by itself and sends the token of the page it saw last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path))

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form."""
        return self._seen(self.client.post(path, data={"csrf_token": self.token} | fields))

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        """Fill in the sign-in form."""
        self.get("/staff/sign-in")
        return self.post("/staff/sign-in", name=name, password=password)

    def _seen(self, response: TestResponse) -> TestResponse:
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        self.token = found.group(1) if found else self.token
        return response


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Databases with the accounts `cora` (coordinator) and `rana` (researcher), and the release `demo-1`."""
    folder = tmp_path_factory.mktemp("furnished")
    copy_databases(sqlite_template, folder)
    opened = open_databases(some_settings(data=folder))
    with make_sessions(opened).begin() as db:
        staffing.add_staff(db, name="cora", role="coordinator", password=PASSWORD, hasher=CHEAP)
        staffing.add_staff(db, name="rana", role="researcher", password=PASSWORD, hasher=CHEAP)
        store_cube(db, a_cube("demo-1"))
    opened.dispose()
    return folder


@pytest.fixture
def make_app(settings: Callable[..., Settings], furnished: Path) -> Iterator[Callable[..., Flask]]:
    """Make the application on a copy of the furnished database, with settings changed as told."""
    made: list[Flask] = []

    def make(**changes: object) -> Flask:
        told = settings(questionnaires=PROJECT / "questionnaires", **changes)
        copy_databases(furnished, told.data)
        made.append(create_app(told))
        return made[-1]

    yield make
    for app in made:
        databases_of(app.extensions["sessions"]).dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application over plain HTTP."""
    return make_app()


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser that is not signed in."""
    return Browser(app.test_client())


@pytest.fixture
def coordinator(app: Flask) -> Browser:
    """A browser signed in as coordinator."""
    browser = Browser(app.test_client())
    browser.sign_in("cora")
    return browser


@pytest.fixture
def researcher(app: Flask) -> Browser:
    """A browser signed in as researcher."""
    browser = Browser(app.test_client())
    browser.sign_in("rana")
    return browser
