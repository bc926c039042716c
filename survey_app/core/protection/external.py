"""What others published about the same people: their groups are sums that everybody may know.

Which of our people are in such a group follows from the categories that it names. Everybody who is in a release that is
made afterwards is marked as inside or outside, beside the number of their batch; marks hold for earlier releases too.
Of who left before that, the parts of our menu tell it; where the group divides such a part, they count as outside.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Leaves = Mapping[str, tuple[str, ...]]
"""Dimension -> leaves; of a dimension that is not named everybody is in the group."""
MARK = "~"
"""Stands between the number of a batch and the marks of its people: 1 for inside, 0 for outside, one for each group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalTable:
    """One group that others told something of.

    group: whom it holds.
    base: people, as printed.
    variable: id of what was asked; empty when only the number of people was told.
    counts: people per category of the variable, as printed, in its order; None where one was not told.
    """

    group: Leaves
    base: int
    variable: str = ""
    counts: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """One publication of others.

    publisher: who.
    quarter: when.
    population: of whom.
    release: number of our release whose people they are, 1 for the first; 0 for the first when there was none yet.
    rounded_to: every number is a multiple of this; 1 for exact ones.
    """

    publisher: str
    quarter: str
    population: str
    release: int
    rounded_to: int
    tables: tuple[ExternalTable, ...]

    @property
    def slack(self) -> int:
        """By how many people a printed number may differ from the exact one, whatever way it was rounded."""
        return self.rounded_to - 1

    def to_document(self) -> dict[str, Any]:
        """The form in which it is stored and hashed."""
        return {
            "publisher": self.publisher,
            "quarter": self.quarter,
            "population": self.population,
            "release": self.release,
            "rounded_to": self.rounded_to,
            "tables": [
                {
                    "group": {dimension: list(leaves) for dimension, leaves in sorted(one.group.items())},
                    "base": one.base,
                    "variable": one.variable,
                    "counts": list(one.counts),
                }
                for one in self.tables
            ],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "External":
        """Read what `to_document` made."""
        tables = tuple(
            ExternalTable(
                group={dimension: tuple(leaves) for dimension, leaves in one["group"].items()},
                base=one["base"],
                variable=one["variable"],
                counts=tuple(one["counts"]),
            )
            for one in document["tables"]
        )
        plain = ("publisher", "quarter", "population", "release", "rounded_to")
        return cls(tables=tables, **{name: document[name] for name in plain})


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalGroup:
    """A group of others. mark: place of its mark. release: position of the release whose people are in it."""

    population: str
    group: Leaves
    release: int
    mark: int


def groups_told(externals: Sequence[External]) -> tuple[ExternalGroup, ...]:
    """Return a group for each table, in the order of entering."""
    found: list[ExternalGroup] = []
    for one in externals:
        for table in one.tables:
            found.append(
                ExternalGroup(
                    population=one.population,
                    group=table.group,
                    release=max(one.release - 1, 0),
                    mark=len(found),
                )
            )
    return tuple(found)


def tables_told(externals: Sequence[External]) -> list[tuple[External, ExternalTable]]:
    """Return all tables, in the order of `groups_told`."""
    return [(one, table) for one in externals for table in one.tables]
