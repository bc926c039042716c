"""Every text of a questionnaire by its key, and which of them a person is shown.

A key such as `item/CJ01/text` is the `msgctxt` of translation files, so that a translator sees what a
sentence is for.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_app.core.questionnaire.items import Choice, Item, MultiChoice, Number, Ranking, RatingSet, ResponseSet

if TYPE_CHECKING:
    from survey_app.core.questionnaire.model import Questionnaire

STAGE_HEADINGS = ("heading_now", "heading_past", "heading_now_carer", "heading_past_carer")
WORDINGS = ("stem", "text", "text_past", "text_carer", "text_carer_past", "help")


def question_key(questionnaire: "Questionnaire", item: Item, *, mode: str, role: str | None) -> str:
    """The text key of the question of `item` for a person of this role, who thinks of now or back.

    The nearest wording that the item has: that for carers when looking back, for carers, for looking back, the plain.
    """
    past = mode == "retrospective"
    wanted = [
        ("text_carer_past", past and role in questionnaire.carers),
        ("text_carer", role in questionnaire.carers),
        ("text_past", past),
    ]
    field = next((name for name, fits in wanted if fits and getattr(item, name)), "text")
    return f"item/{item.id}/{field}"


def heading_key(
    questionnaire: "Questionnaire", item: Item, *, stage: str | None, mode: str, role: str | None = None
) -> str | None:
    """The text key of the recall heading above `item`; None where the item asks about no period."""
    frame = questionnaire.recall[item.recall]
    text = frame.prospective if mode == "prospective" else frame.retrospective
    if text is None:
        return None
    if text != "stage":
        return f"recall/{item.recall}/{mode}"
    if stage is None:
        return None
    key = f"stage/{stage}/heading_{'now' if mode == 'prospective' else 'past'}"
    carer = f"{key}_carer"
    return carer if role in questionnaire.carers and carer in questionnaire.texts else key


def all_texts(questionnaire: "Questionnaire") -> Iterator[tuple[str, str]]:
    """Yield key and text of everything that a translator translates, in the order of the file."""
    yield "title", questionnaire.title
    yield from _journey_texts(questionnaire)
    for name, responses in questionnaire.response_sets.items():
        yield from _set_texts(name, responses)
    for name, design in questionnaire.designs.items():
        yield from ((f"design/{name}/{one.code}", one.text) for one in design.objects)
    yield from _message_texts(questionnaire)
    for module in questionnaire.modules:
        yield f"module/{module.id}/title", module.title
        if module.intro:
            yield f"module/{module.id}/intro", module.intro
        for item in module.items:
            yield from _item_texts(item)
    for scale in questionnaire.scales:
        yield f"scale/{scale.id}/name", scale.name
        yield f"scale/{scale.id}/low", scale.low_text
        yield f"scale/{scale.id}/high", scale.high_text


def _journey_texts(questionnaire: "Questionnaire") -> Iterator[tuple[str, str]]:
    for stage in questionnaire.stages:
        written = ((field, getattr(stage, field)) for field in ("text", "short", *STAGE_HEADINGS))
        yield from ((f"stage/{stage.code}/{field}", text) for field, text in written if text)
    for group in questionnaire.stage_groups:
        yield f"stage_group/{group.code}", group.text
    for role in questionnaire.roles:
        yield f"role/{role.code}/text", role.text
        yield f"role/{role.code}/short", role.short
    for name, frame in questionnaire.recall.items():
        for mode, text in (("prospective", frame.prospective), ("retrospective", frame.retrospective)):
            if text not in (None, "stage"):
                yield f"recall/{name}/{mode}", str(text)


def _set_texts(name: str, responses: ResponseSet) -> Iterator[tuple[str, str]]:
    if isinstance(responses, RatingSet):
        yield f"set/{name}/low", responses.low_text
        yield f"set/{name}/high", responses.high_text
        return
    for option in responses.options:
        yield f"set/{name}/{option.code}", option.text


def _message_texts(questionnaire: "Questionnaire") -> Iterator[tuple[str, str]]:
    for name, message in questionnaire.safety_messages.items():
        yield f"safety/{name}/title", message.title
        yield f"safety/{name}/text", message.text
    for name, ending in questionnaire.endings.items():
        yield f"ending/{name}/title", ending.title
        yield f"ending/{name}/text", ending.text


def _item_texts(item: Item) -> Iterator[tuple[str, str]]:
    for field in WORDINGS:
        text = getattr(item, field)
        if text:
            yield f"item/{item.id}/{field}", text
    if isinstance(item, Number) and item.unit:
        yield f"item/{item.id}/unit", item.unit
    if isinstance(item, Choice | MultiChoice | Ranking):
        for option in item.options:
            yield f"item/{item.id}/option/{option.code}", option.text
    if isinstance(item, Choice | MultiChoice):
        for group in item.generalise:
            yield f"item/{item.id}/group/{group.code}", group.text
