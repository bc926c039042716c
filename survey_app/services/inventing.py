"""How an invented person answers: screen after screen, by the burden of a stage, by taste and by chance.

Their answers pass the same routing and validation as those of people. Nothing here is evidence of anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from survey_app.core.questionnaire.items import (
    BestWorst,
    Choice,
    Consent,
    Country,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Ranking,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, Screen, asked, prune, screen_after
from survey_app.core.response.validation import PREFER_NOT, YES, Raw, read_screen

MATTERS = {
    "B01": 1.2, "B02": 1.0, "B03": 1.6, "B04": 0.5, "B05": 0.6, "B06": 0.4, "B07": 0.3, "B08": 0.1,
    "B09": 0.2, "B10": -0.6, "B11": -0.2, "B12": -0.9, "B13": 0.1, "B14": -0.4, "B15": -1.1, "B16": -0.5,
}  # fmt: skip
"""Invented mean importance of the outcomes of best-worst lists, in standard deviations."""

SKIPPED, DECLINED, NO_LISTS = 0.015, 0.012, 0.12
"""Shares: items left empty, items declined, people who skip all best-worst lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person: who, where, how burdened (standard deviations), and how far they come.

    draw: as a response has one; the taste of the person hangs on it too.
    """

    country: str
    language: str
    role: str
    proxy: bool
    stage: str
    mode: str
    burden: float
    stops_after: int | None
    sends: bool
    draw: int = 0


def walk(plan: Plan, person: Person, random: Random, *, begun: Answers | None = None) -> tuple[Answers, bool]:
    """Answer screen after screen as `person`; return the answers and whether the end was reached.

    begun: answers that stand there already, of a wave before; their screens are passed over.
    """
    answers = begun or Answers()
    screen = screen_after(plan, None, answers)
    for step in range(10_000):
        if screen is None:
            return prune(plan, answers), True
        if person.stops_after is not None and step >= person.stops_after:
            break
        if any(item.id not in answers for item in asked(plan, screen, answers)):
            raw = _sent(plan, screen, answers, person, random)
            answers = answers.with_entries(read_screen(plan, screen, answers, raw, draw=person.draw))
        screen = screen_after(plan, screen.id, answers)
    return prune(plan, answers), False


def _sent(plan: Plan, screen: Screen, answers: Answers, person: Person, random: Random) -> Raw:
    """What the form of a screen sends when `person` has filled it in."""
    sent: dict[str, list[str]] = {}
    for item in asked(plan, screen, answers):
        if isinstance(item, BestWorst | Ranking):
            sent |= _ordered(plan, item, person, random)
        elif not isinstance(item, Note):
            sent[item.id] = _say(plan, item, person, random)
    return sent


def _ordered(plan: Plan, item: BestWorst | Ranking, person: Person, random: Random) -> dict[str, list[str]]:
    """Best and worst of a list, or the first places of a ranking, by what matters to the person."""
    if Random(f"lists {person.draw}").random() < NO_LISTS or random.random() < SKIPPED:  # noqa: S311  # no secrets
        return {}
    if isinstance(item, Ranking):
        best = sorted(item.options, key=lambda option: -_importance(option.code, person, random))
        return {f"{item.id}.{option.code}": [str(place)] for place, option in enumerate(best[: item.places], 1)}
    shown = plan.questionnaire.designs[item.design].shown(person.draw, item.list_number).objects
    order = sorted(shown, key=lambda code: _importance(code, person, random))
    return {f"{item.id}.best": [order[-1]], f"{item.id}.worst": [order[0]]}


def _importance(code: str, person: Person, random: Random) -> float:
    """How much something matters: to all, to this person, and at this moment."""
    taste = Random(f"{person.country} {person.role} {code}").gauss(0, 0.25)  # noqa: S311  # no secrets
    own = Random(f"{person.draw} {code}").gauss(0, 0.6)  # noqa: S311  # no secrets
    return MATTERS.get(code, 0.0) + taste + own + random.gauss(0, 0.5)


def _say(plan: Plan, item: Item, person: Person, random: Random) -> list[str]:
    fixed = _fixed(item, person)
    if fixed is not None:
        return [fixed] if fixed else []
    if not item.required and random.random() < SKIPPED:
        return []
    if not item.required and random.random() < DECLINED * (3 if item.sensitive else 1):
        return [PREFER_NOT]
    say = _SAY.get(type(item))
    return say(plan, item, person, random) if say else []


def _fixed(item: Item, person: Person) -> str | None:
    """What follows from who the person is; None where chance decides."""
    infused = "yes" if person.stage in POST else "wont" if person.stage == "X1" else "not_yet"
    known = {
        "SC06": "yes", "SC09": infused, "SC10": "other" if person.proxy else "self", "DM01": person.country,
    }  # fmt: skip
    if isinstance(item, Role):
        return person.role
    if isinstance(item, StageItem):
        return person.stage
    return known.get(item.id)


POST = ("S06", "S07", "S08", "S09", "S10", "S11", "X2")
WEIGHTS_OF: Mapping[str, tuple[int, ...]] = {
    "DM03": (4, 6, 11, 20, 30, 24, 5), "DM04": (46, 53, 1), "DM05": (44, 10, 9, 19, 9, 2, 1, 1, 1, 1, 3),
    "DM06": (92, 2, 2, 1, 3), "SC10": (83, 15, 2),
}  # fmt: skip


def _consent(_plan: Plan, item: Item, _person: Person, random: Random) -> list[str]:
    return [YES] if item.required or random.random() < 0.7 else []


def _choice(plan: Plan, item: Item, person: Person, random: Random) -> list[str]:
    options = plan.questionnaire.options_of(item)
    if item.id in WEIGHTS_OF:
        return [random.choices(options, WEIGHTS_OF[item.id])[0].code]
    real = [option for option in options if option.missing is None]
    if len(real) < len(options) and random.random() < 0.06:
        return [random.choice([option.code for option in options if option.missing])]
    if item.direction == "none" and not plan.questionnaire.marked(item, "unmet"):
        return [random.choice(real).code]
    ordered = sorted(real, key=lambda option: option.value or 0)
    return [ordered[_position(item, person, len(ordered), random)].code]


def _position(item: Item, person: Person, steps: int, random: Random) -> int:
    """Place on an ordered set: the burden, a trait of the item, and noise, cut into equal steps."""
    trait = Random(item.id).gauss(0, 0.45)  # noqa: S311  # invented people need no secrets
    latent = person.burden * 0.75 + trait + random.gauss(0, 0.75)
    if item.direction == "higher_better":
        latent = -latent + 0.35
    width = 3.0 / steps
    return min(steps - 1, max(0, int((latent + 1.5) / width)))


def _rating(plan: Plan, item: Item, person: Person, random: Random) -> list[str]:
    assert isinstance(item, Rating)
    ends = plan.questionnaire.rating_of(item)
    return [str(ends.low + _position(item, person, ends.high - ends.low + 1, random))]


def _multiple(plan: Plan, item: Item, person: Person, random: Random) -> list[str]:
    assert isinstance(item, MultiChoice)
    options = plan.questionnaire.options_of(item)
    if item.design:
        order = sorted(options, key=lambda option: -_importance(option.code, person, random))
        return [option.code for option in order[: item.max_choices]]
    if any(option.exclusive for option in options) and random.random() < 0.08:
        return [next(option.code for option in options if option.exclusive)]
    shared = [option.code for option in options if not option.exclusive]
    weights = [len(shared) - n for n in range(len(shared))]
    wanted = random.randint(1, item.max_choices or 3)
    return list(dict.fromkeys(random.choices(shared, weights, k=wanted)))


def _country(_plan: Plan, _item: Item, person: Person, random: Random) -> list[str]:
    return [person.country if random.random() < 0.93 else random.choice(["DE", "FR", "NL"])]


def _text(_plan: Plan, item: Item, _person: Person, random: Random) -> list[str]:
    assert isinstance(item, FreeText)
    return ["SYNTHETIC: an invented sentence."[: item.max_length]] if random.random() < 0.3 else []


_SAY: dict[type[Item], Callable[[Plan, Item, Person, Random], list[str]]] = {
    Consent: _consent,
    Choice: _choice,
    Rating: _rating,
    MultiChoice: _multiple,
    Country: _country,
    FreeText: _text,
}
