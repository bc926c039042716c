"""Snapshots: what a release is made from. The responses of a study, and the frozen rows in a sealed file by hash."""

import hashlib
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

import pandas as pd
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.core.problems import ProblemsFound
from survey_app.store.database import Base, Code, Key
from survey_app.store.erasing import KEY_REF, rewrite_when_committed, vault_of
from survey_app.store.releases import snapshot_path
from survey_app.store.responses import ResponseRow, StoredResponse, read_all
from survey_app.store.studies import BatchRow

ABOUT = "snapshot"


class SnapshotRow(Base):
    """A sealed file of frozen rows.

    sha256: of the file as it is stored, names it; of what is sealed in it, where an older program stored it in plain.
    key_ref: its key in the keyring.
    """

    __tablename__ = "snapshot"
    sha256: Mapped[Key]
    key_ref: Mapped[Code] = mapped_column(KEY_REF, unique=True)


def put_into_batch(session: Session, study_id: str, batch_id: str, *, but: Collection[str] = ()) -> None:
    """Put every response that was sent, and is in no batch yet, into the batch that is being closed.

    From now on nothing of it can be changed or sent again, so what devices have delivered is forgotten; and once this
    is committed, nothing tells any more in which order the rows came.
    but: ids of responses that wait for the next batch.
    """
    session.execute(
        update(ResponseRow)
        .where(*_waiting(study_id), ResponseRow.id.not_in(but))
        .values(batch_id=batch_id, received=None)
        .execution_options(synchronize_session=False)
    )
    rewrite_when_committed(session)


def waiting_ids(session: Session, study_id: str) -> Iterator[str]:
    """Yield the ids of all responses that were sent and are in no batch yet."""
    yield from session.scalars(select(ResponseRow.id).where(*_waiting(study_id)))


def read_responses(session: Session, study_id: str) -> Iterator[tuple[StoredResponse, int]]:
    """Yield every response of a study with the number of its batch, 0 for drafts, in an order that tells nothing.

    What is sent while the batch is being closed belongs to the next one, and is not yielded.
    """
    batches = session.execute(select(BatchRow.id, BatchRow.number).where(BatchRow.study_id == study_id))
    numbers = {row.id: row.number for row in batches}
    for row in read_all(session, ResponseRow.study_id == study_id):
        if row.batch_id is not None:
            yield row, numbers[row.batch_id]
        elif row.status == "draft":
            yield row, 0


def write_snapshot(session: Session, frame: pd.DataFrame, files: Path) -> str:
    """Freeze rows without their pseudonyms, sealed; return the SHA-256 that names the file. All of it or none."""
    buffer = BytesIO()
    frame.drop(columns="person").to_parquet(buffer, index=False)
    return store_snapshot(session, buffer.getvalue(), files)


def store_snapshot(session: Session, content: bytes, files: Path, *, name: str | None = None) -> str:
    """Seal the Parquet file `content` under a key of its own; return the SHA-256 that names the sealed file.

    name: the hash of `content`, where a release has named it so already.
    """
    (key,) = vault_of(session).make_keys(1)
    sealed = key.seal(content, ABOUT)
    sha256 = name or hashlib.sha256(sealed).hexdigest()
    path = snapshot_path(files, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(sealed)
    unfinished.replace(path)
    session.add(SnapshotRow(sha256=sha256, key_ref=key.ref))
    session.flush()
    return sha256


def read_snapshot(session: Session, files: Path, sha256: str) -> pd.DataFrame | None:
    """Return the frozen rows, numbered as `person`; None when file or key is gone, or it is not what was frozen."""
    path, row = snapshot_path(files, sha256), session.get(SnapshotRow, sha256)
    if row is None or not path.is_file():
        return None
    sealed = path.read_bytes()
    key = vault_of(session).find([row.key_ref]).get(row.key_ref)
    if key is None:
        return None
    try:
        content = key.open(sealed, ABOUT)
    except ProblemsFound:
        return None
    if sha256 not in (hashlib.sha256(sealed).hexdigest(), hashlib.sha256(content).hexdigest()):
        return None
    frame = pd.read_parquet(BytesIO(content))
    frame.insert(0, "person", [str(number) for number in range(len(frame))])
    return frame


def _waiting(study_id: str) -> tuple[ColumnElement[bool], ...]:
    return (ResponseRow.study_id == study_id, ResponseRow.batch_id.is_(None), ResponseRow.status != "draft")
