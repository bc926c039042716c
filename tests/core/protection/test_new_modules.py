"""What becomes of carers' answers, best-worst choices and rankings on the way to a release."""

import io
import random
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_app.core.analysis.best_worst import best_worst_scores
from survey_app.core.analysis.scoring import score_scales
from survey_app.core.dataset import PRIORITIES, Dataset, ResponseRecord, dataset_of
from survey_app.core.privacy import Missing
from survey_app.core.protection.cube import Population
from survey_app.core.protection.microdata import protect_rows
from survey_app.core.protection.people import populations_of
from survey_app.core.protection.variables import Variable, variables_of
from survey_app.core.questionnaire.items import BestWorst, Choice, Country, MultiChoice, Rating
from survey_app.core.questionnaire.model import Edition
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import asked, plan_of
from survey_app.inputs.questionnaire_files import load_edition
from survey_app.outputs.as_bundle import write_bundle
from tests.outputs.test_as_bundle import some_facts

FOLDER = Path(__file__).parents[3] / "questionnaires" / "atmp_burden" / "0.2.0"
MODULES = ("SCR", "CJ", "CS", "EM", "CG", "SI", "AC", "CA", "WM", "DM", "FB")
NEW = ("AC", "CA", "WM", "FB")


@cache
def edition() -> Edition:
    return load_edition(FOLDER, languages=("en",))


def answer(item, draw, chance):
    questionnaire = edition().questionnaire
    if isinstance(item, BestWorst):
        shown = questionnaire.designs[item.design].shown(draw, item.list_number)
        best, worst = chance.sample(shown.objects, 2)
        return Missing.NOT_ANSWERED if draw % 4 == 0 else (shown.id, best, worst)
    if isinstance(item, Choice):
        return chance.choice(questionnaire.options_of(item)).code
    if isinstance(item, MultiChoice):
        return (chance.choice(questionnaire.options_of(item)).code,)
    if isinstance(item, Rating):
        return chance.randint(0, 10)
    return "DE" if isinstance(item, Country) else Missing.NOT_ANSWERED


@cache
def records(number: int = 300) -> list[ResponseRecord]:
    chance = random.Random(11)
    found = []
    for n in range(number):
        plan = plan_of(edition().questionnaire, MODULES, "prospective", 1)
        answers = Answers(
            {
                **{f"SC0{one}": True for one in range(1, 6)},
                "SC06": "yes",
                "SC07": "caregiver" if n % 3 == 0 else "patient",
                "SC08": chance.choice(["S04", "S06", "S09"]),
            }
        )
        for screen in plan.screens:
            for item in asked(plan, screen, answers):
                if item.id not in answers:
                    answers = answers.with_entries({item.id: answer(item, n, chance)})
        found.append(
            ResponseRecord(
                person=f"{n:04d}",
                wave=1,
                batch=1,
                status="whole",
                language="en",
                recall_mode="prospective",
                questionnaire_version="0.2.0",
                answers=answers,
            )
        )
    return found


@cache
def people(number: int = 300) -> Dataset:
    return dataset_of(edition().questionnaire, records(number), MODULES)


@cache
def variables() -> dict[str, Variable]:
    questionnaire = edition().questionnaire
    scores = score_scales(questionnaire, people())
    return {one.published.id: one for one in variables_of(questionnaire, MODULES, people(), scores)}


def population(respondent: str, mode: str = "prospective") -> Population:
    return Population(id=respondent, respondent=respondent, recall_mode=mode)


def test_which_list_somebody_saw_and_rankings_are_in_no_column_and_no_published_variable():
    assert [name for name in people().frame if str(name).startswith(("WM01", "WM03"))] == []
    assert [name for name in variables() if name.startswith(("WM01", "WM03"))] == []


def test_of_each_list_one_object_is_best_one_is_worst_and_the_others_are_neither():
    frame = people().frame
    cells = frame[[f"BWS16/B{number:02d}" for number in range(1, 17)]].to_numpy()
    best, neither, worst = ((cells == place).sum(axis=1).tolist() for place in range(len(PRIORITIES)))
    answered = [n % 4 != 0 for n in range(len(frame))]

    assert PRIORITIES == ("best", "neither", "worst")
    assert best == worst == [4 * one for one in answered]
    assert neither == [8 * one for one in answered]
    assert set(cells[::4].ravel()) == {Missing.NOT_ANSWERED.code}


def test_the_mean_of_a_priority_is_its_best_worst_score():
    seen = [
        {"person": record.person, "list": value[0], "object": code, "choice": choice}
        for record in records()
        for item, value in record.answers.entries.items()
        if item.startswith("WM01") and isinstance(value, tuple)
        for code in edition().questionnaire.designs["BWS16"].by_id[value[0]]
        for choice in ["best" if code == value[1] else "worst" if code == value[2] else ""]
    ]
    scores = best_worst_scores(pd.DataFrame(seen))

    assert len(scores) == 16
    for code, score in scores.items():
        variable = variables()[f"BWS16/{code}"]
        numbers = np.array(variable.published.numbers, dtype=float)
        assert numbers[variable.cells[variable.real]].mean() == pytest.approx(score.score)
        assert variable.real.sum() == score.shown


def test_priorities_are_published_for_whole_populations_only():
    found = [variable for name, variable in variables().items() if name.startswith("BWS16/")]

    assert len(found) == 16
    assert not any(variable.crossed for variable in found)
    assert all(variable.is_for(population("patient")) for variable in found)


def test_the_easy_way_becomes_one_tick_per_object_of_those_who_answered_no_list():
    frame = people().frame
    ticks = [column for column in frame if str(column).startswith("WM02/")]

    assert len(ticks) == 16
    asked_easily = (frame["WM02/B01"] != Missing.NOT_SHOWN.code).to_numpy()
    assert [n for n, shown in enumerate(asked_easily) if shown] == list(range(0, len(frame), 4))


@pytest.mark.parametrize(
    "name", ["AC04", "AC11", "AC03/tests", "ACC_STR", "WM04", "WM05", "WM06/info", "CA03", "CAR_BUR", "CAR_SUP"]
)
def test_everything_else_of_the_new_modules_is_published(name: str):
    assert name in variables()


@pytest.mark.parametrize("name", ["FB01", "FB03", "WM03", "CA26"])
def test_own_words_and_how_the_survey_was_are_not(name: str):
    assert name not in variables()


@pytest.mark.parametrize("name", ["CA03", "CA12", "CA21", "CAR_BUR", "CAR_SUP"])
def test_what_carers_are_asked_is_for_carers_alone(name: str):
    variable = variables()[name]

    assert variable.is_for(population("caregiver"))
    assert not variable.is_for(population("patient"))
    assert not variable.is_for(population("proxy"))
    assert not variable.is_for(population("everyone"))


@pytest.mark.parametrize("name", ["CJ01", "AC04", "ACC_STR", "JBU"])
def test_what_patients_are_asked_is_not_for_carers(name: str):
    assert not variables()[name].is_for(population("caregiver"))
    assert variables()[name].is_for(population("patient"))


def test_carers_of_a_study_with_both_recall_modes_are_not_told_of_a_time():
    """They are one population then, and answers about now and about long ago are never pooled."""
    (carers,) = [
        one
        for one in populations_of(("patient", "caregiver"), ("prospective", "retrospective"))
        if one.id == "caregiver"
    ]

    assert not variables()["CA03"].is_for(carers)
    assert variables()["WM05"].is_for(carers)


def test_patients_were_not_shown_what_carers_are_asked():
    frame = people().frame
    patients = frame[frame["respondent"] == "patient"]

    assert set(patients["CA03"]) == {Missing.NOT_SHOWN.code}
    assert Missing.NOT_SHOWN.code not in set(frame[frame["respondent"] == "caregiver"]["CA03"])


def test_a_file_of_rows_says_that_lists_are_left_out_and_why():
    rows = protect_rows(
        people(600), edition().questionnaire, published=frozenset({"patient.prospective"}), chance=random.Random(1)
    )
    names = {column.name for column in rows.columns}

    assert {name: reason for name, reason in rows.left_out.items() if name.startswith("WM01")} == {
        f"WM01{letter}": "lists" for letter in "abcd"
    }
    assert {"WM02/B01", "WM04", "AC04", "score_ACC_STR"} <= names
    assert not {"WM03", "WM01a"} & names


def test_the_codebook_names_the_objects_of_a_design():
    rows = protect_rows(
        people(600), edition().questionnaire, published=frozenset({"patient.prospective"}), chance=random.Random(1)
    )
    facts = some_facts(languages=("en",))
    with zipfile.ZipFile(io.BytesIO(write_bundle(rows, {}, facts, edition()))) as archive:
        book = archive.read("codebook_en.csv").decode()

    assert "WM02/B08,WM02,B08,Which three results matter most to you? / Less fear and more calm," in book
