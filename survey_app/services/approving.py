"""A second person decides about a release: nothing of it leaves before."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.access import Permission, may
from survey_app.core.approval import Deed, State, decision_problems
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.services.published import checked_ledger, damaged, frozen_menu, sealed_row
from survey_app.services.recording import record
from survey_app.services.staffing import Account
from survey_app.store.chains import text_hash
from survey_app.store.releases import ReleaseRow, is_frozen, lock_release


def approve(  # noqa: PLR0913  # everything that decides is named
    db: Session, release_id: str, *, by: Account, finding: str, audit_read: bool, today: date, files: Path
) -> ReleaseRow:
    """Approve a release. Refused, it leaves nothing changed.

    Args:
        db: the transaction.
        release_id: the release.
        by: who approves; another person than the one who proposed it.
        finding: what the controller finds about identifiability (recital 26), in their own words; for the record.
        audit_read: the person says that they have read the audit.
        today: the day.
        files: folder of frozen rows.

    Raises:
        ProblemsFound: no such release, decided already, one's own, not allowed, no finding, the audit was not read, or
            something of the release is not what was sealed.
    """
    row = _open(db, release_id, by)
    problems = []
    if not audit_read:
        problems.append(Problem(code=Code.RELEASE_AUDIT_UNSEEN, where=release_id, values={"given": release_id}))
    if not finding.strip():
        problems.append(Problem(code=Code.RELEASE_FINDING_MISSING, where=release_id))
    if problems:
        raise ProblemsFound(problems)
    checked_ledger(db, row.study_id)
    frozen_menu(db, row.study_id)
    if not is_frozen(files, row.snapshot_sha256):
        raise damaged(release_id)
    return _decide(db, row, State.APPROVED, by=by, finding=finding, today=today)


def reject(db: Session, release_id: str, *, by: Account, finding: str, today: date) -> ReleaseRow:
    """Reject a release: it never leaves, and stays in the ledger. `finding` says why; it may be empty.

    Raises:
        ProblemsFound: no such release, decided already, one's own, not allowed, or it is not what was sealed.
    """
    return _decide(db, _open(db, release_id, by), State.REJECTED, by=by, finding=finding, today=today)


def demand(by: Account, permission: Permission) -> None:
    """Refuse an account that does not hold a permission.

    Raises:
        ProblemsFound: it does not.
    """
    if not may(by.role, permission):
        values = {"given": by.name, "value": by.role.value}
        raise ProblemsFound([Problem(code=Code.STAFF_NOT_ALLOWED, values=values)])


def _open(db: Session, release_id: str, by: Account) -> ReleaseRow:
    """The release, if this person may decide about it; nobody else does until the transaction ends."""
    demand(by, Permission.DECIDE_RELEASES)
    lock_release(db, release_id)
    row = sealed_row(db, release_id)
    problems = decision_problems(release_id, state=State(row.state), proposed_by=row.proposed_by or "", by=by.name)
    if problems:
        raise ProblemsFound(problems)
    return row


def _decide(db: Session, row: ReleaseRow, state: State, *, by: Account, finding: str, today: date) -> ReleaseRow:
    row.state, row.decided_by, row.decided_on, row.finding = state.value, by.name, today, finding.strip()
    db.flush()
    record(db, Deed(state.value), row.id, who=by.name, today=today, finding=text_hash(row.finding))
    return row
