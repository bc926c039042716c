"""Dates and great ages in the words of each language. Names of months come from CLDR, through Babel."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from babel import Locale, UnknownLocaleError

from survey_app.core.redaction.marks import Kind, Mark
from survey_app.core.redaction.reading import Reading, read

VARIANTS = {"ar": ("ar", "ar_SY", "ar_DZ", "ar_MA", "ar_TN"), "de": ("de", "de_AT"), "en": ("en", "en_GB")}
"""Languages whose months have other names elsewhere."""
_YEAR = r"(?:19|20)\d\d"
_NUMERIC = re.compile(
    rf"(?<![\d.])(?:\d{{1,2}}\s?[./\-]\s?\d{{1,2}}\s?[./\-]\s?(?:\d{{4}}|\d\d)|{_YEAR}[./\-]\d{{1,2}}(?:[./\-]\d{{1,2}})?"
    rf"|\d{{1,2}}\s(?:de|del|di)\s\d{{1,2}}(?:\s(?:de|del|di)\s{_YEAR})?|\d{{1,2}}[./\-]{_YEAR}|\d{{1,2}}/\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}\.|{_YEAR}|[’']\d\d)(?!\d)"
)
_LINK = r"(?:st|nd|rd|th|er|re|°|o|a|e|\.)?\s*[,/\-]?\s*(?:of|de|del|do|di|d['’]|van|من)?\s*"

YEARS_OLD = (
    r"years?|yrs?|y[./]?\s?o\b|enn[ei]\b|j\.|jahr\w*|-?jahrig\w*|lebensjahr\w*|ans?\b|annees?|anos?|anni|anno|jaar|jarig\w*|"
    r"lat[ak]?\b|letni\w*|χρον\w+|ετων\b|ετη\b|"
    r"عام\w*|سنة|سنوات|سنه"
)
AGE_WORDS = (
    r"aged?|i am|i'm|she is|he is|turned|bin|ist|alter|alters|wurde|agee?|fete|a|ai|tengo|tiene|cumpl\w+|ho|ha|eta|"
    r"compi\w+|ik ben|is|werd|leeftijd|tenho|tem|fiz|fez|idade|edad|mam|wieku?|[su]konczy\w+|ειμαι|ειναι|ηλικι\w+|"
    r"عمري|عمره|عمرها|العمر|سن"
)
_GREAT = r"(?:9\d|1[01]\d|120)"
_AGE = re.compile(
    rf"(?<!\d){_GREAT}(?!\d)\s?-?\s?(?:\.\s?)?(?:{YEARS_OLD})|(?<!\w)(?:{AGE_WORDS})\s+(?:(?:de|los|las)\s+)?{_GREAT}(?![\d%])(?!\s?%)"
    rf"|(?<!\d){_GREAT}['’]?s\b",
    re.IGNORECASE,
)
_AGE_IN_WORDS = re.compile(
    r"\b(?:ninety|nineties|\w*neunzig|noventa|novant\w+|dziewiecdziesi\w+|ενενηντα|\w*negentig|nonante)\w*(?:[\s-]?(?:y|e|et)?[\s-]?\w{2,7})?"
    r"|quatre[\s-]vingts?[\s-](?:dix|onze|douze|treize|quatorze|quinze|seize)(?:[\s-](?:sept|huit|neuf))?|تسع(?:ون|ين)",
    re.IGNORECASE,
)


def date_marks(reading: Reading, language: str) -> Iterator[Mark]:
    """Yield dates: in figures, with the name of a month, a month or a year alone."""
    for pattern in (_NUMERIC, _months(language), _months("en")):
        for found in pattern.finditer(reading.text):
            yield reading.mark(found.start(), found.end(), Kind.DATE)


def age_marks(reading: Reading) -> Iterator[Mark]:
    """Yield ages from 90 to 120, in figures and in words."""
    for pattern in (_AGE, _AGE_IN_WORDS):
        for found in pattern.finditer(reading.text):
            yield reading.mark(found.start(), found.end(), Kind.AGE)


@cache
def _months(language: str) -> re.Pattern[str]:
    """A month with a day, a year or both, before or after; the full name alone as the language writes it."""
    full, short = _names(language)
    either = "|".join((*full, *short))
    alone = "|".join(full) or r"(?!)"
    after = rf"(?:\s*[,/\-]?\s*(?:de|del|of)?\s*(?:{_YEAR}|['’]?\d\d\b))?"
    with_day = rf"(?:{_YEAR}\s*,?\s*)?\d{{1,2}}{_LINK}(?:{either})\b\.?{after}"
    before = rf"\b(?:{either})\b\.?\s*(?:(?:de|del|of)\s*)?\d{{1,4}}(?:st|nd|rd|th)?(?:\s*,?\s*{_YEAR})?"
    return re.compile(rf"(?<!\w)(?i:{with_day}|{before})|\b(?:{alone})\b" if either else r"(?!)")


def _names(language: str) -> tuple[list[str], list[str]]:
    """Names of months in full and in short, longest first, as `read` writes them."""
    found: tuple[set[str], set[str]] = (set(), set())
    for code in VARIANTS.get(language, (language,)):
        try:
            months = Locale.parse(code).months
        except (UnknownLocaleError, ValueError):
            continue
        for width, names in (("wide", found[0]), ("abbreviated", found[1])):
            for context in ("format", "stand-alone"):
                names |= {read(str(name)).text.rstrip(".") for name in months[context][width].values()}
    full, short = found
    return _longest_first(full), _longest_first(short - full)


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(map(re.escape, names), key=len, reverse=True)
