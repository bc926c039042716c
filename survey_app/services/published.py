"""What is published: sealed releases, read back. Pages and commands come here; nothing here knows a response."""

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.store import releases
from survey_app.store.releases import ReleaseRow


def list_releases(db: Session) -> Sequence[ReleaseRow]:
    """Return all releases, by study and number."""
    return releases.all_releases(db)


def load_cube(db: Session, release_id: str) -> ProtectedCube:
    """Return what a release says.

    Raises:
        ProblemsFound: there is no such release, or what is stored is not what was sealed.
    """
    row = releases.find_release(db, release_id)
    if row is None:
        raise ProblemsFound([Problem(code=Code.RELEASE_UNKNOWN, where=release_id, values={"given": release_id})])
    if hashlib.sha256(row.cube.encode()).hexdigest() != row.cube_sha256:
        raise damaged(release_id)
    return ProtectedCube.from_json(row.cube)


def damaged(release_id: str) -> ProblemsFound:
    """The problem that a stored release is not what was sealed."""
    return ProblemsFound([Problem(code=Code.RELEASE_DAMAGED, where=release_id, values={"given": release_id})])
