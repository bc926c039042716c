"""Releases, the frozen menu, the ledger and the bundles given out: tables and their questions."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.database import Base, Code, Document, Hash, Key, Quarter, Words


class MenuRow(Base):
    """What a study will ever publish: its pooled categories, frozen at the first release."""

    __tablename__ = "menu"
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    document: Mapped[Document]


class ReleaseRow(Base):
    """A sealed release. `cube` is the JSON of the protected cube, `snapshot_sha256` names the frozen rows."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("study_id", "number"),)
    id: Mapped[Key]
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"))
    number: Mapped[int]
    quarter: Mapped[Quarter]
    made_on: Mapped[date]
    tier: Mapped[Code]
    snapshot_sha256: Mapped[Hash]
    cube_sha256: Mapped[Hash]
    cube: Mapped[Words]


class LedgerRow(Base):
    """Append-only: who (as counts of profiles per batch) stood behind each published group. Hash-chained."""

    __tablename__ = "ledger"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"), unique=True)
    entry: Mapped[Document]
    previous_hash: Mapped[Hash]
    hash: Mapped[Hash]


class BundleRow(Base):
    """A file of rows that was made from a release, for whom and what for."""

    __tablename__ = "bundle"
    id: Mapped[Key]
    release_id: Mapped[str] = mapped_column(ForeignKey("release.id"))
    sha256: Mapped[Hash]
    recipient: Mapped[Words]
    purpose: Mapped[Words]
    made_on: Mapped[date]
