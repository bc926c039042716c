"""Ask for a release: one making at a time per study, in a process of its own that outlives a restart of the server."""

import fcntl
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.core.access import Permission
from survey_app.core.approval import look_problems
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.services.approving import demand
from survey_app.services.catalogue import known_study, study_of
from survey_app.services.published import check_trail
from survey_app.services.staffing import Account
from survey_app.settings import Settings
from survey_app.store import makings, studies
from survey_app.store.database import Sessions
from survey_app.store.makings import MakingRow

FOLDER = "makings"
_DIED = "The process that made it ended before it was done. Nothing was changed. Begin again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A making that was asked for. life: held open while it works; None when another one was working already."""

    id: str
    life: IO[bytes] | None


def begin(sessions: Sessions, study_id: str, *, by: Account, today: date, files: Path) -> Begun:
    """Begin a making, or give the one of this study that is working already: two clicks at once are one making.

    Args:
        sessions: the database.
        study_id: the study.
        by: who asks.
        today: the day.
        files: folder of finished files; in it a making has a file that is locked for as long as its process lives.

    Raises:
        ProblemsFound: no such study, not allowed, the audit trail is damaged, or a refusal that came of the answers is
            too fresh.
    """
    demand(by, Permission.PROPOSE_RELEASES)
    with sessions.begin() as db:
        known_study(db, study_id)
        check_trail(db)
        end_dead(db, files)
        working = makings.working_of(db, study_id)
        problems = look_problems(makings.last_look(db, study_id), today)
    if working is not None:
        return Begun(id=working.id, life=None)
    if problems:
        raise ProblemsFound(problems)
    return _begin(sessions, study_id, by=by, today=today, files=files)


def start_worker(settings: Settings, begun: Begun) -> None:
    """Start the process that makes the release. It inherits the lock, so that it counts as alive until it ends."""
    if begun.life is None:
        return
    with begun.life as life:
        process = subprocess.Popen(  # noqa: S603  # this program itself
            [sys.executable, "-m", "survey_app", "release", "work", begun.id],
            env=os.environ | settings.to_environment(),
            pass_fds=(life.fileno(),),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no remains when it ends


def known_making(db: Session, making_id: str) -> MakingRow:
    """Return a making.

    Raises:
        ProblemsFound: there is none of that id.
    """
    row = makings.find_making(db, making_id)
    if row is None:
        raise ProblemsFound([Problem(code=Code.MAKING_UNKNOWN, values={"given": making_id})])
    return row


def working(db: Session, files: Path) -> Sequence[MakingRow]:
    """Return the makings that are working, after those whose process has died were told as failed."""
    end_dead(db, files)
    return makings.working_makings(db)


def proposable(db: Session) -> dict[str, str]:
    """Return the studies of which a release can be proposed, by id, with their English or first title."""
    found = {row.id: study_of(row).title for row in studies.all_studies(db) if row.definition}
    return {name: title.get("en") or next(iter(title.values())) for name, title in found.items()}


def end_dead(db: Session, files: Path) -> None:
    """Tell every making as failed whose process is no longer there."""
    for row in makings.working_makings(db):
        if not _is_alive(files, row.id):
            row.state, row.words = makings.FAILED, _DIED
            let_go(files, row.id)
    db.flush()


def let_go(files: Path, making_id: str) -> None:
    """Remove the file that says that a making is alive; it has ended."""
    _path(files, making_id).unlink(missing_ok=True)


def _begin(sessions: Sessions, study_id: str, *, by: Account, today: date, files: Path) -> Begun:
    row = MakingRow(
        id=str(uuid.uuid4()),
        study_id=study_id,
        state=makings.WORKING,
        asked_by=by.name,
        day=today,
        percent=0,
        words="Beginning",
        looked=False,
        release_id=None,
    )
    life = _hold(files, row.id)
    try:
        with sessions.begin() as db:
            makings.add_making(db, row)
    except IntegrityError:
        life.close()
        let_go(files, row.id)
        with sessions.begin() as db:
            other = makings.working_of(db, study_id)
        return Begun(id=other.id if other else row.id, life=None)
    return Begun(id=row.id, life=life)


def _hold(files: Path, making_id: str) -> IO[bytes]:
    path = _path(files, making_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    life = path.open("wb")
    fcntl.flock(life, fcntl.LOCK_EX)
    return life


def _is_alive(files: Path, making_id: str) -> bool:
    path = _path(files, making_id)
    if not path.exists():
        return False
    with path.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _path(files: Path, making_id: str) -> Path:
    return files / FOLDER / f"{making_id}.alive"
