"""H2, H3 and H5 together: what an insider, alone or in a coalition, finds out about each question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from survey_app.core.attack.coalition import SIZES, coalitions
from survey_app.core.attack.feasible import Feasible, feasible
from survey_app.core.attack.inference import MARGIN, Inferred, infer
from survey_app.core.attack.puzzle import Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits
from survey_app.core.attack.starts import batches_of

MOST_EXCLUDED = 0.05
"""Share of the pairs of a person and an answer that may be impossible."""
ROOM = 0.75
"""A release gives up what tells more than this, so that coalitions and chance find nobody above `SURE` afterwards."""
MOST_GAINED = 0.2
"""By so much the insider may guess better than whoever reads the tables one by one."""


class Depth(IntEnum):
    """How much is tried."""

    LEDGER = 1  # subtraction and differencing (H1, H4)
    LOOK = 2  # and the insider; whoever seems to be found is not looked at twice
    INSIDER = 3  # and looked at twice (H2, H3)
    ALLIES = 4  # and coalitions (H5)


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
        return self.withstood and self.nearest <= ROOM

    @property
    def found(self) -> bool:
        """Whether somebody, or too much, was found."""
        return bool(self.determined or self.sure or self.excluded > MOST_EXCLUDED or self.gained > MOST_GAINED)

    @property
    def withstood(self) -> bool:
        """Nothing was found, and that is certain."""
        return self.proven and self.mixed and not self.found


def attack(
    puzzles: Sequence[Puzzle],
    *,
    random: np.random.Generator,
    depth: Depth = Depth.INSIDER,
    limits: Limits = DEFAULT_LIMITS,
    progress: Progress = in_silence,
) -> list[Question]:
    """Let the insider loose on every question, and coalitions when the depth says so.

    Args:
        puzzles: questions of one study.
        random: where chance comes from.
        depth: how much is tried; coalitions have 1, 3 and 5 members who know each other's answers.
        limits: of the solver.
        progress: told how far it is.
    """
    batches = [[puzzles[place] for place in batch] for batch in batches_of(puzzles)]
    sizes = SIZES if depth >= Depth.ALLIES else ()
    steps = len(batches) * (1 + len(sizes))
    found: list[Question] = []
    for number, batch in enumerate(batches):
        place = number * steps // len(batches)
        progress("insider", place, steps)
        inferred = infer(batch, random=random, limits=limits, twice=depth > Depth.LOOK)
        found += _judged(batch, inferred, 0, limits)
        known = [(puzzle, one.state) for puzzle, one in zip(batch, inferred, strict=True) if one]
        for more, size in enumerate(sizes):
            progress("coalition", place + 1 + more, steps)
            left = coalitions([puzzle for puzzle, _ in known], [state for _, state in known], size, random)
            found += _judged(left, infer(left, random=random, limits=limits), size, limits)
    progress("insider", steps, steps)
    return found


def _judged(
    puzzles: Sequence[Puzzle], inferred: Sequence[Inferred | None], allies: int, limits: Limits
) -> list[Question]:
    return [
        _question(feasible(puzzle, seen=one.seen if one else None, limits=limits), one, allies)
        for puzzle, one in zip(puzzles, inferred, strict=True)
    ]


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
