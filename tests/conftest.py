"""What every test may ask for: a database of each kind, and settings of their own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import Engine

from survey_app.services.migrating import migrate
from survey_app.settings import Settings
from survey_app.store.database import Sessions, make_sessions, open_database
from tests import postgres
from tests.builders import some_settings

# A test never fails for being slow: timings are for benchmarks.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A cluster of this test process, with the databases `empty` and `migrated` that tests copy."""
    if os.environ.get("SURVEY_TEST_POSTGRES") == "off":
        pytest.skip("SURVEY_TEST_POSTGRES=off leaves out the tests on PostgreSQL")
    with postgres.cluster() as address:
        with postgres.connection(address) as connected:
            connected.execute("CREATE DATABASE migrated")
        _migrate(address.format("migrated"))
        yield address


@pytest.fixture(autouse=True)
def insider_at_rest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases in tests are spared the insider, who takes half a minute each, but where marked `insider`."""
    if request.node.get_closest_marker("insider") is None:
        monkeypatch.setattr("survey_app.core.attack.audit.MOST_PEOPLE", 0)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated database without rows: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "survey.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        yield from _postgres_database(request.getfixturevalue("postgres_address"), template="migrated")


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, of each kind."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        for url in _postgres_database(request.getfixturevalue("postgres_address"), template="template1"):
            yield from _opened(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """A migrated database without rows, of each kind."""
    yield from _opened(database_url)


@pytest.fixture
def sessions(database: Engine) -> Sessions:
    """Sessions of `database`: `with sessions.begin() as db:`."""
    return make_sessions(database)


@pytest.fixture
def sqlite_sessions(sqlite_template: Path, tmp_path: Path) -> Iterator[Sessions]:
    """Sessions of a migrated SQLite database: for facts that do not hang on the kind of database."""
    path = tmp_path / "survey.db"
    shutil.copy(sqlite_template, path)
    for engine in _opened(f"sqlite:///{path}"):
        yield make_sessions(engine)


@pytest.fixture
def settings(tmp_path: Path, sqlite_template: Path) -> Callable[..., Settings]:
    """Build settings with a data folder of their own and a migrated SQLite database in it, changed as told."""
    shutil.copy(sqlite_template, tmp_path / "survey.db")
    return lambda **changes: some_settings(data=tmp_path, **changes)


def _migrate(url: str) -> None:
    engine = open_database(url)
    migrate(engine)
    engine.dispose()


def _opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


def _postgres_database(address: str, *, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with postgres.connection(address) as connected:
        connected.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    yield address.format(name)
    with postgres.connection(address) as connected:
        connected.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
