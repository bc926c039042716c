"""Files of rows: the recoding that binds all of a study, the files themselves by hash; and the questions about them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Document
from survey_app.store.releases import BundleRow

FOLDER = "bundles"


class RecodingRow(Base):
    """How far what others may know of a person is coarsened, frozen when the first file of rows of a study is made."""

    __tablename__ = "recoding"
    study_id: Mapped[str] = mapped_column(ForeignKey("study.id"), primary_key=True)
    document: Mapped[Document]


def find_recoding(session: Session, study_id: str) -> dict[str, Any] | None:
    """Return the recoding of a study, None before its first file of rows."""
    row = session.get(RecodingRow, study_id)
    return None if row is None else row.document


def all_bundles(session: Session) -> Sequence[BundleRow]:
    """Return every file of rows that was made, the oldest first."""
    return session.scalars(select(BundleRow).order_by(BundleRow.made_on, BundleRow.id)).all()


def find_bundle(session: Session, bundle_id: str) -> BundleRow | None:
    """Return the bundle of that id, None if there is none."""
    return session.get(BundleRow, bundle_id)


def bundle_path(files: Path, sha256: str) -> Path:
    """The file of a bundle."""
    return files / FOLDER / f"{sha256}.zip"


def write_file(files: Path, content: bytes) -> str:
    """Store a bundle; return the SHA-256 that names it. Complete or not there at all."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = bundle_path(files, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return sha256


def read_file(files: Path, sha256: str) -> bytes | None:
    """Return the content of a bundle; None when it is gone or is not what was written."""
    path = bundle_path(files, sha256)
    content = path.read_bytes() if path.is_file() else b""
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
