"""What others published about the same people: table and its questions. Rows are only added."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.chains import Chained
from survey_app.store.database import Base, Document, Words


class ExternalReleaseRow(Chained, Base):
    """One publication of others, as entered. Chained by hash within a study."""

    __tablename__ = "external_release"
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[Document]
    entered_by: Mapped[Words]
    entered_on: Mapped[date]

    @property
    def content(self) -> Mapping[str, Any]:
        """The document."""
        return self.document


def externals_of(session: Session, study_id: str) -> Sequence[ExternalReleaseRow]:
    """Return what others published about the people of a study, in the order of entering."""
    statement = select(ExternalReleaseRow).where(ExternalReleaseRow.study_id == study_id)
    return session.scalars(statement.order_by(ExternalReleaseRow.number)).all()


def add_external(
    session: Session, study_id: str, document: dict[str, Any], *, by: str, day: date
) -> ExternalReleaseRow:
    """Append a publication, chained by hash to the one before it."""
    earlier = externals_of(session, study_id)
    row = ExternalReleaseRow(
        study_id=study_id, number=len(earlier) + 1, document=document, entered_by=by, entered_on=day
    )
    row.chained_to(earlier[-1] if earlier else None)
    session.add(row)
    session.flush()
    return row
