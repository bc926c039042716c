"""Facts about times: only heaps of many people reach the table, and a count never costs an answer."""

from dataclasses import dataclass

import pytest
from sqlalchemy import create_engine, text

from survey_app.core.questionnaire.model import Edition
from survey_app.services.pacing import HEAP, Paces
from survey_app.store.database import Sessions, make_sessions
from tests.builders import one_for_all
from tests.web.respondent.conftest import catalogue


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def edition() -> Edition:
    return catalogue().editions["atmp_burden", "0.1.0"]


def stored(sessions: Sessions) -> list[tuple[str, int, int]]:
    with sessions.begin() as db:
        return [tuple(row) for row in db.execute(text("SELECT item, bucket, times FROM pace ORDER BY item, bucket"))]


def test_nothing_is_stored_before_a_heap_is_large_enough(sessions: Sessions, edition: Edition):
    paces = Paces(sessions=sessions)
    for _ in range(HEAP - 1):
        paces.note(edition, ["CJ01"], 9)
        paces.note(edition, ["CJ02"], 9)

    assert stored(sessions) == []


def test_a_heap_is_added_whole_and_the_next_one_begins_anew(sessions: Sessions, edition: Edition):
    paces = Paces(sessions=sessions)
    for number in range(2 * HEAP + 5):
        paces.note(edition, ["CJ01"], 9 + number % 2)

    assert stored(sessions) == [("CJ01", 9, HEAP), ("CJ01", 10, HEAP)]


def test_heaps_of_several_processes_add_up(sessions: Sessions, edition: Edition):
    for _ in range(3):
        paces = Paces(sessions=sessions)
        for _ in range(HEAP):
            paces.note(edition, ["CJ01"], 9)

    assert stored(sessions) == [("CJ01", 9, 3 * HEAP)]


def test_one_person_alone_never_fills_a_heap(sessions: Sessions, edition: Edition):
    paces = Paces(sessions=sessions)
    for item in edition.questionnaire.items:
        paces.note(edition, [item], 9)

    assert stored(sessions) == []


def test_a_browser_can_send_nonsense_and_nothing_is_counted(sessions: Sessions, edition: Edition):
    paces = Paces(sessions=sessions)
    for _ in range(HEAP):
        paces.note(edition, ["ZZ99"], 9)
        paces.note(edition, ["CJ01"], 26)
        paces.note(edition, ["CJ01"], -1)
        paces.note(edition, [], 3)

    assert stored(sessions) == []


def test_what_was_read_is_read_again_after_an_hour(sessions: Sessions, edition: Edition):
    clock = Clock()
    paces = Paces(sessions=sessions, clock=clock)
    before = paces.measured(edition)
    for _ in range(HEAP):
        paces.note(edition, ["CJ01"], 9)
    soon, clock.now = paces.measured(edition), 3600.0

    assert (before, soon) == ({}, {})
    assert paces.measured(edition) == {"CJ01": {9: HEAP}}


def test_a_table_that_cannot_be_reached_costs_no_answer(edition: Edition):
    engine = create_engine("sqlite://")  # without any table
    paces = Paces(sessions=make_sessions(one_for_all(engine)))
    for _ in range(HEAP):
        paces.note(edition, ["CJ01"], 9)

    engine.dispose()
