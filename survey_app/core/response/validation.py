"""Raw strings of one screen -> typed values, or a problem for each bad item."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from survey_app.core.geography import COUNTRIES
from survey_app.core.privacy import Missing
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import (
    BestWorst,
    Choice,
    Consent,
    Country,
    Day,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Number,
    Ranking,
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

Raw = Mapping[str, Sequence[str]]
"""The strings sent, by form name (`names_of`)."""


def names_of(item: Item) -> tuple[str, ...]:
    """The names under which a page sends the answer to `item`, that of the item itself first.

    A best-worst choice comes in `ID.best` and `ID.worst`, a ranking in `ID.CODE` with the place of each answer;
    the id itself then carries only "I prefer not to answer".
    """
    if isinstance(item, BestWorst):
        return item.id, f"{item.id}.best", f"{item.id}.worst"
    if isinstance(item, Ranking):
        return item.id, *(f"{item.id}.{option.code}" for option in item.options)
    return (item.id,)


def read_screen(plan: Plan, screen: Screen, answers: Answers, raw: Raw, *, draw: int = 0) -> Entries:
    """Read what a page sent for the items of `screen` that are asked.

    Args:
        plan: what the response is asked from.
        screen: the page.
        answers: what was answered before.
        raw: the strings sent; a name left out counts as left empty.
        draw: the number of the response that decides which lists it sees.

    Raises:
        ProblemsFound: with the item id as `where`, one problem for each item that cannot be read; or
            with a name as `where` that belongs to no item asked here.
    """
    found: Entries = {}
    problems: list[Problem] = []
    shown = asked(plan, screen, answers)
    refuse_strangers(shown, raw)
    for item in shown:
        if isinstance(item, Note):
            continue
        try:
            found[item.id] = read_item(plan, item, raw, draw=draw)
        except ProblemsFound as one:
            problems.extend(one.problems)
    if problems:
        raise ProblemsFound(problems)
    return found


def refuse_strangers(shown: Sequence[Item], raw: Raw) -> None:
    """Refuse what is sent under a name of no item shown: made up, of another screen, or hidden by logic.

    Raises:
        ProblemsFound: with the first such name as `where`.
    """
    names = {name for item in shown for name in names_of(item)}
    stranger = next((name for name in raw if name not in names), None)
    if stranger is not None:
        raise ProblemsFound([Problem(code=Code.ANSWER_NOT_ASKED, where=stranger[:60], values={"given": stranger[:60]})])


def read_item(plan: Plan, item: Item, raw: Raw | Sequence[str], *, draw: int = 0) -> Value | Missing:
    """Read what was sent for one item.

    Args:
        plan: what the response is asked from.
        item: the item.
        raw: the strings sent, by form name; for an item with one name also its strings alone.
        draw: the number of the response that decides which lists it sees.

    Raises:
        ProblemsFound: it cannot be read, or is required and empty.
    """
    sent = raw if isinstance(raw, Mapping) else {item.id: raw}
    given = [text.strip() for text in sent.get(item.id, ()) if text.strip()]
    if isinstance(item, Consent):
        return _read_consent(item, given)
    if PREFER_NOT in given and not item.required:
        return Missing.PREFER_NOT
    if isinstance(item, BestWorst | Ranking):
        return _read_parts(plan, item, given, sent, draw)
    if not given:
        if item.required:
            raise _problem(Code.ANSWER_REQUIRED, item)
        return Missing.NOT_ANSWERED
    return _READ[type(item)](plan, item, given)


def _read_parts(plan: Plan, item: BestWorst | Ranking, given: Sequence[str], sent: Raw, draw: int) -> Value | Missing:
    if given:  # the name of the item itself carries nothing but "I prefer not to answer"
        raise _problem(Code.ANSWER_NOT_OFFERED, item)
    return _read_best_worst(plan, item, sent, draw) if isinstance(item, BestWorst) else _read_ranking(item, sent)


def _read_best_worst(plan: Plan, item: BestWorst, sent: Raw, draw: int) -> Value | Missing:
    best, worst = ([text.strip() for text in sent.get(name, ()) if text.strip()] for name in names_of(item)[1:])
    if not best and not worst:
        return Missing.NOT_ANSWERED
    shown = plan.questionnaire.designs[item.design].shown(draw, item.list_number)
    for given in (best, worst):
        if given:
            _one_of(item, given, shown.objects)
    if not best or not worst:
        raise _problem(Code.ANSWER_HALF, item)
    if best == worst:
        raise _problem(Code.ANSWER_BEST_IS_WORST, item)
    return shown.id, best[0], worst[0]


def _read_ranking(item: Ranking, sent: Raw) -> Value | Missing:
    offered = [str(place) for place in range(1, item.places + 1)]
    places: dict[str, str] = {}
    for option, name in zip(item.options, names_of(item)[1:], strict=True):
        given = [text.strip() for text in sent.get(name, ()) if text.strip()]
        if given:
            place = _one_of(item, given, offered)
            if place in places:
                raise _problem(Code.ANSWER_RANK_TWICE, item, place=place)
            places[place] = option.code
    for place in offered[: len(places)]:
        if place not in places:
            raise _problem(Code.ANSWER_RANK_GAP, item, place=place)
    return tuple(places[place] for place in offered[: len(places)]) or Missing.NOT_ANSWERED


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
    return _one_of(item, given, plan.stages_offered)


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
