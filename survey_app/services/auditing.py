"""Attack what was published: run by hand on everything, and by `releasing` before it seals.

What a release gives up so that the rest withstands the attacks is decided here too: question by question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.orm import Session

from survey_app.core.attack.audit import Audit, audit_ledger, skipped_because
from survey_app.core.attack.coarsening import given_up
from survey_app.core.attack.insider import Depth, Progress, Question, attack, in_silence
from survey_app.core.attack.puzzle import puzzles_of
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.material import NOTHING_WITHHELD, Withheld
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import Entry
from survey_app.core.protection.tables import Protected
from survey_app.core.questionnaire.model import Edition
from survey_app.services.published import checked_ledger, frozen_menu, load_sealed, sealed_row
from survey_app.services.scraping import scrape_reports
from survey_app.store import releases

Editions = Mapping[tuple[str, str], Edition]
Make = Callable[[Withheld], Protected]
"""Makes the release again without some of its tables."""

_TRIES = 4
_SEED = 4  # the attacks throw the same dice on the same release


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Everything published before: the ledger, and the releases that belong to its entries."""

    entries: tuple[Entry, ...] = ()
    cubes: tuple[ProtectedCube, ...] = ()


def audit_release(
    db: Session,
    release_id: str,
    *,
    editions: Editions | None = None,
    depth: Depth = Depth.ALLIES,
    progress: Progress = in_silence,
) -> Audit:
    """Attack a release together with all earlier ones of its study.

    Args:
        db: the transaction.
        release_id: the release.
        editions: questionnaire versions by id and version; with them its reports are made and scraped too.
        depth: how much is tried; coalitions of participants take most of the time.
        progress: told how far it is.

    Raises:
        ProblemsFound: there is no such release, or what is stored is not what was sealed.
    """
    row = sealed_row(db, release_id)
    past = past_of(db, row.study_id)
    menu = Menu.from_document(frozen_menu(db, row.study_id))
    cube = past.cubes[row.number - 1]
    edition = editions.get((cube.questionnaire, cube.questionnaire_version)) if editions else None
    audit = audit_ledger(
        past.entries[: row.number],
        past.cubes[: row.number],
        menu,
        random=np.random.default_rng(_SEED),
        depth=depth,
        progress=progress,
    )
    return replace(audit, unexplained=scrape_reports(cube, edition)) if edition else audit


def past_of(db: Session, study_id: str) -> Past:
    """Everything that was published of a study.

    Raises:
        ProblemsFound: what is stored is not what was sealed.
    """
    entries = tuple(Entry.from_document(row.entry) for row in checked_ledger(db, study_id))
    return Past(entries=entries, cubes=tuple(load_sealed(db, row.id) for row in releases.releases_of(db, study_id)))


def withstanding(make: Make, past: Past, *, progress: Progress = in_silence) -> tuple[Protected, Audit]:
    """Make a release, attack it (H1 to H4), give up what tells too much, and so on until it withstands with room.

    Returned are the release and what the attacks found on it.

    Args:
        make: makes it.
        past: everything published before.
        progress: told how far it is, and what is given up.

    Raises:
        ProblemsFound: it does not withstand them. For the first two attacks nothing is given up: the gate has answered
            them before, so when one finds something, there is a fault in the program.
    """
    withheld, lost = NOTHING_WITHHELD, frozenset[str]()
    judged: dict[tuple[str, int], Question] = {}
    for attempt in range(_TRIES):
        protected = make(withheld)
        audit = _look(past, protected, lost, progress)
        if audit.computable or audit.close:
            count = len(audit.computable) + len(audit.close)
            raise ProblemsFound([Problem(code=Code.RELEASE_UNSAFE, values={"count": count})])
        judged |= {(question.name, question.allies): question for question in audit.questions}
        lost = frozenset(question.name for question in audit.questions if not question.leaves_room)
        if not lost:
            return protected, replace(audit, questions=tuple(judged.values()), given_up=withheld)
        puzzles = puzzles_of((*past.entries, protected.entry), (*past.cubes, protected.cube), protected.menu)
        withheld = given_up(puzzles, lost, now=len(past.entries), already=withheld)
        progress(f"given up: {told(withheld)}", attempt, _TRIES)
    raise ProblemsFound([Problem(code=Code.RELEASE_TELLING, values={"given": ", ".join(sorted(lost))})])


def told(withheld: Withheld) -> str:
    """What was given up, in words: `CJ01 by age`, `CJ02` for a question as a whole."""
    whole = {name for name, dimension in withheld if not dimension}
    parts = sorted(f"{name} by {dimension}" for name, dimension in withheld if dimension and name not in whole)
    return ", ".join((*sorted(whole), *parts))


def _look(past: Past, protected: Protected, again: frozenset[str], progress: Progress) -> Audit:
    """Attack a release; the insider looks at all questions the first time, then at those that lost the time before."""
    entries, cubes = (*past.entries, protected.entry), (*past.cubes, protected.cube)
    random = np.random.default_rng(_SEED)
    audit = audit_ledger(entries, cubes, protected.menu, random=random, depth=Depth.LEDGER, progress=progress)
    if skipped_because(entries, cubes):
        return audit
    questions = _insider(entries, cubes, protected.menu, again, progress)
    return replace(audit, questions=tuple(questions))


def _insider(
    entries: Sequence[Entry], cubes: Sequence[ProtectedCube], menu: Menu, again: frozenset[str], progress: Progress
) -> list[Question]:
    puzzles = [one for one in puzzles_of(entries, cubes, menu) if not again or one.name in again]
    depth = Depth.INSIDER if again else Depth.LOOK
    return attack(puzzles, random=np.random.default_rng(_SEED), depth=depth, progress=progress)
