"""Invented people who walk through the real questionnaire, as a dataset; for tests of the rows."""

import random
from functools import cache
from pathlib import Path

from survey_app.core.dataset import ResponseRecord, dataset_of
from survey_app.core.response.routing import plan_of
from survey_app.inputs.questionnaire_files import load_edition
from survey_app.services import simulating

FOLDER = Path(__file__).parents[3] / "questionnaires" / "atmp_burden" / "0.1.0"
MODULES = ("SCR", "CJ", "CS", "EM", "CG", "SI", "DM")
PATIENTS = frozenset({"patient.prospective", "patient.retrospective"})
PUBLISHED = PATIENTS | {"caregiver"}


@cache
def an_edition():
    return load_edition(FOLDER)


@cache
def some_people(number=389, seed=3, waves=1):
    """`number` people in the countries of a real survey, some of whom stop early; each with a wave."""
    chance = random.Random(seed)
    questionnaire = an_edition().questionnaire
    records = []
    for position in range(number):
        stage = chance.choices(list(simulating.STAGE_WEIGHTS), list(simulating.STAGE_WEIGHTS.values()))[0]
        country = chance.choices(list(simulating.PEOPLE_BY_COUNTRY), list(simulating.PEOPLE_BY_COUNTRY.values()))[0]
        person = simulating.Person(
            country=country,
            language="en",
            role="caregiver" if chance.random() < 0.12 else "patient",
            proxy=chance.random() < 0.015,
            stage=stage,
            mode=chance.choice(["prospective", "retrospective"]),
            burden=chance.gauss(simulating.BURDEN_AT[stage], 0.9),
            stops_after=chance.randint(12, 75) if chance.random() < 0.06 else None,
            sends=True,
        )
        wave = chance.randint(1, waves)
        plan = plan_of(questionnaire, MODULES, person.mode, wave)
        answers, at_end = simulating.walk(plan, person, chance)
        records.append(
            ResponseRecord(
                person=f"{position:04d}",
                wave=wave,
                batch=1,
                status="whole" if at_end else "part",
                language="en",
                recall_mode=person.mode,
                questionnaire_version="0.1.0",
                answers=answers.with_entries({"SC03": True}),
            )
        )
    return dataset_of(questionnaire, records, MODULES)
