"""How a robot reads a page and fills its form, by what a person sees there."""

from dataclasses import dataclass
from random import Random
from typing import Any

from playwright.async_api import Locator, Page

from survey_app.core.questionnaire.items import Consent, Country, Day, FreeText, Item, MultiChoice, Number
from survey_app.core.response.routing import Plan

PREFER_NOT = "prefer_not"
DECLINES = 0.06
LEAVES_EMPTY = 0.08
WORDS = ["müde", "ça va", "alone", "وحيد", "no & yes <b>", 'she said "no"', "100 %", "😀", "O'Neill", "a\tb", "ﷺ", "-"]
LOOK = """root => {
  const form = root.querySelector('#f') || root.querySelector('main form');
  const fields = form ? [...form.elements].filter(one => one.name && one.type !== 'hidden') : [];
  const text = one => one ? one.textContent.trim() : '';
  return {
    screen: form ? form.dataset.screen || '' : '',
    fields: fields.filter(one => one.tagName !== 'BUTTON').map(one => ({
      name: one.name, type: one.type, value: one.value, checked: !!one.checked,
      options: one.options ? [...one.options].map(option => option.value) : []})),
    buttons: fields.filter(one => one.tagName === 'BUTTON' && !one.hidden).map(one => one.value),
    kept: text(root.querySelector('#kept')),
    problem: !!root.querySelector('.msg'),
    heading: text(root.querySelector('h1')),
    code: text(root.querySelector('.code [aria-hidden]') || root.querySelector('.code')),
    sent: form ? [...new FormData(form)].map(([name, value]) => [name, String(value)]) : [],
  };
}"""


@dataclass(frozen=True)
class Field:
    """One control: a radio or checkbox is one for each answer."""

    name: str
    type: str
    value: str
    checked: bool
    options: tuple[str, ...]

    @property
    def item(self) -> str:
        """The item that it belongs to."""
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class Sight:
    """What is on the page. sent: what its form would send now, by name."""

    screen: str
    fields: tuple[Field, ...]
    buttons: tuple[str, ...]
    kept: str
    problem: bool
    heading: str
    code: str
    sent: dict[str, list[str]]


async def look(page: Page) -> Sight:
    """Read the page; works with and without JavaScript."""
    told: dict[str, Any] = await page.locator("html").evaluate(LOOK)
    sent: dict[str, list[str]] = {}
    for name, value in told["sent"]:
        if name != "go":
            sent.setdefault(name, []).append(value)
    fields = tuple(Field(**{**one, "options": tuple(one["options"])}) for one in told["fields"])
    return Sight(**{**told, "fields": fields, "buttons": tuple(told["buttons"]), "sent": sent})


async def fill(page: Page, seen: Sight, plan: Plan, random: Random, *, badly: bool = False) -> None:
    """Answer what is on the page at random; badly: so that it cannot be read, where that can be done."""
    for name in dict.fromkeys(field.item for field in seen.fields):
        item = plan.items.get(name)
        mine = [field for field in seen.fields if field.item == name]
        if item is None or (random.random() < LEAVES_EMPTY and not item.required):
            continue
        await _fill_item(page, item, mine, random, badly=badly)


async def _fill_item(page: Page, item: Item, mine: list[Field], random: Random, *, badly: bool) -> None:
    apart = [field for field in mine if field.value == PREFER_NOT and field.type == "checkbox"]
    others = [field for field in mine if field not in apart]
    if apart and not isinstance(item, MultiChoice):
        declines = random.random() < DECLINES
        await _tick(page, apart[0], on=declines)
        if declines:
            return
    if others and others[0].type == "radio":
        await _choose(page, item, others, random, badly=badly)
    elif others and others[0].type == "checkbox":
        await _tick_some(page, item, mine, random, badly=badly)
    elif others and others[0].type == "select-one":
        await _select(page, item, others, random, badly=badly)
    elif others:
        await _field(page, others[0]).fill(_text(item, random, badly=badly))


async def _choose(page: Page, item: Item, radios: list[Field], random: Random, *, badly: bool) -> None:
    """One of the radio buttons of each name; of two names (best and worst) two that differ."""
    taken: set[str] = set()
    for name in dict.fromkeys(field.name for field in radios):
        offered = [field for field in radios if field.name == name and (badly or field.value not in taken)]
        if "." not in name and random.random() > DECLINES:
            offered = [field for field in offered if field.value != PREFER_NOT] or offered
        chosen = random.choice(offered)
        if item.route and random.random() < 0.8:  # seldom into an early ending
            chosen = offered[0]
        if not badly:
            taken.add(chosen.value)
        await _tick(page, chosen, on=True)


async def _tick_some(page: Page, item: Item, boxes: list[Field], random: Random, *, badly: bool) -> None:
    if isinstance(item, Consent):
        await _tick(page, boxes[0], on=not (badly and item.required))
        return
    assert isinstance(item, MultiChoice)
    options = {option.code: option for option in item.options}
    alone = [box for box in boxes if box.value == PREFER_NOT or getattr(options.get(box.value), "exclusive", False)]
    plain = [box for box in boxes if box not in alone]
    most = len(plain) if badly else min(item.max_choices or len(plain), len(plain))
    chosen = random.sample(plain, random.randint(1, most)) if plain else []
    if badly and alone:
        chosen = [*chosen, alone[0]]
    elif alone and random.random() < DECLINES:
        chosen = [random.choice(alone)]
    for box in boxes:
        if box.checked and box not in chosen:
            await _tick(page, box, on=False)
    for box in chosen:
        await _tick(page, box, on=True)


async def _select(page: Page, item: Item, selects: list[Field], random: Random, *, badly: bool) -> None:
    if isinstance(item, Country):
        await _field(page, selects[0]).select_option(random.choice([one for one in selects[0].options if one]))
        return
    places = [one for one in selects[0].options if one]
    chosen = random.sample(selects, random.randint(1, min(len(places), len(selects))))
    for select in selects:
        if select not in chosen and select.value:
            await _field(page, select).select_option("")
    for place, select in zip(places, chosen, strict=False):
        await _field(page, select).select_option(places[0] if badly else place)


def _text(item: Item, random: Random, *, badly: bool) -> str:
    if isinstance(item, Number):
        return "many" if badly else str(random.randint(item.low, item.high))
    if isinstance(item, Day):
        month = f"{random.randint(2005, 2025)}-{random.randint(1, 12):02}"
        return "yesterday" if badly else month if item.precision == "month" else f"{month}-{random.randint(1, 28):02}"
    assert isinstance(item, FreeText)
    if badly:
        return "x" * (item.max_length + 1)
    joint = random.choice([" ", " ", "\n", "  "])
    return joint.join(random.choices(WORDS, k=random.randint(1, 12)))[: item.max_length]


async def _tick(page: Page, field: Field, *, on: bool) -> None:
    where = _field(page, field)
    if on:
        await where.check()
    elif field.checked:
        await where.uncheck()


def _field(page: Page, field: Field) -> Locator:
    kind = f'[value="{field.value}"]' if field.type in {"radio", "checkbox"} else ":not([type=checkbox])"
    return page.locator(f'main [name="{field.name}"]{kind}')
