"""What every test may ask for: a database of each kind, and settings of their own."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import hypothesis
import pytest
from sqlalchemy import Engine, text

from survey_app.services.migrating import IDENTITY, KEYRING, migrate, migrate_all
from survey_app.settings import Settings
from survey_app.store.database import Databases, Sessions, make_sessions, open_database, open_databases
from tests import postgres
from tests.builders import settings_beside, some_settings

# A test never fails for being slow: timings are for benchmarks.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the three migrated SQLite files, which tests copy: see `copy_databases`."""
    folder = tmp_path_factory.mktemp("template")
    _migrate(f"sqlite:///{folder}/survey.db")
    return folder


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A cluster of this test process, with the databases `empty` and `migrated` that tests copy."""
    if os.environ.get("SURVEY_TEST_POSTGRES") == "off":
        pytest.skip("SURVEY_TEST_POSTGRES=off leaves out the tests on PostgreSQL")
    with postgres.cluster() as address:
        with postgres.connection(address) as connected:
            connected.execute("CREATE DATABASE migrated")
        with postgres.connection(address, "migrated") as connected:
            connected.execute("CREATE SCHEMA keyring")
            connected.execute("CREATE SCHEMA identity")
        _migrate(address.format("migrated"))
        yield address


@pytest.fixture(autouse=True)
def insider_at_rest(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Releases in tests are spared the insider and the reading of reports, which take long, but where marked."""
    if request.node.get_closest_marker("insider") is None:
        leave_attacks_out(monkeypatch)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a migrated database without rows: the test runs once on SQLite and once on PostgreSQL.

    The keyring and the identity database belong to it: see `settings_beside`.
    """
    if request.param == "sqlite":
        copy_databases(request.getfixturevalue("sqlite_template"), tmp_path)
        yield f"sqlite:///{tmp_path}/survey.db"
    else:
        yield from _postgres_database(request.getfixturevalue("postgres_address"), template="migrated")


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without any table, of each kind."""
    if request.param == "sqlite":
        urls: Iterable[str] = [f"sqlite:///{tmp_path / 'empty.db'}"]
    else:
        urls = _postgres_database(request.getfixturevalue("postgres_address"), template="template1")
    for url in urls:
        engine = open_database(url)
        yield engine
        engine.dispose()


@pytest.fixture
def empty_databases(empty_database: Engine) -> Iterator[Databases]:
    """A migrated keyring and identity database of each kind, beside a main one without any table."""
    url = empty_database.url.render_as_string(hide_password=False)
    if empty_database.dialect.name == "postgresql":
        with empty_database.begin() as connection:
            connection.execute(text("CREATE SCHEMA keyring"))
            connection.execute(text("CREATE SCHEMA identity"))
    opened = open_databases(settings_beside(url))
    migrate(opened.keyring, chain=KEYRING)
    migrate(opened.identity, chain=IDENTITY)
    yield opened
    opened.dispose()


@pytest.fixture
def databases(database_url: str) -> Iterator[Databases]:
    """The three migrated databases without rows, of each kind."""
    opened = open_databases(settings_beside(database_url))
    yield opened
    opened.dispose()


@pytest.fixture
def database(databases: Databases) -> Engine:
    """The main one of `databases`."""
    return databases.main


@pytest.fixture
def sessions(databases: Databases) -> Sessions:
    """Sessions of `databases`: `with sessions.begin() as db:`."""
    return make_sessions(databases)


@pytest.fixture
def sqlite_sessions(sqlite_template: Path, tmp_path: Path) -> Iterator[Sessions]:
    """Sessions of migrated SQLite databases: for facts that do not hang on the kind of database."""
    copy_databases(sqlite_template, tmp_path)
    opened = open_databases(some_settings(data=tmp_path))
    yield make_sessions(opened)
    opened.dispose()


@pytest.fixture
def settings(tmp_path: Path, sqlite_template: Path) -> Callable[..., Settings]:
    """Build settings with a data folder of their own and migrated SQLite databases in it, changed as told."""
    copy_databases(sqlite_template, tmp_path)
    return lambda **changes: some_settings(data=tmp_path, **changes)


def copy_databases(folder: Path, to: Path) -> None:
    """Copy the three SQLite files of a folder to another."""
    for name in ("survey.db", "keyring.db", "identity.db"):
        shutil.copy(folder / name, to / name)


def _migrate(url: str) -> None:
    opened = open_databases(settings_beside(url))
    migrate_all(opened)
    opened.dispose()


def _postgres_database(address: str, *, template: str) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    with postgres.connection(address) as connected:
        connected.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
    yield address.format(name)
    with postgres.connection(address) as connected:
        connected.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def leave_attacks_out(patch: pytest.MonkeyPatch) -> None:
    """Spare releases the insider and the reading of reports; a fixture of a module says so for itself."""
    patch.setattr("survey_app.core.attack.audit.MOST_PEOPLE", 0)
    patch.setattr("survey_app.services.auditing.scrape_reports", lambda *_, **__: {})
