"""Responses: one document per response; the table and its questions. No time, no address, no device."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CheckConstraint, ForeignKey, Table, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Document, Hash, Key
from survey_app.store.studies import StudyRow


class ResponseRow(Base):
    """What one respondent said at one wave.

    id: UUID version 4, so that it carries no time and no order.
    code_hmac: keyed hash of the return code; the code itself is nowhere.
    person_tag: keyed hash, with another key, that links the responses of one person within one study.
    answers: the document of `core.response.answers`.
    wording: language -> revision of the texts in which this person saw questions.
    status: draft (begun), part (sent before the end), whole (sent at the end).
    batch_id: set when the batch is closed; until then the response is invisible to analysis.
    """

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'part', 'whole')", name="status"),
        CheckConstraint("recall_mode IN ('prospective', 'retrospective')", name="recall_mode"),
        CheckConstraint("wave >= 1", name="wave"),
    )
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    code_hmac: Mapped[Hash] = mapped_column(unique=True)
    person_tag: Mapped[Hash] = mapped_column(index=True)
    wave: Mapped[int]
    questionnaire: Mapped[Code]
    questionnaire_version: Mapped[Code]
    language: Mapped[Code]
    recall_mode: Mapped[Code]
    status: Mapped[Code]
    batch_id: Mapped[str | None] = mapped_column(ForeignKey("batch.id"), index=True)
    wording: Mapped[Document]
    answers: Mapped[Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """A row as it was read, with its study: state (`open` or `closed`) and definition. Fields: see `ResponseRow`."""

    id: str
    study_state: str
    study_definition: Mapping[str, object]
    wave: int
    questionnaire: str
    questionnaire_version: str
    language: str
    recall_mode: str
    status: str
    wording: Mapping[str, str]
    answers: Mapping[str, object]


# Core statements on the tables themselves: a respondent waits for them, and the mapper costs more than the database.
_RESPONSE = cast("Table", ResponseRow.__table__)
_STUDY = cast("Table", StudyRow.__table__)
_table = _RESPONSE.c
_BY_CODE = select(
    _table.id,
    _STUDY.c.state.label("study_state"),
    _STUDY.c.definition.label("study_definition"),
    _table.wave,
    _table.questionnaire,
    _table.questionnaire_version,
    _table.language,
    _table.recall_mode,
    _table.status,
    _table.wording,
    _table.answers,
).select_from(_RESPONSE.join(_STUDY))


def add_response(session: Session, values: Mapping[str, Any]) -> None:
    """Store a new response; `values` by column."""
    session.execute(insert(_RESPONSE).values(**values))


def read_response(session: Session, code_hmac: str) -> StoredResponse | None:
    """Return the response that a return code opens, None if there is none. One statement."""
    row = session.execute(_BY_CODE.where(_table.code_hmac == code_hmac)).mappings().one_or_none()
    return None if row is None else StoredResponse(**row)


def lock_response(session: Session, code_hmac: str) -> StoredResponse | None:
    """Like `read_response`; nobody else changes the row until the transaction ends. One statement."""
    statement = _BY_CODE.where(_table.code_hmac == code_hmac).with_for_update(of=_RESPONSE)
    row = session.execute(statement).mappings().one_or_none()
    return None if row is None else StoredResponse(**row)


def change_response(session: Session, response_id: str, values: Mapping[str, Any]) -> None:
    """Change columns of one response. One statement."""
    session.execute(update(_RESPONSE).where(_table.id == response_id).values(**values))


def delete_response(session: Session, response_id: str) -> None:
    """Remove a response, whole and for good. One statement."""
    session.execute(delete(_RESPONSE).where(_table.id == response_id))
