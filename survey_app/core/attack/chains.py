"""Markov chains over everything that could be true of one question.

A state is an answer for every place that agrees with all that was printed. Every such assignment of
answers to people is equally likely; the insider has no other prior. One step takes a person and draws
their answer anew among those possible while all others keep theirs (Gibbs); another exchanges the
answers of two people when that is possible (Metropolis). Both keep the uniform distribution.
The steps themselves are compiled: see `walk`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.dice import Dice
from survey_app.core.attack.mend import mend
from survey_app.core.attack.puzzle import NOT_KNOWN, Puzzle
from survey_app.core.attack.walk import Print, State, Tally, repair, walk

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Places = NDArray[np.int32]
Floats = NDArray[np.float64]

_NEAREST = 12  # people with whom answers are exchanged most often
_COLDEST = 6.0
_STEPS = 8_000  # to mend what annealing left


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What the chains of one question saw.

    chances: chains x S x K, the mean chance of each option while all others keep their answers.
    seen: S x K, options that were possible in some state: each is a proof that the option is possible.
    """

    chances: Floats
    seen: Rows


class Chains:
    """Chains of one question. S places, P publications, K options, C chains."""

    def __init__(self, puzzle: Puzzle, starts: Integers, dice: Dice, near: Places) -> None:
        """Set up the chains.

        Args:
            puzzle: the question.
            starts: C x S, answers; for `sweep` they agree with everything printed.
            dice: where chance comes from.
            near: S x some, with whom answers are exchanged most often.
        """
        self._lucks = [dice.of(puzzle.name, str(chain)) for chain in range(len(starts))]
        self._known = Print(
            lower=puzzle.lower.astype(np.int32),
            upper=puzzle.upper.astype(np.int32),
            first=np.concatenate([[0], np.cumsum(puzzle.members.sum(axis=0))]).astype(np.int32),
            rows=np.nonzero(puzzle.members.T)[1].astype(np.int32),
            near=near,
        )
        self._states = [_state(puzzle, start) for start in starts]
        shape = (puzzle.members.shape[1], puzzle.options)
        self._tallies = [Tally(chances=np.zeros(shape), seen=np.zeros(shape, dtype=bool)) for _ in starts]
        self._sweeps = 0

    def forget(self) -> None:
        """Start counting anew: what was seen while the chains still remembered their start does not count."""
        for tally in self._tallies:
            tally.chances[:] = 0
        self._sweeps = 0

    def sweep(self, times: int) -> None:
        """Visit every person `times` times, in every chain."""
        for state, tally, luck in zip(self._states, self._tallies, self._lucks, strict=True):
            walk(times, self._known, state, tally, luck)
        self._sweeps += times

    def repair(self, sweeps: int, *, warmest: float = 0.5) -> list[bool]:
        """Turn answers that contradict what was printed into ones that agree; tell in which chains that was reached."""
        colds = np.linspace(warmest, _COLDEST, sweeps)
        chains = zip(self._states, self._lucks, strict=True)
        return [
            bool(repair(colds, self._known, state, luck) or mend(_STEPS, self._known, state, luck))
            for state, luck in chains
        ]

    def answers(self) -> Integers:
        """The present states: C x S, `NOT_KNOWN` for whoever is in nothing printed."""
        return np.array([state.answers for state in self._states], dtype=np.int64)

    def sampled(self) -> Sampled:
        """What was seen so far."""
        chances = np.array([tally.chances for tally in self._tallies]) / max(self._sweeps, 1)
        return Sampled(chances=chances, seen=np.any([tally.seen for tally in self._tallies], axis=0))


def _state(puzzle: Puzzle, start: Integers) -> State:
    answers = np.where(puzzle.counted, np.maximum(start, 0), NOT_KNOWN).astype(np.int16)
    one_hot = answers[:, None] == np.arange(puzzle.options)[None, :]
    publications = len(puzzle.keys)
    return State(
        answers=answers,
        order=np.flatnonzero(puzzle.counted).astype(np.int32),
        counts=puzzle.members.astype(np.int32) @ one_hot.astype(np.int32),
        full=np.zeros(publications, dtype=np.int64),
        bare=np.zeros(publications, dtype=np.int64),
    )


def nearest(puzzles: Sequence[Puzzle]) -> Places:
    """S x some: for each person those who differ from them in the fewest publications of all questions together."""
    keys = {key: place for place, key in enumerate(dict.fromkeys(key for puzzle in puzzles for key in puzzle.keys))}
    inside = np.zeros((puzzles[0].members.shape[1], len(keys)), dtype=np.float32)
    for puzzle in puzzles:
        rows = [keys[key] for key in puzzle.keys]
        inside[:, rows] = np.maximum(inside[:, rows], puzzle.members.T)
    size = inside.sum(axis=1)
    apart = size[:, None] + size[None, :] - 2 * inside @ inside.T
    np.fill_diagonal(apart, np.inf)
    kept = min(_NEAREST, len(inside) - 1)
    found = np.argpartition(apart, kept - 1, axis=1)[:, :kept] if kept else np.zeros((len(inside), 1), dtype=np.int32)
    return found.astype(np.int32)
