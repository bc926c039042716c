"""A release and a language -> the report as PDF or page; PDFs are kept by the hash of what they are made from."""

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.voices import Voices
from survey_app.core.questionnaire.model import Edition
from survey_app.core.report.asks import AskWords
from survey_app.core.report.compose import VERSION, compose, compose_sheet
from survey_app.core.report.model import Extent, Report
from survey_app.core.report.sheet import countries
from survey_app.core.report.texts import Texts
from survey_app.inputs.report_texts import read_report_texts, report_languages
from survey_app.outputs.as_html import DENSEST, TEMPLATES, to_html
from survey_app.outputs.as_pdf import pages_of, to_pdf

FOLDER = "reports"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Which report of a release.

    country: the page about that country alone (ISO 3166-1 alpha-2), of no extent.
    voices: the sealed quotes and themes of the release, for all but the page about a country.
    asks: what the organisation asks for, on the first page.
    ending: pdf, html, pptx (slides) or zip (picture cards); the last two are made from the first page.
    """

    extent: Extent = Extent.STANDARD
    country: str = ""
    voices: Voices | None = None
    asks: tuple[AskWords, ...] = ()
    ending: Literal["pdf", "html", "pptx", "zip"] = "pdf"


STANDARD = Form()


def compose_report(cube: ProtectedCube, edition: Edition, language: str, form: Form = STANDARD) -> Report:
    """Compose the report of a release, or the page about one country.

    Raises:
        ProblemsFound: the report or the questionnaire is not complete in this language.
    """
    texts = _texts(edition, language)
    if form.country:
        return compose_sheet(cube, edition, texts, form.country)
    return compose(cube, edition, texts, form.extent, form.voices, form.asks)


def render_html(cube: ProtectedCube, edition: Edition, language: str, form: Form = STANDARD) -> bytes:
    """Make the report as one self-contained HTML page, in UTF-8.

    Raises:
        ProblemsFound: the report or the questionnaire is not complete in this language.
    """
    return to_html(compose_report(cube, edition, language, form)).encode()


def render_report(cube: ProtectedCube, edition: Edition, language: str, form: Form = STANDARD) -> bytes:
    """Make the report as PDF: the same cube, words and version of this program are the same bytes.

    Raises:
        ProblemsFound: the language is not complete, or a system library is missing.
    """
    return _printed(compose_report(cube, edition, language, form))


def _printed(report: Report) -> bytes:
    """The PDF, the words of its first page as large as fits on one page."""
    first = replace(report, sections=())
    density = next((one for one in range(DENSEST) if pages_of(to_html(first, density=one)) == 1), DENSEST)
    return to_pdf(to_html(report, density=density))


def render_slides(cube: ProtectedCube, edition: Edition, language: str, form: Form = STANDARD) -> bytes:
    """Make the first page of the report as slides (PPTX).

    Raises:
        ProblemsFound: the report or the questionnaire is not complete in this language.
    """
    from survey_app.outputs.as_slides import to_slides  # noqa: PLC0415  # takes a while to load, and few ask for it

    return to_slides(compose_report(cube, edition, language, form))


def render_cards(cube: ProtectedCube, edition: Edition, language: str, form: Form = STANDARD) -> bytes:
    """Make picture cards of the headline findings (ZIP).

    Raises:
        ProblemsFound: the language is not complete, or a system library is missing.
    """
    from survey_app.outputs.as_cards import to_cards  # noqa: PLC0415  # takes a while to load, and few ask for it

    return to_cards(compose_report(cube, edition, language, form))


RENDER = {"pdf": render_report, "html": render_html, "pptx": render_slides, "zip": render_cards}
"""How a report is made, by the ending of its file."""


def report_file(cube: ProtectedCube, edition: Edition, language: str, *, files: Path, form: Form = STANDARD) -> bytes:
    """Give the PDF from `files`, made now if it is not there yet.

    Raises:
        ProblemsFound: the language is not complete, or a system library is missing.
    """
    path = _path(cube, edition, language, files, form)
    if not path.exists():
        _keep(path, RENDER[form.ending](cube, edition, language, form))
    return path.read_bytes()


def kept_report(
    cube: ProtectedCube, edition: Edition, language: str, *, files: Path, form: Form = STANDARD
) -> bytes | None:
    """Give the PDF from `files`, None if it is not there.

    Raises:
        ProblemsFound: the report or the questionnaire is not complete in this language.
    """
    path = _path(cube, edition, language, files, form)
    return path.read_bytes() if path.exists() else None


def render_many(
    cube: ProtectedCube, edition: Edition, languages: Iterable[str], *, files: Path, processes: int = 2
) -> dict[str, bytes]:
    """Give the PDFs of several languages; those not there yet are made side by side.

    Raises:
        ProblemsFound: a language is not complete, or a system library is missing.
    """
    wanted = {language: _path(cube, edition, language, files) for language in languages}
    new = [language for language, path in wanted.items() if not path.exists()]
    if len(new) > 1 and processes > 1:
        # A release is large: it goes to each process once, not once for each language.
        shares = [new[start::processes] for start in range(processes)]
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            jobs = [pool.submit(_render_some, cube, edition, share) for share in shares]
            for job in jobs:
                for language, content in job.result().items():
                    _keep(wanted[language], content)
    return {language: report_file(cube, edition, language, files=files) for language in wanted}


def known_country(cube: ProtectedCube, country: str) -> str:
    """Return the country if the release speaks of it, shown or not; empty stays empty.

    Raises:
        ProblemsFound: it does not.
    """
    known = countries(cube)
    if country and country not in known:
        values: dict[str, str | int] = {"given": country, "known": ", ".join(known) or "–"}
        raise ProblemsFound([Problem(code=Code.REPORT_COUNTRY_UNKNOWN, where=country, values=values)])
    return country


def _render_some(cube: ProtectedCube, edition: Edition, languages: Sequence[str]) -> dict[str, bytes]:
    return {language: render_report(cube, edition, language) for language in languages}


def _texts(edition: Edition, language: str) -> Texts:
    texts = read_report_texts(language)
    if language not in edition.languages:
        known = [code for code in report_languages() if code in edition.languages]
        total = len(edition.questionnaire.texts)
        values: dict[str, str | int] = {"given": language, "missing": total, "known": ", ".join(known)}
        raise ProblemsFound([Problem(code=Code.REPORT_LANGUAGE_MISSING, where=language, values=values)])
    return texts


def _path(cube: ProtectedCube, edition: Edition, language: str, files: Path, form: Form = STANDARD) -> Path:
    texts = _texts(edition, language)
    layout = "".join(path.read_text("utf-8") for path in sorted(TEMPLATES.iterdir()))
    wording = "\n".join((texts.state, *texts.texts.values()))
    revision = edition.translations[language].revision
    about = (form.extent, form.country, form.ending, form.voices.sha256 if form.voices else "", repr(form.asks))
    parts = (VERSION, cube.sha256, edition.sha256, language, *about, revision, wording, layout)
    return files / FOLDER / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.{form.ending}"


def _keep(path: Path, content: bytes) -> None:
    """Write a file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{hashlib.sha256(content).hexdigest()[:8]}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
