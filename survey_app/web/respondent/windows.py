"""When a stage of the treatment usually is, in words that are right for every number in every language.

“Weeks before the cells: usually about 7 to 1”: the noun does not depend on the number.
"""

from babel.units import format_unit

from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.study import Study
from survey_app.web.respondent.texts import texts_in

DAYS_PER_WEEK = 7
DAYS_PER_MONTH = 30.44
WEEKS_FROM_DAYS = 14
MONTHS_FROM_DAYS = 100
OPEN_FROM_DAYS = 30  # “later than one day after” would help nobody


def window_of(study: Study, questionnaire: Questionnaire, stage: str) -> tuple[int | None, int | None]:
    """First and last day of `stage` in this study, counted from infusion (day 0); None is open.

    Raises:
        StopIteration: there is no such stage.
    """
    windows = [(one.code, one.day_from, one.day_to) for one in study.stages]
    windows += [(one.code, one.day_from, one.day_to) for one in questionnaire.stages]
    return next((first, last) for code, first, last in windows if code == stage)


def window_in_words(first: int | None, last: int | None, language: str) -> str | None:
    """When a stage from day `first` to day `last` is; None where there is nothing to say."""
    texts = texts_in(language)
    if first is not None and last is not None:
        unit, days = _unit(max(abs(first), abs(last)))
        shape = "before" if last < 0 else "after" if first >= 0 else "around"
        return texts[f"window_{shape}_{unit}"].format(first=round(abs(first) / days), last=round(abs(last) / days))
    if first is not None and first >= OPEN_FROM_DAYS:
        return texts["window_later"].format(first=round(first / DAYS_PER_MONTH))
    if last is not None and last <= -OPEN_FROM_DAYS:
        return texts["window_earlier"].format(last=round(-last / DAYS_PER_MONTH))
    return None


def minutes_in_words(minutes: int, language: str) -> str:
    """“1 minute”, “5 minutes”, as the language says it."""
    return format_unit(minutes, "minute", locale=language)


def _unit(days: int) -> tuple[str, float]:
    """Name and length in days of the unit that suits the longer end of a window."""
    if days >= MONTHS_FROM_DAYS:
        return "months", DAYS_PER_MONTH
    return ("weeks", DAYS_PER_WEEK) if days >= WEEKS_FROM_DAYS else ("days", 1)
