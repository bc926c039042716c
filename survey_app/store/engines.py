"""The engines of the three databases, set for durable commits.

Main: studies, responses, releases, accounts. Keyring: the keys of what is encrypted in the main one. Identity: who may
answer. No table of one refers to a table of another.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from survey_app.settings import Settings
from survey_app.store.vault import Vault

BUSY_SECONDS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Databases:
    """The engines of an installation, and the secret that wraps the keys of its keyring."""

    main: Engine
    keyring: Engine
    identity: Engine
    key_encryption_key: bytes = field(repr=False)

    def make_vault(self) -> Vault:
        """Return a vault that works on the keyring."""
        return Vault(self.keyring, self.key_encryption_key)

    def dispose(self) -> None:
        """Close all connections that nobody uses."""
        for engine in (self.main, self.keyring, self.identity):
            engine.dispose()


def open_databases(settings: Settings) -> Databases:
    """Open the engines of the three databases; see `open_database`."""
    return Databases(
        main=open_database(settings.database_url),
        keyring=open_database(settings.keyring_database_url),
        identity=open_database(settings.identity_database_url),
        key_encryption_key=settings.key_encryption_key.get_secret_value().encode(),
    )


def open_database(url: str) -> Engine:
    """Open the engine of `url`, set for durable commits.

    SQLite: WAL, synchronous=FULL, foreign keys on, transactions that write take the lock at once; what is deleted is
    overwritten in the file.
    PostgreSQL: psycopg 3, synchronous_commit is the server's and must be on.
    """
    parsed = _with_driver(make_url(url))
    # hide_parameters: an error of the database must not carry an answer into the log.
    engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite", hide_parameters=True)
    if parsed.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _with_driver(url: URL) -> URL:
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # the driver's own type
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    patience = f"busy_timeout={BUSY_SECONDS * 1000}"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", patience):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:  # noqa: ANN401  # SQLAlchemy passes its Connection
    # IMMEDIATE: two writers wait for each other instead of failing half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
