"""The sealed voices of releases, read back. Reports come here; nothing here knows a text that was not sealed."""

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.voices import Printed, Voices
from survey_app.store import free_texts
from survey_app.store.chains import first_broken, text_hash
from survey_app.store.free_texts import VoicesRow


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


def printed_before(db: Session, study_id: str) -> tuple[dict[str, Printed], VoicesRow | None]:
    """Return how each theme of a study was printed last, and the voices to which the next ones are chained.

    Raises:
        ProblemsFound: what is stored is not what was sealed.
    """
    rows = free_texts.voices_of(db, study_id)
    broken = first_broken(rows)
    if broken is not None:
        raise damaged(broken.release_id)
    found: dict[str, Printed] = {}
    for row in rows:
        _require_whole(row)
        found |= {code: Printed(**printed) for code, printed in row.counts.items()}
    return found, rows[-1] if rows else None


def damaged(release_id: str) -> ProblemsFound:
    """The problem that stored voices are not what was sealed."""
    return ProblemsFound([Problem(code=Code.VOICES_DAMAGED, where=release_id, values={"given": release_id})])


def _require_whole(row: VoicesRow) -> None:
    if text_hash(row.document) != row.sha256 or not row.is_whole:
        raise damaged(row.release_id)
