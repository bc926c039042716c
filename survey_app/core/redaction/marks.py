"""Marks: places in a text that may point to somebody, and what they seem to be. Suggestions for a person to judge."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GAP = "[…]"
"""What stands in a text where something was taken out."""


class Kind(StrEnum):
    """What a mark seems to be, the surest kinds first: of marks that overlap the earlier kind names the place."""

    EMAIL = "e-mail address"
    URL = "web address"
    ACCOUNT = "account or card number"
    NATIONAL = "national number"
    PHONE = "telephone number"
    AGE = "age over 89"
    DATE = "date"
    POSTAL_CODE = "postal code"
    LISTED = "word of your lists"
    NAME = "name"
    NUMBER = "long number"
    CAPITAL = "possible name"


DIRECT = frozenset({Kind.EMAIL, Kind.URL, Kind.ACCOUNT, Kind.NATIONAL, Kind.PHONE})
"""Kinds that no published text may hold, whoever says so."""
_RANK = {kind: rank for rank, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a text: characters from `start` to before `end`. detail: more of what it is, such as `IBAN`."""

    start: int
    end: int
    kind: Kind
    detail: str = ""


def joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Marks in order, none overlapping another: those that overlap become one, named by the surest of them."""
    found: list[Mark] = []
    for mark in sorted(marks):
        if found and mark.start < found[-1].end:
            last = found.pop()
            surest = min(last, mark, key=lambda one: _RANK[one.kind])
            found.append(Mark(last.start, max(last.end, mark.end), surest.kind, surest.detail))
        else:
            found.append(mark)
    return tuple(found)


def black_out(text: str, marks: Iterable[Mark]) -> str:
    """The text with a gap in the place of every mark; marks as `joined` gives them."""
    parts, at = [], 0
    for mark in marks:
        parts += [text[at : mark.start], GAP]
        at = mark.end
    return "".join((*parts, text[at:]))
