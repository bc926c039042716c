"""Markov chains over everything that could be true, many questions and chains at once.

A state is an answer for every place that agrees with all that was printed. Every such assignment of
answers to people is equally likely; the insider has no other prior. One step takes a person and draws
their answer anew among those possible while all others keep theirs (Gibbs); another exchanges the
answers of two people when that is possible (Metropolis). Both keep the uniform distribution.

All chains take their steps at the same places at the same time, each with chance of its own: so one step
is a handful of array operations, whatever the number of questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.puzzle import NOT_KNOWN, Key, Puzzle

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Small = NDArray[np.int16]
Single = NDArray[np.float32]

_NEAREST = 12  # people with whom answers are exchanged most often
_NEAR_SHARE = 0.7  # of the exchanges


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """What the chains of one question saw.

    chances: chains x S x K, the mean chance of each option while all others keep their answers.
    seen: S x K, options that were possible in some state: each is a proof that the option is possible.
    """

    chances: Single
    seen: Rows


class Chains:
    """Chains of several questions of one study. S places, P publications, K options, B chains in all."""

    def __init__(self, puzzles: Sequence[Puzzle], starts: Sequence[Integers], random: np.random.Generator) -> None:
        """Set up the chains.

        Args:
            puzzles: questions.
            starts: per question chains x S, answers that agree with everything printed.
            random: where chance comes from.
        """
        self._random = random
        self._puzzles = puzzles
        self._of = np.repeat(np.arange(len(puzzles)), [len(start) for start in starts])
        self._options = max(puzzle.options for puzzle in puzzles)
        sizes = np.array([puzzle.options for puzzle in puzzles])[self._of]
        self._real: Single = (np.arange(self._options)[:, None] < sizes[None, :]).astype(np.float32)
        keys = tuple(dict.fromkeys(key for puzzle in puzzles for key in puzzle.keys))
        self._counted = np.flatnonzero(np.any([puzzle.counted for puzzle in puzzles], axis=0))
        self._in, self._rows = self._memberships(keys)
        self._near = _nearest(np.asarray(self._in.any(axis=2)))
        self._answers = self._one_hot(starts)
        self._up, self._down = self._rooms(keys)
        shape = (self._counted.size, self._options, self._of.size)
        self._chances: Single = np.zeros(shape, dtype=np.float32)
        self._seen: Rows = np.zeros(shape, dtype=bool)
        self._visits = 0

    def forget(self) -> None:
        """Start counting anew: what was seen while the chains still remembered their start does not count."""
        self._chances[:] = 0
        self._visits = 0

    def sweep(self, times: int) -> None:
        """Visit every person `times` times."""
        people = self._counted.size
        for _ in range(times):
            luck = self._random.random((people, self._of.size), dtype=np.float32)
            for place in self._random.permutation(people):
                self._draw(int(place), luck[place])
            for one, other in self._pairs():
                self._exchange(one, other)
            self._visits += 1

    def repair(self, sweeps: int) -> None:
        """Turn answers that contradict what was printed into ones that agree, by annealing; it may fail in some chains.

        The energy is the number of people by which printed counts are missed; every person in turn draws an
        answer by the heat bath, which gets colder with every sweep.
        """
        people = self._counted.size
        for cold in np.linspace(0.5, 6, sweeps, dtype=np.float32):
            luck = self._random.random((people, self._of.size), dtype=np.float32)
            for place in self._random.permutation(people):
                self._cool(int(place), luck[place], cold)

    def answers(self) -> list[Integers]:
        """The present state: per question chains x S, `NOT_KNOWN` for whoever is in nothing printed."""
        states = self._answers.argmax(axis=1)
        found = []
        for number, puzzle in enumerate(self._puzzles):
            mine = np.flatnonzero(self._of == number)
            answers = np.full((mine.size, puzzle.members.shape[1]), NOT_KNOWN, dtype=np.int64)
            answers[:, self._counted] = states[:, mine].T
            answers[:, ~puzzle.counted] = NOT_KNOWN
            found.append(answers)
        return found

    def sampled(self) -> list[Sampled]:
        """What was seen so far, per question, in all places."""
        found = []
        for number, puzzle in enumerate(self._puzzles):
            mine = np.flatnonzero(self._of == number)
            chances = np.zeros((mine.size, puzzle.members.shape[1], puzzle.options), dtype=np.float32)
            seen = np.zeros((puzzle.members.shape[1], puzzle.options), dtype=bool)
            visits = max(self._visits, 1)
            part = self._chances[:, : puzzle.options, mine] / visits
            chances[:, self._counted] = np.moveaxis(part, 2, 0)
            seen[self._counted] = self._seen[:, : puzzle.options, mine].any(axis=2)
            chances[:, ~puzzle.counted] = 0
            seen[~puzzle.counted] = False
            found.append(Sampled(chances=chances, seen=seen))
        return found

    def _draw(self, place: int, luck: Single) -> None:
        """Draw the answer of one person anew in every chain."""
        rows, inside = self._rows[place], self._in[place, self._rows[place]][:, None, :]
        up, down, answer = self._up[rows], self._down[rows], self._answers[place]
        may_leave = ((down >= inside).all(axis=0) & answer).any(axis=0)
        possible = ((up >= inside).all(axis=0) & may_leave) | answer
        ways = np.add.accumulate(possible, axis=0, dtype=np.float32)
        self._chances[place] += possible / ways[-1]
        self._seen[place] |= possible
        new = ways > luck * ways[-1]
        new[1:] &= ~new[:-1].copy()
        change = (new.view(np.int8) - answer.view(np.int8)).astype(np.int16) * inside
        self._up[rows] = up - change
        self._down[rows] = down + change
        self._answers[place] = new

    def _cool(self, place: int, luck: Single, cold: np.float32) -> None:
        """Draw the answer of one person by how little each misses the printed counts."""
        rows = self._rows[place]
        inside, answer = self._in[place, rows][:, None, :], self._answers[place]
        leaving = answer.view(np.int8).astype(np.int16) * inside
        up, down = self._up[rows] + leaving, self._down[rows] - leaving
        missed = ((up <= 0) * inside).sum(axis=0, dtype=np.int16) - ((down < 0) * inside).sum(axis=0, dtype=np.int16)
        missed -= missed.min(axis=0)  # weights matter as ratios only, and large ones overflow
        weight = np.exp(-cold * missed, dtype=np.float32) * self._real
        ways = np.add.accumulate(weight, axis=0)
        new = ways > luck * ways[-1]
        new[1:] &= ~new[:-1].copy()
        joining = new.view(np.int8).astype(np.int16) * inside
        self._up[rows] = up - joining
        self._down[rows] = down + joining
        self._answers[place] = new

    def _exchange(self, one: int, other: int) -> None:
        """Exchange the answers of two people in every chain in which that is possible."""
        inside = self._in[one] - self._in[other]
        rows = np.flatnonzero(inside.any(axis=1))
        mine, theirs = self._answers[one], self._answers[other]
        change = (theirs.view(np.int8) - mine.view(np.int8)).astype(np.int16) * inside[rows][:, None, :]
        up, down = self._up[rows], self._down[rows]
        possible = ((up >= change) & (down >= -change)).all(axis=(0, 1))
        change *= possible
        self._up[rows] = up - change
        self._down[rows] = down + change
        self._answers[one], self._answers[other] = (
            np.where(possible, theirs, mine),
            np.where(possible, mine, theirs),
        )

    def _pairs(self) -> list[tuple[int, int]]:
        """Pairs of people for exchanges: most of them in nearly the same groups, some at random."""
        people = self._counted.size
        if people <= 1:
            return []
        ones = self._random.permutation(people)[: people // 2]
        near = self._near[ones, self._random.integers(0, self._near.shape[1], ones.size)]
        anyone = self._random.integers(0, people, ones.size)
        others = np.where(self._random.random(ones.size) < _NEAR_SHARE, near, anyone)
        return [(int(a), int(b)) for a, b in zip(ones, others, strict=True) if a != b]

    def _memberships(self, keys: tuple[Key, ...]) -> tuple[Small, list[Integers]]:
        """Counted places x publications x chains, 1 where the person stood behind it; the rows of each place."""
        inside = np.zeros((self._counted.size, len(keys), self._of.size), dtype=np.int16)
        row_of = {key: place for place, key in enumerate(keys)}
        for number, puzzle in enumerate(self._puzzles):
            mine = np.flatnonzero(self._of == number)
            for key, members in zip(puzzle.keys, puzzle.members, strict=True):
                inside[:, row_of[key], mine] = members[self._counted][:, None]
        some = np.asarray(inside.any(axis=2))
        return inside, [np.flatnonzero(rows) for rows in some]

    def _one_hot(self, starts: Sequence[Integers]) -> Rows:
        answers = np.vstack([start[:, self._counted] for start in starts])  # B x counted places
        first = np.maximum(answers, 0).T  # whoever is in nothing printed has some answer
        return np.asarray(first[:, None, :] == np.arange(self._options)[None, :, None])

    def _rooms(self, keys: tuple[Key, ...]) -> tuple[Small, Small]:
        """How many more, and how many fewer people each printed count could have."""
        # no room where nothing was printed, and for options that a question does not have: nobody counted gets there
        up = np.zeros((len(keys), self._options, self._of.size), dtype=np.int16)
        down = up.copy()
        row_of = {key: place for place, key in enumerate(keys)}
        for number, puzzle in enumerate(self._puzzles):
            mine = np.flatnonzero(self._of == number)
            rows = [row_of[key] for key in puzzle.keys]
            inside = puzzle.members[:, self._counted].astype(np.float32)
            for chain in mine:
                counts = np.rint(inside @ self._answers[:, : puzzle.options, chain].astype(np.float32))
                up[rows, : puzzle.options, chain] = puzzle.upper - counts
                down[rows, : puzzle.options, chain] = counts - puzzle.lower
        return up, down


def _nearest(inside: Rows) -> Integers:
    """For each person those who differ from them in the fewest publications."""
    numbers = inside.astype(np.float32)
    size = numbers.sum(axis=1)
    apart = size[:, None] + size[None, :] - 2 * numbers @ numbers.T
    np.fill_diagonal(apart, np.inf)
    kept = min(_NEAREST, max(len(inside) - 1, 1))
    return np.argsort(apart, axis=1, kind="stable")[:, :kept]
