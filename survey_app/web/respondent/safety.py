"""Where help is: the box beside a question, and when it stands out. Decided for the page, never stored."""

from dataclasses import dataclass

from survey_app.core.questionnaire.items import Item
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.routing import Screen, emphasised, screen_before
from survey_app.services.responding import Participation
from survey_app.web.respondent.texts import texts_in

_PARTS = {
    "emergency_number": "help_emergency",
    "contact_own_team": "help_team",
    "helplines_country": "help_lines",
    "patient_organisation": "help_organisation",
    "bereavement_support_country": "help_bereavement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyBox:
    """A safety message in one language, with the ways to help below it.

    rule: when the answers on this page make it stand out, as JSON for the browser; None where nothing on it does.
    """

    title: str
    text: str
    ways: tuple[str, ...]
    emphasised: bool
    rule: str | None = None


def safety_box(edition: Edition, study: Study, message: str, language: str, *, emphasised: bool) -> SafetyBox:
    """The box of one safety message. Names no help line: none is given that a study has not checked."""
    texts = texts_in(language)
    show = edition.questionnaire.safety_messages[message].show
    return SafetyBox(
        title=edition.say(f"safety/{message}/title", language),
        text=edition.say(f"safety/{message}/text", language),
        ways=tuple(
            texts[_PARTS[part]].format(organisation=study.organisation, contact=study.contact)
            for part in show
            if part in _PARTS
        ),
        emphasised=emphasised,
    )


def boxes_of(held: Participation, screen: Screen, shown: tuple[Item, ...], language: str) -> list[SafetyBox]:
    """The boxes of a screen: emphasised ones for what was just answered first, then its own."""
    loud = [item.safety.message for item in _just_answered(held, screen) if item.safety]
    own = {item.safety.message: _stands_out(held, item) for item in shown if item.safety}
    if not own and screen.module.page_safety:
        own = {screen.module.page_safety: False}
    messages = {**dict.fromkeys(loud, True), **{name: name in loud or out for name, out in own.items()}}
    return [
        safety_box(held.edition, held.study, message, language, emphasised=out) for message, out in messages.items()
    ]


def _just_answered(held: Participation, screen: Screen) -> list[Item]:
    before = screen_before(held.plan, screen.id, held.answers)
    return [item for item in before.items if _stands_out(held, item)] if before else []


def _stands_out(held: Participation, item: Item) -> bool:
    return emphasised(held.plan, item, held.answers)


def help_of(language: str) -> dict[str, list[str]]:
    """What the page “help and support” says, by part."""
    texts = texts_in(language)
    return {
        "urgent": [texts["help_emergency"], texts["help_team"]],
        "ill": [texts["help_team"]],
        "talk": [texts["help_lines"], texts["help_bereavement"]],
    }
