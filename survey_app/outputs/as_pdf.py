"""HTML page of a report -> tagged PDF (PDF/UA-1) with embedded fonts, the same bytes every time."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from survey_app.core.problems import Code, Problem, ProblemsFound

FONTS = Path(__file__).parent.parent / "fonts"
FACES = (
    ("Noto Sans", 400, "NotoSans-400Regular.ttf"),
    ("Noto Sans", 600, "NotoSans-600SemiBold.ttf"),
    ("Noto Sans", 700, "NotoSans-700Bold.ttf"),
    ("Vazirmatn", 400, "Vazirmatn-400Regular.ttf"),
    ("Vazirmatn", 600, "Vazirmatn-600SemiBold.ttf"),
    ("Vazirmatn", 700, "Vazirmatn-700Bold.ttf"),
)


def to_pdf(html: str) -> bytes:
    """Print a self-contained page. Nothing is fetched but the fonts of this package.

    Raises:
        ProblemsFound: the system library that lays out text is missing.
    """
    document = _laid_out(html)
    with _uninterrupted():
        printed: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return printed


def to_pages(html: str) -> bytes:
    """Print a self-contained page as it is, without tags: to be painted, not to be read.

    Raises:
        ProblemsFound: the system library that lays out text is missing.
    """
    printed: bytes = _laid_out(html).write_pdf()
    return printed


def pages_of(html: str) -> int:
    """How many pages a self-contained page takes.

    Raises:
        ProblemsFound: the system library that lays out text is missing.
    """
    return len(_laid_out(html).pages)


def _laid_out(html: str) -> Any:  # noqa: ANN401  # a type of a library that is loaded later
    weasyprint = _weasyprint()
    fonts, sheet = _fonts()
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols={"data"})
    with _uninterrupted():
        return weasyprint.HTML(string=html, url_fetcher=fetcher).render(stylesheets=[sheet], font_config=fonts)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off the search for cyclic garbage: a layout is one large graph that is alive until its end.

    Searching it again and again took three tenths of the time of a report.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _weasyprint() -> ModuleType:
    """WeasyPrint, loaded when the first PDF is made: the rest of the program works without its libraries."""
    try:
        weasyprint = import_module("weasyprint")
    except OSError as error:
        problem = Problem(
            code=Code.REPORT_LIBRARY_MISSING,
            values={"given": "Pango", "value": "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"},
        )
        raise ProblemsFound([problem]) from error
    return weasyprint


@cache
def _fonts() -> tuple[Any, Any]:
    """One font configuration and one parsed style sheet for all reports of this process."""
    weasyprint = _weasyprint()
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    configuration = FontConfiguration()
    atexit.register(_fonts.cache_clear)  # it gives back memory of Pango, which it cannot once Python is half gone
    css = "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};src:url({(FONTS / name).as_uri()})}}'
        for family, weight, name in FACES
    )
    return configuration, weasyprint.CSS(string=css, font_config=configuration)
