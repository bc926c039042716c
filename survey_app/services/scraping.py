"""H7 on reports: every number in the text of a rendered report must be one that the release says."""

import re
from html import unescape

from survey_app.core.attack.scraping import unexplained_numbers
from survey_app.core.problems import ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.questionnaire.model import Edition
from survey_app.inputs.report_texts import read_report_texts
from survey_app.services.reporting import render_html

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
SEAL = 16  # signs of the hash that a report prints
_HIDDEN = re.compile(r"<(style|script|svg)\b.*?</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ABOUT_NOBODY = frozenset((0, 10, 25, 30, 50, 75, 95, 100))  # ends of scales, limits of wording, level of intervals


def scrape_reports(cube: ProtectedCube, edition: Edition) -> dict[str, frozenset[float]]:
    """Return, per language in which the report can be made, the numbers in its text that the release does not say.

    The PDF is printed from this text. Drawings are made of the same numbers; tests measure them.
    """
    found = {}
    for language in cube.languages:
        try:
            html = render_html(cube, edition, language).decode()
        except ProblemsFound:
            continue  # there is no report in this language that could give anything away
        found[f"report in {language}"] = _unexplained(html, cube, edition, language)
    return found


def _unexplained(html: str, cube: ProtectedCube, edition: Edition, language: str) -> frozenset[float]:
    text = unescape(_TAG.sub(" ", _HIDDEN.sub(" ", html)))
    for known in (cube.sha256[:SEAL], cube.release, cube.questionnaire_version, "SHA-256"):
        text = text.replace(known, " ")
    sources = (*edition.translations[language].texts.values(), *read_report_texts(language).texts.values())
    spoken = {number for source in sources for number in _numbers(source)}
    also = {*_ABOUT_NOBODY, *spoken, float(len(cube.languages))}
    return unexplained_numbers(_numbers(text), cube, also=also)


def _numbers(text: str) -> set[float]:
    return {float(number.replace(",", ".")) for number in NUMBER.findall(text)}
