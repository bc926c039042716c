"""Bring the databases to the form this program needs, and refuse those that have another. A chain for each."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.store.database import Databases
from survey_app.store.erasing import rewrite_all
from survey_app.store.vault import Vault

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
    before = _revision(databases.main)
    migrate(databases.main, vault=databases.make_vault())
    if before not in (None, _revision(databases.main)):
        rewrite_all(databases)  # what was moved leaves nothing behind in the files


def require_all_current(databases: Databases) -> None:
    """Refuse databases that are not in the form this program needs.

    Raises:
        ProblemsFound: one is empty, older or newer, or the keyring was made with another key-encryption key.
    """
    require_current(databases.main)
    require_current(databases.keyring, chain=KEYRING)
    require_current(databases.identity, chain=IDENTITY)
    databases.make_vault().require_own_keyring()


def migrate(engine: Engine, revision: str = "head", *, chain: str = MAIN, vault: Vault | None = None) -> None:
    """Move a database forward to `revision`, in one transaction: whole or not at all.

    vault: needed where responses have to be sealed or opened on the way.
    """
    with engine.begin() as connection:
        command.upgrade(_config(connection, chain, vault), revision)


def migrate_back(engine: Engine, revision: str = "base", *, chain: str = MAIN, vault: Vault | None = None) -> None:
    """Move a database back to `revision`, in one transaction; `base` is an empty database."""
    with engine.begin() as connection:
        command.downgrade(_config(connection, chain, vault), revision)


def require_current(engine: Engine, *, chain: str = MAIN) -> None:
    """Refuse a database that is not in the form this program needs.

    Raises:
        ProblemsFound: it is empty, older or newer.
    """
    needed = ScriptDirectory.from_config(_plan(chain)).get_current_head()
    found = _revision(engine)
    if found != needed:
        values = {"given": found or "empty", "value": str(needed)}
        raise ProblemsFound([Problem(code=Code.DATABASE_NOT_MIGRATED, values=values)])


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection, chain: str, vault: Vault | None) -> Config:
    # SQLite needs no lock of ours: its transactions begin with the lock (store/database.py).
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ONE_AT_A_TIME})
    config = _plan(chain)
    config.attributes.update(connection=connection, vault=vault)
    return config


def _plan(chain: str) -> Config:
    config = Config()
    for option, folder in (("script_location", MIGRATIONS), ("version_locations", MIGRATIONS / chain)):
        config.set_main_option(option, str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")  # a folder may have any other sign in its name
    return config
