"""Where chains begin: answers that agree with everything printed, found without knowing the truth.

Each chain begins with answers thrown by chance and repairs them until they agree; what does not get
there in time is found by the solver, with wishes thrown by chance. So no two chains begin alike.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.chains import Chains
from survey_app.core.attack.puzzle import NOT_KNOWN, Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits, Programme

Integers = NDArray[np.int64]

_SWEEPS = 60
_USUAL = 5  # options of most questions


def starts_of(
    puzzles: Sequence[Puzzle], chains: int, random: np.random.Generator, limits: Limits = DEFAULT_LIMITS
) -> list[Integers | None]:
    """Return, per question, `chains` x S answers that agree with everything printed; None when none were found."""
    thrown = [_thrown(puzzle, chains, random) for puzzle in puzzles]
    state = Chains(puzzles, thrown, random)
    state.repair(_SWEEPS)
    return [_checked(puzzle, found, random, limits) for puzzle, found in zip(puzzles, state.answers(), strict=True)]


def batches_of(puzzles: Sequence[Puzzle]) -> Iterator[list[int]]:
    """Yield the positions of questions that are best attacked together: of similar numbers of options."""
    few = [place for place, puzzle in enumerate(puzzles) if puzzle.options <= _USUAL]
    many = [place for place in range(len(puzzles)) if place not in set(few)]
    yield from (batch for batch in (few, many) if batch)


def _thrown(puzzle: Puzzle, chains: int, random: np.random.Generator) -> Integers:
    """Answers by the shares that the largest table says, but nobody's by what is known of them."""
    largest = int(puzzle.sizes.argmax())
    middle = (puzzle.lower[largest] + puzzle.upper[largest]) / 2 + 1
    answers = random.choice(puzzle.options, size=(chains, puzzle.members.shape[1]), p=middle / middle.sum())
    return np.where(puzzle.counted[None, :], answers, NOT_KNOWN)


def _checked(puzzle: Puzzle, found: Integers, random: np.random.Generator, limits: Limits) -> Integers | None:
    good = [puzzle.allows(answers) for answers in found]
    if all(good):
        return found
    programme = Programme(puzzle, limits)
    for chain in np.flatnonzero(~np.array(good)):
        wishes = random.normal(size=(programme.people.size, puzzle.options))
        solved = programme.start(wishes)
        if solved is None:
            return None
        found[chain] = solved
    return found
