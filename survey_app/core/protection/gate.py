"""What becomes of each group: computed anew, reprinted, or hidden. Asked for all people and for each variable."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.cube import Status
from survey_app.core.protection.policy import Defences, Policy
from survey_app.core.protection.span import Question, accepted
from survey_app.core.protection.sticky import Ledger, Universe


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gate:
    """The gate of one release.

    ledger: all entries, this release last.
    small_leaves: leaves with too few people, as rows over the atoms of the ledger.
    """

    ledger: Ledger
    policy: Policy
    defences: Defences
    small_leaves: NDArray[np.bool_]

    @property
    def now(self) -> int:
        """Number of the release being made."""
        return len(self.ledger.entries) - 1

    def decide(self, name: str, groups: Sequence[str], reprintable: frozenset[str]) -> dict[str, Status]:
        """Return what becomes of each group.

        Args:
            name: universe: all people, or those who gave a value to a variable.
            groups: the groups of the menu, in fixed order.
            reprintable: those of which the release before shows numbers.
        """
        universe = self.ledger.universe(name)
        vectors = {group: universe.vector(group, self.now) for group in groups}
        people = {group: universe.people(vector) for group, vector in vectors.items()}
        sticking = {group for group in groups if self._sticks(universe, group, reprintable)}
        large = [group for group in groups if people[group] >= self.policy.smallest_base and group not in sticking]
        # the sort is stable, so groups of one size keep the order of the menu
        candidates = sorted(large, key=lambda group: -people[group])
        out = self._let_out(universe, candidates, vectors)
        return {group: self._status(group, out, reprintable) for group in groups}

    def _sticks(self, universe: Universe, group: str, reprintable: frozenset[str]) -> bool:
        """Too few joined or left since the last time: a new number beside the old one would tell about those few."""
        then = universe.since(group, before=self.now)
        if not self.defences.sticky or then is None or group not in reprintable:
            return False
        return universe.changed(group, then, self.now) < self.policy.delta

    def _let_out(
        self, universe: Universe, candidates: list[str], vectors: dict[str, NDArray[np.bool_]]
    ) -> frozenset[str]:
        if not self.defences.span or not candidates:
            return frozenset(candidates)
        width = universe.weights.size
        before = universe.publications(before=self.now)
        turnover = [
            one for group, then in before if group in vectors for one in universe.turnover(group, then, self.now)
        ]
        question = Question(
            weights=universe.weights,
            published=_rows([universe.vector(group, then) for group, then in before], width),
            candidates=_rows([vectors[group] for group in candidates], width),
            protected=np.vstack(
                [
                    _rows([*vectors.values(), *turnover], width),
                    self.small_leaves[:, universe.atom_of] & universe.present(self.now)[None, :],
                ]
            ),
            smallest_base=self.policy.smallest_base,
            delta=self.policy.delta,
        )
        return frozenset(group for group, good in zip(candidates, accepted(question), strict=True) if good)

    def _status(self, group: str, out: frozenset[str], reprintable: frozenset[str]) -> Status:
        if group in out:
            return Status.SHOWN
        # reprinting what is public already tells nothing new, and a hole would tell that something changed
        return Status.HELD if group in reprintable and self.defences.sticky else Status.HIDDEN


def _rows(vectors: Sequence[NDArray[np.bool_]], width: int) -> NDArray[np.bool_]:
    return np.array(vectors, dtype=bool).reshape(len(vectors), width)
