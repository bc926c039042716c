"""Sessions over the three databases; and what a file of tables needs: the bases and the kinds of columns."""

from sqlalchemy import event, text
from sqlalchemy.orm import Session, sessionmaker

from survey_app.store.bases import (
    Base,
    Code,
    Document,
    Hash,
    IdentityBase,
    Key,
    KeyringBase,
    Moment,
    Quarter,
    Sealed,
    Words,
)
from survey_app.store.engines import Databases, open_database, open_databases
from survey_app.store.erasing import DATABASES, VAULT, finish_erasing

__all__ = [
    "Base",
    "Code",
    "Databases",
    "Document",
    "Hash",
    "IdentityBase",
    "Key",
    "KeyringBase",
    "Moment",
    "Quarter",
    "Sealed",
    "Sessions",
    "Words",
    "databases_of",
    "lock_chains",
    "make_sessions",
    "open_database",
    "open_databases",
]

_CHAINS = 720_115  # any number; PostgreSQL lets one holder of it append to a chain of hashes

Sessions = sessionmaker[Session]


def make_sessions(databases: Databases) -> Sessions:
    """Return the session factory; `with sessions.begin() as db:` commits when left, undoes on an exception.

    Mapped classes are found in the database of their base; `session.connection()` and statements on bare tables go to
    the main one. Each database commits by itself, in no certain order: what must be safe first needs a transaction
    of its own.
    """
    binds = {KeyringBase: databases.keyring, IdentityBase: databases.identity}
    info = {DATABASES: databases, VAULT: databases.make_vault()}
    made = sessionmaker(databases.main, binds=binds, expire_on_commit=False, info=info)
    event.listen(made, "after_commit", finish_erasing)
    return made


def databases_of(sessions: Sessions) -> Databases:
    """Return the engines that these sessions work on."""
    found: Databases = sessions.kw["info"][DATABASES]
    return found


def lock_chains(session: Session) -> None:
    """Let one transaction at a time append to the chains of hashes, until it ends; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _CHAINS})
