"""H7: is every number of an artefact one that the release says? The artefact is read by whoever calls this."""

from collections.abc import Iterable, Iterator

from survey_app.core.protection.cube import ProtectedCube, ProtectedTable

PERCENT_DIGITS = (0, 1)
NUMBER_DIGITS = (0, 1, 2)
_HAIR = 1e-6


def unexplained_numbers(
    numbers: Iterable[float], cube: ProtectedCube, *, also: Iterable[float] = ()
) -> frozenset[float]:
    """Return the numbers that are neither in `cube` nor a rounded form of one that is.

    Args:
        numbers: from text (`41` of "41 %") or from a drawing (a bar as share of its axis, 0 to 1 or 0 to 100).
        cube: the release.
        also: numbers that are about no person: pages, item numbers, the level of an interval, answers of a scale.
    """
    known = {round(value, 6) for value in (*_explained(cube), *also)}
    return frozenset(number for number in numbers if round(number, 6) not in known)


def _explained(cube: ProtectedCube) -> Iterator[float]:
    for value in _numbers(cube):
        yield from (round(value, digits) for digits in NUMBER_DIGITS)
        yield value
    for share in _shares(cube):
        yield 1 - share  # what a bar leaves of its axis
        for digits in PERCENT_DIGITS:
            yield round(100 * share, digits)
            yield round(100 * share + _HAIR, digits)  # halves rounded up
        yield 100 * share


def _numbers(cube: ProtectedCube) -> Iterator[float]:
    rules = cube.rules
    yield from (
        rules.smallest_base,
        rules.rounding_base,
        rules.delta,
        100 * rules.unanimity,
        100 - 100 * rules.unanimity,
    )
    for people, share in rules.unanimity_below:
        yield from (people, 100 * share, 100 - 100 * share)
    yield cube.persons
    yield from cube.flow.values()
    yield from (group.n for group in cube.groups if group.n is not None)
    for table in cube.tables:
        yield from table.missing.values()
        if table.n is not None:
            yield table.n
        for figure in table.figures:
            yield from (v for v in (figure.value, figure.lower, figure.upper, figure.n) if v is not None)
        yield from _in_people(cube, table)
    for variable in cube.variables:
        yield from (number for number in variable.numbers if number is not None)
    for quarter in (cube.quarter, cube.first_quarter):
        year, _, number = quarter.partition("-Q")
        yield from (float(year), float(number))


def _in_people(cube: ProtectedCube, table: ProtectedTable) -> Iterator[float]:
    """What a report tells of few people: about 15 of 20 gave one of the marked answers."""
    for codes in cube.variable[table.variable].marks.values():
        counts = [figure for code in codes if (figure := table.figure("count", code)) is not None]
        yield sum(figure.value for figure in counts if figure.value is not None)


def _shares(cube: ProtectedCube) -> Iterator[float]:
    for table in cube.tables:
        for figure in table.figures:
            if figure.statistic in ("share", "mark"):
                yield from (v for v in (figure.value, figure.lower, figure.upper) if v is not None)
