"""Routing: what is asked, in which order, and which answers logic takes away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.items import Note
from survey_app.core.questionnaire.parse import parse
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import (
    Plan,
    asked,
    emphasised,
    first_open_screen,
    hidden_items,
    prune,
    route_of,
    screen_after,
    screen_before,
    screen_by_id,
)
from tests.small_questionnaire import TEXT


def _tuples(value):
    if isinstance(value, list):
        return tuple(_tuples(one) for one in value)
    if isinstance(value, dict):
        return {key: _tuples(one) for key, one in value.items()}
    return value


QUESTIONNAIRE = parse(_tuples(YAML(typ="safe").load(TEXT)))
PLAN = Plan(QUESTIONNAIRE, ("SCR", "MAIN"))
PATIENT = Answers({"A01": True, "A02": False, "A03": "patient", "A04": "S01"})


def path(answers):
    screens = [screen_after(PLAN, None, answers)]
    while screens[-1] is not None:
        screens.append(screen_after(PLAN, screens[-1].id, answers))
    return [screen.id for screen in screens[:-1]]


def test_consents_share_a_screen_and_every_other_item_has_its_own():
    assert [len(screen.items) for screen in PLAN.screens] == [2] + [1] * (len(PLAN.screens) - 1)


def test_an_item_behind_an_unmet_condition_is_passed_over():
    assert "B02" not in path(PATIENT.with_entries({"B01": "never"}))


def test_an_item_behind_a_met_condition_is_asked():
    assert "B02" in path(PATIENT.with_entries({"B01": "always"}))


@pytest.mark.parametrize("reason", [Missing.NOT_ANSWERED, Missing.PREFER_NOT])
def test_a_comparison_with_something_missing_is_false(reason):
    assert "B02" not in path(PATIENT.with_entries({"B01": reason}))


def test_do_not_know_counts_as_missing_in_a_comparison():
    assert "B02" not in path(PATIENT.with_entries({"B01": "dk"}))


def test_an_answer_is_taken_away_when_its_branch_closes_and_so_is_what_hangs_on_it():
    answers = PATIENT.with_entries({"B01": "never", "B02": "always", "B03": "never"})

    assert not {"B02", "B03"} & set(prune(PLAN, answers))


def test_a_module_for_patients_is_not_asked_of_carers():
    assert path(PATIENT.with_entries({"A03": "caregiver"})) == ["A01", "A03", "A04"]


def test_a_bereaved_person_is_led_out():
    screen = screen_by_id(PLAN, "A03")

    assert route_of(PLAN, screen, Answers({"A03": "bereaved"})) == "grief"


def test_back_leads_to_the_screen_that_was_shown_before():
    assert screen_before(PLAN, "B04", PATIENT.with_entries({"B01": "never"})).id == "B01"


def test_a_person_goes_on_at_the_first_item_not_yet_seen():
    answers = PATIENT.with_entries({"B01": Missing.NOT_ANSWERED})

    assert first_open_screen(PLAN, answers).id == "B04"


def test_safety_is_emphasised_by_its_rule_only():
    item = QUESTIONNAIRE.items["B11"]

    assert [emphasised(PLAN, item, Answers({"B11": code})) for code in ("sometimes", "always")] == [False, True]


CHOICES = st.fixed_dictionaries(
    {
        "A03": st.sampled_from(["patient", "caregiver"]),
        "A04": st.sampled_from(["S01", "S02"]),
        "B01": st.sampled_from(["never", "sometimes", "always", "dk", Missing.PREFER_NOT]),
        "B02": st.sampled_from(["never", "always", "dk", Missing.NOT_ANSWERED]),
        "B03": st.sampled_from(["never", "always"]),
    }
)


@given(CHOICES)
def test_a_path_never_repeats_a_screen_and_shows_no_hidden_item(entries):
    answers = prune(PLAN, Answers(entries))

    screens = path(answers)

    assert len(set(screens)) == len(screens)
    assert not hidden_items(PLAN, answers) & {
        item.id for one in screens for item in asked(PLAN, screen_by_id(PLAN, one), answers)
    }


@given(CHOICES)
def test_taking_away_twice_is_taking_away_once(entries):
    once = prune(PLAN, Answers(entries))

    assert prune(PLAN, once) == once


@given(CHOICES)
def test_stored_answers_come_back_as_they_were(entries):
    assert Answers.from_document(Answers(entries).to_document()) == Answers(entries)


def test_a_note_is_never_an_open_question():
    everything = {item.id: Missing.NOT_ANSWERED for item in PLAN.items.values() if not isinstance(item, Note)}

    assert first_open_screen(PLAN, Answers({**everything, **PATIENT.entries})) is None
