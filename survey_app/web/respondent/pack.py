"""All screens of a study in one language, so that a device can draw them alone when there is no network.

Drawn by the templates that draw the pages, with every question of a screen on it: the device takes away what is not
asked. The same for everybody; nothing of a person is in it.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from flask import url_for

from survey_app.core.problems import Code
from survey_app.core.questionnaire.items import (
    BestWorst,
    Choice,
    Consent,
    Day,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Number,
    Ranking,
    Rating,
)
from survey_app.core.questionnaire.logic import parse_condition
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, Screen
from survey_app.services.responding import Participation
from survey_app.web.assets import Asset
from survey_app.web.respondent.fields import Field, fields_of, shown_fields
from survey_app.web.respondent.pack_name import PackOrder, ordered, pack_name
from survey_app.web.respondent.pages import draw, draw_page, held_participation, in_study
from survey_app.web.respondent.rules import rule_of
from survey_app.web.respondent.safety import boxes_of, safety_box
from survey_app.web.respondent.texts import direction, texts_in

MOST_PACKS = 24
PAGES = ("review", "thanks", "pause", "stop")
KINDS: Mapping[type[Item], str] = {
    MultiChoice: "many",
    BestWorst: "pair",
    Ranking: "rank",
    Rating: "rating",
    Number: "number",
    Day: "day",
    FreeText: "text",
    Consent: "yes",
    Note: "note",
}

_made: OrderedDict[str, Asset] = OrderedDict()


def find_pack(name: str) -> Asset | None:
    """The pack of that name; None where neither a page of this process nor the response of this browser names it."""
    if name not in _made:
        order = ordered.get(name) or _own_order(name)
        if order is None:
            return None
        _made[name] = Asset("pack", "json", _content(order)).ready()
    _made.move_to_end(name)
    while len(_made) > MOST_PACKS:
        _made.popitem(last=False)
    return _made[name]


def _own_order(name: str) -> PackOrder | None:
    held = held_participation()
    if held is None:
        return None
    found = (language for language in held.study.languages if pack_name(held, language) == name)
    return next((PackOrder(held=held, language=language) for language in found), None)


def _content(order: PackOrder) -> bytes:
    return json.dumps(pack_of(order.held, order.language), ensure_ascii=False, separators=(",", ":")).encode()


def pack_of(held: Participation, language: str) -> dict[str, object]:
    """Everything that the script needs to draw and route all pages of this study alone."""
    shown = replace(held, plan=_everything(held.plan), answers=Answers())
    plan, edition, texts = held.plan, held.edition, texts_in(language)
    modules = {screen.module.id: screen.module for screen in plan.screens}
    roles = [role.code for role in edition.questionnaire.roles]
    return {
        "dir": direction(language),
        "title": held.study.title_in(language),
        "progress": texts["progress"],
        "role": plan.role_item,
        "stage": plan.stage_item,
        "modules": {
            module.id: {
                "title": edition.say(f"module/{module.id}/title", language),
                "intro": edition.say(f"module/{module.id}/intro", language) if module.intro else "",
                "roles": module.audience,
                "all": module.id in plan.for_everyone,
            }
            for module in modules.values()
        },
        "heads": _heads(held, language, roles),
        "screens": [_screen(shown, screen, language, roles) for screen in plan.screens],
        "items": {item.id: _item(held, item, language) for item in plan.items.values()},
        **_frame(held, language),
    }


def _everything(plan: Plan) -> Plan:
    """A plan on which every question is asked of everybody."""
    open_plan = replace(plan, stages=())
    open_plan.__dict__.update(conditions={}, for_everyone=frozenset(module.id for module in plan.questionnaire.modules))
    return open_plan


def _screen(shown: Participation, screen: Screen, language: str, roles: Iterable[str]) -> dict[str, object]:
    plain = _drawn(shown, screen, language)
    by_role = {role: _drawn(_as(shown, role), screen, language) for role in roles}
    boxes = boxes_of(shown, screen, screen.items, language)
    fields = fields_of(shown.edition, language)
    return {
        "id": screen.id,
        "module": screen.module.id,
        "items": [item.id for item in screen.items],
        "html": {"": plain, **{role: html for role, html in by_role.items() if html != plain}},
        "boxes": draw("offline.html", part="boxes", boxes=boxes),
        "skip": not any(fields[item.id].required or isinstance(item, Note | Consent) for item in screen.items),
    }


def _as(shown: Participation, role: str) -> Participation:
    entries = {shown.plan.role_item: role} if shown.plan.role_item else {}
    return replace(shown, answers=Answers(entries))


def _drawn(shown: Participation, screen: Screen, language: str) -> str:
    plan, edition = shown.plan, shown.edition
    fields = shown_fields(edition, shown.study, plan, shown.answers, screen.items, language)
    by_id = fields_of(edition, language)
    for place, item in enumerate(screen.items):
        if isinstance(item, BestWorst):
            fields[place] = replace(fields[place], offers=by_id[item.id].offers)  # the device picks its own
    html = draw(
        "screen.html",
        t=texts_in(language),
        fields=fields,
        given={},
        problems={},
        intro=None,
        heading=None,
        module_title=edition.say(f"module/{screen.module.id}/title", language),
    )
    return "\n".join(line for line in html.splitlines() if line.strip())


def _heads(held: Participation, language: str, roles: list[str]) -> dict[str, object]:
    """The time that questions are about, by name of the recall frame, by role, by stage (empty where none is known)."""
    stages = ["", *held.edition.questionnaire.stage_codes]
    asking = {item.recall: item for item in held.plan.items.values()}
    return {
        recall: {
            role: {
                stage: held.edition.heading(
                    item, stage=stage or None, mode=held.plan.mode, language=language, role=role or None
                )
                for stage in stages
            }
            for role in ["", *roles]
        }
        for recall, item in asking.items()
    }


def _item(held: Participation, item: Item, language: str) -> dict[str, object]:
    plan, field = held.plan, fields_of(held.edition, language)[item.id]
    found: dict[str, object] = {"k": KINDS.get(type(item), "one"), "recall": item.recall}
    if item.required:
        code = Code.CONSENT_NEEDED if isinstance(item, Consent) else Code.ANSWER_REQUIRED
        found["need"] = _say(code, language)
    if item.show_if:
        found["if"] = rule_of(plan, plan.conditions[item.id])
    if item.route:
        found["route"] = [rule_of(plan, parse_condition(item.route.when)), item.route.to]
    return {**found, **_limits(held, item, field, language)}


def _limits(held: Participation, item: Item, field: Field, language: str) -> dict[str, object]:
    """What an answer must keep to, with the sentence for each way in which it can fail."""
    found: dict[str, object] = {}
    match item:
        case Choice():
            found = {"codes": [offer.value for offer in field.offers]}
        case MultiChoice():
            found = _several(held, item, field, language)
        case Ranking():
            codes = [option.code for option in item.options]
            found = {"codes": codes, **_told(language, twice=Code.ANSWER_RANK_TWICE, gap=Code.ANSWER_RANK_GAP)}
        case BestWorst():
            found = {**_told(language, half=Code.ANSWER_HALF, same=Code.ANSWER_BEST_IS_WORST)}
        case Number(low=low, high=high):
            told = _told(language, nan=Code.ANSWER_NOT_A_NUMBER, range=Code.ANSWER_OUT_OF_RANGE)
            told = {name: sentence.format(low=low, high=high) for name, sentence in told.items()}
            found = {"low": low, "high": high, **told}
        case Day():
            monthly = item.precision == "month"
            wrong = _say(Code.ANSWER_NOT_A_DATE, language).format(example="2026-03" if monthly else "2026-03-14")
            found = {"month": monthly, "year": item.earliest_year, "wrong": wrong}
        case FreeText():
            found = {"limit": item.max_length, "long": _say(Code.ANSWER_TOO_LONG, language)}
    return found


def _told(language: str, **codes: Code) -> dict[str, str]:
    return {name: _say(code, language) for name, code in codes.items()}


def _several(held: Participation, item: MultiChoice, field: Field, language: str) -> dict[str, object]:
    labels = {offer.value: offer.label for offer in field.offers}
    options = held.edition.questionnaire.options_of(item)
    contradicts = _say(Code.ANSWER_CONTRADICTS, language)
    return {
        "codes": [option.code for option in options],
        "alone": {one.code: contradicts.format(given=labels[one.code]) for one in options if one.exclusive},
        "max": item.max_choices or 0,
        "over": _say(Code.ANSWER_TOO_MANY, language).format(limit=item.max_choices),
    }


def _say(code: Code, language: str) -> str:
    return texts_in(language)[f"problem_{code.name}"]


def _frame(held: Participation, language: str) -> dict[str, object]:
    """The page around the questions, and the pages without one."""
    setting = in_study(held.study, held.edition, language, switch_saves=True)
    questionnaire = held.edition.questionnaire
    switch = [
        (code, url_for("respondent.information", study_id=held.study.id, language=code))
        for code in held.study.languages
        if code != language
    ]
    whole = draw_page(
        "question.html",
        setting,
        switch=switch,
        state=None,
        action="",
        screen_id="",
        fields=[],
        given={},
        problems={},
        number=0,
        count=1,
        time_left=None,
        boxes=[],
        may_skip=True,
        has_back=True,
        intro=None,
        heading=None,
        module_title="",
    )
    before, main, after = _cut(whole, "<body>", '<main id="main" class="wrap" tabindex="-1">', "</main>", "</body>")
    texts = texts_in(language)
    pages = {name: draw("offline.html", part=name, t=texts) for name in PAGES}
    for name, ending in questionnaire.endings.items():
        box = safety_box(held.edition, held.study, ending.safety, language, emphasised=True) if ending.safety else None
        said = {part: held.edition.say(f"ending/{name}/{part}", language) for part in ("title", "text")}
        pages[f"end/{name}"] = draw("offline.html", part="ending", t=texts, box=box, **said)
    return {"before": before, "main": main, "after": after, "pages": pages}


def _cut(text: str, *marks: str) -> list[str]:
    """What stands between the marks."""
    places = [text.index(mark) for mark in marks]
    return [text[start + len(mark) : end] for (start, end), mark in zip(pairwise(places), marks, strict=False)]
