"""Bring a database to the form this program needs, and refuse one that has another."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from survey_app.core.problems import Code, Problem, ProblemsFound

MIGRATIONS = Path(__file__).parents[2] / "migrations"
ONE_AT_A_TIME = 720_114  # any number; PostgreSQL lets one holder of it migrate


def migrate(engine: Engine, revision: str = "head") -> None:
    """Move the database forward to `revision`, in one transaction: whole or not at all."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), revision)


def migrate_back(engine: Engine, revision: str = "base") -> None:
    """Move the database back to `revision`, in one transaction; `base` is an empty database."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def require_current(engine: Engine) -> None:
    """Refuse a database that is not in the form this program needs.

    Raises:
        ProblemsFound: it is empty, older or newer.
    """
    needed = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != needed:
        values = {"given": found or "empty", "value": str(needed)}
        raise ProblemsFound([Problem(code=Code.DATABASE_NOT_MIGRATED, values=values)])


def _config(connection: Connection) -> Config:
    # SQLite needs no lock of ours: its transactions begin with the lock (store/database.py).
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
