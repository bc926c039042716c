"""Where chains begin: answers that agree with everything printed, found without knowing the truth.

Each chain begins with answers thrown by chance and repairs them until they agree; what does not get
there in time is found by the solver, with wishes thrown by chance. So no two chains begin alike.
"""

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.chains import Chains
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.puzzle import NOT_KNOWN, Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits, Programme

Integers = NDArray[np.int64]

_SWEEPS, _FEWER = 60, 20
_WARMEST, _COOLER = 0.5, 2.5


def starts_of(
    puzzle: Puzzle,
    chains: int,
    dice: Dice,
    near: NDArray[np.int32],
    limits: Limits = DEFAULT_LIMITS,
    *,
    close: Integers | None = None,
) -> Integers | None:
    """Return `chains` x S answers that agree with everything printed; None when none were found.

    Args:
        puzzle: the question.
        chains: how many.
        dice: where chance comes from.
        near: see `Chains`.
        limits: of the solver.
        close: `chains` x S answers that nearly agree; None to begin with answers thrown by chance.
    """
    thrown = _thrown(puzzle, chains, dice.of(puzzle.name, "thrown")) if close is None else close
    state = Chains(puzzle, thrown, dice.further("repair"), near)
    good = state.repair(_SWEEPS) if close is None else state.repair(_FEWER, warmest=_COOLER)
    found = state.answers()
    if all(good):
        return found
    programme, luck = Programme(puzzle, limits), dice.of(puzzle.name, "wishes")
    for chain in np.flatnonzero(~np.array(good)):
        solved = programme.start(luck.normal(size=(programme.people.size, puzzle.options)))
        if solved is None:
            return None
        found[chain] = solved
    return found


def _thrown(puzzle: Puzzle, chains: int, luck: np.random.Generator) -> Integers:
    """Answers by the shares that the largest table says, but nobody's by what is known of them."""
    largest = int(puzzle.sizes.argmax())
    middle = (puzzle.lower[largest] + puzzle.upper[largest]) / 2 + 1
    answers = luck.choice(puzzle.options, size=(chains, puzzle.members.shape[1]), p=middle / middle.sum())
    return np.where(puzzle.counted[None, :], answers, NOT_KNOWN)
