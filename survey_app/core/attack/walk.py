"""The steps of one Markov chain, compiled: what `chains` says in words, for one question and one chain."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

NEAR_SHARE = 0.7
"""Of the exchanges, those with people who are near."""

F = TypeVar("F", bound=Callable[..., Any])
Places = NDArray[np.int32]


class Print(NamedTuple):
    """What was printed. P publications, K options, S places.

    lower, upper: P x K, bounds of the counts.
    first, rows: the publications of place s are rows[first[s]:first[s + 1]], in ascending order.
    near: S x some, people with whom answers are exchanged most often.
    """

    lower: NDArray[np.int32]
    upper: NDArray[np.int32]
    first: Places
    rows: Places
    near: Places


class State(NamedTuple):
    """One chain. Changed by every step.

    answers: S, a negative number where nothing was printed. order: the places of the others, in some order.
    counts: P x K, people behind each printed count.
    full, bare: P, words of bits: option k has no room for one more, can spare nobody, if bit k is set.
    """

    answers: NDArray[np.int16]
    order: Places
    counts: NDArray[np.int32]
    full: NDArray[np.int64]
    bare: NDArray[np.int64]


class Tally(NamedTuple):
    """What the visits of one chain saw.

    chances: S x K, sums of the chance of each option while all others keep their answers.
    seen: S x K, options that were possible at some visit.
    """

    chances: NDArray[np.float64]
    seen: NDArray[np.bool_]


def compiled(function: F) -> F:
    """Compile a function at its first call, and keep the result for other processes where a folder for it is there."""
    try:
        return cast("F", numba.njit(cache=True)(function))
    except RuntimeError:  # no folder that can be written to
        return cast("F", numba.njit(function))


@compiled
def _shuffle(order: Places, luck: np.random.Generator) -> None:
    """Fisher and Yates, as Durstenfeld 1964 does it."""
    for last in range(order.size - 1, 0, -1):
        chosen = int(luck.random() * (last + 1))
        order[last], order[chosen] = order[chosen], order[last]


@compiled
def _mark(row: int, option: int, known: Print, state: State) -> None:
    bit = 1 << option
    state.full[row] &= ~bit
    state.bare[row] &= ~bit
    if state.counts[row, option] >= known.upper[row, option]:
        state.full[row] |= bit
    if state.counts[row, option] <= known.lower[row, option]:
        state.bare[row] |= bit


@compiled
def move(place: int, new: int, known: Print, state: State) -> None:
    """Give a person another answer."""
    old = state.answers[place]
    for n in range(known.first[place], known.first[place + 1]):
        row = known.rows[n]
        state.counts[row, old] -= 1
        state.counts[row, new] += 1
        _mark(row, old, known, state)
        _mark(row, new, known, state)
    state.answers[place] = new


@compiled
def _ways(place: int, ways: NDArray[np.int64], known: Print, state: State) -> int:
    """Write down which answers are possible while all others keep theirs, the present one first; return how many."""
    old = state.answers[place]
    no_room, needed = 0, 0
    for n in range(known.first[place], known.first[place + 1]):
        no_room |= state.full[known.rows[n]]
        needed |= state.bare[known.rows[n]]
    ways[0] = old
    found = 1
    if not (needed >> old) & 1:
        for option in range(ways.size):
            if option != old and not (no_room >> option) & 1:
                ways[found] = option
                found += 1
    return found


@compiled
def _keeps(row: int, leaving: int, coming: int, state: State) -> bool:
    return not ((state.bare[row] >> leaving) & 1 or (state.full[row] >> coming) & 1)


@compiled
def _may_exchange(one: int, other: int, known: Print, state: State) -> bool:
    """Only publications that one of the two stands behind, and not the other, change."""
    mine, theirs = state.answers[one], state.answers[other]
    first, rows = known.first, known.rows
    a, b = first[one], first[other]
    while a < first[one + 1] or b < first[other + 1]:
        if b == first[other + 1] or (a < first[one + 1] and rows[a] < rows[b]):
            if not _keeps(rows[a], mine, theirs, state):
                return False
            a += 1
        elif a == first[one + 1] or rows[b] < rows[a]:
            if not _keeps(rows[b], theirs, mine, state):
                return False
            b += 1
        else:
            a += 1
            b += 1
    return True


@compiled
def _exchange(known: Print, state: State, luck: np.random.Generator) -> None:
    """Exchange the answers of two people by chance, if that is possible."""
    order, near = state.order, known.near
    one = order[int(luck.random() * order.size)]
    if luck.random() < NEAR_SHARE:
        other = near[one, int(luck.random() * near.shape[1])]
    else:
        other = order[int(luck.random() * order.size)]
    mine, theirs = state.answers[one], state.answers[other]
    if theirs >= 0 and mine != theirs and _may_exchange(one, other, known, state):
        move(one, theirs, known, state)
        move(other, mine, known, state)


@compiled
def _mark_all(known: Print, state: State) -> None:
    publications, options = state.counts.shape
    for row in range(publications):
        for option in range(options):
            _mark(row, option, known, state)


@compiled
def walk(sweeps: int, known: Print, state: State, tally: Tally, luck: np.random.Generator) -> None:
    """Visit every person `sweeps` times, and try half as many exchanges each time."""
    _mark_all(known, state)
    ways = np.zeros(state.counts.shape[1], dtype=np.int64)
    for _ in range(sweeps):
        _shuffle(state.order, luck)
        for place in state.order:
            found = _ways(place, ways, known, state)
            for n in range(found):
                tally.chances[place, ways[n]] += 1 / found
                tally.seen[place, ways[n]] = True
            if found > 1:
                new = ways[int(luck.random() * found)]
                if new != state.answers[place]:
                    move(place, new, known, state)
        for _ in range(state.order.size // 2):
            _exchange(known, state, luck)


@compiled
def missed(known: Print, state: State) -> int:
    """By how many people printed counts are missed."""
    total = 0
    for row in range(state.counts.shape[0]):
        for option in range(state.counts.shape[1]):
            total += max(known.lower[row, option] - state.counts[row, option], 0)
            total += max(state.counts[row, option] - known.upper[row, option], 0)
    return total


@compiled
def _worse(place: int, option: int, known: Print, state: State) -> int:
    """By how many people more the counts are missed if this person gives that answer rather than none."""
    worse = 0
    mine = 1 if state.answers[place] == option else 0
    for n in range(known.first[place], known.first[place + 1]):
        row = known.rows[n]
        others = state.counts[row, option] - mine
        if others >= known.upper[row, option]:
            worse += 1
        elif others < known.lower[row, option]:
            worse -= 1
    return worse


@compiled
def repair(colds: NDArray[np.float64], known: Print, state: State, luck: np.random.Generator) -> bool:
    """Anneal until every printed count is met; tell whether that was reached.

    The energy is the number of people by which printed counts are missed; every person in turn draws an answer by the
    heat bath, as cold as `colds` says sweep by sweep.
    """
    weights = np.zeros(state.counts.shape[1])
    for cold in colds:
        if missed(known, state) == 0:
            return True
        _shuffle(state.order, luck)
        for place in state.order:
            for option in range(weights.size):
                weights[option] = np.exp(-cold * _worse(place, option, known, state))
            drawn = luck.random() * weights.sum()
            new = 0
            while new < weights.size - 1 and drawn >= weights[new]:
                drawn -= weights[new]
                new += 1
            if new != state.answers[place]:
                move(place, new, known, state)
    return missed(known, state) == 0
