"""The audit trail: the table and its questions. Rows are only added, each chained by hash to the one before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Document, Hash, lock_chains
from survey_app.store.releases import FIRST_HASH, entry_hash


class TrailRow(Base):
    """Who did what with a release or a file, on which day."""

    __tablename__ = "trail"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    day: Mapped[date]
    who: Mapped[str] = mapped_column(String(200))
    deed: Mapped[Code]
    subject: Mapped[str] = mapped_column(String(64), index=True)
    detail: Mapped[Document]
    previous_hash: Mapped[Hash]
    hash: Mapped[Hash]


def append_to_trail(  # every part of a row is named
    session: Session, *, day: date, who: str, deed: str, subject: str, detail: Mapping[str, Any]
) -> None:
    """Append a row, chained by hash to the one before it."""
    lock_chains(session)
    previous = session.scalar(select(TrailRow.hash).order_by(TrailRow.sequence.desc()).limit(1)) or FIRST_HASH
    row = TrailRow(day=day, who=who, deed=deed, subject=subject, detail=dict(detail), previous_hash=previous)
    row.hash = _hash_of(row)
    session.add(row)
    session.flush()


def whole_trail(session: Session) -> Sequence[TrailRow]:
    """Return every row, the oldest first."""
    return session.scalars(select(TrailRow).order_by(TrailRow.sequence)).all()


def trail_of(session: Session, subject: str) -> Sequence[TrailRow]:
    """Return the rows about a release or a file, the oldest first."""
    return session.scalars(select(TrailRow).where(TrailRow.subject == subject).order_by(TrailRow.sequence)).all()


def is_whole(row: TrailRow) -> bool:
    """Tell whether a row is what was written."""
    return row.hash == _hash_of(row)


def broken_row(session: Session) -> int | None:
    """Return the number of the row at which the chain breaks, None if it is whole."""
    previous = FIRST_HASH
    for row in whole_trail(session):
        if row.previous_hash != previous or not is_whole(row):
            return row.sequence
        previous = row.hash
    return None


def _hash_of(row: TrailRow) -> str:
    content = {"day": row.day.isoformat(), "who": row.who, "deed": row.deed, "subject": row.subject}
    return entry_hash(row.previous_hash, content | {"detail": row.detail})
