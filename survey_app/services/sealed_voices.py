"""The sealed voices of releases, read back. Reports come here; nothing here knows a text that was not sealed."""

import hashlib

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.voices import Printed, Voices
from survey_app.store import free_texts
from survey_app.store.free_texts import VoicesRow
from survey_app.store.releases import FIRST_HASH, entry_hash


def load_voices(db: Session, cube: ProtectedCube) -> Voices | None:
    """Return the voices of a release, None when none were sealed.

    Raises:
        ProblemsFound: what is stored is not what was sealed, or it was sealed with another release.
    """
    row = free_texts.find_voices(db, cube.release)
    if row is None:
        return None
    _require_whole(row)
    voices = Voices.from_json(row.document)
    if voices.cube_sha256 != cube.sha256:
        raise damaged(cube.release)
    return voices


def printed_before(db: Session, study_id: str) -> tuple[dict[str, Printed], str]:
    """Return how each theme of a study was printed last, and the hash to which the next voices are chained.

    Raises:
        ProblemsFound: what is stored is not what was sealed.
    """
    found: dict[str, Printed] = {}
    previous = FIRST_HASH
    for row in free_texts.voices_of(db, study_id):
        _require_whole(row)
        if row.previous_hash != previous:
            raise damaged(row.release_id)
        found |= {code: Printed(**printed) for code, printed in row.counts.items()}
        previous = row.hash
    return found, previous


def row_hash(previous: str, row: VoicesRow) -> str:
    """The hash of a row: of the one before it, of what was sealed, and of the people behind it."""
    return entry_hash(previous, {"release": row.release_id, "sha256": row.sha256, "counts": row.counts})


def damaged(release_id: str) -> ProblemsFound:
    """The problem that stored voices are not what was sealed."""
    return ProblemsFound([Problem(code=Code.VOICES_DAMAGED, where=release_id, values={"given": release_id})])


def _require_whole(row: VoicesRow) -> None:
    content = hashlib.sha256(row.document.encode()).hexdigest()
    if content != row.sha256 or row.hash != row_hash(row.previous_hash, row):
        raise damaged(row.release_id)
