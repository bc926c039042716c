"""A text as the recognisers read it: digits of any script as 0 to 9, nothing invisible, and the way back."""

import unicodedata
from dataclasses import dataclass

from survey_app.core.redaction.marks import Kind, Mark

_INVISIBLE = frozenset({"Cf", "Mn"})
_SPACES = frozenset({"Zs", "Cc"})


@dataclass(frozen=True, slots=True)
class Reading:
    """text: what is read. places: for each of its characters, where it stands in the original."""

    text: str
    places: tuple[int, ...]

    def mark(self, start: int, end: int, kind: Kind, detail: str = "") -> Mark:
        """A mark in the original for a place of what is read."""
        return Mark(self.places[start], self.places[end - 1] + 1, kind, detail)


def read(text: str) -> Reading:
    """Read a text: compatibility forms (Unicode NFKC), digits as ASCII, spaces as blanks, no marks and no accents.

    Characters that nobody sees (joiners, marks of direction) and combining accents are left out, so that nothing
    hides behind them.
    """
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKD", sign):
            category = unicodedata.category(plain)
            if category in _INVISIBLE:
                continue
            digit = unicodedata.digit(plain, None) if category == "Nd" else None
            signs.append(str(digit) if digit is not None else " " if category in _SPACES else plain)
            places.append(place)
    return Reading("".join(signs), tuple(places))
