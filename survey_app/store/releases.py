"""Releases, the frozen menu, the ledger and the bundles given out: tables and their questions."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.chains import Chained, first_broken
from survey_app.store.database import Base, Code, Document, Hash, Key, Quarter, Words, lock_chains

SNAPSHOTS = "snapshots"


class MenuRow(Base):
    """What a study will ever publish: its pooled categories, frozen at the first release."""

    __tablename__ = "menu"
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    document: Mapped[Document]


class ReleaseRow(Base):
    """A sealed release. `cube` is the JSON of the protected cube, `snapshot_sha256` names the frozen rows.

    Who proposed it and who decided: empty for releases that were published before two people had to agree.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint("study_id", "number"),
        CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name="state"),
        CheckConstraint("decided_by <> proposed_by", name="two_people"),
    )
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    quarter: Mapped[Quarter]
    made_on: Mapped[date]
    tier: Mapped[Code]
    snapshot_sha256: Mapped[Hash]
    cube_sha256: Mapped[Hash]
    cube: Mapped[Words]
    state: Mapped[Code] = mapped_column(server_default="proposed")
    proposed_by: Mapped[str | None] = mapped_column(String(200))
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_on: Mapped[date | None]
    finding: Mapped[Words] = mapped_column(server_default="")
    audit: Mapped[Words] = mapped_column(server_default="")


class LedgerRow(Chained, Base):
    """Append-only: who (as counts of profiles per batch) stood behind each published group. Hash-chained."""

    __tablename__ = "ledger"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), unique=True)
    entry: Mapped[Document]

    @property
    def content(self) -> Mapping[str, Any]:
        """The entry."""
        return self.entry


class BundleRow(Base):
    """A file of rows that was made from a release, for whom and what for."""

    __tablename__ = "bundle"
    id: Mapped[Key]
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    sha256: Mapped[Hash]
    recipient: Mapped[Words]
    purpose: Mapped[Words]
    made_on: Mapped[date]


def all_releases(session: Session) -> Sequence[ReleaseRow]:
    """Return every release, by study and number."""
    return session.scalars(select(ReleaseRow).order_by(ReleaseRow.study_id, ReleaseRow.number)).all()


def releases_of(session: Session, study_id: str) -> Sequence[ReleaseRow]:
    """Return the releases of a study, by number."""
    return session.scalars(select(ReleaseRow).where(ReleaseRow.study_id == study_id).order_by(ReleaseRow.number)).all()


def find_release(session: Session, release_id: str) -> ReleaseRow | None:
    """Return the release of that id, None if there is none."""
    return session.get(ReleaseRow, release_id)


def lock_release(session: Session, release_id: str) -> None:
    """Let nobody else decide about a release until the transaction ends."""
    session.get(ReleaseRow, release_id, with_for_update=True, populate_existing=True)


def find_menu(session: Session, study_id: str) -> dict[str, Any] | None:
    """Return the frozen menu of a study, None before its first release."""
    row = session.get(MenuRow, study_id)
    return None if row is None else row.document


def save_menu(session: Session, study_id: str, document: dict[str, Any]) -> None:
    """Store the menu of a study; what is in it already never changes, later releases may add."""
    session.merge(MenuRow(study_id=study_id, document=document))
    session.flush()


def ledger_of(session: Session, study_id: str) -> Sequence[LedgerRow]:
    """Return the entries of the ledger that belong to a study, in order."""
    statement = select(LedgerRow).join(ReleaseRow, ReleaseRow.id == LedgerRow.release_id)
    return session.scalars(statement.where(ReleaseRow.study_id == study_id).order_by(LedgerRow.sequence)).all()


def append_to_ledger(session: Session, release_id: str, entry: dict[str, Any]) -> str:
    """Append an entry, chained by hash to the one before it, of whatever study; return its hash."""
    lock_chains(session)
    last = session.scalar(select(LedgerRow).order_by(LedgerRow.sequence.desc()).limit(1))
    row = LedgerRow(release_id=release_id, entry=entry).chained_to(last)
    session.add(row)
    session.flush()
    return row.hash


def broken_link(session: Session) -> str | None:
    """Return the release at which the chain of the ledger breaks, None if it is whole."""
    broken = first_broken(session.scalars(select(LedgerRow).order_by(LedgerRow.sequence)))
    return broken.release_id if broken else None


def is_frozen(files: Path, sha256: str) -> bool:
    """Tell whether the frozen rows of a release are there and are what was frozen."""
    path = snapshot_path(files, sha256)
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def snapshot_path(files: Path, sha256: str) -> Path:
    """The sealed file of frozen rows of that hash."""
    return files / SNAPSHOTS / f"{sha256}.sealed"
