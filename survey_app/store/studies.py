"""Studies, their definitions, their batches: tables and their questions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Document, Key, Quarter


class StudyRow(Base):
    """One fieldwork. `definition` is the study file as it is now; every one it had is a `DefinitionRow`."""

    __tablename__ = "study"
    __table_args__ = (CheckConstraint("state IN ('open', 'closed')", name="state"),)
    id: Mapped[Key]
    questionnaire: Mapped[Code]
    questionnaire_version: Mapped[Code]
    state: Mapped[Code]
    synthetic: Mapped[bool]
    definition: Mapped[Document]


class DefinitionRow(Base):
    """The study file as it was when a study was opened (number 1), and each time it was revised. Never changed."""

    __tablename__ = "study_definition"
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
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


def add_study(session: Session, row: StudyRow) -> None:
    """Store a study; its definition is the first of the study."""
    session.add(row)
    session.flush()
    session.add(DefinitionRow(study_id=row.id, number=1, definition=row.definition))
    session.flush()


def newest_definition(session: Session, study_id: str) -> int:
    """Return the number of the definition on which responses begin now; 0 for a study that does not exist."""
    return session.scalar(select(func.max(DefinitionRow.number)).where(DefinitionRow.study_id == study_id)) or 0


def add_definition(session: Session, row: StudyRow, definition: dict[str, Any]) -> int:
    """Give a study another definition for responses that begin from now on; return its number."""
    number = newest_definition(session, row.id) + 1
    session.add(DefinitionRow(study_id=row.id, number=number, definition=definition))
    row.definition = definition
    session.flush()
    return number


def read_definitions(
    session: Session, wanted: Iterable[tuple[str, int]]
) -> Mapping[tuple[str, int], Mapping[str, object]]:
    """Return the definitions of these studies and numbers. One statement."""
    key = tuple_(DefinitionRow.study_id, DefinitionRow.number)
    statement = select(DefinitionRow.study_id, DefinitionRow.number, DefinitionRow.definition)
    found = session.execute(statement.where(key.in_(list(wanted))))
    return {(study_id, number): definition for study_id, number, definition in found}


def all_definitions(session: Session) -> Sequence[Mapping[str, object]]:
    """Return every definition that a study has or had."""
    return session.scalars(select(DefinitionRow.definition)).all()


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
