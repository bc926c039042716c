"""What is published: sealed releases, read back and checked. Nothing here knows a response.

Pages and commands come here. Only what two people agreed to leaves: `load_cube` refuses every other release.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from survey_app.core.approval import DECISIONS, Deed, State
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.store import releases, trail
from survey_app.store.chains import canonical, text_hash
from survey_app.store.releases import LedgerRow, ReleaseRow
from survey_app.store.trail import TrailRow

NO_AUDIT = "No audit was stored with this release. Attack it now: survey-app release audit"
_BEGINNINGS = (Deed.PROPOSED, Deed.CARRIED_OVER)


def list_releases(db: Session) -> Sequence[ReleaseRow]:
    """Return all releases, by study and number; only of approved ones anything is shown."""
    return releases.all_releases(db)


def load_cube(db: Session, release_id: str) -> ProtectedCube:
    """Return what a release says, if two people agreed that it may leave.

    Raises:
        ProblemsFound: there is no such release, it is not approved, or what is stored is not what was sealed.
    """
    row = sealed_row(db, release_id)
    if row.state != State.APPROVED:
        values = {"given": release_id, "value": row.state}
        raise ProblemsFound([Problem(code=Code.RELEASE_NOT_APPROVED, where=release_id, values=values)])
    return ProtectedCube.from_json(row.cube)


def load_sealed(db: Session, release_id: str) -> ProtectedCube:
    """Return what a release says, whatever became of it: for judging other releases, never for giving out.

    Raises:
        ProblemsFound: there is no such release, or what is stored is not what was sealed.
    """
    return ProtectedCube.from_json(sealed_row(db, release_id).cube)


def sealed_row(db: Session, release_id: str) -> ReleaseRow:
    """Return a release, whatever became of it.

    Raises:
        ProblemsFound: there is no such release; or its numbers, its audit, its state or those who decided are not what
            the audit trail says.
    """
    row = releases.find_release(db, release_id)
    if row is None:
        raise ProblemsFound([Problem(code=Code.RELEASE_UNKNOWN, where=release_id, values={"given": release_id})])
    events = trail.trail_of(db, release_id)
    if not _is_as_sealed(row, events) or not _is_as_decided(row, events):
        raise damaged(release_id)
    return row


def audit_words(row: ReleaseRow) -> str:
    """Return the words of the audit that a release was sealed with."""
    return str(json.loads(row.audit)["words"]) if row.audit else NO_AUDIT


def audit_of(row: ReleaseRow) -> dict[str, Any] | None:
    """Return the figures of the audit that a release was sealed with; None when there is none."""
    found: dict[str, Any] | None = json.loads(row.audit)["document"] if row.audit else None
    return found


def given_up(row: ReleaseRow) -> list[str]:
    """Return what a release does not tell so that it withstands the attacks: `CJ01 by age`, `CJ02` as a whole."""
    pairs = (audit_of(row) or {}).get("given_up", ())
    return [f"{name} by {dimension}" if dimension else name for name, dimension in pairs]


def checked_ledger(db: Session, study_id: str) -> Sequence[LedgerRow]:
    """Return the entries of the ledger that belong to a study, in order.

    Raises:
        ProblemsFound: the ledger or the audit trail is not what was written.
    """
    broken = releases.broken_link(db)
    if broken:
        raise damaged(broken)
    check_trail(db)
    rows = releases.ledger_of(db, study_id)
    for row in rows:
        if _beginning(trail.trail_of(db, row.release_id)).get("ledger") != row.hash:
            raise damaged(row.release_id)
    return rows


def frozen_menu(db: Session, study_id: str) -> dict[str, Any]:
    """Return the menu of a study, empty before its first release.

    Raises:
        ProblemsFound: it is not the one that the last release was made with.
    """
    document = releases.find_menu(db, study_id) or {}
    made = releases.releases_of(db, study_id)
    if made and _beginning(trail.trail_of(db, made[-1].id)).get("menu") != text_hash(canonical(document)):
        raise damaged(made[-1].id)
    return document


def check_trail(db: Session) -> None:
    """Refuse an audit trail that is not what was written.

    Raises:
        ProblemsFound: a row was changed or taken out.
    """
    broken = trail.broken_row(db)
    if broken is not None:
        raise ProblemsFound([Problem(code=Code.TRAIL_DAMAGED, values={"given": broken})])


def damaged(release_id: str) -> ProblemsFound:
    """The problem that a stored release is not what was sealed."""
    return ProblemsFound([Problem(code=Code.RELEASE_DAMAGED, where=release_id, values={"given": release_id})])


def _beginning(events: Sequence[TrailRow]) -> dict[str, Any]:
    """The hashes under which a release was sealed; empty when the trail does not know it."""
    if not events or events[0].deed not in _BEGINNINGS or not events[0].is_whole:
        return {}
    return events[0].detail


def _is_as_sealed(row: ReleaseRow, events: Sequence[TrailRow]) -> bool:
    sealed = _beginning(events)
    return (
        text_hash(row.cube) == row.cube_sha256 == sealed.get("cube")
        and row.snapshot_sha256 == sealed.get("snapshot")
        and text_hash(row.audit) == sealed.get("audit")
    )


def _is_as_decided(row: ReleaseRow, events: Sequence[TrailRow]) -> bool:
    decided = [event for event in events if event.deed in DECISIONS]
    if not all(event.is_whole for event in decided) or len(decided) > 1:
        return False
    if not decided:
        return (row.state, row.proposed_by, row.decided_by) == (State.PROPOSED, events[0].who, None)
    last = decided[0]
    if last.deed == Deed.CARRIED_OVER:
        return (row.state, row.proposed_by, row.decided_by) == (State.APPROVED, None, None)
    return (
        row.state == DECISIONS[Deed(last.deed)]
        and (row.proposed_by, row.decided_by, row.decided_on) == (events[0].who, last.who, last.day)
        and events[0].who != last.who
        and last.detail.get("finding") == text_hash(row.finding)
    )
