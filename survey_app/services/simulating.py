"""Synthetic respondents: invented people who walk through the real questionnaire by its real rules.

Their answers pass the same routing and validation as those of people. Nothing here is evidence of
anything; a study filled with them is marked synthetic on every page and file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from uuid import UUID

from sqlalchemy.orm import Session

from survey_app.core.participation.waves import stages_offered, suggested_stage
from survey_app.core.questionnaire.items import Consent
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.core.response.record import Wording
from survey_app.core.response.routing import Plan, plan_of
from survey_app.services.inventing import Person, walk
from survey_app.store.responses import add_responses

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
DRAWS = 2**31
COMES_AGAIN = 0.3
"""Chance that somebody who has finished answers a further wave."""
ROWS_AT_ONCE = 1000


def fill_study(  # noqa: PLR0913  # what decides about the people is named
    session: Session,
    study: Study,
    edition: Edition,
    *,
    batch_id: str | None,
    people: int,
    random: Random,
    month: str = "2026-11",
    definition: int = 1,
) -> int:
    """Store the responses of `people` invented people who answer to the end, and of some more who stop on the way.

    Where a study has several waves, some of those who came to the end come again, at a later stage.

    Returns:
        How many sent their answers, to the end or in part.

    Args:
        session: the transaction.
        study: a synthetic study; any other is refused.
        edition: its questionnaire.
        batch_id: closed batch to put them in, None for the open one.
        people: how many answer to the end, in the proportions of `PEOPLE_BY_COUNTRY`.
        random: the source of chance; the same seed gives the same people.
        month: month in which those who have not sent were last there.
        definition: number of the definition of `study`.

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
        made = [row for person in some for row in _rows(study, edition, person, random)]
        for row in made:
            sent = row["status"] != "draft"
            row |= {"batch_id": batch_id if sent else None, "last_month": None if sent else month}
            row["definition"] = definition
        add_responses(session, made)
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
        draw=random.randrange(DRAWS) if study.waves > 1 else 0,
    )


def _rows(study: Study, edition: Edition, person: Person, random: Random) -> list[dict[str, object]]:
    """The response of a person, and those of further waves."""
    plan = _plan(study, edition, person, ())
    answers, at_end = walk(plan, person, random)
    first = _row(study, edition, plan, person, answers)
    first |= {
        "id": str(UUID(int=random.getrandbits(128), version=4)),
        "code_hmac": f"{random.getrandbits(256):064x}",
        "person_tag": f"{random.getrandbits(256):064x}",
        "status": "draft" if not person.sends else "whole" if at_end else "part",
    }
    if study.waves == 1 or first["status"] != "whole":
        return [first]
    return [first, *_further(study, edition, person, answers, first, random)]


def _further(
    study: Study, edition: Edition, person: Person, answers: Answers, first: dict[str, object], random: Random
) -> Iterator[dict[str, object]]:
    """Come again at later stages, until chance or the study ends it."""
    earlier = [(person.mode, person.stage)]
    while len(earlier) < study.waves and random.random() < COMES_AGAIN:
        offered = stages_offered(edition.questionnaire, study, person.mode, earlier)
        if not offered:
            return
        stage = suggested_stage(edition.questionnaire, study, person.mode, earlier) or random.choice(offered)
        change = BURDEN_AT.get(stage, 0.0) - BURDEN_AT.get(person.stage, 0.0) + random.gauss(0, 0.4)
        person = replace(person, stage=stage, burden=person.burden + change)
        plan = _plan(study, edition, person, tuple(earlier))
        stays = {key for key, item in plan.items.items() if item.carried or isinstance(item, Consent)}
        begun = Answers({key: value for key, value in answers.entries.items() if key in stays})
        answers, _ = walk(plan, person, random, begun=begun)
        row = _row(study, edition, plan, person, answers)
        own = {"id": str(UUID(int=random.getrandbits(128), version=4)), "status": "whole"}
        yield {**row, **own, "code_hmac": first["code_hmac"], "person_tag": first["person_tag"]}
        earlier.append((person.mode, stage))


def _plan(study: Study, edition: Edition, person: Person, earlier: tuple[tuple[str, str], ...]) -> Plan:
    questionnaire = edition.questionnaire
    offered = stages_offered(questionnaire, study, person.mode, earlier)
    return plan_of(questionnaire, study.modules, person.mode, len(earlier) + 1, study.blocks, offered)


def _row(study: Study, edition: Edition, plan: Plan, person: Person, answers: Answers) -> dict[str, object]:
    wording = Wording().with_seen(answers, person.language, edition.translations[person.language].revision)
    return {
        "study_id": study.id,
        "wave": plan.wave,
        "questionnaire": study.questionnaire,
        "questionnaire_version": study.version,
        "language": person.language,
        "recall_mode": person.mode,
        "draw": person.draw,
        "wording": wording.to_document(),
        "answers": answers.to_document(),
        "received": {},
    }
