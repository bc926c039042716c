"""Attack what was published, as an outsider would: run by hand; `releasing` runs the same before it seals."""

from sqlalchemy.orm import Session

from survey_app.core.attack.audit import Audit, audit_ledger
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import Entry
from survey_app.services.published import damaged, load_cube
from survey_app.store import releases


def audit_release(db: Session, release_id: str) -> Audit:
    """Attack a release together with all earlier ones of its study.

    Raises:
        ProblemsFound: there is no such release, or what is stored is not what was sealed.
    """
    row = releases.find_release(db, release_id)
    if row is None:
        raise ProblemsFound([Problem(code=Code.RELEASE_UNKNOWN, where=release_id, values={"given": release_id})])
    broken = releases.broken_link(db)
    if broken:
        raise damaged(broken)
    rules = load_cube(db, release_id).rules
    entries = [Entry.from_document(one.entry) for one in releases.ledger_of(db, row.study_id)][: row.number]
    menu = Menu.from_document(releases.find_menu(db, row.study_id) or {})
    return audit_ledger(entries, menu, smallest_base=rules.smallest_base, delta=rules.delta)
