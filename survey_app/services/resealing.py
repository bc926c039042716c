"""Seal the frozen rows that an older program left open in files. Loads pandas: the commands import it when needed."""

import hashlib
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.store import releases, snapshots
from survey_app.store.releases import snapshot_path


def seal_open_snapshots(db: Session, files: Path) -> list[Path]:
    """Seal every snapshot of a release that is a plain file; return those files, to be removed once this is committed.

    A file that is not what was frozen is left as it is: its release says that it is damaged.
    """
    left: list[Path] = []
    for row in releases.all_releases(db):
        path = snapshot_path(files, row.snapshot_sha256).with_suffix(".parquet")
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == row.snapshot_sha256:
            snapshots.store_snapshot(db, content, files, name=row.snapshot_sha256)
            left.append(path)
    return left
