"""H5: what a few participants learn who tell each other their answers: they take themselves out of what was printed.

The members are of the smallest group that was published, where their answers tell most about the others.
Their answers are some that agree with everything printed; the attack needs no truth. Larger coalitions hold
the members of smaller ones: what is possible for them is possible for the smaller ones too.
"""

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.puzzle import Puzzle

Integers = NDArray[np.int64]

SIZES = (5, 3, 1)
"""Members of the coalitions that are tried, in this order."""


def known_to(puzzle: Puzzle, state: Integers, size: int, random: np.random.Generator) -> Puzzle:
    """Return what is left to be found when `size` people of the smallest group know each other's answers.

    Args:
        puzzle: the question.
        state: S, answers that agree with everything printed.
        size: members of the coalition; all of the group but one at most.
        random: which people of the group they are; the same chance gives the same first ones, whatever the size.
    """
    smallest = int(puzzle.sizes.argmin())
    people = np.flatnonzero(puzzle.members[smallest])
    members = random.permutation(people)[: min(size, max(people.size - 1, 0))]
    return puzzle.without(members, state[members])
