"""translations/report/LL.po -> Texts: the report's own sentences in one language, complete or refused."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.report.texts import ENGLISH, SOURCES, Texts

FOLDER = Path(__file__).parent.parent / "translations" / "report"
STATE_HEADER = "X-Translation-State"
_GAP = re.compile(r"\{[a-z_]+\}")


def report_languages() -> tuple[str, ...]:
    """Languages that have a catalogue, English first."""
    return (ENGLISH.language, *sorted(path.stem for path in FOLDER.glob("*.po")))


@cache
def read_report_texts(language: str) -> Texts:
    """Read the sentences of the report in `language`.

    A sentence that is missing, marked fuzzy, translated from another English sentence, or without the gaps of
    the English one, counts as not translated.

    Raises:
        ProblemsFound: the language has no catalogue, or it is not complete.
    """
    if language == ENGLISH.language:
        return ENGLISH
    path = FOLDER / f"{language}.po"
    if language not in report_languages():
        raise _missing(language, len(SOURCES))
    with path.open("rb") as stream:
        catalog = read_po(stream)
    texts = {key: text for key, source in SOURCES.items() if (text := _translation(catalog, key, source))}
    if len(texts) < len(SOURCES):
        raise _missing(language, len(SOURCES) - len(texts))
    headers = dict(catalog.mime_headers)
    return Texts(language=language, state=headers.get(STATE_HEADER, "draft"), texts=texts)


def _translation(catalog: Catalog, key: str, source: str) -> str:
    message = catalog.get(source, context=key)
    if message is None or message.fuzzy or not isinstance(message.string, str):
        return ""
    same_gaps = set(_GAP.findall(message.string)) == set(_GAP.findall(source))
    return message.string if same_gaps else ""


def _missing(language: str, count: int) -> ProblemsFound:
    values: dict[str, str | int] = {"given": language, "missing": count, "known": ", ".join(report_languages())}
    return ProblemsFound([Problem(code=Code.REPORT_LANGUAGE_MISSING, where=language, values=values)])
