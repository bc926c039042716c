"""The audit trail: the table and its questions. Rows are only added, each chained by hash to the one before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.chains import Chained, first_broken
from survey_app.store.database import Base, Code, Document, lock_chains


class TrailRow(Chained, Base):
    """Who did what with a release or a file, on which day."""

    __tablename__ = "trail"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    day: Mapped[date]
    who: Mapped[str] = mapped_column(String(200))
    deed: Mapped[Code]
    subject: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[Document]

    @property
    def content(self) -> Mapping[str, Any]:
        """Everything but the running number."""
        return {
            "day": self.day.isoformat(),
            "who": self.who,
            "deed": self.deed,
            "subject": self.subject,
            "detail": self.detail,
        }


def append_to_trail(  # every part of a row is named
    session: Session, *, day: date, who: str, deed: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Append a row, chained by hash to the one before it."""
    lock_chains(session)
    last = session.scalar(select(TrailRow).order_by(TrailRow.sequence.desc()).limit(1))
    session.add(TrailRow(day=day, who=who, deed=deed, subject=subject, detail=dict(detail)).chained_to(last))
    session.flush()


def whole_trail(session: Session) -> Sequence[TrailRow]:
    """Return every row, the oldest first."""
    return session.scalars(select(TrailRow).order_by(TrailRow.sequence)).all()


def trail_of(session: Session, subject: str) -> Sequence[TrailRow]:
    """Return the rows about a release or a file, the oldest first."""
    return session.scalars(select(TrailRow).where(TrailRow.subject == subject).order_by(TrailRow.sequence)).all()


def broken_row(session: Session) -> int | None:
    """Return the number of the row at which the chain breaks, None if it is whole."""
    broken = first_broken(whole_trail(session))
    return broken.sequence if broken else None
