"""Synthetic respondents: invented people who walk through the real questionnaire by its real rules.

Their answers pass the same routing and validation as those of people. Nothing here is evidence of
anything; a study filled with them is marked synthetic on every page and file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey_app.core.questionnaire.items import (
    Choice,
    Consent,
    Country,
    FreeText,
    Item,
    MultiChoice,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, plan_of, prune, screen_after
from survey_app.core.response.validation import PREFER_NOT, YES, read_screen
from survey_app.store.responses import ResponseRow

PEOPLE_BY_COUNTRY: Mapping[str, int] = {
    "AT": 9, "BE": 27, "FR": 129, "DE": 57, "IE": 6, "IT": 12, "NL": 95, "PT": 7, "ES": 15, "GB": 32,
}  # fmt: skip
"""How many people of each country took part in a European CAR-T survey: Pennings et al. 2025, 389 in all."""

LANGUAGES_OF: Mapping[str, tuple[str, ...]] = {
    "AT": ("de",), "BE": ("nl", "fr"), "FR": ("fr", "fr", "fr", "fr", "ar"), "DE": ("de", "de", "de", "de", "ar"),
    "IE": ("en",), "IT": ("it",), "NL": ("nl",), "PT": ("pt",), "ES": ("es",), "GB": ("en",),
}  # fmt: skip

STAGE_WEIGHTS = {
    "S01": 5, "S02": 7, "S03": 5, "S04": 10, "S05": 4, "S06": 8, "S07": 10,
    "S08": 12, "S09": 10, "S10": 9, "S11": 7, "X1": 7, "X2": 6,
}  # fmt: skip
BURDEN_AT = {
    "S01": 0.25, "S02": 0.45, "S03": 0.2, "S04": 0.8, "S05": 0.5, "S06": 0.7, "S07": 0.5,
    "S08": 0.1, "S09": -0.2, "S10": -0.4, "S11": -0.45, "X1": 0.9, "X2": 1.0,
}  # fmt: skip
"""Invented mean burden of a stage, in standard deviations."""

CAREGIVERS, PROXIES, SENT_EARLY, NEVER_SENT = 0.115, 0.015, 0.06, 0.07
SKIPPED, DECLINED = 0.015, 0.012
ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented person: who, where, how burdened (standard deviations), and how far they come."""

    country: str
    language: str
    role: str
    proxy: bool
    stage: str
    mode: str
    burden: float
    stops_after: int | None
    sends: bool


def fill_study(
    session: Session, study: Study, edition: Edition, *, batch_id: str | None, people: int, random: Random
) -> int:
    """Store the responses of `people` invented people who answer to the end, and of some more who stop on the way.

    Returns:
        How many sent their answers, to the end or in part.

    Args:
        session: the transaction.
        study: a synthetic study; any other is refused.
        edition: its questionnaire.
        batch_id: closed batch to put them in, None for the open one.
        people: how many answer to the end, in the proportions of `PEOPLE_BY_COUNTRY`.
        random: the source of chance; the same seed gives the same people.

    Raises:
        ValueError: the study is not marked synthetic.
    """
    if not study.synthetic:
        raise ValueError("Invented people may only be put into a study that is marked synthetic.")
    early, never = round(people * SENT_EARLY), round(people * NEVER_SENT)
    everyone = [
        *_finishers(study, people, random),
        *_quitters(study, early, random, sends=True),
        *_quitters(study, never, random, sends=False),
    ]
    random.shuffle(everyone)
    for start in range(0, len(everyone), ROWS_AT_ONCE):
        some = everyone[start : start + ROWS_AT_ONCE]
        session.execute(insert(ResponseRow), [_row(study, edition, person, batch_id, random) for person in some])
    return people + early


def _finishers(study: Study, people: int, random: Random) -> Iterator[Person]:
    whole = sum(PEOPLE_BY_COUNTRY.values())
    exact = {country: people * count / whole for country, count in PEOPLE_BY_COUNTRY.items()}
    counts = {country: int(value) for country, value in exact.items()}
    left = sorted(exact, key=lambda country: (counts[country] - exact[country], country))
    for country in left[: people - sum(counts.values())]:
        counts[country] += 1
    for country, count in counts.items():
        yield from (_person(study, country, random, stops_after=None, sends=True) for _ in range(count))


def _quitters(study: Study, people: int, random: Random, *, sends: bool) -> Iterator[Person]:
    for country in random.choices(list(PEOPLE_BY_COUNTRY), list(PEOPLE_BY_COUNTRY.values()), k=people):
        yield _person(study, country, random, stops_after=random.randint(12 if sends else 2, 75), sends=sends)


def _person(study: Study, country: str, random: Random, *, stops_after: int | None, sends: bool) -> Person:
    offered = [language for language in LANGUAGES_OF[country] if language in study.languages]
    stage = random.choices(list(STAGE_WEIGHTS), list(STAGE_WEIGHTS.values()))[0]
    caregiver = random.random() < CAREGIVERS
    return Person(
        country=country,
        language=random.choice(offered or list(study.languages)),
        role="caregiver" if caregiver else "patient",
        proxy=not caregiver and random.random() < PROXIES,
        stage=stage,
        mode=random.choice(study.recall_modes),
        burden=random.gauss(BURDEN_AT[stage], 0.9),
        stops_after=stops_after,
        sends=sends,
    )


def _row(study: Study, edition: Edition, person: Person, batch_id: str | None, random: Random) -> dict[str, object]:
    plan = plan_of(edition.questionnaire, study.modules, person.mode, 1)
    answers, at_end = walk(plan, person, random)
    return {
        "id": str(UUID(int=random.getrandbits(128), version=4)),
        "study_id": study.id,
        "code_hmac": f"{random.getrandbits(256):064x}",
        "person_tag": f"{random.getrandbits(256):064x}",
        "wave": 1,
        "questionnaire": study.questionnaire,
        "questionnaire_version": study.version,
        "language": person.language,
        "recall_mode": person.mode,
        "status": "draft" if not person.sends else "whole" if at_end else "part",
        "batch_id": batch_id if person.sends else None,
        "draw": 0,
        "definition": 1,
        "wording": {"texts": [[person.language, edition.translations[person.language].revision]], "seen": {}},
        "answers": answers.to_document(),
        "received": {},
        "last_month": None if person.sends else "2026-11",
    }


def walk(plan: Plan, person: Person, random: Random) -> tuple[Answers, bool]:
    """Answer screen after screen as `person`; return the answers and whether the end was reached."""
    answers = Answers()
    screen = screen_after(plan, None, answers)
    for step in range(10_000):
        if screen is None:
            return prune(plan, answers), True
        if person.stops_after is not None and step >= person.stops_after:
            break
        raw = {item.id: _say(plan, item, person, random) for item in screen.items}
        answers = answers.with_entries(read_screen(plan, screen, answers, raw))
        screen = screen_after(plan, screen.id, answers)
    return prune(plan, answers), False


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


def _multiple(plan: Plan, item: Item, _person: Person, random: Random) -> list[str]:
    assert isinstance(item, MultiChoice)
    options = plan.questionnaire.options_of(item)
    if any(option.exclusive for option in options) and random.random() < 0.08:
        return [next(option.code for option in options if option.exclusive)]
    shared = [option.code for option in options if not option.exclusive]
    weights = [len(shared) - n for n in range(len(shared))]
    wanted = random.randint(1, item.max_choices or 3)
    return list(dict.fromkeys(random.choices(shared, weights, k=wanted)))


def _country(_plan: Plan, _item: Item, person: Person, random: Random) -> list[str]:
    return [person.country if random.random() < 0.93 else random.choice(["DE", "FR", "NL"])]


def _text(_plan: Plan, _item: Item, _person: Person, random: Random) -> list[str]:
    return ["SYNTHETIC: an invented sentence."] if random.random() < 0.3 else []


_SAY: dict[type[Item], Callable[[Plan, Item, Person, Random], list[str]]] = {
    Consent: _consent,
    Choice: _choice,
    Rating: _rating,
    MultiChoice: _multiple,
    Country: _country,
    FreeText: _text,
}
