"""Versions of the menu of a study: tables and their questions. Rows are only added."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.chains import Chained
from survey_app.store.database import Base, Document, Key, Words


class MenuVersionRow(Chained, Base):
    """What a study will publish at most, as it was declared (number 1) or proposed later. Chained by hash."""

    __tablename__ = "menu_version"
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[Document]
    proposed_by: Mapped[Words]
    proposed_on: Mapped[date]

    @property
    def content(self) -> Mapping[str, Any]:
        """The document."""
        return self.document


class MenuApprovalRow(Base):
    """Another person agreed to a version of the menu."""

    __tablename__ = "menu_approval"
    __table_args__ = (ForeignKeyConstraint(["study_id", "number"], ["menu_version.study_id", "menu_version.number"]),)
    study_id: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approved_by: Mapped[Words]
    approved_on: Mapped[date]


def versions_of(session: Session, study_id: str) -> Sequence[MenuVersionRow]:
    """Return the versions of a study's menu, the oldest first; none before its first release."""
    statement = select(MenuVersionRow).where(MenuVersionRow.study_id == study_id).order_by(MenuVersionRow.number)
    return session.scalars(statement).all()


def approvals_of(session: Session, study_id: str) -> dict[int, MenuApprovalRow]:
    """Return who agreed to which version, by its number."""
    rows = session.scalars(select(MenuApprovalRow).where(MenuApprovalRow.study_id == study_id))
    return {row.number: row for row in rows}


def add_version(session: Session, study_id: str, document: dict[str, Any], *, by: str, day: date) -> MenuVersionRow:
    """Append a version, chained by hash to the one before it."""
    earlier = versions_of(session, study_id)
    row = MenuVersionRow(study_id=study_id, number=len(earlier) + 1, document=document, proposed_by=by, proposed_on=day)
    row.chained_to(earlier[-1] if earlier else None)
    session.add(row)
    session.flush()
    return row


def add_approval(session: Session, version: MenuVersionRow, *, by: str, day: date) -> None:
    """Append that somebody agreed to a version."""
    session.add(MenuApprovalRow(study_id=version.study_id, number=version.number, approved_by=by, approved_on=day))
    session.flush()
