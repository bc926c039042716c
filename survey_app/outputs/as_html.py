"""Report -> one self-contained HTML page: no script, no file beside it, nothing from elsewhere."""

from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from survey_app.core import charts
from survey_app.core.report.model import Report

TEMPLATES = Path(__file__).parent / "templates" / "report"
BEND = ((-90, 236), (60, 210), (190, 120), (330, 186), (470, 96), (620, 138), (790, 52), (940, 40))
DENSEST = 3
PLACE = 2  # the stop on the drawn road that is set off


def to_html(report: Report, *, density: int = 0) -> str:
    """Lay out `report` as HTML. density: 0 to `DENSEST`, how small the words of the first page are."""
    rtl = report.direction == "rtl"
    css = (TEMPLATES / "report.css").read_text("utf-8")
    if rtl:
        css += (TEMPLATES / "report-rtl.css").read_text("utf-8")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            density=density,
            css=Markup(css),  # noqa: S704  # our own file
            road=_road(rtl=rtl),
            draw=lambda figure: Markup(charts.draw(figure, rtl=rtl)),  # noqa: S704  # escaped where it is drawn
            kind_of=lambda block: type(block).__name__,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["css"] = _css_string
    return environment


def _css_string(text: str) -> Markup:
    """`text` inside a CSS string inside a <style>: quotes, backslashes and angle brackets as code points."""
    unsafe = {ord(sign): f"\\{ord(sign):06x}" for sign in '"\\<>&\n\r'}
    return Markup(text.translate(unsafe))  # noqa: S704  # nothing is left that could leave the string


def _road(*, rtl: bool) -> str:
    """The road on the cover, a decoration: a background, so that no reader has to be told of it."""
    path = f"M{BEND[0][0]} {BEND[0][1]}"
    for (x0, y0), (x1, y1) in pairwise(BEND):
        middle = (x0 + x1) / 2
        path += f" C{middle} {y0} {middle} {y1} {x1} {y1}"
    stops = "".join(
        f'<circle cx="{x}" cy="{y}" r="15" fill="#a55f50" stroke="#0b3d47" stroke-width="5"/>'
        if at == PLACE
        else f'<circle cx="{x}" cy="{y}" r="11" fill="#0b3d47" stroke="#4d8087" stroke-width="3.5"/>'
        for at, (x, y) in enumerate(BEND[1:-1])
    )
    mirrored = ' transform="translate(840 0) scale(-1 1)"' if rtl else ""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 256"><g{mirrored}>'
        f'<path d="{path}" fill="none" stroke="#144b55" stroke-width="46" stroke-linecap="round"/>'
        f'<path d="{path}" fill="none" stroke="#4d8087" stroke-width="2.4" stroke-dasharray="2 9"/>{stops}</g></svg>'
    )
    return "data:image/svg+xml," + quote(svg)
