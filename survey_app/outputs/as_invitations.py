"""Invitation codes -> CSV for letters and mail, or A4 sheets of cards to print and cut.

What is made here holds the codes themselves, once. It carries no number, no date and no order but that of chance.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from survey_app.core.participation.invitations import grouped_invitation
from survey_app.outputs.as_pdf import to_pdf

TEMPLATES = Path(__file__).parent / "templates" / "invitations"
CARDS_ON_A_SHEET = 8
QUIET_ZONE = 4  # in modules, as ISO/IEC 18004 asks


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """What a card says, in one language.

    address: the page where the code is entered. direction: `ltr` or `rtl`.
    key: what to compare the key of a study with blind invitations to; None for others.
    """

    language: str
    direction: str
    organisation: str
    title: str
    heading: str
    how: str
    once: str
    address: str
    key: str | None = None


def to_csv(codes: Iterable[str], addresses: Mapping[str, str], seal: str = "") -> bytes:
    """One row for each code: as it is typed, and for each language a link that fills it in.

    codes: ungrouped. addresses: page where codes are entered, by language. seal: see `link`.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["code", *(f"link_{language}" for language in addresses)])
    for code in codes:
        writer.writerow([grouped_invitation(code), *(link(address, code, seal) for address in addresses.values())])
    return stream.getvalue().encode("utf-8-sig")  # spreadsheets read UTF-8 only so


def to_cards(codes: Sequence[str], words: CardWords, seal: str = "") -> bytes:
    """A PDF of A4 sheets with eight cards each. seal: see `link`.

    Raises:
        ProblemsFound: the system library that lays out text is missing.
    """
    html = _environment().get_template("cards.html.j2").render(words=words, sheets=_sheets(codes, words, seal))
    return to_pdf(html)


def link(address: str, code: str, seal: str) -> str:
    """The address with the code behind “#”: browsers never send that part to a server.

    seal: fingerprint of the key of a study with blind invitations, so that the browser notices another key.
    """
    return f"{address}#{code}.{seal}" if seal else f"{address}#{code}"


def _sheets(codes: Sequence[str], words: CardWords, seal: str) -> Iterator[list[tuple[str, Markup]]]:
    for start in range(0, len(codes), CARDS_ON_A_SHEET):
        some = codes[start : start + CARDS_ON_A_SHEET]
        yield [(grouped_invitation(code), _picture(link(words.address, code, seal))) for code in some]


def _picture(text: str) -> Markup:
    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_data_uri(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True)
    return Markup(svg)  # noqa: S704  # a data URI, percent-encoded by the library


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
