"""Raw strings of one screen -> typed values, or a problem for each bad item."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from survey_app.core.geography import COUNTRIES
from survey_app.core.privacy import Missing
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import (
    Choice,
    Consent,
    Country,
    Day,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Number,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.response.answers import Answers, Value
from survey_app.core.response.routing import Plan, Screen, asked

PREFER_NOT = "prefer_not"
"""What a page sends for "I prefer not to answer"."""

YES = "yes"
"""What a page sends for a ticked consent."""

Entries = dict[str, Value | Missing]


def read_screen(plan: Plan, screen: Screen, answers: Answers, raw: Mapping[str, Sequence[str]]) -> Entries:
    """Read what a page sent for the items of `screen` that are asked.

    Args:
        plan: what the response is asked from.
        screen: the page.
        answers: what was answered before.
        raw: the strings sent, by item id; an item left out counts as left empty.

    Raises:
        ProblemsFound: with the item id as `where`, one problem for each item that cannot be read.
    """
    found: Entries = {}
    problems: list[Problem] = []
    for item in asked(plan, screen, answers):
        if isinstance(item, Note):
            continue
        try:
            found[item.id] = read_item(plan, item, raw.get(item.id, ()))
        except ProblemsFound as one:
            problems.extend(one.problems)
    if problems:
        raise ProblemsFound(problems)
    return found


def read_item(plan: Plan, item: Item, raw: Sequence[str]) -> Value | Missing:
    """Read what was sent for one item.

    Raises:
        ProblemsFound: it cannot be read, or is required and empty.
    """
    given = [text.strip() for text in raw if text.strip()]
    if isinstance(item, Consent):
        return _read_consent(item, given)
    if not given:
        if item.required:
            raise _problem(Code.ANSWER_REQUIRED, item)
        return Missing.NOT_ANSWERED
    if PREFER_NOT in given and not item.required:
        return Missing.PREFER_NOT
    return _READ[type(item)](plan, item, given)


def _problem(code: Code, item: Item, **values: str | int) -> ProblemsFound:
    return ProblemsFound([Problem(code=code, where=item.id, values=values)])


def _read_consent(item: Consent, given: list[str]) -> bool:
    agreed = YES in given
    if item.required and not agreed:
        raise _problem(Code.CONSENT_NEEDED, item)
    return agreed


def _one_of(item: Item, given: list[str], offered: Sequence[str]) -> str:
    if len(given) != 1 or given[0] not in offered:
        raise _problem(Code.ANSWER_NOT_OFFERED, item)
    return given[0]


def _read_choice(plan: Plan, item: Item, given: list[str]) -> Value:
    return _one_of(item, given, [option.code for option in plan.questionnaire.options_of(item)])


def _read_multiple(plan: Plan, item: Item, given: list[str]) -> Value:
    assert isinstance(item, MultiChoice)
    options = plan.questionnaire.options_of(item)
    if not set(given) <= {option.code for option in options}:
        raise _problem(Code.ANSWER_NOT_OFFERED, item)
    chosen = tuple(option.code for option in options if option.code in given)
    alone = [option for option in options if option.code in chosen and option.exclusive]
    if alone and len(chosen) > 1:
        raise _problem(Code.ANSWER_CONTRADICTS, item, given=alone[0].text)
    if item.max_choices and len(chosen) > item.max_choices:
        raise _problem(Code.ANSWER_TOO_MANY, item, limit=item.max_choices)
    return chosen


def _read_rating(plan: Plan, item: Item, given: list[str]) -> Value:
    assert isinstance(item, Rating)
    ends = plan.questionnaire.rating_of(item)
    return int(_one_of(item, given, [str(value) for value in range(ends.low, ends.high + 1)]))


def _read_number(_plan: Plan, item: Item, given: list[str]) -> Value:
    assert isinstance(item, Number)
    try:
        number = int(given[0])
    except ValueError:
        raise _problem(Code.ANSWER_NOT_A_NUMBER, item, low=item.low, high=item.high) from None
    if not item.low <= number <= item.high:
        raise _problem(Code.ANSWER_OUT_OF_RANGE, item, low=item.low, high=item.high)
    return number


def _read_day(_plan: Plan, item: Item, given: list[str]) -> Value:
    assert isinstance(item, Day)
    monthly = item.precision == "month"
    try:
        day = date.fromisoformat(f"{given[0]}-01" if monthly else given[0])
    except ValueError:
        day = date.min
    if day.year < item.earliest_year:
        raise _problem(Code.ANSWER_NOT_A_DATE, item, example="2026-03" if monthly else "2026-03-14")
    return day.isoformat()[:7] if monthly else day.isoformat()


def _read_country(_plan: Plan, item: Item, given: list[str]) -> Value:
    return _one_of(item, given, tuple(COUNTRIES))


def _read_stage(plan: Plan, item: Item, given: list[str]) -> Value:
    return _one_of(item, given, plan.questionnaire.stage_codes)


def _read_role(plan: Plan, item: Item, given: list[str]) -> Value:
    return _one_of(item, given, [role.code for role in plan.questionnaire.roles])


def _read_text(_plan: Plan, item: Item, given: list[str]) -> Value:
    assert isinstance(item, FreeText)
    text = "\n".join(given)
    if len(text) > item.max_length:
        raise _problem(Code.ANSWER_TOO_LONG, item, length=len(text), limit=item.max_length)
    return text


_READ: dict[type[Item], Callable[[Plan, Item, list[str]], Value]] = {
    Choice: _read_choice,
    MultiChoice: _read_multiple,
    Rating: _read_rating,
    Number: _read_number,
    Day: _read_day,
    Country: _read_country,
    StageItem: _read_stage,
    Role: _read_role,
    FreeText: _read_text,
}
