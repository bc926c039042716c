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
        self._groups = [[_positions(level) for level in ladder.levels] for ladder in self.ladders]
        self._hidden = [[_hidden_share(level) for level in ladder.levels] for ladder in self.ladders]

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
        for column, step in enumerate(node):
            groups = self._groups[column][step]
            width = int(groups.max()) + 1
            if widest * width > _WIDEST_KEY:
                key = np.unique(key, return_inverse=True)[1].astype(np.int64)
                widest = len(key)
            key = key * width + groups[self._base[:, column]]
            widest *= width
        return np.unique(key, return_inverse=True)[1].astype(np.int64)

    def _diversity(self, classes: Ints, n_classes: int) -> Ints:
        pairs = np.unique(np.column_stack([classes[self._pairs[:, 0]], self._pairs[:, 1]]), axis=0)
        return np.bincount(pairs[:, 0], minlength=n_classes).astype(np.int64)

    def _loss(self, node: Node, kept: NDArray[np.bool_]) -> float:
        left_out = self._people - float(self._size[kept].sum())
        return self._hidden_by(node, np.where(kept, self._size, 0)) + left_out / self._people

    def _bound(self, node: Node) -> float:
        return self._hidden_by(node, self._size)

    def _hidden_by(self, node: Node, size: NDArray[np.number]) -> float:
        """The weighted mean of what the groups of `node` hide of so many people per combination."""
        hidden = sum(
            self.ladders[column].weight * float(size @ self._hidden[column][step][self._base[:, column]])
            for column, step in enumerate(node)
        )
        return hidden / (self._people * sum(ladder.weight for ladder in self.ladders))


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
