"""An outsider with nothing but `release tables`: what follows about hidden groups by subtraction.

Knows the format of the file and the rounding base, both public. For every table and dimension of a
population: the whole minus the groups that are shown leaves the hidden ones, within what rounding leaves open.
The groups of a crossing add up to the group of its first dimensions that they stand in.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

PEOPLE = "people"
NOBODY_TOLD = ("hidden", "merged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """What is left of a whole when the shown groups are taken away.

    table: variable, or `people`.
    population, dimension: where.
    hidden: the hidden groups, as `dimension=category`.
    lowest, highest: people that may be in the hidden groups together.
    """

    table: str
    population: str
    dimension: str
    hidden: tuple[str, ...]
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    n: int | None
    status: str


def remainders(text: str, *, rounding_base: int) -> list[Remainder]:
    """Return the remainder of every table and dimension that hides some group."""
    sizes = _sizes(text)
    slack = rounding_base // 2
    found = []
    for (table, population), by_group in sizes.items():
        for row, dimension in sorted({_division(group) for group in by_group if group}):
            whole = by_group.get(row)
            if whole is None or whole.n is None:
                continue
            parts = {g: size for g, size in by_group.items() if g and _division(g) == (row, dimension)}
            hidden = tuple(sorted(group for group, size in parts.items() if size.n is None))
            if not hidden:
                continue
            shown = [size.n for size in parts.values() if size.n is not None]
            open_by = slack * (1 + len(shown))
            left = whole.n - sum(shown)
            found.append(
                Remainder(
                    table=table,
                    population=population,
                    dimension=dimension,
                    hidden=hidden,
                    lowest=max(left - open_by, 0),
                    highest=max(left + open_by, 0),
                )
            )
    return found


def _division(group: str) -> tuple[str, str]:
    """What a group is a part of, and by which dimension: `age=a60` of the whole, `stage=S04;age=a60` of `stage=S04`."""
    row, _, last = group.rpartition(";")
    return row, last.partition("=")[0]


def small_numbers(text: str, *, smallest: int) -> list[Mapping[str, str]]:
    """Return every row that shows a group or a table of fewer than `smallest` people."""
    return [
        row
        for row in _rows(text)
        if row["status"] not in NOBODY_TOLD and row["statistic"] in ("count", "n", "share", "mark", "mean")
        if row["n"] and int(row["n"]) < smallest
    ]


def _sizes(text: str) -> dict[tuple[str, str], dict[str, _Size]]:
    """(table, population) -> group -> people with a value."""
    found: dict[tuple[str, str], dict[str, _Size]] = defaultdict(dict)
    for row in _rows(text):
        population, _, group = row["rows"].partition(";")
        told_once = row["statistic"] == "n" or row["status"] == "hidden"
        if row["status"] == "merged" or (row["table"] != PEOPLE and not told_once):
            continue
        n = int(row["n"]) if row["n"] else None
        found[row["table"], population][group] = _Size(n=n, status=row["status"])
    return found


def _rows(text: str) -> Iterator[Mapping[str, str]]:
    yield from csv.DictReader(StringIO(text))
