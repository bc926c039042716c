"""Snapshots: what a release is made from. The responses of a study, and the frozen rows in a file by hash."""

import hashlib
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

import pandas as pd
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from survey_app.store.releases import snapshot_path
from survey_app.store.responses import ResponseRow
from survey_app.store.studies import BatchRow

ROWS_AT_ONCE = 1000


def put_into_batch(session: Session, study_id: str, batch_id: str, *, but: Collection[str] = ()) -> None:
    """Put every response that was sent, and is in no batch yet, into the batch that is being closed.

    From now on nothing of it can be changed or sent again, so what devices have delivered is forgotten.
    but: ids of responses that wait for the next batch.
    """
    session.execute(
        update(ResponseRow)
        .where(*_waiting(study_id), ResponseRow.id.not_in(but))
        .values(batch_id=batch_id, received={})
        .execution_options(synchronize_session=False)
    )


def waiting_ids(session: Session, study_id: str) -> Iterator[str]:
    """Yield the ids of all responses that were sent and are in no batch yet."""
    yield from session.scalars(select(ResponseRow.id).where(*_waiting(study_id)))


def read_responses(session: Session, study_id: str) -> Iterator[tuple[ResponseRow, int]]:
    """Yield every response of a study with the number of its batch, 0 for drafts, in an order that tells nothing.

    What is sent while the batch is being closed belongs to the next one, and is not yielded.
    """
    statement = (
        select(ResponseRow, BatchRow.number)
        .outerjoin(BatchRow, BatchRow.id == ResponseRow.batch_id)
        .where(ResponseRow.study_id == study_id)
        .order_by(ResponseRow.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for row, number in session.execute(statement):
        if row.batch_id is not None:
            yield row, number
        elif row.status == "draft":
            yield row, 0


def write_snapshot(frame: pd.DataFrame, files: Path) -> str:
    """Freeze rows without their pseudonyms; return the SHA-256 that names the file. Complete or not there at all."""
    buffer = BytesIO()
    frame.drop(columns="person").to_parquet(buffer, index=False)
    content = buffer.getvalue()
    sha256 = hashlib.sha256(content).hexdigest()
    path = snapshot_path(files, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)
    return sha256


def read_snapshot(files: Path, sha256: str) -> pd.DataFrame | None:
    """Return the frozen rows, numbered as `person`; None when the file is gone or is not what was frozen."""
    path = snapshot_path(files, sha256)
    if not path.is_file():
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        return None
    frame = pd.read_parquet(BytesIO(content))
    frame.insert(0, "person", [str(number) for number in range(len(frame))])
    return frame


def _waiting(study_id: str) -> tuple[ColumnElement[bool], ...]:
    return (ResponseRow.study_id == study_id, ResponseRow.batch_id.is_(None), ResponseRow.status != "draft")
