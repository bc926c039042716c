"""Files of rows that were made: list them, read one. Nothing here knows a row."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.services.published import load_cube
from survey_app.store import bundles
from survey_app.store.releases import BundleRow


def list_bundles(db: Session) -> Sequence[BundleRow]:
    """Return every file of rows, the oldest first."""
    return bundles.all_bundles(db)


def read_bundle(db: Session, bundle_id: str, *, files: Path) -> bytes:
    """Return the ZIP of a bundle.

    Raises:
        ProblemsFound: there is no such bundle, or its file is gone or changed, or its release is not approved.
    """
    row = bundles.find_bundle(db, bundle_id)
    if row is None:
        raise ProblemsFound([Problem(code=Code.BUNDLE_UNKNOWN, where=bundle_id, values={"given": bundle_id})])
    load_cube(db, row.release_id)
    content = bundles.read_file(files, row.sha256)
    if content is None:
        raise ProblemsFound([Problem(code=Code.BUNDLE_DAMAGED, where=bundle_id, values={"given": bundle_id})])
    return content
