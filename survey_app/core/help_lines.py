"""Help lines: numbers that somebody has checked, per country and language, good for half a year at most.

A number that nobody has checked, or whose check is too old, is not shown to anybody.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from survey_app.core.geography import COUNTRIES
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import Frozen, Sentence
from survey_app.core.written import value_of

LONGEST_DAYS = 184
"""How long a check is good for, at most: half a year."""

Kind = Literal["crisis", "emotional", "bereavement", "illness", "carers"]
Number = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()/.-]{1,28}$")]
Link = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=300)]


class HelpLine(Frozen):
    """One help line, written in the first of its languages.

    country: ISO 3166-1 alpha-2.
    languages: those in which somebody answers.
    hours, cost: in words.
    checked_by: who called or looked it up; checked_on: when; expires: the last day on which it is shown.
    """

    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    languages: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")], ...] = Field(min_length=1)
    kind: Kind
    name: Sentence
    number: Number
    hours: Sentence
    cost: Sentence
    link: Link | None = None
    checked_by: Sentence | None = None
    checked_on: date | None = Field(default=None, strict=False)
    expires: date | None = Field(default=None, strict=False)

    def is_good(self, today: date) -> bool:
        """Tell whether somebody has checked it and the check is not too old."""
        if not self.checked_by or self.checked_on is None or self.expires is None:
            return False
        return self.checked_on <= today <= self.expires


class HelpLineFile(Frozen):
    """What the file of help lines holds."""

    format: Literal[1]
    lines: tuple[HelpLine, ...] = ()


def parse_help_lines(raw: object) -> tuple[HelpLine, ...]:
    """Return the help lines that `raw` describes.

    Raises:
        ProblemsFound: all that is wrong, `where` being the path of keys.
    """
    if not isinstance(raw, dict):
        raise ProblemsFound([Problem(code=Code.HELP_LINES_NOT_A_LIST)])
    lines = value_of(HelpLineFile, raw).lines
    problems = list(_problems(lines))
    if problems:
        raise ProblemsFound(problems)
    return lines


def warnings_of(lines: Sequence[HelpLine], today: date) -> list[Problem]:
    """Return which lines are not shown today, and why: nobody has checked them, or the check is too old."""
    found = []
    for n, line in enumerate(lines):
        if line.is_good(today):
            continue
        where, values = f"lines.{n}", {"given": line.name}
        if line.checked_by and line.checked_on and line.expires and line.expires < today:
            values["value"] = line.expires.isoformat()
            found.append(Problem(code=Code.HELP_LINE_EXPIRED, where=where, values=values))
        else:
            found.append(Problem(code=Code.HELP_LINE_NOT_CHECKED, where=where, values=values))
    return found


def lines_for(
    lines: Sequence[HelpLine], *, country: str | None, language: str, today: date, kinds: Collection[Kind] = ()
) -> tuple[HelpLine, ...]:
    """Return the lines to show, those for a crisis first: of the country if it is known, else in the language.

    Where the country is not known, the page names the country of each line. Empty where there is none: the
    emergency number and the treatment team are always shown.

    Args:
        lines: all that there are.
        country: where the person lives, as told; None if not told.
        language: of the page.
        today: the day in UTC.
        kinds: only these; all if empty.
    """
    fits = [
        line
        for line in lines
        if line.is_good(today)
        and (not kinds or line.kind in kinds)
        and (line.country == country if country else language in line.languages)
    ]
    return tuple(sorted(fits, key=lambda line: (line.kind != "crisis", language not in line.languages)))


def _problems(lines: Sequence[HelpLine]) -> Iterator[Problem]:
    for n, line in enumerate(lines):
        where = f"lines.{n}"
        if line.country not in COUNTRIES:
            hint = "Use the two letters of ISO 3166-1, such as DE."
            values: dict[str, str | int] = {"kind": "The country", "given": line.country, "hint": hint}
            yield Problem(code=Code.REFERENCE_UNKNOWN, where=f"{where}.country", values=values)
        if line.checked_on is None or line.expires is None:
            continue
        days = (line.expires - line.checked_on).days
        if not 0 <= days <= LONGEST_DAYS:
            values = {"given": line.name, "days": days, "limit": LONGEST_DAYS}
            yield Problem(code=Code.HELP_LINE_GOOD_TOO_LONG, where=f"{where}.expires", values=values)
