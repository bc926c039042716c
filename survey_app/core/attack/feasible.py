"""H2: which answers are still possible for whom, by everything printed, for an insider who knows everyone's groups.

Options that chains have seen somebody hold are possible for certain. The solver decides about the rest:
it looks for solutions that show as many of them as possible, until it proves that none is left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.puzzle import Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits, Programme

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feasible:
    """What is possible. possible: S x K, of those in `counted` (S). proven: the solver left nothing open."""

    name: str
    counted: Rows
    possible: Rows
    proven: bool

    @property
    def determined(self) -> int:
        """People who have one possible answer left."""
        return int((self.possible[self.counted].sum(axis=1) == 1).sum())

    @property
    def excluded(self) -> float:
        """Share of the pairs of a person and an option that are impossible, 0 to 1."""
        inside = self.possible[self.counted]
        return float(1 - inside.mean()) if inside.size else 0.0


def feasible(puzzle: Puzzle, *, seen: Rows | None = None, limits: Limits = DEFAULT_LIMITS) -> Feasible:
    """Return what is possible.

    Args:
        puzzle: the question.
        seen: S x K, what is known to be possible; None when nothing is.
        limits: of the solver. What it did not get to is impossible in the answer, and `proven` is False.
    """
    counted = puzzle.counted
    known = np.zeros((counted.size, puzzle.options), dtype=bool) if seen is None else seen & counted[:, None]
    _, of = puzzle.kinds()
    by_kind = _by_kind(known, of)
    if by_kind[of[counted]].all():
        return Feasible(name=puzzle.name, counted=counted, possible=by_kind[of] & counted[:, None], proven=True)
    programme = Programme(puzzle, limits)
    here = np.unique(of[counted])
    open_ = ~by_kind[here]
    proven = False
    while not proven and open_.any():
        outcome, people = programme.cover(open_)
        if outcome == "limit":
            break
        proven = outcome == "none"
        open_ &= people == 0
    by_kind[here] = ~open_
    return Feasible(
        name=puzzle.name, counted=counted, possible=by_kind[of] & counted[:, None], proven=proven or not open_.any()
    )


def _by_kind(known: Rows, of: Integers) -> Rows:
    """What is possible for one of a kind is possible for all of them."""
    found = np.zeros((int(of.max()) + 1 if of.size else 0, known.shape[1]), dtype=bool)
    for option in range(known.shape[1]):
        found[of[known[:, option]], option] = True
    return found
