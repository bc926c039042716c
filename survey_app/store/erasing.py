"""What has to be done once a transaction is committed: keys of deleted rows are forgotten, closed batches put in order.

Never before, so that a deed that is refused leaves everything as it was. A process that dies in between leaves keys
without rows; `sweep` takes those away.
"""

import logging
from collections.abc import Callable, Iterable
from typing import cast

from sqlalchemy import Engine, Table, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.store.bases import Base, IdentityBase, KeyringBase
from survey_app.store.engines import Databases
from survey_app.store.tidying import rewrite_in_order_of_ids, truncate_journals
from survey_app.store.vault import KEYS_AT_ONCE, Vault

DATABASES, VAULT = "databases", "vault"
_DELETED, _CLOSED = "deleted", "closed"
KEY_REF = "key_ref"
"""Name of the column, in whatever table of the main database, that names the key of what a row holds sealed."""
WITHOUT_ORDER = "without_order"
"""`info` of a table of the main database: it has rows of people, and nothing may tell the order in which they came."""

_log = logging.getLogger(__name__)


def vault_of(session: Session) -> Vault:
    """Return the vault that belongs to a session of `make_sessions`."""
    return cast("Vault", session.info[VAULT])


def forget_when_committed(session: Session, refs: Iterable[str]) -> None:
    """Have keys forgotten whose rows were deleted, as soon as that is committed."""
    session.info.setdefault(_DELETED, set()).update(refs)


def rewrite_when_committed(session: Session) -> None:
    """Have everything written anew that could tell an order, as soon as this is committed: a batch was closed."""
    session.info[_CLOSED] = True


def finish_erasing(session: Session) -> None:
    """Do what was put off until the commit; called after each one, does nothing inside a larger transaction."""
    if session.in_nested_transaction():
        return
    deleted, closed = session.info.pop(_DELETED, None), session.info.pop(_CLOSED, False)
    databases = cast("Databases", session.info[DATABASES])
    if deleted:
        # A part of the transaction that was taken back has its rows still.
        vault_of(session).forget(_without_rows(databases.main, deleted))
    if closed:
        _try(rewrite_all, databases)
    elif deleted:
        _try(_truncate, databases)


def sweep(databases: Databases, vault: Vault, before: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Forget keys of `before` to which no row belongs; return them, and the others that belong to none now.

    The others are to be given the next time: a key is stored before its row, so only what has none twice, with more
    time between than any deed takes, was left over.
    """
    alone = frozenset(_without_rows(databases.main, vault.all_refs()))
    vault.forget(alone & before)
    return alone & before, alone - before


def rewrite_all(databases: Databases) -> None:
    """Write anew everything that could tell the order in which people came.

    Raises:
        DBAPIError: others were in the way for too long.
    """
    marked = [table for table in Base.metadata.sorted_tables if table.info.get(WITHOUT_ORDER)]
    rewrite_in_order_of_ids(databases.main, marked)
    rewrite_in_order_of_ids(databases.keyring, KeyringBase.metadata.sorted_tables)
    rewrite_in_order_of_ids(databases.identity, IdentityBase.metadata.sorted_tables)


def _truncate(databases: Databases) -> None:
    truncate_journals(databases.main)
    truncate_journals(databases.keyring)


def _try(deed: Callable[[Databases], None], databases: Databases) -> None:
    try:
        deed(databases)
    except DBAPIError:  # what was asked for is committed; the next release or backup does this again
        _log.warning("A database was busy: what it remembers of the order of rows is taken away the next time.")


def _without_rows(main: Engine, refs: Iterable[str]) -> list[str]:
    wanted = sorted(refs)
    found: set[str] = set()
    tables: list[Table] = [table for table in Base.metadata.sorted_tables if KEY_REF in table.c]
    with main.begin() as connection:
        for table in tables:
            for start in range(0, len(wanted), KEYS_AT_ONCE):
                some = wanted[start : start + KEYS_AT_ONCE]
                found.update(connection.scalars(select(table.c[KEY_REF]).where(table.c[KEY_REF].in_(some))))
    return [ref for ref in wanted if ref not in found]
