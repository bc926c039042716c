"""Responses: one document per person and occasion; the table and its questions. No day, no address, no browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
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

from survey_app.store.database import Base, Code, Document, Hash, Key
from survey_app.store.studies import DefinitionRow, StudyRow


class ResponseRow(Base):
    """What one respondent said at one wave.

    id: UUID version 4, so that it carries no time and no order.
    code_hmac: keyed hash of the return code; the code itself is nowhere. All waves of a person have the same.
    person_tag: keyed hash, with another key, that links the responses of one person within one study.
    draw: random number that decides the lists of best-worst choices; says nothing about order or time.
    definition: number of the study definition on which the response began and is finished.
    answers: the document of `core.response.answers`.
    wording: {"texts": [[language, revision], …], "seen": {item id: position in texts}}: how each item was read.
    received: device (random, made on the device) -> highest number of its saves that is kept here; emptied when the
        batch is closed, with the last moment at which anything can be sent again.
    last_month: for drafts, month of the last save, `2026-11`; emptied when sent.
    status: draft (begun), part (sent before the end), whole (sent at the end).
    batch_id: set when the batch is closed; until then the response is invisible to analysis.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("code_hmac", "wave"),
        ForeignKeyConstraint(["study_id", "definition"], [DefinitionRow.study_id, DefinitionRow.number]),
        CheckConstraint("status IN ('draft', 'part', 'whole')", name="status"),
        CheckConstraint("recall_mode IN ('prospective', 'retrospective')", name="recall_mode"),
        CheckConstraint("wave >= 1", name="wave"),
        CheckConstraint("(status = 'draft') = (last_month IS NOT NULL)", name="last_month"),
    )
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    code_hmac: Mapped[Hash]
    person_tag: Mapped[Hash] = mapped_column(index=True)
    wave: Mapped[int]
    questionnaire: Mapped[Code]
    questionnaire_version: Mapped[Code]
    language: Mapped[Code]
    recall_mode: Mapped[Code]
    status: Mapped[Code]
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("batch.id"), index=True)
    draw: Mapped[int]
    definition: Mapped[int]
    wording: Mapped[Document]
    answers: Mapped[Document]
    received: Mapped[Document]
    last_month: Mapped[str | None] = mapped_column(String(7))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A row as it was read. Fields: see `ResponseRow`.

    study_state: `open` or `closed`.
    newest_definition: number of the definition on which responses of the study begin now.
    """

    id: str
    study_id: str
    study_state: str
    newest_definition: int
    person_tag: str
    wave: int
    questionnaire: str
    questionnaire_version: str
    language: str
    recall_mode: str
    status: str
    batch_id: str | None
    draw: int
    definition: int
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
_SAME_NAME = [name for name in StoredResponse.__slots__ if name not in ("study_state", "newest_definition")]
_WAVES = (
    select(
        *(_table[name] for name in _SAME_NAME),
        _STUDY.c.state.label("study_state"),
        _NEWEST.label("newest_definition"),
    )
    .select_from(_RESPONSE.join(_STUDY))
    .where(_table.code_hmac == bindparam("code_hmac"))
    .order_by(_table.wave)
)
_NAMES = (*_SAME_NAME, "study_state", "newest_definition")
_LOCKED = _WAVES.with_for_update(of=_RESPONSE)


def add_response(session: Session, values: Mapping[str, Any]) -> None:
    """Store a new response; `values` by column. One statement."""
    session.execute(insert(_RESPONSE).values(**values))


def read_waves(session: Session, code_hmac: str) -> Sequence[StoredResponse]:
    """Return the responses that a return code opens, by wave; none when it opens nothing. One statement."""
    return _read(session, _WAVES, code_hmac)


def lock_waves(session: Session, code_hmac: str) -> Sequence[StoredResponse]:
    """Like `read_waves`; nobody else changes the rows until the transaction ends. One statement."""
    return _read(session, _LOCKED, code_hmac)


def change_response(session: Session, response_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of one response. One statement."""
    session.connection().execute(_change_of(tuple(values)), {"response_id": response_id, **values})


def delete_response(session: Session, response_id: str) -> None:
    """Remove a response, whole and for good. One statement."""
    session.execute(delete(_RESPONSE).where(_table.id == response_id))


def delete_waves(session: Session, code_hmac: str) -> None:
    """Remove all responses that a return code opens, for good. One statement."""
    session.execute(delete(_RESPONSE).where(_table.code_hmac == code_hmac))


def delete_drafts(session: Session, study_id: str, *, before: str) -> int:
    """Remove the drafts of a study last touched before a month (`2026-10`); return how many. One statement."""
    old = (_table.study_id == study_id) & (_table.status == "draft") & (_table.last_month < before)
    found = session.execute(delete(_RESPONSE).where(old))
    return int(found.rowcount)  # type: ignore[attr-defined]  # a cursor result, as of every delete


def _read(session: Session, statement: Select[Any], code_hmac: str) -> Sequence[StoredResponse]:
    rows = session.connection().execute(statement, {"code_hmac": code_hmac})
    return [StoredResponse(**dict(zip(_NAMES, row, strict=True))) for row in rows]


@cache
def _change_of(columns: tuple[str, ...]) -> Update:
    """The statement that changes these columns, built once: that costs more than the database."""
    values = {name: bindparam(name, type_=_table[name].type) for name in columns}
    return update(_RESPONSE).where(_table.id == bindparam("response_id")).values(values)
