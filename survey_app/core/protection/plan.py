"""The plan: what a study will ever publish, declared before its first release.

A number that is in no table of the plan does not exist, for anybody. What is declared is an upper bound: the tier
decides which of it is published, the gate which of that is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey_app.core.protection.cube import PublishedVariable
from survey_app.core.protection.groups import joined, split
from survey_app.core.protection.menu import DIMENSIONS, Branch

MOST_WAYS = 3
"""So many dimensions may be crossed at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Tables by several dimensions at once.

    by: in the order of `DIMENSIONS`.
    items: ids of items and scales; empty for all.
    """

    by: tuple[str, ...]
    items: tuple[str, ...] = ()

    @property
    def dimension(self) -> str:
        """Its name as a dimension: `stage*country`."""
        return joined(self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a study will ever publish.

    items: ids of items and scales; None for all that may be published.
    dimensions: those by which there are groups.
    crossings: those by several at once.
    hierarchies: dimension -> broader groups that take the place of those of the questionnaire.
    """

    items: tuple[str, ...] | None = None
    dimensions: tuple[str, ...] = DIMENSIONS
    crossings: tuple[Crossing, ...] = ()
    hierarchies: Mapping[str, tuple[Branch, ...]] = field(default_factory=dict)

    def tells(self, variable: PublishedVariable) -> bool:
        """Tell whether there are tables of a variable at all."""
        return self.items is None or bool({variable.id, variable.item} & set(self.items))

    def offers(self, variable: PublishedVariable, dimension: str) -> bool:
        """Tell whether there are tables of a variable by a dimension, or a crossing; "" for whole populations."""
        if not self.tells(variable):
            return False
        if not dimension or dimension in self.dimensions:
            return True
        asked = [one for one in self.crossings if one.dimension == dimension]
        return any(not one.items or {variable.id, variable.item} & set(one.items) for one in asked)

    def crossed(self, ways: int) -> tuple[str, ...]:
        """The crossings of at most so many dimensions, those of few dimensions first, each once."""
        found = dict.fromkeys(one.dimension for one in self.crossings if len(one.by) <= ways)
        return tuple(sorted(found, key=lambda name: (len(split(name)), [DIMENSIONS.index(one) for one in split(name)])))

    def to_document(self) -> dict[str, Any]:
        """The form in which a plan is stored and hashed."""
        return {
            "items": None if self.items is None else list(self.items),
            "dimensions": list(self.dimensions),
            "crossings": [{"by": list(one.by), "items": list(one.items)} for one in self.crossings],
            "hierarchies": {
                dimension: [{"code": one.code, "leaves": list(one.leaves)} for one in branches]
                for dimension, branches in sorted(self.hierarchies.items())
            },
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Plan":
        """Read what `to_document` made."""
        return cls(
            items=None if document["items"] is None else tuple(document["items"]),
            dimensions=tuple(document["dimensions"]),
            crossings=tuple(Crossing(by=tuple(one["by"]), items=tuple(one["items"])) for one in document["crossings"]),
            hierarchies={
                dimension: tuple(Branch(code=one["code"], leaves=tuple(one["leaves"])) for one in branches)
                for dimension, branches in document["hierarchies"].items()
            },
        )


EVERYTHING = Plan()
"""All items and scales, by one dimension at a time."""
