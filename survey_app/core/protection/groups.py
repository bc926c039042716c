"""How groups are named: `POPULATION/DIMENSION/CATEGORY`; a crossing has several dimensions, joined by `*`.

`patient.prospective/stage*country/S04*DE` are those of stage S04 in Germany.
"""

from collections.abc import Iterable

CROSS = "*"
"""Joins the dimensions of a crossing, and their categories. No code of a questionnaire has it."""
EXACTLY = "="
"""Begins the category of a set that is no group of the menu: its categories follow, with `|` between."""

OWN = "own:"
"""Begins the code of a broader group that a study declares itself, so that it is no code of the questionnaire."""


def is_crossing(name: str) -> bool:
    """Tell whether a dimension, or a group, is of several dimensions at once."""
    return CROSS in name


def split(name: str) -> tuple[str, ...]:
    """The dimensions of a dimension, or the categories of a category; one where it is no crossing."""
    return tuple(name.split(CROSS))


def joined(names: tuple[str, ...]) -> str:
    """What `split` takes apart."""
    return CROSS.join(names)


def dimension_of(group: str) -> str:
    """`age` of `patient.prospective/age/a60`; empty for a whole population."""
    return group.split("/")[1] if "/" in group else ""


def exactly(categories: Iterable[str]) -> str:
    """The category of a set that is no group: those of several categories together."""
    return EXACTLY + "|".join(sorted(categories))
