"""What a text gives away, as far as a machine can see. It helps people to black out; it decides nothing."""

import re
from difflib import SequenceMatcher

from survey_app.core.redaction.dates import age_marks, date_marks
from survey_app.core.redaction.lists import NO_LISTS, Lists, capital_marks, listed_marks
from survey_app.core.redaction.marks import DIRECT, Mark, joined
from survey_app.core.redaction.national import national_marks
from survey_app.core.redaction.patterns import address_marks, number_marks, phone_marks
from survey_app.core.redaction.reading import read

_WORD = re.compile(r"\w+")


def suggest(text: str, language: str, lists: Lists = NO_LISTS) -> tuple[Mark, ...]:
    """Return the places of a text that may point to somebody, in order, none overlapping another.

    Args:
        text: as somebody wrote it; places are positions in it.
        language: in which it is written; decides names of months, forms of telephone numbers, and lists.
        lists: the deployment's own words.
    """
    reading = read(text)
    return joined(
        (
            *address_marks(reading),
            *national_marks(reading),
            *phone_marks(reading, language),
            *age_marks(reading),
            *date_marks(reading, language),
            *number_marks(reading),
            *listed_marks(reading, language, lists),
            *capital_marks(reading, language),
        )
    )


def direct(text: str, language: str) -> tuple[Mark, ...]:
    """Return the places that no published text may hold: addresses, telephone, account and national numbers."""
    reading = read(text)
    found = (*address_marks(reading), *national_marks(reading), *phone_marks(reading, language))
    return tuple(mark for mark in joined(found) if mark.kind in DIRECT)


def shared_words(original: str, text: str) -> int:
    """Return how many words in a row `text` has taken over from `original`; what is verbatim can be searched for."""
    mine, theirs = (_WORD.findall(one.casefold()) for one in (text, original))
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.find_longest_match(0, len(mine), 0, len(theirs)).size
