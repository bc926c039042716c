"""Every text of a questionnaire by its key, in the order of the file: what a translator translates.

A key such as `item/CJ01/text` is the `msgctxt` of translation files, so that a translator sees what a
sentence is for.
"""

from collections.abc import Iterable, Iterator, Mapping

from survey_app.core.questionnaire.design import Design
from survey_app.core.questionnaire.items import (
    Broader,
    Choice,
    Item,
    MultiChoice,
    Number,
    Ranking,
    RatingSet,
    ResponseSet,
)
from survey_app.core.questionnaire.parts import Ending, Module, RecallFrame, RoleOption, SafetyMessage, Scale, Stage

STAGE_TEXTS = ("text", "short", "heading_now", "heading_past", "heading_now_carer", "heading_past_carer")
WORDINGS = ("stem", "text", "text_past", "text_carer", "text_carer_past", "help")

Texts = Iterator[tuple[str, str]]


def of_journey(
    stages: Iterable[Stage],
    groups: Iterable[Broader],
    roles: Iterable[RoleOption],
    recall: Mapping[str, RecallFrame],
) -> Texts:
    """Yield the texts of stages, their groups, roles and recall headings."""
    for stage in stages:
        written = ((field, getattr(stage, field)) for field in STAGE_TEXTS)
        yield from ((f"stage/{stage.code}/{field}", text) for field, text in written if text)
    for group in groups:
        yield f"stage_group/{group.code}", group.text
    for role in roles:
        yield f"role/{role.code}/text", role.text
        yield f"role/{role.code}/short", role.short
    for name, frame in recall.items():
        for mode, text in (("prospective", frame.prospective), ("retrospective", frame.retrospective)):
            if text and text != "stage":
                yield f"recall/{name}/{mode}", text


def of_answers(sets: Mapping[str, ResponseSet], designs: Mapping[str, Design]) -> Texts:
    """Yield the texts of shared answers and of the objects of designs."""
    for name, responses in sets.items():
        if isinstance(responses, RatingSet):
            yield f"set/{name}/low", responses.low_text
            yield f"set/{name}/high", responses.high_text
        else:
            yield from ((f"set/{name}/{option.code}", option.text) for option in responses.options)
    for name, design in designs.items():
        yield from ((f"design/{name}/{one.code}", one.text) for one in design.objects)


def of_messages(messages: Mapping[str, SafetyMessage], endings: Mapping[str, Ending]) -> Texts:
    """Yield the texts of safety messages and endings."""
    for name, message in messages.items():
        yield f"safety/{name}/title", message.title
        yield f"safety/{name}/text", message.text
    for name, ending in endings.items():
        yield f"ending/{name}/title", ending.title
        yield f"ending/{name}/text", ending.text


def of_modules(modules: Iterable[Module]) -> Texts:
    """Yield the texts of modules and their items."""
    for module in modules:
        yield f"module/{module.id}/title", module.title
        if module.intro:
            yield f"module/{module.id}/intro", module.intro
        for item in module.items:
            yield from _of_item(item)


def of_scales(scales: Iterable[Scale]) -> Texts:
    """Yield the texts of scales."""
    for scale in scales:
        yield f"scale/{scale.id}/name", scale.name
        yield f"scale/{scale.id}/low", scale.low_text
        yield f"scale/{scale.id}/high", scale.high_text


def _of_item(item: Item) -> Texts:
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
