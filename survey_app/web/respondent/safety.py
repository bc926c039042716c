"""Where help is: the box beside a question, and when it stands out. Decided for the page, never stored."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from babel import Locale
from flask import current_app

from survey_app.core.help_lines import HelpLine, Kind
from survey_app.core.questionnaire.items import Country, Item
from survey_app.core.questionnaire.logic import parse_condition
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, Screen, emphasised, screen_before
from survey_app.services.helping import help_lines
from survey_app.services.responding import Participation
from survey_app.web.respondent.pages import desk
from survey_app.web.respondent.rules import Rule, rule_of
from survey_app.web.respondent.texts import texts_in

_PARTS = {
    "emergency_number": "help_emergency",
    "contact_own_team": "help_team",
    "helplines_country": "help_lines",
    "patient_organisation": "help_organisation",
    "bereavement_support_country": "help_bereavement",
}
TO_TALK: tuple[Kind, ...] = ("crisis", "emotional", "illness", "carers")
IN_GRIEF: tuple[Kind, ...] = ("bereavement",)
_KINDS: dict[str, tuple[Kind, ...]] = {"helplines_country": TO_TALK, "bereavement_support_country": IN_GRIEF}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A help line on a page. country: its name where it is not known in which one the person lives."""

    line: HelpLine
    country: str | None

    @property
    def call(self) -> str:
        """The address that dials the number."""
        return "tel:" + re.sub(r"[^+0-9]", "", self.line.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyBox:
    """A safety message in one language, with the ways to help below it.

    ways: sentences. lines: help lines that somebody has checked and that have not expired.
    rule: when the answers on this page make it stand out, as JSON for the browser; None where nothing on it does.
    """

    title: str
    text: str
    ways: tuple[str, ...]
    emphasised: bool
    lines: tuple[ShownLine, ...] = ()
    rule: str | None = None


def safety_box(
    edition: Edition,
    study: Study,
    message: str,
    language: str,
    *,
    emphasised: bool,
    lines: Sequence[ShownLine] = (),
) -> SafetyBox:
    """The box of one safety message; of `lines` those that it asks for. A way that is listed is not described too."""
    texts = texts_in(language)
    show = edition.questionnaire.safety_messages[message].show
    listed = {part: [one for one in lines if one.line.kind in _KINDS[part]] for part in show if part in _KINDS}
    return SafetyBox(
        title=edition.say(f"safety/{message}/title", language),
        text=edition.say(f"safety/{message}/text", language),
        ways=tuple(
            texts[_PARTS[part]].format(organisation=study.organisation, contact=study.contact)
            for part in show
            if part in _PARTS and not listed.get(part)
        ),
        emphasised=emphasised,
        lines=tuple(one for found in listed.values() for one in found),
    )


def boxes_of(
    held: Participation, screen: Screen, shown: tuple[Item, ...], language: str, *, lines: Sequence[ShownLine] = ()
) -> list[SafetyBox]:
    """The boxes of a screen: emphasised ones for what was just answered first, then its own.

    lines: help lines to list. What a device keeps for later gets none: they would outlive their check there.
    """
    loud = [item.safety.message for item in _just_answered(held, screen) if item.safety]
    own = {item.safety.message: _stands_out(held, item) for item in shown if item.safety}
    if not own and screen.module.page_safety:
        own = {screen.module.page_safety: False}
    messages = {**dict.fromkeys(loud, True), **{name: name in loud or out for name, out in own.items()}}
    rules = {name: _rule(held.plan, shown, name) for name in own if name not in loud}
    boxes = {
        message: safety_box(held.edition, held.study, message, language, emphasised=out, lines=lines)
        for message, out in messages.items()
    }
    return [replace(box, rule=rules.get(message)) for message, box in boxes.items()]


def lines_today(country: str | None, language: str, kinds: tuple[Kind, ...] = ()) -> list[ShownLine]:
    """The help lines that are good today: of the country if it is known, else in the language, with their countries."""
    folder = current_app.extensions["settings"].questionnaires
    found = help_lines(folder, country=country, language=language, today=desk().today(), kinds=kinds)
    names = Locale.parse(language).territories
    return [ShownLine(line=one, country=None if country else names.get(one.country, one.country)) for one in found]


def country_of(plan: Plan, answers: Answers) -> str | None:
    """The country in which the person lives, if that has been answered."""
    item = next((item.id for item in plan.items.values() if isinstance(item, Country)), None)
    value = answers.value(item) if item else None
    return value if isinstance(value, str) else None


def _just_answered(held: Participation, screen: Screen) -> list[Item]:
    before = screen_before(held.plan, screen.id, held.answers)
    return [item for item in before.items if _stands_out(held, item)] if before else []


def _stands_out(held: Participation, item: Item) -> bool:
    return emphasised(held.plan, item, held.answers)


def _rule(plan: Plan, shown: tuple[Item, ...], message: str) -> str | None:
    """When the answers to `shown` make the box stand out."""
    written = [item.safety.emphasise_if for item in shown if item.safety and item.safety.message == message]
    rules: list[Rule] = [rule_of(plan, parse_condition(one)) for one in written if one]
    if not rules:
        return None
    return json.dumps(rules[0] if len(rules) == 1 else ["or", *rules], separators=(",", ":"))
