"""Wordings: every revision of texts that a respondent may have read, kept as it was; the table and its questions."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Document, Key


class WordingRow(Base):
    """All texts of one language file as it once was. `revision`: SHA-256 of the file; rows are only added."""

    __tablename__ = "wording"
    revision: Mapped[Key]
    questionnaire: Mapped[Code]
    version: Mapped[Code]
    language: Mapped[Code]
    texts: Mapped[Document] = mapped_column()


_WORDING = cast("Table", WordingRow.__table__)
_table = _WORDING.c


def known_revisions(session: Session, revisions: Iterable[str]) -> frozenset[str]:
    """Return which of `revisions` are kept already. One statement."""
    return frozenset(session.scalars(select(_table.revision).where(_table.revision.in_(list(revisions)))))


def add_wordings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep wordings; one that is there already (another process came first) stays as it is."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(made(_WORDING).on_conflict_do_nothing(), list(rows))


def read_wordings(session: Session, revisions: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """Return the texts of each revision that is kept. One statement."""
    statement = select(_table.revision, _table.texts).where(_table.revision.in_(list(revisions)))
    return {row.revision: row.texts for row in session.execute(statement)}
