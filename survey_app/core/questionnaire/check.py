"""Whole-questionnaire checks: ids, references, logic, privacy, scales; and translations against their source."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from survey_app.core.privacy import PrivacyClass
from survey_app.core.problems import Code, Problem
from survey_app.core.questionnaire.design import check_design
from survey_app.core.questionnaire.items import (
    BestWorst,
    Broader,
    Choice,
    ChoiceSet,
    Item,
    MultiChoice,
    Ranking,
    Rating,
    RatingSet,
)
from survey_app.core.questionnaire.logic import LogicError, comparisons, parse_condition
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parts import Scale

VARIABLES = ("stage", "wave")
MAY_REQUIRE = ("SCR",)
GAP = re.compile(r"\{[a-z_]+\}")

Problems = Iterator[Problem]


def check(questionnaire: Questionnaire) -> list[Problem]:
    """Return all that does not fit together; `where` is the path of keys in the file."""
    problems = [*_ids(questionnaire), *_references(questionnaire)]
    if problems:  # what follows looks things up by id
        return problems
    return [
        *_windows(questionnaire),
        *_designs(questionnaire),
        *_logic(questionnaire),
        *_privacy(questionnaire),
        *_scales(questionnaire),
    ]


def check_translation(
    texts: dict[str, str], translated: Iterable[tuple[str, str, str]], language: str
) -> list[Problem]:
    """Return what is wrong with a translation.

    Args:
        texts: key -> source sentence.
        translated: (key, source sentence that was translated, translation).
        language: for the sentences only.
    """
    problems: list[Problem] = []
    entries = list(translated)
    for key, count in Counter(key for key, _, _ in entries).items():
        if count > 1:
            problems.append(Problem(code=Code.TRANSLATION_TWICE, where=key, values={"given": key}))
    given = {key: (source, text) for key, source, text in entries}
    missing = [key for key in texts if not given.get(key, ("", ""))[1].strip()]
    if missing:
        values: dict[str, str | int] = {
            "language": language,
            "missing": len(missing),
            "total": len(texts),
            "given": missing[0],
        }
        problems.append(Problem(code=Code.TRANSLATION_MISSING, where=missing[0], values=values))
    for key, (source, text) in given.items():
        if key not in texts:
            problems.append(Problem(code=Code.TRANSLATION_UNKNOWN, where=key, values={"given": key}))
        elif source != texts[key]:
            problems.append(Problem(code=Code.TRANSLATION_STALE, where=key, values={"given": key}))
        elif text.strip() and set(GAP.findall(source)) - set(GAP.findall(text)):
            gaps = ", ".join(sorted(set(GAP.findall(source)) - set(GAP.findall(text))))
            gap_values: dict[str, str | int] = {"given": key, "missing": gaps}
            problems.append(Problem(code=Code.TRANSLATION_PLACEHOLDER, where=key, values=gap_values))
    return problems


def _each_item(questionnaire: Questionnaire) -> Iterator[tuple[str, Item]]:
    for m, module in enumerate(questionnaire.modules):
        for i, item in enumerate(module.items):
            yield f"modules.{m}.items.{i}", item


def _ids(questionnaire: Questionnaire) -> Problems:
    named: list[tuple[str, str, str]] = [("item", f"{path}.id", item.id) for path, item in _each_item(questionnaire)]
    named += [("modules", f"modules.{n}.id", module.id) for n, module in enumerate(questionnaire.modules)]
    named += [("scales", f"scales.{n}.id", scale.id) for n, scale in enumerate(questionnaire.scales)]
    named += [("stages", f"stages.{n}.code", stage.code) for n, stage in enumerate(questionnaire.stages)]
    named += [("roles", f"roles.{n}.code", role.code) for n, role in enumerate(questionnaire.roles)]
    named += _option_codes(questionnaire)
    named += [
        (name, f"designs.{name}.objects.{n}.code", one.code)
        for name, design in questionnaire.designs.items()
        for n, one in enumerate(design.objects)
    ]
    seen: set[tuple[str, str]] = set()
    for kind, path, given in named:
        if (kind, given) in seen:
            yield Problem(code=Code.ID_TWICE, where=path, values={"given": given})
        seen.add((kind, given))


def _option_codes(questionnaire: Questionnaire) -> Iterator[tuple[str, str, str]]:
    for path, item in _each_item(questionnaire):
        if isinstance(item, Choice | MultiChoice | Ranking):
            yield from ((item.id, f"{path}.options.{n}.code", option.code) for n, option in enumerate(item.options))
    for name, responses in questionnaire.response_sets.items():
        if isinstance(responses, ChoiceSet):
            path = f"response_sets.{name}.options"
            yield from ((name, f"{path}.{n}.code", option.code) for n, option in enumerate(responses.options))


def _unknown(where: str, kind: str, given: str, known: Iterable[str]) -> Problem:
    hint = f"Use one of: {', '.join(sorted(known)) or 'none is defined'}."
    return Problem(code=Code.REFERENCE_UNKNOWN, where=where, values={"kind": kind, "given": given, "hint": hint})


def _references(questionnaire: Questionnaire) -> Problems:
    messages = questionnaire.safety_messages
    roles = {role.code for role in questionnaire.roles}
    for m, module in enumerate(questionnaire.modules):
        if module.page_safety and module.page_safety not in messages:
            yield _unknown(f"modules.{m}.page_safety", "The safety message", module.page_safety, messages)
        for n, role in enumerate(module.audience):
            if role not in roles:
                yield _unknown(f"modules.{m}.audience.{n}", "The role", role, roles)
    for path, item in _each_item(questionnaire):
        yield from _item_references(questionnaire, path, item)
    yield from _scale_references(questionnaire)


def _item_references(questionnaire: Questionnaire, path: str, item: Item) -> Problems:
    messages, endings = questionnaire.safety_messages, questionnaire.endings
    if item.recall not in questionnaire.recall:
        yield _unknown(f"{path}.recall", "The recall frame", item.recall, questionnaire.recall)
    if item.safety and item.safety.message not in messages:
        yield _unknown(f"{path}.safety.message", "The safety message", item.safety.message, messages)
    if item.route and item.route.to not in endings:
        yield _unknown(f"{path}.route.to", "The ending", item.route.to, endings)
    yield from _answers_exist(questionnaire, path, item)


def _answers_exist(questionnaire: Questionnaire, path: str, item: Item) -> Problems:
    if isinstance(item, Rating):
        if not isinstance(questionnaire.response_sets.get(item.responses), RatingSet):
            known = [name for name, one in questionnaire.response_sets.items() if isinstance(one, RatingSet)]
            yield _unknown(f"{path}.responses", "The rating", item.responses, known)
    elif isinstance(item, BestWorst | MultiChoice):
        yield from _design_exists(questionnaire, path, item)
    elif isinstance(item, Choice):
        yield from _choice_answers_exist(questionnaire, path, item)


def _design_exists(questionnaire: Questionnaire, path: str, item: BestWorst | MultiChoice) -> Problems:
    if item.design and item.design not in questionnaire.designs:
        yield _unknown(f"{path}.design", "The design", item.design, questionnaire.designs)
    if isinstance(item, MultiChoice) and item.design and item.options:
        yield Problem(code=Code.OPTIONS_DOUBLED, where=path)
    elif isinstance(item, MultiChoice) and not item.design and len(item.options) < 2:
        yield Problem(code=Code.OPTIONS_MISSING, where=path)


def _choice_answers_exist(questionnaire: Questionnaire, path: str, item: Choice) -> Problems:
    if item.responses and item.options:
        yield Problem(code=Code.OPTIONS_DOUBLED, where=path)
    elif not item.responses and not item.options:
        yield Problem(code=Code.OPTIONS_MISSING, where=path)
    elif item.responses and not isinstance(questionnaire.response_sets.get(item.responses), ChoiceSet):
        known = [name for name, one in questionnaire.response_sets.items() if isinstance(one, ChoiceSet)]
        yield _unknown(f"{path}.responses", "The response set", item.responses, known)


def _scale_references(questionnaire: Questionnaire) -> Problems:
    ids = {scale.id for scale in questionnaire.scales}
    for s, scale in enumerate(questionnaire.scales):
        for n, item_id in enumerate(scale.items):
            if item_id not in questionnaire.items:
                yield _unknown(f"scales.{s}.items.{n}", "The item", item_id, questionnaire.items)
        for n, part in enumerate(scale.parts):
            if part not in ids - {scale.id}:
                yield _unknown(f"scales.{s}.parts.{n}", "The scale", part, ids - {scale.id})


def _windows(questionnaire: Questionnaire) -> Problems:
    for n, stage in enumerate(questionnaire.stages):
        if stage.day_from is not None and stage.day_to is not None and stage.day_from > stage.day_to:
            yield Problem(code=Code.WINDOW_REVERSED, where=f"stages.{n}", values={"given": stage.code})


def _designs(questionnaire: Questionnaire) -> Problems:
    for name, design in questionnaire.designs.items():
        yield from check_design(name, design)
    seen: set[tuple[str, int]] = set()
    for path, item in _each_item(questionnaire):
        if isinstance(item, BestWorst):
            lists = questionnaire.designs[item.design].lists
            if item.list_number > lists or (item.design, item.list_number) in seen:
                values: dict[str, str | int] = {"given": item.design, "limit": lists}
                yield Problem(code=Code.DESIGN_LIST_UNKNOWN, where=f"{path}.list", values=values)
            seen.add((item.design, item.list_number))
        elif isinstance(item, Ranking) and item.places > len(item.options):
            values = {"given": item.id, "limit": len(item.options)}
            yield Problem(code=Code.RANKING_TOO_MANY_PLACES, where=f"{path}.places", values=values)


def _logic(questionnaire: Questionnaire) -> Problems:
    earlier: set[str] = set()
    for path, item in _each_item(questionnaire):
        yield from _condition(questionnaire, f"{path}.show_if", item.show_if, earlier)
        if item.value_if_hidden:
            yield from _condition(questionnaire, f"{path}.value_if_hidden.when", item.value_if_hidden.when, earlier)
        earlier.add(item.id)
        if item.safety:
            yield from _condition(questionnaire, f"{path}.safety.emphasise_if", item.safety.emphasise_if, earlier)
        if item.route:
            yield from _condition(questionnaire, f"{path}.route.when", item.route.when, earlier)


def _condition(questionnaire: Questionnaire, where: str, text: str | None, earlier: set[str]) -> Problems:
    if text is None:
        return
    try:
        compared = list(comparisons(parse_condition(text)))
    except LogicError as error:
        yield Problem(code=Code.LOGIC_BROKEN, where=where, values={"given": text[:120], "detail": str(error)})
        return
    for name in dict.fromkeys(name for name, _ in compared):
        if name not in questionnaire.items and name not in VARIABLES:
            yield Problem(code=Code.LOGIC_UNKNOWN_NAME, where=where, values={"given": name})
        elif name not in earlier and name not in VARIABLES:
            yield Problem(code=Code.LOGIC_POINTS_FORWARD, where=where, values={"given": name})
    for name, literal in compared:
        known = _known_literals(questionnaire, name)
        if known and literal is not None and literal not in known:
            shown = ", ".join(str(one) for one in known)
            values = {"given": name, "value": str(literal), "known": shown}
            yield Problem(code=Code.LOGIC_UNKNOWN_OPTION, where=where, values=values)


def _known_literals(questionnaire: Questionnaire, name: str) -> list[int | str]:
    if name == "stage":
        return list(questionnaire.stage_codes)
    item = questionnaire.items.get(name)
    if item is None or not isinstance(item, Choice | MultiChoice | Ranking):
        return []
    options = questionnaire.options_of(item)
    return [option.code for option in options] + [option.value for option in options if option.value is not None]


def _privacy(questionnaire: Questionnaire) -> Problems:
    for path, item in _each_item(questionnaire):
        if item.sensitive and not item.safety:
            yield Problem(code=Code.SENSITIVE_WITHOUT_SAFETY, where=path)
        if item.required and questionnaire.module_of[item.id].id not in MAY_REQUIRE:
            yield Problem(code=Code.REQUIRED_NOT_ALLOWED, where=f"{path}.required")
        if not isinstance(item, Choice | MultiChoice):
            continue
        if item.privacy == PrivacyClass.QUASI_IDENTIFIER and not item.generalise and not item.drop_from_files:
            yield Problem(code=Code.QUASI_IDENTIFIER_WITHOUT_GENERALISATION, where=path)
        if item.generalise:
            codes = [option.code for option in questionnaire.options_of(item) if option.missing is None]
            yield from _covers(f"{path}.generalise", item.generalise, codes)
    if questionnaire.stage_groups:
        yield from _covers("stage_groups", questionnaire.stage_groups, list(questionnaire.stage_codes))


def _covers(where: str, groups: tuple[Broader, ...], codes: list[str]) -> Problems:
    counted = Counter(code for group in groups for code in group.options)
    wrong = [code for code in codes if counted[code] != 1] + [code for code in counted if code not in codes]
    if wrong:
        given = ", ".join(wrong)
        yield Problem(code=Code.GENERALISATION_INCOMPLETE, where=where, values={"given": given})


def _scales(questionnaire: Questionnaire) -> Problems:
    for s, scale in enumerate(questionnaire.scales):
        for n, item_id in enumerate(scale.items):
            if not _fits(questionnaire, scale, item_id):
                values: dict[str, str | int] = {
                    "scale": scale.id,
                    "given": item_id,
                    "low": scale.low,
                    "high": scale.high,
                }
                yield Problem(code=Code.SCALE_ITEM_UNFIT, where=f"scales.{s}.items.{n}", values=values)


def _fits(questionnaire: Questionnaire, scale: Scale, item_id: str) -> bool:
    item = questionnaire.items[item_id]
    if isinstance(item, Rating):
        ends = questionnaire.rating_of(item)
        return (ends.low, ends.high) == (scale.low, scale.high)
    options = questionnaire.options_of(item)
    numbers = [option.value for option in options if option.value is not None and option.missing is None]
    return isinstance(item, Choice) and bool(numbers) and (min(numbers), max(numbers)) == (scale.low, scale.high)
