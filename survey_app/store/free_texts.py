"""What people wrote and agreed to show, encrypted, with how far the desk has come; themes; sealed voices; deeds."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.chains import Chained
from survey_app.store.database import Base, Code, Document, Hash, Key, Words
from survey_app.store.erasing import WITHOUT_ORDER
from survey_app.store.releases import ReleaseRow

TO_REDACT, TO_CONFIRM, CONFIRMED, USED = "to_redact", "to_confirm", "confirmed", "used"
STATES = (TO_REDACT, TO_CONFIRM, CONFIRMED, USED)
TAGS_AT_ONCE = 500


class FreeTextRow(Base):
    """One text. Nothing in clear points to the response.

    id: UUID version 4, so that it carries no time and no order.
    release_id: the release that closed the batch it came in.
    owner_tag: keyed hash by which the return code of its author finds it, for erasure.
    ciphertext: the text, its language, its item, pseudonym and population of its author; and the desk's work.
    redacted_by: who proposed what is there now; somebody else confirms.
    """

    __tablename__ = "free_text"
    __table_args__ = (
        CheckConstraint("state IN ('to_redact', 'to_confirm', 'confirmed', 'used')", name="state"),
        CheckConstraint("(state = 'to_redact') OR (redacted_by IS NOT NULL)", name="redacted_by"),
        {"info": {WITHOUT_ORDER: True}},
    )
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    owner_tag: Mapped[Hash] = mapped_column(unique=True)
    state: Mapped[Code]
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    redacted_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class ThemeRow(Base):
    """What several texts are about, in the study team's words. labels: by language."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("study_id", "code"),)
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    code: Mapped[Code]
    labels: Mapped[Document]


class VoicesRow(Chained, Base):
    """Sealed quotes and themes of a release. counts: people behind each printed theme by the batch they came in."""

    __tablename__ = "voices"
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), primary_key=True)
    sha256: Mapped[Hash]
    document: Mapped[Words]
    counts: Mapped[Document]
    sealed_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))

    @property
    def content(self) -> Mapping[str, Any]:
        """What was sealed, by its hash, and the people behind it."""
        return {"release": self.release_id, "sha256": self.sha256, "counts": self.counts}


class DeedRow(Base):
    """Who did what with which text, and on which day. No text in it."""

    __tablename__ = "desk_deed"
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), index=True)
    subject: Mapped[Code]
    deed: Mapped[Code]
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]


def add_texts(session: Session, rows: Iterable[FreeTextRow]) -> None:
    """Store texts in the order of their random ids."""
    by_id = {row.id: row for row in rows}
    session.add_all(by_id[text_id] for text_id in sorted(by_id))
    session.flush()


def delete_by_owner(session: Session, tags: Iterable[str]) -> None:
    """Remove the texts with these tags, for good."""
    wanted = list(tags)
    for start in range(0, len(wanted), TAGS_AT_ONCE):
        some = wanted[start : start + TAGS_AT_ONCE]
        session.execute(delete(FreeTextRow).where(FreeTextRow.owner_tag.in_(some)))


def texts_of(session: Session, study_id: str, states: Iterable[str] = STATES) -> Sequence[FreeTextRow]:
    """Return the texts of a study in some states, by their random id."""
    wanted = (FreeTextRow.study_id == study_id) & FreeTextRow.state.in_(list(states))
    return session.scalars(select(FreeTextRow).where(wanted).order_by(FreeTextRow.id)).all()


def ids_in(session: Session, study_id: str, state: str) -> Sequence[tuple[str, str | None]]:
    """Return id and `redacted_by` of the texts of a study in a state, by their random id."""
    wanted = (FreeTextRow.study_id == study_id) & (FreeTextRow.state == state)
    found = session.execute(select(FreeTextRow.id, FreeTextRow.redacted_by).where(wanted).order_by(FreeTextRow.id))
    return [(text_id, redacted_by) for text_id, redacted_by in found]


def count_by_state(session: Session, study_id: str) -> dict[str, int]:
    """Return how many texts of a study are in each state."""
    statement = select(FreeTextRow.state, func.count()).where(FreeTextRow.study_id == study_id)
    found = {state: count for state, count in session.execute(statement.group_by(FreeTextRow.state))}  # noqa: C416  # rows are no pairs to mypy
    return {state: found.get(state, 0) for state in STATES}


def find_text(session: Session, study_id: str, text_id: str) -> FreeTextRow | None:
    """Return a text, locked until the transaction ends; None if there is none."""
    wanted = (FreeTextRow.study_id == study_id) & (FreeTextRow.id == text_id)
    return session.scalar(select(FreeTextRow).where(wanted).with_for_update())


def delete_text(session: Session, row: FreeTextRow) -> None:
    """Remove a text for good."""
    session.delete(row)
    session.flush()


def themes_of(session: Session, study_id: str) -> Sequence[ThemeRow]:
    """Return the themes of a study, by code."""
    return session.scalars(select(ThemeRow).where(ThemeRow.study_id == study_id).order_by(ThemeRow.code)).all()


def save_theme(session: Session, row: ThemeRow) -> None:
    """Store a theme."""
    session.add(row)
    session.flush()


def lock_release(session: Session, release_id: str) -> None:
    """Let nobody else seal voices of a release until the transaction ends."""
    session.scalar(select(ReleaseRow.id).where(ReleaseRow.id == release_id).with_for_update())


def find_voices(session: Session, release_id: str) -> VoicesRow | None:
    """Return the sealed voices of a release, None if there are none."""
    return session.get(VoicesRow, release_id)


def voices_of(session: Session, study_id: str) -> Sequence[VoicesRow]:
    """Return the sealed voices of a study, in the order of its releases."""
    statement = select(VoicesRow).join(ReleaseRow, ReleaseRow.id == VoicesRow.release_id)
    return session.scalars(statement.where(ReleaseRow.study_id == study_id).order_by(ReleaseRow.number)).all()


def add_voices(session: Session, row: VoicesRow) -> None:
    """Store sealed voices; they never change."""
    session.add(row)
    session.flush()


def add_deed(session: Session, row: DeedRow) -> None:
    """Note a deed."""
    session.add(row)
    session.flush()


def deeds_of(session: Session, study_id: str) -> Sequence[DeedRow]:
    """Return the deeds at the desk of a study, by day."""
    return session.scalars(select(DeedRow).where(DeedRow.study_id == study_id).order_by(DeedRow.day, DeedRow.id)).all()
