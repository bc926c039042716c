"""Attack what was published: run by hand on everything, and by `releasing` before it seals.

What a release gives up so that the rest withstands the attacks is decided here too: question by question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.attack.audit import Audit, audit_ledger
from survey_app.core.attack.coarsening import given_up
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.insider import Depth, Progress, in_silence
from survey_app.core.attack.judged import Judged
from survey_app.core.attack.puzzle import puzzles_of
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.external import External
from survey_app.core.protection.groups import split
from survey_app.core.protection.material import NOTHING_WITHHELD, Withheld
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import Entry
from survey_app.core.protection.tables import Protected
from survey_app.core.protection.voices import Voices
from survey_app.core.questionnaire.model import Edition
from survey_app.services.noting import externals_of
from survey_app.services.published import checked_ledger, frozen_menu, load_sealed, sealed_row
from survey_app.services.scraping import scrape_reports
from survey_app.services.sealed_voices import load_voices
from survey_app.store import releases

Editions = Mapping[tuple[str, str], Edition]
Make = Callable[[Withheld], Protected]
"""Makes the release again without some of its tables."""

_TRIES = 8
_BY_DIMENSION = 5  # so often it is tried to give up dimensions; then whole questions
_DICE = Dice(4)  # the attacks throw the same dice on the same release


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Everything published before: the ledger, the releases that belong to its entries, and what others published."""

    entries: tuple[Entry, ...] = ()
    cubes: tuple[ProtectedCube, ...] = ()
    externals: tuple[External, ...] = ()


def audit_release(
    db: Session,
    release_id: str,
    *,
    editions: Editions | None = None,
    files: Path | None = None,
    depth: Depth = Depth.ALLIES,
    progress: Progress = in_silence,
) -> Audit:
    """Attack a release together with all earlier ones of its study.

    Args:
        db: the transaction.
        release_id: the release.
        editions: questionnaire versions by id and version; with them its reports are made and scraped too.
        files: folder of the program's files; the PDFs in it are read too.
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
        externals=past.externals,
        dice=_DICE,
        depth=depth,
        progress=progress,
    )
    voices = load_voices(db, cube)
    return _scraped(audit, cube, edition, files=files, voices=voices, progress=progress)


def past_of(db: Session, study_id: str) -> Past:
    """Everything that was published of a study.

    Raises:
        ProblemsFound: what is stored is not what was sealed.
    """
    entries = tuple(Entry.from_document(row.entry) for row in checked_ledger(db, study_id))
    cubes = tuple(load_sealed(db, row.id) for row in releases.releases_of(db, study_id))
    return Past(entries=entries, cubes=cubes, externals=externals_of(db, study_id))


def withstanding(
    make: Make, past: Past, *, edition: Edition | None = None, progress: Progress = in_silence
) -> tuple[Protected, Audit]:
    """Make a release and attack it (H1 to H5, H7) together with all earlier ones.

    What tells too much is given up, and so on until the release withstands with room. `audit_release` finds of it what
    is returned here: the attacks throw the same dice.

    Args:
        make: makes it.
        past: everything published before.
        edition: that of the release; with it the reports are made and scraped too.
        progress: told how far it is, and what is given up.

    Returns:
        the release, and what the attacks found on it.

    Raises:
        ProblemsFound: it does not withstand them. For subtraction, differencing and scraping nothing is given up: the
            gate and the report have answered them before, so when one finds something, there is a fault in the program.
    """
    withheld, lost = NOTHING_WITHHELD, frozenset[str]()
    judged = Judged()
    for attempt in range(_TRIES):
        protected = make(withheld)
        entries, cubes = (*past.entries, protected.entry), (*past.cubes, protected.cube)
        others = past.externals
        audit = audit_ledger(
            entries, cubes, protected.menu, externals=others, dice=_DICE, depth=Depth.LEDGER, progress=progress
        )
        _refuse_unsafe(audit)
        puzzles = [] if audit.skipped else puzzles_of(entries, cubes, protected.menu, others)
        lost = judged.judge(puzzles, now=len(past.entries), dice=_DICE, progress=progress)
        if not lost:
            found = replace(audit, questions=judged.questions, given_up=withheld)
            return protected, _scraped(found, protected.cube, edition, progress=progress, refuses=True)
        before = withheld
        withheld = given_up(puzzles, lost, now=len(past.entries), already=before, whole=attempt >= _BY_DIMENSION)
        progress(f"given up: {told(withheld - before)}", attempt + 1, _TRIES)
    raise ProblemsFound([Problem(code=Code.RELEASE_TELLING, values={"given": ", ".join(sorted(lost))})])


def told(withheld: Withheld) -> str:
    """What was given up, in words: `CJ01 by age`, `CJ02` for a question as a whole."""
    whole = {name for name, dimension in withheld if not dimension}
    given_up = ((name, " and ".join(split(dimension))) for name, dimension in withheld if dimension)
    parts = sorted(f"{name} by {dimension}" for name, dimension in given_up if name not in whole)
    return ", ".join((*sorted(whole), *parts))


def _refuse_unsafe(audit: Audit) -> None:
    count = len(audit.computable) + len(audit.close)
    if count:
        raise ProblemsFound([Problem(code=Code.RELEASE_UNSAFE, values={"count": count})])


def _scraped(  # noqa: PLR0913  # what is read and who is told
    audit: Audit,
    cube: ProtectedCube,
    edition: Edition | None,
    *,
    files: Path | None = None,
    voices: Voices | None = None,
    progress: Progress,
    refuses: bool = False,
) -> Audit:
    """The audit with what stands in the reports (H7); as it is without the edition."""
    if edition is None:
        return audit
    progress("reports", 0, 1)
    found = replace(audit, unexplained=scrape_reports(cube, edition, files=files, voices=voices))
    problems = [
        Problem(
            code=Code.RELEASE_UNEXPLAINED, where=report, values={"given": ", ".join(f"{n:g}" for n in sorted(numbers))}
        )
        for report, numbers in found.unexplained.items()
        if numbers
    ]
    if problems and refuses:
        raise ProblemsFound(problems)
    return found
