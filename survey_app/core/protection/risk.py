"""What an attacker can do with a file of rows: measures of risk, computed from the rows that remain."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.lattice import NO_VALUE

Ints = NDArray[np.int64]
KNOWN_ANSWERS = (2, 3, 4)
SETS_TRIED = 100
_SEED = 11


def class_sizes(classes: Ints) -> Ints:
    """The number of people alike, for each person."""
    _, place, size = np.unique(classes, return_inverse=True, return_counts=True)
    return np.asarray(size[place], dtype=np.int64)


def least_diversity(classes: Ints, sensitive: Ints, must_differ: NDArray[np.bool_]) -> int | None:
    """Fewest different sensitive values in a class where they must differ; None when there is no such class."""
    if not must_differ.any():
        return None
    have = must_differ & (sensitive != NO_VALUE)
    place = np.unique(classes[must_differ], return_inverse=True)[1]
    where = np.full(len(classes), -1)
    where[must_differ] = place
    pairs = np.unique(np.column_stack([where[have], sensitive[have]]), axis=0)
    return int(np.bincount(pairs[:, 0], minlength=int(place.max()) + 1).min())


def most_distance(classes: Ints, populations: Ints, sensitive: Ints, must_differ: NDArray[np.bool_]) -> float | None:
    """Largest distance of the sensitive values of a class from those of its population (t-closeness).

    Ordered values: the earth mover's distance, from 0 to 1.

    Source: Li, Li and Venkatasubramanian (2007), ICDE, section 3.3.
    """
    have = must_differ & (sensitive != NO_VALUE)
    if not have.any():
        return None
    steps = max(1, int(sensitive[have].max()))
    of_class = _cumulated(np.unique(classes[have], return_inverse=True)[1], sensitive[have], steps)
    of_population = _cumulated(np.unique(populations[have], return_inverse=True)[1], sensitive[have], steps)
    return float(np.abs(of_class - of_population).sum(axis=1).max() / steps)


def alone_with_known_answers(classes: Ints, populations: Ints, answers: Sequence[Ints]) -> Mapping[int, float]:
    """Share of people who are alone in their groups and a few known answers.

    Args:
        classes: everything that others may know, as one number per person.
        populations: the population of each person: sets of answers are drawn among those that differ in it.
        answers: one array of cells per column.

    Returns:
        Number of known answers -> share, over sets drawn with a fixed seed: the same rows give the same report.
    """
    chance = np.random.default_rng(_SEED)
    alone = dict.fromkeys(KNOWN_ANSWERS, 0.0)
    for population in np.unique(populations):
        inside = populations == population
        columns = [_compact(cells[inside]) for cells in answers]
        columns = [column for column in columns if column.max() > 0]
        here = _compact(classes[inside])
        for known in KNOWN_ANSWERS:
            if len(columns) >= known:
                sets = [chance.choice(len(columns), known, replace=False) for _ in range(SETS_TRIED)]
                alone[known] += sum(_alone(here, [columns[n] for n in chosen]) for chosen in sets) / SETS_TRIED
    return {known: round(people / len(classes), 4) for known, people in alone.items()}


def _alone(classes: Ints, columns: Sequence[Ints]) -> int:
    key = classes
    for column in columns:
        key = _compact(key * (int(column.max()) + 1) + column)
    return int((np.bincount(key) == 1).sum())


def _compact(values: Ints) -> Ints:
    return np.asarray(np.unique(values, return_inverse=True)[1], dtype=np.int64)


def _cumulated(place: Ints, sensitive: Ints, steps: int) -> NDArray[np.float64]:
    """Cumulated shares of the sensitive values of each person's group, one row per person."""
    counts = np.zeros((int(place.max()) + 1, steps + 1))
    np.add.at(counts, (place, sensitive), 1.0)
    shares = np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True)
    return np.asarray(shares[place])
