"""Meets the printed counts that annealing left missed, compiled: a local search that looks at what is wrong.

Where many releases overlap, annealing alone ends with a few counts missed, and an integer programme takes minutes.
"""

import numpy as np

from survey_app.core.attack.walk import Print, State, compiled, missed, move

_TRIED = 60  # people who are looked at in each step
_HALF = 0.5  # of them give another answer, the others exchange theirs
_COLD = 1.5  # how seldom a step is made that misses more than before
_NO = -1000  # a step that is not possible


@compiled
def _off(row: int, option: int, known: Print, state: State) -> int:
    """By how many people this count is missed: more than 0 for too many, less for too few."""
    count = int(state.counts[row, option])
    too_many = count - int(known.upper[row, option])
    return too_many if too_many > 0 else min(count - int(known.lower[row, option]), 0)


@compiled
def _gain(row: int, leaving: int, coming: int, known: Print, state: State) -> int:
    """By how much less the counts of a publication are missed when somebody changes their answer."""
    before = abs(_off(row, leaving, known, state)) + abs(_off(row, coming, known, state))
    state.counts[row, leaving] -= 1
    state.counts[row, coming] += 1
    after = abs(_off(row, leaving, known, state)) + abs(_off(row, coming, known, state))
    state.counts[row, leaving] += 1
    state.counts[row, coming] -= 1
    return before - after


@compiled
def _gain_of_change(one: int, new: int, known: Print, state: State) -> int:
    gain = 0
    for n in range(known.first[one], known.first[one + 1]):
        gain += _gain(known.rows[n], state.answers[one], new, known, state)
    return gain


@compiled
def _gain_of_exchange(one: int, other: int, known: Print, state: State) -> int:
    mine, theirs = state.answers[one], state.answers[other]
    first, rows = known.first, known.rows
    a, b = first[one], first[other]
    gain = 0
    while a < first[one + 1] or b < first[other + 1]:
        if b == first[other + 1] or (a < first[one + 1] and rows[a] < rows[b]):
            gain += _gain(rows[a], mine, theirs, known, state)
            a += 1
        elif a == first[one + 1] or rows[b] < rows[a]:
            gain += _gain(rows[b], theirs, mine, known, state)
            b += 1
        else:
            a += 1
            b += 1
    return gain


@compiled
def _inside(place: int, row: int, known: Print) -> bool:
    for n in range(known.first[place], known.first[place + 1]):  # noqa: SIM110  # the compiler knows no `any`
        if known.rows[n] == row:
            return True
    return False


@compiled
def _missed_one(known: Print, state: State, luck: np.random.Generator) -> tuple[int, int]:
    """One of the counts that are missed, by chance; (-1, -1) when all are met."""
    chosen, seen = (-1, -1), 0
    for row in range(state.counts.shape[0]):
        for option in range(state.counts.shape[1]):
            if _off(row, option, known, state) != 0:
                seen += 1
                if luck.random() * seen < 1:
                    chosen = (row, option)
    return chosen


@compiled
def _other_answer(one: int, option: int, too_many: bool, state: State, luck: np.random.Generator) -> int:  # noqa: FBT001  # compiled code knows no keywords
    """An answer that makes it better: the missed option if too few gave it, any other if too many did."""
    if not too_many:
        return option
    new = int(luck.random() * (state.counts.shape[1] - 1))
    return new if new < state.answers[one] else new + 1


@compiled
def _best_step(
    row: int, option: int, known: Print, state: State, luck: np.random.Generator
) -> tuple[int, int, int, int]:
    """The best of some steps that make this count better: gain, who, with whom (-1: nobody), the new answer."""
    too_many = _off(row, option, known, state) > 0
    best = (_NO, -1, -1, -1)
    for _ in range(_TRIED):
        one = state.order[int(luck.random() * state.order.size)]
        if (state.answers[one] == option) != too_many or not _inside(one, row, known):
            continue
        if luck.random() < _HALF:
            other, new = -1, _other_answer(one, option, too_many, state, luck)
            gain = _gain_of_change(one, new, known, state)
        else:
            other = known.near[one, int(luck.random() * known.near.shape[1])]
            new = state.answers[other]
            if new < 0 or (new == option) == too_many or _inside(other, row, known):
                continue
            gain = _gain_of_exchange(one, other, known, state)
        if gain > best[0]:
            best = (gain, one, other, new)
    return best


@compiled
def mend(steps: int, known: Print, state: State, luck: np.random.Generator) -> bool:
    """Meet the counts that are still missed, one after the other; tell whether all are met in the end.

    Each step takes a missed count and tries, with some of the people behind it, another answer or an exchange with
    somebody near; the best of these is done, one that makes it worse now and then.
    """
    for _ in range(steps):
        row, option = _missed_one(known, state, luck)
        if row < 0:
            return True
        gain, one, other, new = _best_step(row, option, known, state, luck)
        if gain > _NO and luck.random() < np.exp(min(gain, 0) * _COLD):
            old = state.answers[one]
            move(one, new, known, state)
            if other >= 0:
                move(other, old, known, state)
    return missed(known, state) == 0
