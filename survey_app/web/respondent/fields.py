"""The questions as a page shows them.

What a version in a language fixes is made once per process (`fields_of`); the rest hangs on who answers
(`shown_fields`).
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from babel import Locale

from survey_app.core.geography import COUNTRIES
from survey_app.core.privacy import Missing
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
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers, Value
from survey_app.core.response.routing import Plan, role_of
from survey_app.core.response.validation import PREFER_NOT, YES, names_of
from survey_app.web.respondent.texts import texts_in
from survey_app.web.respondent.windows import window_in_words, window_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One answer to choose.

    apart: a reason for no answer, drawn apart from the answers.
    note: a line in smaller letters below the label.
    """

    value: str
    label: str
    apart: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question in one language.

    kind: radio, rating, checks, best_worst, ranking, consent, country, line, text or note; says how it is drawn.
    hint: what to enter, for kinds that are typed in.
    low, high: the words at the ends of a rating.
    may_decline: “I prefer not to answer” is offered.
    places: how many of the offers can be put in order.
    """

    id: str
    kind: str
    text: str
    stem: str | None
    help: str | None
    offers: tuple[Offer, ...] = ()
    hint: str | None = None
    low: str | None = None
    high: str | None = None
    required: bool = False
    may_decline: bool = True
    max_length: int | None = None
    places: int = 0


_made: dict[tuple[str, str, str], Mapping[str, Field]] = {}


def fields_of(edition: Edition, language: str) -> Mapping[str, Field]:
    """All questions of a version in a language, by item id."""
    key = (edition.sha256, edition.translations[language].revision, language)
    if key not in _made:
        _made[key] = {item.id: _field(edition, item, language) for item in edition.questionnaire.items.values()}
    return _made[key]


def shown_fields(  # noqa: PLR0913  # all that decides what a person is shown
    edition: Edition,
    study: Study,
    plan: Plan,
    answers: Answers,
    items: tuple[Item, ...],
    language: str,
    *,
    draw: int = 0,
) -> list[Field]:
    """The questions of one page, for the person who gave these answers.

    draw: the number of the response that decides which lists it sees.
    """
    made, role = fields_of(edition, language), role_of(plan, answers)
    found = []
    for item in items:
        text = edition.question(item, language, mode=plan.mode, role=role)
        field = replace(made[item.id], text=text)
        if isinstance(item, StageItem):
            field = replace(field, offers=_stages_offered(field, study, plan, language))
        elif isinstance(item, BestWorst):
            by_code = {offer.value: offer for offer in field.offers}
            codes = edition.questionnaire.designs[item.design].shown(draw, item.list_number).objects
            field = replace(field, offers=tuple(by_code[code] for code in codes))
        found.append(field)
    return found


def _stages_offered(field: Field, study: Study, plan: Plan, language: str) -> tuple[Offer, ...]:
    return tuple(
        replace(offer, note=window_in_words(*window_of(study, plan.questionnaire, offer.value), language))
        for offer in field.offers
        if offer.value in plan.stages_offered
    )


def strings_of(answers: Answers, item: Item) -> dict[str, tuple[str, ...]]:
    """What a form sends for the answer stored, by form name: the inverse of reading a page."""
    if answers.missing(item.id) is Missing.PREFER_NOT:
        return {item.id: (PREFER_NOT,)}
    value = answers.value(item.id)
    if isinstance(value, tuple):
        return _several_strings(item, value)
    if value is None or value is False:
        return {}
    return {item.id: (YES if value is True else str(value),)}


def _several_strings(item: Item, value: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    if isinstance(item, BestWorst):
        return {name: (code,) for name, code in zip(names_of(item)[1:], value[1:], strict=True)}
    if isinstance(item, Ranking):
        return {f"{item.id}.{code}": (str(place),) for place, code in enumerate(value, 1)}
    return {item.id: value}


def words_of(field: Field, answers: Answers, language: str) -> str | None:
    """The answer to a question as it was shown, None where there is none."""
    if answers.missing(field.id) is Missing.PREFER_NOT:
        return texts_in(language)["prefer_not"]
    value = answers.value(field.id)
    return None if value is None else _words(field, value, language)


@cache
def countries_in(language: str) -> tuple[Offer, ...]:
    """All countries with their names from CLDR, in the order of the alphabet."""
    names = Locale.parse(language).territories
    offers = [Offer(value=code, label=names[code]) for code in COUNTRIES if code in names]
    return tuple(sorted(offers, key=lambda offer: _alphabetic(offer.label)))


def _alphabetic(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).removeprefix("ال")


def _words(field: Field, value: Value, language: str) -> str:
    if isinstance(value, bool):
        return texts_in(language)["agreed" if value else "not_agreed"]
    labels = {offer.value: offer.label for offer in field.offers}
    if not isinstance(value, tuple):
        return labels.get(str(value), str(value))
    if field.kind == "best_worst":
        texts, (_, best, worst) = texts_in(language), value
        said = [texts["said_most"].format(text=labels[best]), texts["said_least"].format(text=labels[worst])]
    elif field.kind == "ranking":
        said = [f"{place}. {labels[code]}" for place, code in enumerate(value, 1)]
    else:
        said = [labels[code] for code in value]
    return " · ".join(said)


def _field(edition: Edition, item: Item, language: str) -> Field:
    kind, more = _KINDS[type(item)]
    return Field(
        id=item.id,
        kind=kind,
        text=edition.say(f"item/{item.id}/text", language),
        stem=edition.say(f"item/{item.id}/stem", language) if item.stem else None,
        help=edition.say(f"item/{item.id}/help", language) if item.help else None,
        required=item.required,
        may_decline=not item.required and not isinstance(item, Consent | Note),
        **more(edition, item, language),
    )


def _choice(edition: Edition, item: Item, language: str) -> dict[str, Any]:
    questionnaire = edition.questionnaire
    offers = [
        Offer(
            value=option.code,
            label=edition.say(questionnaire.option_key(item, option), language),
            apart=option.missing is not None,
        )
        for option in questionnaire.options_of(item)
    ]
    return {"offers": tuple(offers)}


def _multiple(edition: Edition, item: Item, language: str) -> dict[str, Any]:
    assert isinstance(item, MultiChoice)
    texts = texts_in(language)
    limit = item.max_choices
    hint = texts["choose_at_most"].format(limit=limit) if limit else texts["choose_several"]
    return {**_choice(edition, item, language), "hint": hint}


def _ranking(edition: Edition, item: Item, language: str) -> dict[str, Any]:
    assert isinstance(item, Ranking)
    hint = texts_in(language)["ranking_hint"].format(places=item.places)
    return {**_choice(edition, item, language), "hint": hint, "places": item.places}


def _rating(edition: Edition, item: Item, language: str) -> dict[str, Any]:
    assert isinstance(item, Rating)
    ends = edition.questionnaire.rating_of(item)
    return {
        "offers": tuple(Offer(value=str(value), label=str(value)) for value in range(ends.low, ends.high + 1)),
        "low": f"{ends.low} = {edition.say(f'set/{item.responses}/low', language)}",
        "high": f"{ends.high} = {edition.say(f'set/{item.responses}/high', language)}",
    }


def _number(edition: Edition, item: Item, language: str) -> dict[str, Any]:
    assert isinstance(item, Number)
    hint = texts_in(language)["number_hint"].format(low=item.low, high=item.high)
    unit = f" ({edition.say(f'item/{item.id}/unit', language)})" if item.unit else ""
    return {"hint": hint + unit}


def _day(_edition: Edition, item: Item, language: str) -> dict[str, Any]:
    assert isinstance(item, Day)
    return {"hint": texts_in(language)["month_hint" if item.precision == "month" else "day_hint"]}


def _country(_edition: Edition, _item: Item, language: str) -> dict[str, Any]:
    return {"offers": countries_in(language)}


def _stage(edition: Edition, _item: Item, language: str) -> dict[str, Any]:
    codes = edition.questionnaire.stage_codes
    return {"offers": tuple(Offer(value=code, label=edition.say(f"stage/{code}/text", language)) for code in codes)}


def _role(edition: Edition, _item: Item, language: str) -> dict[str, Any]:
    codes = [role.code for role in edition.questionnaire.roles]
    return {"offers": tuple(Offer(value=code, label=edition.say(f"role/{code}/text", language)) for code in codes)}


def _text(_edition: Edition, item: Item, language: str) -> dict[str, Any]:
    assert isinstance(item, FreeText)
    hint = texts_in(language)["text_hint"].format(limit=item.max_length)
    return {"hint": hint, "max_length": item.max_length}


def _nothing(_edition: Edition, _item: Item, _language: str) -> dict[str, Any]:
    return {}


_KINDS: dict[type[Item], tuple[str, Callable[[Edition, Item, str], dict[str, Any]]]] = {
    Choice: ("radio", _choice),
    MultiChoice: ("checks", _multiple),
    BestWorst: ("best_worst", _choice),
    Ranking: ("ranking", _ranking),
    Rating: ("rating", _rating),
    Number: ("line", _number),
    Day: ("line", _day),
    Country: ("country", _country),
    StageItem: ("radio", _stage),
    Role: ("radio", _role),
    Consent: ("consent", _nothing),
    FreeText: ("text", _text),
    Note: ("note", _nothing),
}
