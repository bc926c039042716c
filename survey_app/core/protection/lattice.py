"""The best way to coarsen a table of people: exact search of the full-domain generalisation lattice.

A node says, for each column, how many steps of its ladder are climbed, for everyone alike. People of
classes that stay too small, or too uniform, are left out.

Source: El Emam et al. (2009), JAMIA 16:670 (optimal lattice anonymisation); Kohlmayer et al. (2012), Flash.
The loss is the loss metric of Iyengar (2002), KDD: the share of the leaves that a group hides, 1 for someone left out.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Node = tuple[int, ...]
NO_VALUE = -1
_WIDEST_KEY = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """How one column may be coarsened.

    levels: step -> label of each leaf; step 0 has the leaves themselves, each step joins groups of the one before.
    weight: how much a loss in this column counts.
    """

    name: str
    levels: tuple[tuple[str, ...], ...]
    weight: float = 1.0

    def labels(self, step: int) -> tuple[str, ...]:
        """The groups of a step, in the order of their first leaf."""
        return tuple(dict.fromkeys(self.levels[step]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What every class must have.

    smallest: people in a class (k). diversity: different values of the sensitive column in it (l).
    left_out: share of people that may be left out.
    """

    smallest: int
    diversity: int
    left_out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A node looked at. kept: one bool per person. classes: number of the class of each person."""

    node: Node
    loss: float
    kept: NDArray[np.bool_]
    classes: Ints


class Lattice:
    """People as positions of leaves, collapsed to their distinct combinations: cost follows these, not the people."""

    def __init__(
        self, ladders: Sequence[Ladder], people: Mapping[str, Ints], sensitive: Ints, must_differ: NDArray[np.bool_]
    ) -> None:
        """Collapse the table.

        Args:
            ladders: one per column.
            people: column -> position of the leaf of each person.
            sensitive: position of the sensitive value of each person, NO_VALUE where there is none.
            must_differ: whether the diversity of the class of this person counts. Constant within every class of the
                coarsest node, or a coarser node could be worse than a finer one.
        """
        self.ladders = tuple(ladders)
        table = np.column_stack([people[ladder.name] for ladder in self.ladders])
        self._base, self._combination = np.unique(table, axis=0, return_inverse=True)
        self._size = np.bincount(self._combination)
        self._must_differ = np.zeros(len(self._base), dtype=bool)
        self._must_differ[self._combination] = must_differ
        have = sensitive != NO_VALUE
        self._pairs = np.unique(np.column_stack([self._combination[have], sensitive[have]]), axis=0)
        self._people = len(table)
        leaves = list(zip(self.ladders, self._base.T, strict=True))
        self._groups = [[_positions(level)[leaf] for level in ladder.levels] for ladder, leaf in leaves]
        self._hidden = [[_hidden_share(level)[leaf] for level in ladder.levels] for ladder, leaf in leaves]
        self._bounds = [
            [ladder.weight * float(self._size @ hidden) for hidden in steps]
            for ladder, steps in zip(self.ladders, self._hidden, strict=True)
        ]

    def search(self, demand: Demand) -> Outcome | None:
        """Return the node with the least loss that meets the demand; None when no node does.

        Nodes come in the order of their loss without leaving anybody out, which no node goes below; so the first one
        whose bound reaches the best loss ends the search. A node that fails makes every finer one fail too.
        """
        best: Outcome | None = None
        failed: list[Node] = []
        for bound, node in sorted((self._bound(node), node) for node in self._nodes()):
            if best is not None and bound >= best.loss:
                break
            if any(_is_finer(node, other) for other in failed):
                continue
            outcome = self.look(node, demand)
            if outcome is None:
                failed = [other for other in failed if not _is_finer(other, node)] + [node]
            elif best is None or outcome.loss < best.loss:
                best = outcome
        return best

    def look(self, node: Node, demand: Demand) -> Outcome | None:
        """Return what `node` makes of the people; None when too many would be left out."""
        classes = self._classes(node)
        size = np.bincount(classes, weights=self._size)
        bad = size < demand.smallest
        must_differ = np.zeros(len(size), dtype=bool)
        must_differ[classes] = self._must_differ
        bad |= must_differ & (self._diversity(classes, len(size)) < demand.diversity)
        if size[bad].sum() > demand.left_out * self._people:
            return None
        kept = ~bad[classes]
        return Outcome(
            node=node,
            loss=self._loss(node, kept),
            kept=kept[self._combination],
            classes=classes[self._combination],
        )

    def _nodes(self) -> Iterator[Node]:
        return itertools.product(*(range(len(ladder.levels)) for ladder in self.ladders))

    def _classes(self, node: Node) -> Ints:
        key = np.zeros(len(self._base), dtype=np.int64)
        widest = 1
        for ladder, groups, step in zip(self.ladders, self._groups, node, strict=True):
            width = len(ladder.levels[0])
            if widest * width > _WIDEST_KEY:
                key, widest = _numbered(key), len(key)
            key = key * width + groups[step]
            widest *= width
        return _numbered(key)

    def _diversity(self, classes: Ints, n_classes: int) -> Ints:
        combination, value = self._pairs.T
        width = int(value.max(initial=0)) + 1
        pairs = pd.unique(classes[combination] * width + value)
        return np.bincount(pairs // width, minlength=n_classes).astype(np.int64)

    def _loss(self, node: Node, kept: NDArray[np.bool_]) -> float:
        size = np.where(kept, self._size, 0)
        hidden = [
            ladder.weight * float(size @ steps[step])
            for ladder, steps, step in zip(self.ladders, self._hidden, node, strict=True)
        ]
        return self._of_all(hidden) + 1 - float(size.sum()) / self._people

    def _bound(self, node: Node) -> float:
        """The loss if nobody were left out."""
        return self._of_all([sums[step] for sums, step in zip(self._bounds, node, strict=True)])

    def _of_all(self, hidden: Sequence[float]) -> float:
        """The weighted mean of what is hidden of everybody, per column."""
        return sum(hidden) / (self._people * sum(ladder.weight for ladder in self.ladders))


def _numbered(key: Ints) -> Ints:
    """Numbers from 0 for the distinct keys."""
    return np.asarray(pd.factorize(key)[0], dtype=np.int64)


def _positions(level: Sequence[str]) -> Ints:
    order = {label: position for position, label in enumerate(dict.fromkeys(level))}
    return np.array([order[label] for label in level], dtype=np.int64)


def _hidden_share(level: Sequence[str]) -> NDArray[np.float64]:
    groups = _positions(level)
    beside = np.bincount(groups)[groups] - 1
    return beside / max(1, len(level) - 1)


def _is_finer(node: Node, other: Node) -> bool:
    return all(step <= above for step, above in zip(node, other, strict=True))


def node_count(ladders: Sequence[Ladder]) -> int:
    """How many nodes a search may have to look at."""
    return math.prod(len(ladder.levels) for ladder in ladders)
