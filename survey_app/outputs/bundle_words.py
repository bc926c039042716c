"""The words of a codebook that are not in the questionnaire: the English source, and a reader of one language.

A word is addressed by its key, which is the `msgctxt` of the catalogues in `translations/bundle/`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent.parent / "translations" / "bundle"
ENGLISH = "en"

SOURCES: Mapping[str, str] = {
    "variable/id": "Random number of this row, made for this file alone",
    "variable/respondent": "Who answers",
    "variable/recall_mode": "Which time the answers are about",
    "variable/wave": "Which time of answering this is",
    "variable/score": "Score, nearest of 0, 25, 50, 75 and 100",
    "respondent/patient": "Patient",
    "respondent/proxy": "Someone else answers for the patient",
    "respondent/caregiver": "Person who supports a patient",
    "recall_mode/prospective": "The present time",
    "recall_mode/retrospective": "An earlier time, looking back",
    "recall_mode/not_told": "Not told",
    "recall/stage": "The heading of the step",
    "not_stated": "Not stated",
    "before_cells": "Before the cells",
    "after_cells": "From the day of the cells on",
    "chosen": "Chosen",
    "not_chosen": "Not chosen",
    "no_score": "Too few answers for a score",
    "missing/not_answered": "Left empty",
    "missing/not_reached": "Stopped before this question",
    "missing/not_shown": "Not asked, because of an earlier answer",
    "missing/prefer_not": "Preferred not to answer",
    "missing/not_applicable": "Did not apply",
    "missing/dont_know": "Did not know",
}


@cache
def words_in(language: str) -> Mapping[str, str]:
    """Return every word in `language`; in English where there is no catalogue of the language, or no word in it."""
    path = FOLDER / f"{language}.po"
    if language == ENGLISH or not path.is_file():
        return SOURCES
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    told = {message.context: str(message.string) for message in catalogue if message.context and message.string}
    return {key: told.get(key, source) for key, source in SOURCES.items()}


def territory_in(code: str, language: str) -> str:
    """Return the name of a country or region (UN M49) from CLDR; the code where CLDR has none."""
    return str(Locale.parse(language).territories.get(code, code))
