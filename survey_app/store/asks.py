"""What organisations ask for in their reports: the table and its questions."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Document


class AsksRow(Base):
    """The asks of the report of one release. document: as in the file, checked."""

    __tablename__ = "asks"
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    document: Mapped[Document]


def find_asks(session: Session, release_id: str) -> AsksRow | None:
    """Return the asks of a release, None when there are none."""
    return session.get(AsksRow, release_id)


def save_asks(session: Session, row: AsksRow) -> None:
    """Store the asks of a release, in place of those that were there."""
    session.merge(row)
    session.flush()
