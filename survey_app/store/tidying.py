"""Take away what the files of a database remember of the order in which rows came.

A database puts what comes later behind what came before, and keeps what was overwritten for a while. Rows are therefore
written anew in the order of their keys, which are random: SQLite by VACUUM, PostgreSQL by CLUSTER.
"""

from collections.abc import Iterable
from contextlib import closing

from sqlalchemy import Engine, Table, text

PATIENCE_MILLISECONDS = 2000
"""How long SQLite waits for others; what could not be done then is done the next time."""


def rewrite_in_order_of_ids(engine: Engine, tables: Iterable[Table]) -> None:
    """Write the rows of these tables anew, in the order of their primary keys. Others wait meanwhile.

    Raises:
        DBAPIError: others were in the way for too long; the rows are as they were.
    """
    if engine.dialect.name == "sqlite":
        _tell_sqlite(engine, "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for table in tables:
        _cluster(engine, table)


def truncate_journals(engine: Engine) -> None:
    """Take what was deleted or overwritten out of the write-ahead log of SQLite. Nothing is done on PostgreSQL.

    Raises:
        DBAPIError: others were in the way for too long.
    """
    if engine.dialect.name == "sqlite":
        _tell_sqlite(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def _cluster(engine: Engine, table: Table) -> None:
    name, key = table.name, table.primary_key.name
    column = table.primary_key.columns[0].name
    with engine.begin() as connection:
        # Every row carries the number of the transaction that wrote it last: give all the same.
        connection.execute(text(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"))
        connection.execute(text(f"UPDATE {name} SET {column} = {column}"))  # noqa: S608  # names of our own
    with engine.begin() as connection:  # the rows as they were before have to be out of the way
        connection.execute(text(f"CLUSTER {name} USING {key}"))


def _tell_sqlite(engine: Engine, *statements: str) -> None:
    # Past SQLAlchemy, which would begin a transaction first: neither statement may stand in one.
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        before = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={PATIENCE_MILLISECONDS}")
        try:
            for statement in statements:
                cursor.execute(statement).fetchall()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
            cursor.close()
