"""Responses: one document per response; the table and its questions. No time, no address, no device."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.database import Base, Code, Document, Hash, Key


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
