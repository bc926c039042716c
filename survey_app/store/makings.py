"""Makings: one attempt each to make a release, in a process of its own. The table and its questions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Key, Words

WORKING, MADE, REFUSED, FAILED = "working", "made", "refused", "failed"
_ONE = text("state = 'working'")


class MakingRow(Base):
    """An attempt to make a release. At most one of a study is working at any time."""

    __tablename__ = "making"
    __table_args__ = (
        CheckConstraint("state IN ('working', 'made', 'refused', 'failed')", name="state"),
        Index("uq_making_working", "study_id", unique=True, sqlite_where=_ONE, postgresql_where=_ONE),
    )
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    state: Mapped[Code]
    asked_by: Mapped[str] = mapped_column(String(200))
    day: Mapped[date]
    percent: Mapped[int]
    words: Mapped[Words]
    looked: Mapped[bool]
    release_id: Mapped[Code | None]


def add_making(session: Session, row: MakingRow) -> None:
    """Store a new attempt; an IntegrityError when the study has a working one."""
    session.add(row)
    session.flush()


def find_making(session: Session, making_id: str) -> MakingRow | None:
    """Return the attempt of that id, None if there is none."""
    return session.get(MakingRow, making_id)


def working_makings(session: Session) -> Sequence[MakingRow]:
    """Return the attempts that have not ended, by study."""
    return session.scalars(select(MakingRow).where(MakingRow.state == WORKING).order_by(MakingRow.study_id)).all()


def working_of(session: Session, study_id: str) -> MakingRow | None:
    """Return the attempt of a study that has not ended, None if there is none."""
    return session.scalar(select(MakingRow).where(MakingRow.study_id == study_id, MakingRow.state == WORKING))


def last_look(session: Session, study_id: str) -> date | None:
    """Return the day of the last refusal that came of the answers, None if there was none."""
    statement = select(func.max(MakingRow.day)).where(MakingRow.study_id == study_id, MakingRow.looked)
    return session.scalar(statement)
