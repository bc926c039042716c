"""Responses: one sealed document per person and occasion; the table and its questions. No day, no address, no browser.

In clear stands only what a response is found, closed and expired by. A response whose key is gone counts as erased: it
is not found by any question.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    RowMapping,
    Select,
    String,
    Table,
    UniqueConstraint,
    Update,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.contents import CONTENTS, SMALL_BLOCK_BYTES, from_bytes, to_bytes
from survey_app.store.database import Base, Code, Hash, Key, Sealed
from survey_app.store.erasing import WITHOUT_ORDER, forget_when_committed, vault_of
from survey_app.store.studies import DefinitionRow, StudyRow
from survey_app.store.vault import DataKey

ROWS_AT_ONCE = 1000
RECEIVED = "|received"


class ResponseRow(Base):
    """What one respondent said at one wave.

    id: UUID version 4, so that it carries no time and no order.
    code_hmac: keyed hash of the return code; the code itself is nowhere. All waves of a person have the same.
    definition: number of the study definition on which the response began and is finished.
    last_month: for drafts, month of the last save, `2026-11`; emptied when sent.
    status: draft (begun), part (sent before the end), whole (sent at the end).
    batch_id: set when the batch is closed; until then the response is invisible to analysis.
    key_ref: name of its key in the keyring; random.
    sealed: everything else, see `store.contents`; about `id|questionnaire_version`.
    received: sealed too: device (random, made on the device) -> highest number of its saves that is kept here. Emptied
        when the batch is closed, with the last moment at which anything can be sent again.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("code_hmac", "wave"),
        ForeignKeyConstraint(["study_id", "definition"], [DefinitionRow.study_id, DefinitionRow.number]),
        CheckConstraint("status IN ('draft', 'part', 'whole')", name="status"),
        CheckConstraint("wave >= 1", name="wave"),
        CheckConstraint("(status = 'draft') = (last_month IS NOT NULL)", name="last_month"),
        # Without rows numbered as they come, SQLite keeps them in the order of their random ids.
        {"sqlite_with_rowid": False, "info": {WITHOUT_ORDER: True}},
    )
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    code_hmac: Mapped[Hash]
    wave: Mapped[int]
    questionnaire: Mapped[Code]
    questionnaire_version: Mapped[Code]
    definition: Mapped[int]
    status: Mapped[Code]
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("batch.id"), index=True)
    last_month: Mapped[str | None] = mapped_column(String(7))
    key_ref: Mapped[Code] = mapped_column(unique=True)
    sealed: Mapped[Sealed]
    received: Mapped[Sealed | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A response as it was read and opened. Fields: see `ResponseRow` and `store.contents`.

    study_state: `open` or `closed`; empty where it was not asked for.
    newest_definition: number of the definition on which responses of the study begin now; 0 where not asked for.
    """

    id: str
    study_id: str
    code_hmac: str
    wave: int
    questionnaire: str
    questionnaire_version: str
    definition: int
    status: str
    batch_id: str | None
    last_month: str | None
    key_ref: str
    study_state: str = ""
    newest_definition: int = 0
    person_tag: str
    language: str
    recall_mode: str
    draw: int
    wording: Mapping[str, Any]
    answers: Mapping[str, object]
    received: Mapping[str, int]


# Core statements on the tables themselves: a respondent waits for them, and the mapper costs more than the database.
_RESPONSE = cast("Table", ResponseRow.__table__)
_STUDY = cast("Table", StudyRow.__table__)
_DEFINITION = cast("Table", DefinitionRow.__table__)
_table = _RESPONSE.c
_NEWEST = (
    select(func.max(_DEFINITION.c.number)).where(_DEFINITION.c.study_id == _table.study_id).correlate(_RESPONSE)
).scalar_subquery()
_WAVES = (
    select(*_table, _STUDY.c.state.label("study_state"), _NEWEST.label("newest_definition"))
    .select_from(_RESPONSE.join(_STUDY))
    .where(_table.code_hmac == bindparam("code_hmac"))
    .order_by(_table.wave)
)
_LOCKED = _WAVES.with_for_update(of=_RESPONSE)


def add_response(session: Session, values: Mapping[str, Any]) -> None:
    """Store a new response; `values` by field of `StoredResponse`, without a key. One statement."""
    add_responses(session, [values])


def add_responses(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new responses, each with a new key, which is durable before the response is written. One statement."""
    keys = vault_of(session).make_keys(len(rows))
    session.connection().execute(insert(_RESPONSE), [_sealed(row, key) for row, key in zip(rows, keys, strict=True)])


def read_waves(session: Session, code_hmac: str) -> Sequence[StoredResponse]:
    """Return the responses that a return code opens, by wave; none when it opens nothing. One statement."""
    return _read(session, _WAVES, code_hmac)


def hold_responses(session: Session, ids: Collection[str]) -> set[str]:
    """Return which of these responses are there; nobody deletes them until the transaction ends."""
    wanted = sorted(ids)
    found: set[str] = set()
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        some = _table.id.in_(wanted[start : start + ROWS_AT_ONCE])
        found |= set(session.scalars(select(_table.id).where(some).with_for_update(read=True)))
    return found


def lock_waves(session: Session, code_hmac: str) -> Sequence[StoredResponse]:
    """Like `read_waves`; nobody else changes the rows until the transaction ends. One statement."""
    return _read(session, _LOCKED, code_hmac)


def read_all(session: Session, *conditions: ColumnElement[bool]) -> Iterator[StoredResponse]:
    """Yield the responses for which all `conditions` on `ResponseRow` hold, by their random ids. Many cost little."""
    statement = select(_RESPONSE).where(*conditions).order_by(_table.id).execution_options(yield_per=ROWS_AT_ONCE)
    with session.connection().execute(statement) as found:
        for rows in found.mappings().partitions():
            yield from _opened(session, rows)


def change_response(session: Session, stored: StoredResponse, values: Mapping[str, Any]) -> None:
    """Change fields of a response that was read in this transaction, locked. One statement."""
    changed = _changed(vault_of(session).find([stored.key_ref])[stored.key_ref], stored, values)
    session.connection().execute(_change_of(tuple(changed)), {"response_id": stored.id, **changed})


def delete_response(session: Session, response_id: str) -> None:
    """Remove a response, whole and for good. One statement."""
    _delete(session, _table.id == response_id)


def delete_waves(session: Session, code_hmac: str) -> None:
    """Remove all responses that a return code opens, for good. One statement."""
    _delete(session, _table.code_hmac == code_hmac)


def delete_drafts(session: Session, study_id: str, *, before: str) -> int:
    """Remove the drafts of a study last touched before a month (`2026-10`); return how many. One statement."""
    old = (_table.study_id == study_id) & (_table.status == "draft") & (_table.last_month < before)
    return _delete(session, old)


def _delete(session: Session, which: ColumnElement[bool]) -> int:
    """Remove rows, and their keys as soon as that is committed."""
    refs = session.connection().scalars(delete(_RESPONSE).where(which).returning(_table.key_ref)).all()
    forget_when_committed(session, refs)
    return len(refs)


def _sealed(values: Mapping[str, Any], key: DataKey) -> dict[str, Any]:
    """The row of a response: what is found by in clear, the rest sealed."""
    row = {name: value for name, value in values.items() if name not in CONTENTS}
    contents = {name: values[name] for name in CONTENTS}
    received = _sealed_received(values["received"], key, values)
    return row | {"key_ref": key.ref, "sealed": key.seal(to_bytes(contents), _about(values)), "received": received}


def _changed(key: DataKey, stored: StoredResponse, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that change with these fields."""
    given = {name: getattr(stored, name) for name in (*CONTENTS, "id", "questionnaire_version", "received")}
    row = _sealed({**given, **values}, key)
    return {name: row[name] for name in values if name not in CONTENTS} | {"sealed": row["sealed"]}


def _sealed_received(received: Mapping[str, int], key: DataKey, values: Mapping[str, Any]) -> bytes | None:
    return key.seal(to_bytes(received, SMALL_BLOCK_BYTES), _about(values) + RECEIVED) if received else None


def _opened(session: Session, rows: Sequence[RowMapping]) -> Iterator[StoredResponse]:
    """The responses of rows, without those whose key is gone."""
    keys = vault_of(session).find([row["key_ref"] for row in rows])
    for row in rows:
        key = keys.get(row["key_ref"])
        if key is not None:
            fields, about = dict(row), _about(row)
            contents = from_bytes(key.open(fields.pop("sealed"), about))
            received = fields.pop("received")
            contents["received"] = from_bytes(key.open(received, about + RECEIVED)) if received else {}
            yield StoredResponse(**fields, **contents)


def _about(values: Mapping[str, Any] | RowMapping) -> str:
    return f"{values['id']}|{values['questionnaire_version']}"


def _read(session: Session, statement: Select[Any], code_hmac: str) -> Sequence[StoredResponse]:
    rows = session.connection().execute(statement, {"code_hmac": code_hmac}).mappings().all()
    return list(_opened(session, rows))


@cache
def _change_of(columns: tuple[str, ...]) -> Update:
    """The statement that changes these columns, built once: that costs more than the database."""
    values = {name: bindparam(name, type_=_table[name].type) for name in columns}
    return update(_RESPONSE).where(_table.id == bindparam("response_id")).values(values)
