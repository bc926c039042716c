"""Bring the databases to the form this program needs, and refuse those that have another. A chain for each."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.store.database import Databases

MIGRATIONS = Path(__file__).parents[2] / "migrations"
MAIN, KEYRING, IDENTITY = "versions", "keyring", "identity"
"""The chains, by their folders in `migrations`."""
ONE_AT_A_TIME = 720_114  # any number; PostgreSQL lets one holder of it migrate


def migrate_all(databases: Databases) -> None:
    """Move every database forward to the newest form; the main one last, because it needs the others.

    Raises:
        ProblemsFound: one of them cannot be moved; that one is as it was.
    """
    migrate(databases.keyring, chain=KEYRING)
    migrate(databases.identity, chain=IDENTITY)
    migrate(databases.main)


def require_all_current(databases: Databases) -> None:
    """Refuse databases that are not in the form this program needs.

    Raises:
        ProblemsFound: one is empty, older or newer.
    """
    require_current(databases.main)
    require_current(databases.keyring, chain=KEYRING)
    require_current(databases.identity, chain=IDENTITY)


def migrate(engine: Engine, revision: str = "head", *, chain: str = MAIN) -> None:
    """Move a database forward to `revision`, in one transaction: whole or not at all."""
    with engine.begin() as connection:
        command.upgrade(_config(connection, chain), revision)


def migrate_back(engine: Engine, revision: str = "base", *, chain: str = MAIN) -> None:
    """Move a database back to `revision`, in one transaction; `base` is an empty database."""
    with engine.begin() as connection:
        command.downgrade(_config(connection, chain), revision)


def require_current(engine: Engine, *, chain: str = MAIN) -> None:
    """Refuse a database that is not in the form this program needs.

    Raises:
        ProblemsFound: it is empty, older or newer.
    """
    needed = ScriptDirectory.from_config(_plan(chain)).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != needed:
        values = {"given": found or "empty", "value": str(needed)}
        raise ProblemsFound([Problem(code=Code.DATABASE_NOT_MIGRATED, values=values)])


def _config(connection: Connection, chain: str) -> Config:
    # SQLite needs no lock of ours: its transactions begin with the lock (store/database.py).
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
    config = _plan(chain)
    config.attributes["connection"] = connection
    return config


def _plan(chain: str) -> Config:
    config = Config()
    for option, folder in (("script_location", MIGRATIONS), ("version_locations", MIGRATIONS / chain)):
        config.set_main_option(option, str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # a folder may have any other sign in its name
    return config
