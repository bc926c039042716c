"""What is given up so that the rest of a release withstands the attacks.

A question is told by fewer dimensions: sex is given up first, then age, country, stage, then combinations of
them, then all, at last the question as a whole. Which of these is enough is estimated by the distribution
of greatest entropy that has the published counts as its margins (iterative proportional fitting, Deming
and Stephan 1940); it errs on the side of finding somebody. The attacks then judge what is left.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey_app.core.attack.inference import MARGIN, SURE, told_by_tables
from survey_app.core.attack.insider import ROOM
from survey_app.core.attack.puzzle import Puzzle
from survey_app.core.protection.material import Withheld

Rows = NDArray[np.bool_]
Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

GIVEN_UP_FIRST = ("sex", "age", "country", "stage")
_PASSES = 60
_BAR = (SURE + ROOM) / 2  # the estimate is higher than the truth


def too_telling(puzzle: Puzzle) -> bool:
    """Estimate whether everything printed of a question, together, makes an answer of somebody nearly certain."""
    chances = likely(puzzle)
    return bool(((chances > _BAR) & (chances > told_by_tables(puzzle) + MARGIN / 2)).any())


def likely(puzzle: Puzzle) -> Floats:
    """S x K, the most even chances that agree with the middle of every printed count."""
    counted = puzzle.counted
    first, of = puzzle.kinds()
    here = np.unique(of[counted])
    members = puzzle.members[:, first[here]]
    people = np.bincount(of, minlength=first.size)[here].astype(np.float64)
    sizes = puzzle.sizes[:, None]
    middle = (np.minimum(puzzle.lower, sizes) + np.minimum(puzzle.upper, sizes)) / 2
    wanted = np.maximum(middle, 0.5)
    wanted = wanted / wanted.sum(axis=1, keepdims=True) * sizes
    fitted = np.full((here.size, puzzle.options), 1 / puzzle.options)
    for _ in range(_PASSES):
        for inside, target in zip(members, wanted, strict=True):
            now = people[inside] @ fitted[inside]
            fitted[inside] *= target / now
            fitted[inside] /= fitted[inside].sum(axis=1, keepdims=True)
    chances = np.zeros((counted.size, puzzle.options))
    chances[counted] = fitted[np.searchsorted(here, of[counted])]
    return chances


def given_up(
    puzzles: Sequence[Puzzle],
    lost: Collection[str],
    *,
    now: int,
    already: Withheld = frozenset(),
    whole: bool = False,
) -> Withheld:
    """Return what to withhold so that the questions that lost do not lose again.

    Args:
        puzzles: the questions as they would be known after this release.
        lost: names of those that did not withstand the attacks.
        now: number of this release; what earlier ones said cannot be taken back.
        already: what was given up before and was not enough.
        whole: withhold the questions as a whole, because all else was tried.
    """
    found = set(already)
    for puzzle in puzzles:
        if puzzle.name in lost:
            before = frozenset(dimension for name, dimension in already if name == puzzle.name)
            wanted = _everything(puzzle, now, before) if whole else _enough(puzzle, now, before)
            found |= {(puzzle.name, dimension) for dimension in wanted}
    return frozenset(found)


def _enough(puzzle: Puzzle, now: int, already: frozenset[str]) -> frozenset[str]:
    for dimensions in _steps(_dimensions(puzzle, now), already):
        left = _without(puzzle, now, dimensions)
        if left is None or not too_telling(left):
            return dimensions
    return _everything(puzzle, now, already)


def _everything(puzzle: Puzzle, now: int, already: frozenset[str]) -> frozenset[str]:
    return frozenset(("", *GIVEN_UP_FIRST, *_dimensions(puzzle, now), *already))


def _dimensions(puzzle: Puzzle, now: int) -> tuple[str, ...]:
    """By what the question is told now, the most dispensable first: crossings of several dimensions before these."""
    told = {_dimension(group) for group, release in puzzle.keys if release == now} - {""}
    single = [one for one in GIVEN_UP_FIRST if one in told]
    return (*sorted(told - set(single)), *single)


def _steps(told: Sequence[str], already: frozenset[str]) -> Iterator[frozenset[str]]:
    """Ever more dimensions, the dispensable ones first; more than `already`. Crossings go all at once."""
    crossings = frozenset(told) - frozenset(GIVEN_UP_FIRST)
    rest = [one for one in told if one not in crossings]
    for size in range(len(rest) + 1):
        for chosen in combinations(rest, size):
            one = already | crossings | frozenset(chosen)
            if one != already:
                yield one


def _without(puzzle: Puzzle, now: int, dimensions: frozenset[str]) -> Puzzle | None:
    kept = [
        place
        for place, (group, release) in enumerate(puzzle.keys)
        if release < now or not _dimension(group) or _dimension(group) not in dimensions
    ]
    return puzzle.only(kept) if kept else None


def _dimension(group: str) -> str:
    """`age` of `patient.prospective/age/a60`; empty for a whole population."""
    return group.split("/")[1] if "/" in group else ""
