"""What becomes of each group: computed anew, reprinted, or hidden. Asked for all people and for each variable."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from survey_app.core.protection.at_once import Bases, accepted_at_once
from survey_app.core.protection.cube import Status
from survey_app.core.protection.groups import dimension_of, is_crossing, split
from survey_app.core.protection.policy import Defences, Policy, quarters_between
from survey_app.core.protection.span import Question
from survey_app.core.protection.sticky import PEOPLE, Entry, Ledger, Universe


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
    bases: Bases = field(default_factory=Bases)

    @property
    def now(self) -> int:
        """Number of the release being made."""
        return len(self.ledger.entries) - 1

    def decide(
        self, name: str, groups: Sequence[str], reprintable: frozenset[str], *, guarded: Sequence[str] = ()
    ) -> dict[str, Status]:
        """Return what becomes of each group.

        Args:
            name: universe: all people, or those who gave a value to a variable.
            groups: the groups of the menu that may be computed anew, in fixed order.
            reprintable: those of which the release before shows numbers.
            guarded: all groups of the menu, those that are not computed anew too: what stands in them must not
                follow from the others. `groups` alone when empty.
        """
        universe = self.ledger.universe(name)
        people = {group: universe.people(universe.vector(group, self.now)) for group in groups}
        waiting = {group for group in groups if self._sticks(universe, group, reprintable) or self._rests(group)}
        large = [
            group
            for group in groups
            if people[group] >= self.policy.base_of(dimension_of(group)) and group not in waiting
        ]
        # crossings come last: they are given up first; the sort is stable, so groups of one size keep their order
        candidates = sorted(large, key=lambda group: (len(split(dimension_of(group))), -people[group]))
        out = self._let_out(universe, candidates, tuple(dict.fromkeys([*groups, *guarded])))
        return {group: self._status(group, out, reprintable) for group in groups}

    def _sticks(self, universe: Universe, group: str, reprintable: frozenset[str]) -> bool:
        """Too few joined or left since the last time: a new number beside the old one would tell about those few."""
        then = universe.since(group, before=self.now)
        if not self.defences.sticky or then is None or group not in reprintable:
            return False
        return universe.changed(group, then, self.now) < self.policy.delta_of(dimension_of(group))

    def _rests(self, group: str) -> bool:
        """Crossings of this study were computed too short a time ago."""
        return (
            self.defences.sticky
            and is_crossing(group)
            and crossings_rest(self.ledger.entries[:-1], self.ledger.entries[-1].quarter, self.policy)
        )

    def _let_out(self, universe: Universe, candidates: list[str], guarded: Sequence[str]) -> frozenset[str]:
        if not self.defences.span or not candidates:
            return frozenset(candidates)
        width = universe.weights.size
        before = universe.publications(before=self.now)
        told = [vector for _, vector in universe.told()]
        secrets = self._secrets(universe, guarded)
        small_leaves = self.small_leaves[:, universe.atom_of] & universe.present(self.now)[None, :]
        question = Question(
            weights=universe.weights,
            published=_rows([*told, *(universe.vector(group, then) for group, then in before)], width),
            candidates=_rows([universe.vector(group, self.now) for group in candidates], width),
            protected=np.vstack([_rows([vector for _, vector in secrets], width), small_leaves]),
            smallest_base=self.policy.smallest_base,
            delta=self.policy.delta,
            bases=np.array(
                [self.policy.base_of(dimension_of(group)) for group, _ in secrets]
                + [self.policy.smallest_base] * len(small_leaves)
            ),
            deltas=np.array(
                [self.policy.delta] * len(told)
                + [self.policy.delta_of(dimension_of(group)) for group in (*(one for one, _ in before), *candidates)]
            ),
        )
        return frozenset(
            group for group, good in zip(candidates, accepted_at_once(question, self.bases), strict=True) if good
        )

    def _secrets(self, universe: Universe, groups: Sequence[str]) -> list[tuple[str, NDArray[np.bool_]]]:
        """Each group at every date, and who joined or left it between any two.

        Of earlier dates too, published or not: what could not be computed then may follow from what comes out now.
        """
        found = []
        for group in groups:
            states = [universe.vector(group, release) for release in range(self.now + 1)]
            found += [(group, state) for state in states]
            for n, earlier in enumerate(states):
                for later in states[n + 1 :]:
                    found += [(group, later & ~earlier), (group, earlier & ~later)]
        return found

    def _status(self, group: str, out: frozenset[str], reprintable: frozenset[str]) -> Status:
        if group in out:
            return Status.SHOWN
        # reprinting what is public already tells nothing new, and a hole would tell that something changed
        return Status.HELD if group in reprintable and self.defences.sticky else Status.HIDDEN


def crossings_rest(entries: Sequence[Entry], quarter: str, policy: Policy) -> bool:
    """Tell whether one of the entries computed crossings too few quarters before `quarter`."""
    computed = [one.quarter for one in entries if any(map(is_crossing, one.published.get(PEOPLE, ())))]
    return any(quarters_between(then, quarter) < policy.crossing_quarters for then in computed)


def _rows(vectors: Sequence[NDArray[np.bool_]], width: int) -> NDArray[np.bool_]:
    return np.array(vectors, dtype=bool).reshape(len(vectors), width)
