"""Three databases, sessions over all of them, the bases of their tables, and the kinds of columns they use.

Main: studies, responses, releases, accounts. Keyring: the keys of what is encrypted in the main one. Identity: who may
answer. No table of one refers to a table of another.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Text,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker

from survey_app.settings import Settings

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_SECONDS = 15
_CHAINS = 720_115  # any number; PostgreSQL lets one holder of it append to a chain of hashes

Sessions = sessionmaker[Session]


class _UtcMoment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the zone; it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


Key = Annotated[str, mapped_column(String(64), primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]
Hash = Annotated[str, mapped_column(String(64))]
Words = Annotated[str, mapped_column(Text)]
Quarter = Annotated[str, mapped_column(String(7))]
Moment = Annotated[datetime, mapped_column(_UtcMoment)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """The base of the tables of the main database."""

    metadata = MetaData(naming_convention=NAMES)


class KeyringBase(DeclarativeBase):
    """The base of the tables of the keyring."""

    metadata = MetaData(naming_convention=NAMES)


class IdentityBase(DeclarativeBase):
    """The base of the tables of the identity database: who may answer, and nothing of what was answered."""

    metadata = MetaData(naming_convention=NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Databases:
    """The engines of an installation."""

    main: Engine
    keyring: Engine
    identity: Engine

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


def make_sessions(databases: Databases) -> Sessions:
    """Return the session factory; `with sessions.begin() as db:` commits when left, undoes on an exception.

    Mapped classes are found in the database of their base; `session.connection()` and statements on bare tables go to
    the main one. Each database commits by itself, in no certain order: what must be safe first needs a transaction
    of its own.
    """
    binds = {KeyringBase: databases.keyring, IdentityBase: databases.identity}
    return sessionmaker(databases.main, binds=binds, expire_on_commit=False, info={"databases": databases})


def databases_of(sessions: Sessions) -> Databases:
    """Return the engines that these sessions work on."""
    found: Databases = sessions.kw["info"]["databases"]
    return found


def lock_chains(session: Session) -> None:
    """Let one transaction at a time append to the chains of hashes, until it ends; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _CHAINS})


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
