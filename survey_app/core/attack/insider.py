"""H2, H3 and H5 together: what an insider, alone or in a coalition, finds out about each question."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.chains import nearest
from survey_app.core.attack.coalition import SIZES, known_to
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.feasible import Feasible, feasible
from survey_app.core.attack.inference import MARGIN, ROUNDS, SURE, Inferred, infer
from survey_app.core.attack.puzzle import Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits

MOST_EXCLUDED = 0.05
"""Share of the pairs of a person and an answer that may be impossible."""
ROOM = 0.75
"""A release gives up what tells more than this, so that coalitions and chance find nobody above `SURE` afterwards."""
ALLIED_ROOM = 0.78
"""The same for what coalitions are told."""
MOST_GAINED = 0.2
"""By so much the insider may guess better than whoever reads the tables one by one."""
_TOLD_EVERY = 10  # questions
_ALLIED = ((10, 60), *ROUNDS[1:])  # states of the insider's chains are nearly where those of a coalition belong
_ALLIED_CLOSER = (0.77, 0.9)
_ALLIED_FROM = 0.7  # smaller coalitions are tried where a larger one, or the insider, is as sure of somebody


class Depth(IntEnum):
    """How much is tried."""

    LEDGER = 1  # subtraction and differencing (H1, H4)
    INSIDER = 2  # and the insider (H2, H3)
    ALLIES = 3  # and coalitions (H5)


Progress = Callable[[str, int, int], object]
"""Told what is being done, how much is done, and of how much."""


def in_silence(*_: object) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was found about one question.

    allies: members of the coalition; 0 for the insider alone.
    people: of whom something was printed.
    determined: people with one possible answer left. excluded: share of answers that are impossible.
    proven: the solver left nothing open. mixed: the chains agree. apart: how far they are apart.
    sure: people of whom all tables together tell more than 80 %.
    sure_by_a_table: people of whom one table tells as much outright.
    surest: the greatest chance that no single table tells. nearest: and that is nearly told by one.
    best_guess, common_guess, table_guess: shares guessed right by the insider, by the most frequent answer, by
        each person's most one-sided table.
    """

    name: str
    allies: int
    people: int
    determined: int
    excluded: float
    proven: bool
    mixed: bool
    apart: float
    sure: int
    sure_by_a_table: int
    surest: float
    nearest: float
    best_guess: float
    common_guess: float
    table_guess: float

    @property
    def gained(self) -> float:
        """By how much the insider guesses better than whoever reads the tables one by one."""
        return self.best_guess - max(self.common_guess, self.table_guess)

    @property
    def leaves_room(self) -> bool:
        """Nothing was found, nor nearly."""
        return self.withstood and self.nearest <= (ALLIED_ROOM if self.allies else ROOM)

    @property
    def found(self) -> bool:
        """Whether somebody, or too much, was found."""
        return bool(self.determined or self.sure or self.excluded > MOST_EXCLUDED or self.gained > MOST_GAINED)

    @property
    def withstood(self) -> bool:
        """Nothing was found, and that is certain."""
        return self.proven and self.mixed and not self.found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Met:
    """What one attacker met: a question, and what could be guessed of it."""

    puzzle: Puzzle
    allies: int
    guessed: Inferred | None

    @property
    def nearest(self) -> float:
        return self.guessed.surest(MARGIN / 2) if self.guessed else 1.0


def attack(  # noqa: PLR0913  # the questions, and how deep and how long they are looked at
    puzzles: Sequence[Puzzle],
    *,
    dice: Dice,
    depth: Depth = Depth.INSIDER,
    only: Collection[str] | None = None,
    room: float = SURE,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = in_silence,
) -> list[Question]:
    """Let the insider loose on every question, and coalitions when the depth says so.

    What is found about a question does not hang on which others are attacked beside it.

    Args:
        puzzles: questions of one study.
        dice: where chance comes from.
        depth: how much is tried. Coalitions have 5, 3 and 1 members who know each other's answers; those of 3 and 1
            are tried where the insider or the larger coalition came near to somebody.
        only: names of those that are attacked; None for all.
        room: where the insider alone is surer than this, coalitions are not tried: too much is told already.
        limits: of the solver.
        progress: told how far it is.
    """
    chosen = [puzzle for puzzle in puzzles if only is None or puzzle.name in only]
    near = nearest(puzzles) if chosen else np.zeros((0, 0), dtype=np.int32)
    found: list[Question] = []
    for number, puzzle in enumerate(chosen):
        if number % _TOLD_EVERY == 0:
            progress("insider", number, len(chosen))
        alone = _Met(puzzle=puzzle, allies=0, guessed=infer(puzzle, dice=dice, limits=limits, near=near))
        allied = _allied(alone, dice, near, limits) if depth >= Depth.ALLIES and alone.nearest <= room else []
        found += _judged(alone, allied, limits)
    progress("insider", len(chosen), len(chosen))
    return sorted(found, key=lambda question: question.allies)


def _allied(alone: _Met, dice: Dice, near: NDArray[np.int32], limits: Limits) -> list[_Met]:
    """Coalitions, the largest first; smaller ones where somebody was nearly found before."""
    found: list[_Met] = []
    if alone.guessed is None:
        return found
    for size in SIZES:
        if found and max(one.nearest for one in (alone, *found)) < _ALLIED_FROM:
            break
        states, throws = alone.guessed.states, dice.further("coalition")
        left = known_to(alone.puzzle, states[0], size, throws.of("members", alone.puzzle.name))
        guessed = infer(
            left,
            dice=throws.further(str(size)),
            limits=limits,
            rounds=_ALLIED,
            closer=_ALLIED_CLOSER,
            close=states,
            near=near,
        )
        found.append(_Met(puzzle=left, allies=size, guessed=guessed))
    return found


def _judged(alone: _Met, allied: Sequence[_Met], limits: Limits) -> list[Question]:
    """What a larger coalition saw to be possible is possible for smaller ones, and for the insider alone."""
    known = np.zeros((alone.puzzle.members.shape[1], alone.puzzle.options), dtype=bool)
    found = []
    for one in (*allied, alone):
        if one.guessed:
            known |= one.guessed.seen
        possible = feasible(one.puzzle, seen=known, limits=limits)
        known |= possible.possible
        found.append(_question(possible, one.guessed, one.allies))
    return found


def _question(possible: Feasible, guessed: Inferred | None, allies: int) -> Question:
    return Question(
        name=possible.name,
        allies=allies,
        people=int(possible.counted.sum()),
        determined=possible.determined,
        excluded=possible.excluded,
        proven=possible.proven,
        mixed=bool(guessed and guessed.mixed),
        apart=guessed.apart if guessed else 1.0,
        sure=int(guessed.sure.sum()) if guessed else 0,
        sure_by_a_table=guessed.sure_by_a_table if guessed else 0,
        surest=guessed.surest() if guessed else 0.0,
        nearest=guessed.surest(MARGIN / 2) if guessed else 0.0,
        best_guess=guessed.best_guess if guessed else 0.0,
        common_guess=guessed.common_guess if guessed else 0.0,
        table_guess=guessed.table_guess if guessed else 0.0,
    )
