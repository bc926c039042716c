"""ProtectedCube -> long CSV: one row per published cell, and one for everything that is hidden or merged.

Columns: table, rows, columns, statistic, value, lower, upper, n, status. `rows` and `columns` are
`variable=category`, joined by `;`. An outside auditor can check a release with nothing else.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import TextIO

from survey_app.core.protection.cube import Figure, Group, ProtectedCube, ProtectedTable, Status
from survey_app.core.protection.groups import split

HEADER = ("table", "rows", "columns", "statistic", "value", "lower", "upper", "n", "status")
PEOPLE = "people"
FLOW = "flow"

Row = tuple[object, ...]


def write(cube: ProtectedCube, stream: TextIO) -> None:
    """Write every cell of `cube`: sizes of groups, the way of the people into the release, then all tables."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(_rows(cube))


def text_of(cube: ProtectedCube) -> str:
    """The same as text."""
    stream = StringIO()
    write(cube, stream)
    return stream.getvalue()


def _rows(cube: ProtectedCube) -> Iterator[Row]:
    for group in cube.groups:
        yield (PEOPLE, _where(group), "", "count", _number(group.n), "", "", _number(group.n), group.status.value)
        yield from _merged(group)
    for population in cube.held_back:
        yield (PEOPLE, f"population={population}", "", "count", "", "", "", "", Status.HIDDEN.value)
    status = cube.groups[0].status if cube.groups else Status.HIDDEN
    for step, count in cube.flow.items():
        yield (FLOW, "population=everyone", f"step={step}", "count", count, "", "", "", status.value)
    for table in cube.tables:
        yield from _of_table(cube.group[table.group], table)


def _merged(group: Group) -> Iterator[Row]:
    """The leaves inside a broader group, without numbers."""
    if len(group.members) < 2:
        return
    inside = _category(group.dimension, group.category)
    for leaf in group.members:
        rows = f"population={group.population};{_category(group.dimension, leaf)}"
        yield (PEOPLE, rows, inside, "count", "", "", "", "", Status.MERGED.value)


def _of_table(group: Group, table: ProtectedTable) -> Iterator[Row]:
    rows, status = _where(group), table.status.value
    if not table.figures:
        yield (table.variable, rows, "", "count", "", "", "", "", status)
        return
    yield (table.variable, rows, "", "n", _number(table.n), "", "", _number(table.n), status)
    for figure in table.figures:
        yield (table.variable, rows, _column(table, figure), figure.statistic, *_numbers(figure), status)
    for kind, count in table.missing.items():
        yield (table.variable, rows, f"{table.variable}={kind}", "missing", count, "", "", "", status)


def _where(group: Group) -> str:
    category = f";{_category(group.dimension, group.category)}" if group.dimension else ""
    return f"population={group.population}{category}"


def _category(dimension: str, category: str) -> str:
    """`stage=S04`; of a crossing `stage=S04;country=DE`."""
    return ";".join(f"{one}={code}" for one, code in zip(split(dimension), split(category), strict=True))


def _column(table: ProtectedTable, figure: Figure) -> str:
    return f"{table.variable}={figure.category}" if figure.category else table.variable


def _numbers(figure: Figure) -> tuple[object, ...]:
    """A censored share has no value, only its bounds."""
    value = "" if figure.bound else _number(figure.value)
    return (value, _number(figure.lower), _number(figure.upper), _number(figure.n))


def _number(value: float | None) -> object:
    if value is None:
        return ""
    return int(value) if float(value).is_integer() else value
