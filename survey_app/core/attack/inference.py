"""H3: how sure can the insider be? What each person answered, by chance, given everything printed.

Chains from independent starts walk over all that could be true (see `chains`). The chance of an answer is
the mean over states and over people of one kind, who are exchangeable. Chains that have not come to
agree with each other have shown nothing: "not mixed" is a failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.chains import Chains, Sampled
from survey_app.core.attack.puzzle import Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits
from survey_app.core.attack.starts import starts_of

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

SURE = 0.8
"""An insider who is surer than this of an answer has learnt it."""
MIXED = 0.2
"""Chains agree when their chances differ by less than this, as total variation, mean over people, in each pair."""
MARGIN = 0.05
"""By so much a chance exceeds what one table by itself says, before the combination of tables counts as telling it."""
CHAINS = 4
ROUNDS = ((40, 160), (100, 400), (400, 1600), (1500, 6000))
"""Sweeps that are forgotten and sweeps that count, until the chains of a question agree."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inferred:
    """What can be guessed. S places, K options.

    chances: S x K, zero for those not in `counted`.
    told: S x K, the largest share that a single table of theirs gives the option.
    seen: S x K, options that somebody held in some state.
    apart: greatest total variation between two chains, mean over people.
    state: S, the last state of one chain: answers that agree with everything printed.
    """

    name: str
    counted: Rows
    chances: Floats
    told: Floats
    seen: Rows
    apart: float
    state: Integers

    @property
    def mixed(self) -> bool:
        """Whether the chains agree."""
        return self.apart < MIXED

    @property
    def best_guess(self) -> float:
        """The share of people whom the insider expects to guess right."""
        inside = self.chances[self.counted]
        return float(inside.max(axis=1).mean()) if inside.size else 0.0

    @property
    def common_guess(self) -> float:
        """The share guessed right by whoever names the most frequent answer for everyone."""
        inside = self.chances[self.counted]
        return float(inside.mean(axis=0).max()) if inside.size else 0.0

    @property
    def table_guess(self) -> float:
        """The share guessed right by whoever names, for each person, what their most one-sided table says."""
        inside = self.chances[self.counted]
        named = self.told[self.counted].argmax(axis=1)
        return float(np.take_along_axis(inside, named[:, None], axis=1).mean()) if inside.size else 0.0

    @property
    def sure(self) -> Rows:
        """S: people of whom the combination of everything printed tells an answer with more than 80 % certainty."""
        return np.asarray(((self.chances > SURE) & (self.chances > self.told + MARGIN)).any(axis=1))

    @property
    def sure_by_a_table(self) -> int:
        """People of whom a single table says so much by itself; the rule of unanimity limits how much that is."""
        return int(((self.chances > SURE).any(axis=1) & ~self.sure).sum())

    def surest(self, margin: float = MARGIN) -> float:
        """The greatest chance that is by `margin` more than any single table says."""
        beyond = np.where(self.chances > self.told + margin, self.chances, 0.0)
        return float(beyond.max(initial=0.0))

    def right(self, truth: Integers) -> tuple[float, float]:
        """Judge the guesses by the truth, for experiments: share of all guessed right; sure and right, people.

        People of one kind are exchangeable to the insider, so a guess names the answer of the kind.
        """
        named = self.chances.argmax(axis=1)
        hit = (named == truth) & self.counted
        certain = self.chances.max(axis=1) > SURE
        return float(hit.sum() / max(self.counted.sum(), 1)), float((hit & certain).sum())


def infer(
    puzzles: Sequence[Puzzle],
    *,
    random: np.random.Generator,
    limits: Limits = DEFAULT_LIMITS,
    rounds: Sequence[tuple[int, int]] = ROUNDS,
    twice: bool = True,
) -> list[Inferred | None]:
    """Return what can be guessed of each question, None where no answers were found that agree with the print.

    Args:
        puzzles: questions of one study, of similar numbers of options.
        random: where chance comes from.
        limits: of the solver that finds starts.
        rounds: sweeps to forget and to count; the next round is run for those that have not mixed.
        twice: run the second round too for questions where somebody seems to be found, perhaps by chance alone.
    """
    starts = starts_of(puzzles, CHAINS, random, limits)
    states = {place: start for place, start in enumerate(starts) if start is not None}
    found: dict[int, Inferred] = {}
    waiting = list(states)
    for number, (forgotten, counting) in enumerate(rounds):
        if not waiting:
            break
        chains = Chains([puzzles[place] for place in waiting], [states[place] for place in waiting], random)
        chains.sweep(forgotten)
        chains.forget()
        chains.sweep(counting)
        for place, sampled, state in zip(waiting, chains.sampled(), chains.answers(), strict=True):
            states[place] = state
            found[place] = _inferred(puzzles[place], sampled, state[0], found.get(place))
        waiting = [place for place in waiting if _wants_more(found[place], again=twice and number == 0)]
    return [found.get(place) for place in range(len(puzzles))]


def _wants_more(inferred: Inferred, *, again: bool) -> bool:
    """Chains that disagree; with `again` also those that found somebody, who may be found by chance alone."""
    return not inferred.mixed or (again and bool(inferred.sure.any()))


def _inferred(puzzle: Puzzle, sampled: Sampled, state: Integers, before: Inferred | None) -> Inferred:
    counted = puzzle.counted
    by_chain = np.array([_alike(puzzle, chances.astype(np.float64)) for chances in sampled.chances])
    pairs = combinations(by_chain[:, counted], 2)
    apart = max((float(np.abs(one - other).sum(axis=1).mean() / 2) for one, other in pairs), default=1.0)
    return Inferred(
        name=puzzle.name,
        counted=counted,
        chances=by_chain.mean(axis=0),
        told=told_by_tables(puzzle),
        seen=sampled.seen if before is None else sampled.seen | before.seen,
        apart=apart,
        state=state,
    )


def told_by_tables(puzzle: Puzzle) -> Floats:
    """S x K: the largest share that one table of theirs, by itself, gives an option (the middle of its bounds)."""
    sizes = puzzle.sizes[:, None]
    middle = (np.minimum(puzzle.lower, sizes) + np.minimum(puzzle.upper, sizes)) / 2
    share = middle / np.maximum(sizes, 1)
    told = np.zeros((puzzle.members.shape[1], puzzle.options))
    for members, shares in zip(puzzle.members, share, strict=True):
        told[members] = np.maximum(told[members], shares[None, :])
    return told


def _alike(puzzle: Puzzle, chances: Floats) -> Floats:
    """The mean over the people of each kind, given to each of them."""
    _, of = puzzle.kinds()
    people = np.maximum(np.bincount(of), 1)
    means = [np.bincount(of, weights=chances[:, option]) / people for option in range(puzzle.options)]
    return np.asarray(np.array(means).T[of])
