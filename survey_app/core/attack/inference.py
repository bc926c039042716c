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

from survey_app.core.attack.chains import Chains, nearest
from survey_app.core.attack.dice import Dice
from survey_app.core.attack.puzzle import Puzzle
from survey_app.core.attack.solver import DEFAULT_LIMITS, Limits
from survey_app.core.attack.starts import starts_of

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Places = NDArray[np.int32]
Floats = NDArray[np.float64]

SURE = 0.8
"""An insider who is surer than this of an answer has learnt it."""
MIXED = 0.2
"""Chains agree when their chances differ by less than this, as total variation, mean over people, in each pair."""
MARGIN = 0.05
"""By so much a chance exceeds what one table by itself says, before the combination of tables counts as telling it."""
_HAIR = 0.01  # a table that says 80 % says it outright
CHAINS = 4
Rounds = Sequence[tuple[int, int]]
ROUNDS: Rounds = ((20, 60), (0, 120), (0, 400), (400, 1600), (1500, 6000))
"""Sweeps that are forgotten and sweeps that count, until the chains of a question agree; with nothing to forget, the
round adds to the one before."""
FAR = 0.6
"""Chances below this, after the first round, are far enough from anything that would be found."""
CLOSER = (0.7, 0.9)
"""Chances between these, after the second round, are looked at more closely."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Inferred:
    """What can be guessed. S places, K options.

    chances: S x K, zero for those not in `counted`.
    told: S x K, the largest share that a single table of theirs gives the option.
    seen: S x K, options that somebody held in some state.
    apart: greatest total variation between two chains, mean over people.
    states: chains x S, the last states: answers that agree with everything printed.
    """

    name: str
    counted: Rows
    chances: Floats
    told: Floats
    seen: Rows
    apart: float
    states: Integers

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
        return np.asarray(((self.chances > SURE) & self._beyond(MARGIN)).any(axis=1))

    @property
    def sure_by_a_table(self) -> int:
        """People of whom a single table says so much by itself; the rule of unanimity limits how much that is."""
        return int(((self.chances > SURE).any(axis=1) & ~self.sure).sum())

    def surest(self, margin: float = MARGIN) -> float:
        """The greatest chance that is by `margin` more than any single table says, or above 80 % where no table is."""
        return float(np.where(self._beyond(margin), self.chances, 0.0).max(initial=0.0))

    def _beyond(self, margin: float) -> Rows:
        """S x K: chances that only the combination of tables tells."""
        by_none = (self.chances > SURE) & (self.told <= SURE - _HAIR)
        return np.asarray((self.chances > self.told + margin) | by_none)

    def right(self, truth: Integers) -> tuple[float, float]:
        """Judge the guesses by the truth, for experiments: share of all guessed right; sure and right, people.

        People of one kind are exchangeable to the insider, so a guess names the answer of the kind.
        """
        named = self.chances.argmax(axis=1)
        hit = (named == truth) & self.counted
        certain = self.chances.max(axis=1) > SURE
        return float(hit.sum() / max(self.counted.sum(), 1)), float((hit & certain).sum())


def infer(  # noqa: PLR0913  # the question, and how long and how closely it is looked at
    puzzle: Puzzle,
    *,
    dice: Dice,
    limits: Limits = DEFAULT_LIMITS,
    rounds: Rounds = ROUNDS,
    closer: tuple[float, float] = CLOSER,
    close: Integers | None = None,
    near: Places | None = None,
) -> Inferred | None:
    """Return what can be guessed of a question, None where no answers were found that agree with the print.

    Args:
        puzzle: the question.
        dice: where chance comes from.
        limits: of the solver that finds starts.
        rounds: sweeps to forget and to count; the next round is run for chains that have not mixed, or where somebody
            is nearly found.
        closer: see `CLOSER`.
        close: chains x S answers that nearly agree with the print, from which starts are made.
        near: see `Chains`; None for those who are near in this question.
    """
    near = nearest([puzzle]) if near is None else near
    starts = starts_of(puzzle, CHAINS, dice.further("starts"), near, limits, close=close)
    if starts is None:
        return None
    chains = Chains(puzzle, starts, dice.further("chains"), near)
    for number, (forgotten, counting) in enumerate(rounds):
        if forgotten:
            chains.sweep(forgotten)
            chains.forget()
        chains.sweep(counting)
        found = _inferred(puzzle, chains)
        if not _wants_more(found, number, closer):
            break
    return found


def _wants_more(inferred: Inferred, number: int, closer: tuple[float, float]) -> bool:
    """Chains that disagree, and those that found somebody, or nearly: perhaps by chance alone."""
    surest = inferred.surest(MARGIN / 2)
    doubtful = (surest >= FAR, closer[0] <= surest <= closer[1])
    return not inferred.mixed or (number < len(doubtful) and doubtful[number])


def _inferred(puzzle: Puzzle, chains: Chains) -> Inferred:
    sampled, counted = chains.sampled(), puzzle.counted
    by_chain = np.array([_alike(puzzle, chances) for chances in sampled.chances])
    pairs = combinations(by_chain[:, counted], 2)
    return Inferred(
        name=puzzle.name,
        counted=counted,
        chances=by_chain.mean(axis=0),
        told=told_by_tables(puzzle),
        seen=sampled.seen.copy(),
        apart=max((float(np.abs(one - other).sum(axis=1).mean() / 2) for one, other in pairs), default=1.0),
        states=chains.answers(),
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
