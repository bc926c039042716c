"""Which screen is next, which items are asked, and which answers logic takes away again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from survey_app.core.questionnaire.items import (
    Choice,
    Consent,
    Item,
    MultiChoice,
    Note,
    Ranking,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.questionnaire.logic import Condition, Lookup, Operand, comparisons, parse_condition
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.parts import Module
from survey_app.core.response.answers import Answers, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What stands on one page: one item, or the items that the questionnaire or the study puts together.

    id: id of its first item.
    """

    id: str
    module: Module
    items: tuple[Item, ...]


Blocks = tuple[tuple[str, ...], ...]
"""Ids of the items that share a screen."""


@dataclass(frozen=True)
class Plan:
    """What one response is asked from: a version, the modules of the study, the recall mode and the wave.

    blocks: items that the study puts on one screen, each a row of neighbours (checked with the study).
    stages: codes of the stages offered; empty for all.
    """

    questionnaire: Questionnaire
    modules: tuple[str, ...]
    mode: str = "prospective"
    wave: int = 1
    blocks: Blocks = ()
    stages: tuple[str, ...] = ()

    def __hash__(self) -> int:
        version = (self.questionnaire.id, self.questionnaire.version)
        return hash((*version, self.modules, self.mode, self.wave, self.blocks, self.stages))

    @cached_property
    def screens(self) -> tuple[Screen, ...]:
        """All screens in the order of asking."""
        chosen = [module for module in self.questionnaire.modules if module.id in self.modules]
        heads = {item: f"block {block[0]}" for block in self.blocks for item in block}
        return tuple(screen for module in chosen for screen in _screens_of(module, heads))

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """The items of the plan by id, in the order of asking."""
        return {item.id: item for screen in self.screens for item in screen.items}

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The position of each screen."""
        return {screen.id: number for number, screen in enumerate(self.screens)}

    @cached_property
    def for_everyone(self) -> frozenset[str]:
        """Modules that are asked before it is known for whom the others are: consent and role."""
        return frozenset(
            screen.module.id
            for screen in self.screens
            if any(isinstance(item, Role | Consent) for item in screen.items)
        )

    @cached_property
    def stages_offered(self) -> tuple[str, ...]:
        """Codes of the stages that can be chosen, in the order of the journey."""
        return tuple(code for code in self.questionnaire.stage_codes if not self.stages or code in self.stages)

    @cached_property
    def stage_item(self) -> str | None:
        """Id of the item that asks for the stage."""
        return next((item.id for item in self.items.values() if isinstance(item, StageItem)), None)

    @cached_property
    def role_item(self) -> str | None:
        """Id of the item that asks for the role."""
        return next((item.id for item in self.items.values() if isinstance(item, Role)), None)

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        """The parsed condition of each item that has one."""
        return {item.id: parse_condition(item.show_if) for item in self.items.values() if item.show_if}

    @cached_property
    def readers(self) -> Mapping[str, tuple[int, ...]]:
        """For each item that decides: the positions of the items whose conditions name it, in the order of asking."""
        found: dict[str, list[int]] = {}
        for place, name in enumerate(self.items):
            condition = self.conditions.get(name)
            for named in {named for named, _ in comparisons(condition)} if condition else ():
                found.setdefault(self.stage_item or named if named == "stage" else named, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def numbers(self) -> Mapping[str, Mapping[str, int]]:
        """For each choice item: the number of each of its answers that is a real value."""
        return {
            item.id: {
                option.code: option.value for option in self.questionnaire.options_of(item) if option.value is not None
            }
            for item in self.items.values()
            if isinstance(item, Choice | MultiChoice | Ranking)
        }

    @cached_property
    def kinds_of_missing(self) -> Mapping[str, frozenset[str]]:
        """For each choice item: codes of the answers that stand for "no value" (did not need, do not know)."""
        return {
            item.id: frozenset(option.code for option in self.questionnaire.options_of(item) if option.missing)
            for item in self.items.values()
            if isinstance(item, Choice | MultiChoice | Ranking)
        }


def screens(plan: Plan) -> tuple[Screen, ...]:
    """All screens in the order of asking, whatever the answers."""
    return plan.screens


def screen_by_id(plan: Plan, screen_id: str) -> Screen | None:
    """The screen of that id, None if there is none."""
    place = plan.place.get(screen_id)
    return None if place is None else plan.screens[place]


def asked(plan: Plan, screen: Screen, answers: Answers) -> tuple[Item, ...]:
    """The items of `screen` that these answers leave to be shown."""
    if not _is_for(plan, screen.module, answers):
        return ()
    if not plan.conditions.keys() & {item.id for item in screen.items}:
        return screen.items
    return tuple(item for item in screen.items if _shows(plan, item, answers))


def screen_after(plan: Plan, screen_id: str | None, answers: Answers) -> Screen | None:
    """The next screen with something on it; the first for None; None at the end."""
    start = 0 if screen_id is None else plan.place[screen_id] + 1
    return next((screen for screen in plan.screens[start:] if asked(plan, screen, answers)), None)


def screen_before(plan: Plan, screen_id: str, answers: Answers) -> Screen | None:
    """The screen before with something on it, None at the beginning."""
    earlier = reversed(plan.screens[: plan.place[screen_id]])
    return next((screen for screen in earlier if asked(plan, screen, answers)), None)


def first_open_screen(plan: Plan, answers: Answers) -> Screen | None:
    """The first screen that holds an item not yet seen: where a person goes on. None when all were seen."""
    return next(
        (
            screen
            for screen in plan.screens
            if any(item.id not in answers and not isinstance(item, Note) for item in asked(plan, screen, answers))
        ),
        None,
    )


def hidden_items(plan: Plan, answers: Answers) -> frozenset[str]:
    """Ids of the items that are not asked, given the answers.

    Conditions look only backward, so one pass in the order of asking decides all; an answer to an
    item that is itself hidden no longer counts for later ones.
    """
    hidden: set[str] = set()
    visible = answers
    for screen in plan.screens:
        shown = {item.id for item in asked(plan, screen, visible)}
        gone = frozenset(item.id for item in screen.items) - shown
        hidden |= gone
        if any(item in visible for item in gone):
            visible = visible.without(gone)
    return frozenset(hidden)


def no_longer_asked(plan: Plan, answers: Answers, changed: Iterable[str]) -> frozenset[str]:
    """Ids of the answered items that logic hides now that the answers to `changed` are new.

    The same as `hidden_items` for answers from which nothing hidden was left before, and much quicker: only conditions
    that hang on what has changed are looked at, and those that hang on what goes with it.
    """
    news = set(changed)
    if plan.role_item in news:
        return hidden_items(plan, answers) & answers.entries.keys()
    gone: set[str] = set()
    waiting = sorted({place for name in news for place in plan.readers.get(name, ())})
    items = tuple(plan.items)
    while waiting:
        name = items[waiting.pop(0)]
        if name in answers and not _shows(plan, plan.items[name], answers):
            gone.add(name)
            answers = answers.without(frozenset({name}))
            waiting = sorted({*waiting, *plan.readers.get(name, ())})
    return frozenset(gone)


def prune(plan: Plan, answers: Answers) -> Answers:
    """The answers without those that logic hides."""
    return answers.without(hidden_items(plan, answers))


def route_of(plan: Plan, screen: Screen, answers: Answers) -> str | None:
    """The ending to which these answers lead from `screen`, None to go on."""
    for item in screen.items:
        if item.route and parse_condition(item.route.when).holds(_lookup(plan, answers)):
            return item.route.to
    return None


def progress(plan: Plan, screen_id: str, answers: Answers) -> tuple[int, int]:
    """Number of this screen among those asked, and how many are asked, as far as known now."""
    shown = [screen.id for screen in plan.screens if asked(plan, screen, answers)]
    number = shown.index(screen_id) + 1 if screen_id in shown else len(shown)
    return number, len(shown)


def stage_of(plan: Plan, answers: Answers) -> str | None:
    """The stage that the answers are about."""
    return _word(answers, plan.stage_item)


def role_of(plan: Plan, answers: Answers) -> str | None:
    """The role in which the person answers."""
    return _word(answers, plan.role_item)


def emphasised(plan: Plan, item: Item, answers: Answers) -> bool:
    """Tell whether the safety message of `item` is emphasised. Decided while a page is made; never stored."""
    rule = item.safety
    return bool(rule and rule.emphasise_if and parse_condition(rule.emphasise_if).holds(_lookup(plan, answers)))


def hidden_value(plan: Plan, item: Item, answers: Answers) -> int | None:
    """The value with which a hidden item counts in scores, None if it has none."""
    rule = item.value_if_hidden
    if rule and parse_condition(rule.when).holds(_lookup(plan, answers)):
        return rule.value
    return None


@lru_cache(maxsize=1024)
def plan_of(
    questionnaire: Questionnaire,
    modules: tuple[str, ...],
    mode: str,
    wave: int,
    blocks: Blocks = (),
    stages: tuple[str, ...] = (),
) -> Plan:
    """The plan of these parts, made once per process."""
    return Plan(questionnaire, modules, mode, wave, blocks, stages)


def _word(answers: Answers, item_id: str | None) -> str | None:
    value = answers.value(item_id) if item_id else None
    return value if isinstance(value, str) else None


def _screens_of(module: Module, heads: Mapping[str, str]) -> list[Screen]:
    grouped = groupby(module.items, key=lambda item: item.page or heads.get(item.id, item.id))
    found = [tuple(items) for _, items in grouped]
    return [Screen(id=items[0].id, module=module, items=items) for items in found]


def _is_for(plan: Plan, module: Module, answers: Answers) -> bool:
    role = role_of(plan, answers)
    return role is None or role in module.audience or module.id in plan.for_everyone


def _shows(plan: Plan, item: Item, answers: Answers) -> bool:
    condition = plan.conditions.get(item.id)
    return condition is None or condition.holds(_lookup(plan, answers))


def _lookup(plan: Plan, answers: Answers) -> Lookup:
    """Give conditions the answer of a name; `stage` and `wave` are names too."""

    def operand_of(name: str) -> Operand | None:
        if name == "stage":
            stage = stage_of(plan, answers)
            return Operand(code=stage) if stage else None
        if name == "wave":
            return Operand(number=plan.wave)
        value = answers.value(name)
        item = plan.items.get(name)
        return None if value is None or item is None else _operand(plan, item, value)

    return operand_of


def _operand(plan: Plan, item: Item, value: Value) -> Operand | None:
    if isinstance(item, MultiChoice | Ranking):
        codes = frozenset(value) if isinstance(value, tuple) else frozenset()
        return Operand(codes=codes) if codes - plan.kinds_of_missing[item.id] else None
    if isinstance(item, Choice):
        if value in plan.kinds_of_missing[item.id]:
            return None
        return Operand(code=str(value), number=plan.numbers[item.id].get(str(value)))
    if isinstance(item, Rating) or isinstance(value, int):
        return Operand(number=int(value)) if isinstance(value, int) else None
    return Operand(code=str(value))
