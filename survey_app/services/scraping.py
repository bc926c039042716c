"""H7 on reports: every number in the text of a rendered report must be one that the release says."""

import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from survey_app.core.attack.scraping import unexplained_numbers
from survey_app.core.problems import ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.voices import Voices
from survey_app.core.questionnaire.model import Edition
from survey_app.inputs.pdf_text import read_pdf
from survey_app.inputs.report_texts import read_report_texts
from survey_app.services.reporting import Form, kept_report, render_html, render_report

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
SEAL = 16  # signs of the hash that a report prints
_HIDDEN = re.compile(r"<(style|script|svg)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ABOUT_NOBODY = frozenset((0, 10, 25, 30, 50, 75, 95, 100))  # ends of scales, limits of wording, level of intervals


def scrape_reports(
    cube: ProtectedCube, edition: Edition, *, files: Path | None = None, voices: Voices | None = None
) -> dict[str, frozenset[float]]:
    """Return, per report that can be made, the numbers in its text that the release does not say.

    Read are the page in every language, the PDF in the first of them, and the PDFs that were made before.
    Drawings are made of the same numbers; tests measure them.

    Args:
        cube: the release.
        edition: that of the release.
        files: folder of the program's files, with the PDFs made before; None when there are none.
        voices: its sealed voices. Numbers in quotes were looked at by two people, those of themes are rounded: both may
            stand there.
    """
    found = {}
    form, also = Form(voices=voices), _voiced(voices)
    for language in cube.languages:
        try:
            html = render_html(cube, edition, language, form)
        except ProblemsFound:
            continue  # there is no report in this language that could give anything away
        text = unescape(_TAG.sub(" ", _HIDDEN.sub(" ", html.decode())))
        found[f"report in {language}"] = _unexplained(text, cube, edition, language)
        pdf = _pdf(cube, edition, language, files, form=form, wanted=len(found) == 1)
        if pdf is not None:
            printed = read_pdf(pdf)
            pages = range(1, printed.pages + 1)
            found[f"PDF in {language}"] = _unexplained(printed.text, cube, edition, language, pages)
    return {report: numbers - also for report, numbers in found.items()}


def _voiced(voices: Voices | None) -> frozenset[float]:
    """The numbers that sealed voices say."""
    if voices is None:
        return frozenset()
    words = (*(quote.texts for quote in voices.quotes), *(theme.labels for theme in voices.themes))
    said = {number for texts in words for text in texts.values() for number in _numbers(text)}
    since = {number for theme in voices.themes for number in _numbers(theme.since.replace("Q", ""))}
    return frozenset({*said, *since, *(float(theme.n) for theme in voices.themes)})


def _pdf(
    cube: ProtectedCube, edition: Edition, language: str, files: Path | None, *, form: Form, wanted: bool
) -> bytes | None:
    kept = kept_report(cube, edition, language, files=files, form=form) if files else None
    if kept is not None or not wanted:
        return kept
    try:
        return render_report(cube, edition, language, form)
    except ProblemsFound:
        return None  # without the library that lays out text there is no PDF that could give anything away


def _unexplained(
    text: str, cube: ProtectedCube, edition: Edition, language: str, pages: Iterable[int] = ()
) -> frozenset[float]:
    for known in (cube.sha256[:SEAL], cube.release, cube.questionnaire_version, "SHA-256"):
        text = text.replace(known, " ")
    sources = (*edition.translations[language].texts.values(), *read_report_texts(language).texts.values())
    spoken = {number for source in sources for number in _numbers(source)}
    also = {*_ABOUT_NOBODY, *spoken, float(len(cube.languages)), *pages}
    return unexplained_numbers(_numbers(text), cube, also=also)


def _numbers(text: str) -> set[float]:
    return {float(number.replace(",", ".")) for number in NUMBER.findall(text)}
