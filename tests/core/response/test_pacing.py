"""Facts about the time left: honest from the first question on, and learnt from enough times only."""

from functools import cache

import pytest

from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.items import Note
from survey_app.core.questionnaire.logic import comparisons
from survey_app.core.questionnaire.model import Edition
from survey_app.core.response.answers import Answers
from survey_app.core.response.pacing import (
    ENOUGH_TIMES,
    LAST_BUCKET,
    bucket_of,
    item_seconds,
    minutes_left,
    quantile_bucket,
    seconds_of,
    split_bucket,
)
from survey_app.core.response.routing import Plan, plan_of
from tests.web.respondent.conftest import catalogue

MODULES = ("SCR", "CJ", "CS", "EM", "CG", "DM")


@cache
def edition() -> Edition:
    return catalogue().editions["atmp_burden", "0.1.0"]


@cache
def plan() -> Plan:
    return plan_of(edition().questionnaire, MODULES, "prospective", 1)


def answered(*modules: str, role: str = "patient") -> Answers:
    """Everything in these modules skipped, but the role said."""
    role_item = plan().role_item
    ids = [item.id for screen in plan().screens for item in screen.items if screen.module.id in modules]
    return Answers({**dict.fromkeys(ids, Missing.NOT_ANSWERED), role_item: role})


def test_less_time_is_left_with_each_part_that_is_done():
    left = [minutes_left(edition(), plan(), answered(*MODULES[:n])) for n in range(len(MODULES))]

    assert left == sorted(left, reverse=True)
    assert left[0] > left[-1] >= 1


def test_nothing_is_left_when_every_question_was_seen():
    everything = Answers(dict.fromkeys(plan().items, Missing.NOT_ANSWERED))

    assert minutes_left(edition(), plan(), everything) is None


def test_a_page_before_the_role_counts_what_patients_are_asked():
    before = minutes_left(edition(), plan(), Answers())
    first = edition().questionnaire.roles[0].code
    after = minutes_left(edition(), plan(), Answers({plan().role_item: first}))

    assert before - after in {0, 1}


def test_a_part_for_others_does_not_count():
    assert minutes_left(edition(), plan(), answered(role="patient")) != minutes_left(
        edition(), plan(), answered(role="caregiver")
    )


def test_every_question_takes_a_time_that_a_person_can_believe():
    items = [item for item in edition().questionnaire.items.values() if not isinstance(item, Note)]
    times = {item.id: item_seconds(edition().questionnaire, item) for item in items}

    assert not {name: seconds for name, seconds in times.items() if not 4 <= seconds <= 200}


def all_but(*items: str) -> Answers:
    return Answers({name: Missing.NOT_ANSWERED for name in plan().items if name not in items})


def conditional() -> tuple[str, str]:
    """A question and the one that decides whether it comes."""
    for item in plan().items.values():
        names = {name for name, _ in comparisons(plan().conditions[item.id])} if item.show_if else set()
        if len(names) == 1 and names <= plan().items.keys():
            return item.id, names.pop()
    raise AssertionError("no question hangs on one other")


def test_a_question_that_hangs_on_an_open_one_counts_half():
    item, first = conditional()
    slow = {item: {24: ENOUGH_TIMES}, first: {0: ENOUGH_TIMES}}  # 256 seconds and one

    assert minutes_left(edition(), plan(), all_but(item, first), slow) == 3  # 128 + 1


def test_a_question_that_will_not_come_does_not_count():
    item, _ = conditional()

    assert minutes_left(edition(), plan(), all_but(item)) is None


def test_measured_times_count_only_when_there_are_enough():
    item = edition().questionnaire.items["CJ01"]
    modelled = item_seconds(edition().questionnaire, item)

    assert item_seconds(edition().questionnaire, item, {18: ENOUGH_TIMES - 1}) == modelled
    assert item_seconds(edition().questionnaire, item, {18: ENOUGH_TIMES}) == seconds_of(18) == 64


@pytest.mark.parametrize(
    ("times", "bucket"), [({3: 75, 9: 25}, 3), ({3: 74, 9: 26}, 9), ({0: 1, 1: 1, 2: 1, 25: 1}, 2), ({7: 1}, 7)]
)
def test_three_quarters_of_the_times_lie_below(times: dict[int, int], bucket: int):
    assert quantile_bucket(times) == bucket


@pytest.mark.parametrize("seconds", [0.0, 0.4, 1, 1.1, 2, 10, 59.9, 256, 400, 1e9])
def test_a_time_lies_in_its_bucket(seconds: float):
    bucket = bucket_of(seconds)

    assert 0 <= bucket <= LAST_BUCKET
    assert bucket == LAST_BUCKET or seconds <= seconds_of(bucket) * (1 + 1e-9)
    assert bucket == 0 or seconds > seconds_of(bucket - 1)


def test_questions_on_one_screen_share_its_time():
    assert split_bucket(bucket_of(60), 4) == bucket_of(16)
    assert split_bucket(bucket_of(60), 1) == bucket_of(60)


def test_measured_times_change_the_minutes():
    slow = {item: {24: 40} for item in plan().items}

    assert minutes_left(edition(), plan(), answered(), slow) > 2 * minutes_left(edition(), plan(), answered())
