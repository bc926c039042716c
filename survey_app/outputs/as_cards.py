"""Report -> picture cards for posts and slides: one finding each, as PNG, with a text for those who do not see it.

Words are laid out as in the report, so every script is shaped well; the page is then painted by PDFium. The same
report is the same bytes. The pictures carry no time and no data but the pixels.
"""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pypdfium2
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from survey_app.core.report.model import Card, Report
from survey_app.outputs.as_pdf import to_pages

TEMPLATES = Path(__file__).parent / "templates" / "cards"
SIZES = ((1080, 1080), (1200, 630))
NO_TIME = (1980, 1, 1, 0, 0, 0)
POINTS_PER_PIXEL = 0.75


def to_cards(report: Report) -> bytes:
    """Make a ZIP of PNG pictures, one for each headline finding and size, with one text file for each finding."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, card in enumerate(report.front.cards, 1):
            for width, height in SIZES:
                _add(archive, f"finding-{number}-{width}x{height}.png", _picture(report, card, width, height))
            _add(archive, f"finding-{number}.json", _spoken(report, card).encode())
    return buffer.getvalue()


def _spoken(report: Report, card: Card) -> str:
    """The words of a card: what is said of the picture to who does not see it, and where it comes from."""
    front = report.front
    facts = "; ".join(line for line in card.lines if line)
    said = {
        "alternative_text": f"{card.question} {card.number}: {facts}.",
        "language": report.language,
        "source": " · ".join((front.organisation, *front.foot)),
        "caution": front.caution,
        "notes": list(front.badges),
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _picture(report: Report, card: Card, width: int, height: int) -> bytes:
    html = (
        Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
        .get_template("card.html.j2")
        .render(report=report, card=card, css=_css(width, height), wide=width > height)
    )
    page = pypdfium2.PdfDocument(to_pages(html))[0]
    picture = page.render(scale=1 / POINTS_PER_PIXEL).to_pil().convert("RGB")
    buffer = BytesIO()
    picture.crop((0, 0, width, height)).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _css(width: int, height: int) -> Markup:
    size = f"@page{{size:{width}px {height}px;margin:0}}.card{{width:{width}px;height:{height}px}}"
    return Markup(size + (TEMPLATES / "card.css").read_text("utf-8"))  # noqa: S704  # our own file


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)
