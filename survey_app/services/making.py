"""Make a release in a process of its own: look, think without holding anybody up, write. It leaves a proposed release.

Answers can be given all the while. What a making has come to, its row says, in percent and words, never in people.
"""

from collections.abc import Callable
from dataclasses import replace

from survey_app.core.approval import Deed, looked
from survey_app.core.attack.insider import Progress, in_silence
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.services.proposing import known_making, let_go
from survey_app.services.recording import record
from survey_app.services.releasing import (
    Gathered,
    Order,
    gather,
    gathered_again,
    keep,
    protect_and_attack,
)
from survey_app.store import makings
from survey_app.store.database import Sessions

_TRIES = 3
_GATHERED, _MADE = 10, 90
_WHOLE = 100

Tell = Callable[[int, str], None]


def carry_out(sessions: Sessions, making_id: str, order: Order, *, progress: Progress = in_silence) -> ProtectedCube:
    """Make the release that a making asked for; its row tells how it ended, and the trail keeps refusals.

    Args:
        sessions: the database.
        making_id: the making, which is working.
        order: what is wanted; by whom and of which study says the making.
        progress: told how far it is, too.

    Raises:
        ProblemsFound: as `create_release`; or answers were changed again and again in the meantime. Nothing is changed.
    """
    with sessions.begin() as db:
        asked = known_making(db, making_id)
        order = replace(order, study_id=asked.study_id, proposed_by=asked.asked_by, today=asked.day)
    try:
        cube = _make(sessions, order, _Teller(sessions, making_id, progress))
    except ProblemsFound as refused:
        _end_refused(sessions, making_id, order, refused)
        raise
    except BaseException:
        _end(sessions, making_id, makings.FAILED, STOPPED)
        raise
    finally:
        let_go(order.files, making_id)
    _end(sessions, making_id, makings.MADE, "Made. It waits for another person to decide.", release=cube.release)
    return cube


STOPPED = "It stopped before it was done. Nothing was changed. Begin again."


def _make(sessions: Sessions, order: Order, tell: "_Teller") -> ProtectedCube:
    for _ in range(_TRIES):
        tell.step(0, "Reading the answers")
        gathered = _look(sessions, order)
        tell.step(_GATHERED, "Protecting and attacking")
        protected, audit = protect_and_attack(order, gathered, tell.attacks)
        tell.step(_MADE, "Sealing")
        with sessions.begin() as db:
            agreed = gathered_again(db, order, gathered)
            if agreed is not None:
                keep(db, order, agreed, protected, audit)
                return protected.cube
            db.rollback()
    raise ProblemsFound([Problem(code=Code.RELEASE_ANSWERS_CHANGED, where=order.study_id)])


def _look(sessions: Sessions, order: Order) -> Gathered:
    """What the release would be made from; the database is as it was afterwards."""
    with sessions() as db:
        gathered = gather(db, order)
        db.expunge_all()
        db.rollback()
    return gathered


class _Teller:
    """Writes down how far a making is. The percentage never goes back: each long step takes half of what is left."""

    def __init__(self, sessions: Sessions, making_id: str, progress: Progress) -> None:
        self.sessions, self.making_id, self.progress = sessions, making_id, progress
        self.percent, self.base, self.what = 0.0, float(_GATHERED), ""

    def step(self, percent: int, words: str) -> None:
        """A step begins."""
        self.percent = max(self.percent, percent)
        self._write(words)
        self.progress(words, 0, 1)

    def attacks(self, what: str, done: int, total: int) -> None:
        """An attack is so far."""
        if what != self.what:
            self.what, self.base = what, self.percent
        room = (_MADE - self.base) / 2
        before = int(self.percent)
        self.percent = max(self.percent, self.base + room * done / max(total, 1))
        if int(self.percent) > before or not done:
            self._write(f"Attacking: {what.partition(':')[0]}")
        self.progress(what, done, total)

    def _write(self, words: str) -> None:
        with self.sessions.begin() as db:
            row = known_making(db, self.making_id)
            row.percent, row.words = int(self.percent), words


def _end_refused(sessions: Sessions, making_id: str, order: Order, refused: ProblemsFound) -> None:
    problems = list(refused.problems)
    words = "\n".join(problem.sentence for problem in problems)
    codes = sorted({problem.code.name for problem in problems})
    with sessions.begin() as db:
        record(db, Deed.REFUSED, order.study_id, who=order.proposed_by, today=order.today, reasons=codes)
    _end(sessions, making_id, makings.REFUSED, words, looked_at=looked(problems))


def _end(  # the ways in which it can end
    sessions: Sessions, making_id: str, state: str, words: str, *, release: str | None = None, looked_at: bool = False
) -> None:
    with sessions.begin() as db:
        row = known_making(db, making_id)
        row.state, row.words, row.release_id, row.looked, row.percent = state, words, release, looked_at, _WHOLE
