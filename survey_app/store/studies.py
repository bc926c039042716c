"""Studies, their batches, and the questionnaire versions they use: tables and their questions."""

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Document, Key, Quarter


class StudyRow(Base):
    """One fieldwork. `definition` is the study file as it was opened."""

    __tablename__ = "study"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed')", name="state"),)
    id: Mapped[Key]
    questionnaire: Mapped[Code]
    questionnaire_version: Mapped[Code]
    state: Mapped[Code]
    synthetic: Mapped[bool]
    definition: Mapped[Document]


class BatchRow(Base):
    """People who came in between two releases. The open batch (no closing quarter) is invisible to analysis."""

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("study_id", "number"),)
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    opened_quarter: Mapped[Quarter]
    closed_quarter: Mapped[Quarter | None]


def all_studies(session: Session) -> Sequence[StudyRow]:
    """Return every study, by id."""
    return session.scalars(select(StudyRow).order_by(StudyRow.id)).all()


def open_studies(session: Session) -> Sequence[StudyRow]:
    """Return the studies that people can answer now, by id."""
    return session.scalars(select(StudyRow).where(StudyRow.state == "open").order_by(StudyRow.id)).all()


def find_study(session: Session, study_id: str) -> StudyRow | None:
    """Return the study of that id, None if there is none."""
    return session.get(StudyRow, study_id)


def batches_of(session: Session, study_id: str) -> Sequence[BatchRow]:
    """Return the batches of a study in order; the last one is open."""
    return session.scalars(select(BatchRow).where(BatchRow.study_id == study_id).order_by(BatchRow.number)).all()


def close_batch(session: Session, batch: BatchRow, *, quarter: str) -> None:
    """Close a batch and open the next."""
    batch.closed_quarter = quarter
    number = batch.number + 1
    session.add(
        BatchRow(id=f"{batch.study_id}-{number}", study_id=batch.study_id, number=number, opened_quarter=quarter)
    )
    session.flush()
