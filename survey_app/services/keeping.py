"""Keep backups of the keyring, for as long as erased answers may be restored from them and no longer."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine, Table, insert, select
from sqlalchemy.exc import DBAPIError

from survey_app.services.migrating import KEYRING, migrate
from survey_app.store.bases import KeyringBase
from survey_app.store.database import Databases, open_database
from survey_app.store.erasing import sweep
from survey_app.store.tidying import rewrite_in_order_of_ids

MOST_DAYS = 30
NAME = "keyring-{day}.db"
ALONE = "keys-without-row.json"
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a backup did. file: the backup of today; deleted: how many backups were too old; swept: keys without row."""

    file: Path
    deleted: int
    swept: int


def backup_keyring(databases: Databases, folder: Path, *, today: date, days: int = MOST_DAYS) -> Kept:
    """Write a backup of the keyring and delete those that are older than `days`; sweep away keys without a row.

    A key is swept when it had no row on an earlier day either: keys are stored before their rows. The backup is a
    SQLite file that can be used as keyring, readable by its owner only; a second one on a day replaces the first.

    Raises:
        ValueError: `days` is more than 30 or less than 1.
        OSError: the folder cannot be written.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"backups of the keyring are kept for 1 to {MOST_DAYS} days")
    folder.mkdir(parents=True, exist_ok=True)
    swept = _sweep(databases, folder / ALONE, today)
    with suppress(DBAPIError):  # when somebody is in the way, the backup of tomorrow does it
        rewrite_in_order_of_ids(databases.keyring, KeyringBase.metadata.sorted_tables)
    file = folder / NAME.format(day=today.isoformat())
    _copy(databases.keyring, file)
    return Kept(file=file, deleted=_delete_old(folder, today - timedelta(days=days)), swept=swept)


def _sweep(databases: Databases, known: Path, today: date) -> int:
    seen = json.loads(known.read_text(encoding="utf-8")) if known.is_file() else {"day": "", "keys": []}
    if seen["day"] == today.isoformat():
        return 0  # a deed of this moment may have stored its key and not yet its row
    swept, alone = sweep(databases, databases.make_vault(), frozenset(seen["keys"]))
    known.write_text(json.dumps({"day": today.isoformat(), "keys": sorted(alone)}), encoding="utf-8")
    return len(swept)


def _copy(keyring: Engine, file: Path) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600))
    copy = open_database(f"sqlite:///{unfinished}")
    try:
        migrate(copy, chain=KEYRING)
        for table in KeyringBase.metadata.sorted_tables:
            _copy_table(keyring, copy, table)
    finally:
        copy.dispose()  # the last connection puts everything into the one file
    unfinished.replace(file)


def _copy_table(keyring: Engine, copy: Engine, table: Table) -> None:
    statement = select(table).order_by(*table.primary_key).execution_options(yield_per=ROWS_AT_ONCE)
    with keyring.begin() as source, copy.begin() as target, source.execute(statement) as found:
        for rows in found.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])


def _delete_old(folder: Path, oldest: date) -> int:
    old = [path for path in folder.glob(NAME.format(day="*")) if path.name < NAME.format(day=oldest.isoformat())]
    for path in old:
        path.unlink()
    return len(old)
