"""A release is made in a process of its own: one at a time, told in percent and words, and nothing halfway."""

import subprocess
import sys
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from survey_app.core.access import Role
from survey_app.core.approval import DAYS_BETWEEN_LOOKS
from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import making, proposing, published, recording, releasing
from survey_app.services.releasing import Order
from survey_app.store import makings
from survey_app.store.makings import MakingRow
from survey_app.store.releases import ReleaseRow
from survey_app.store.responses import ResponseRow, change_response, delete_response
from tests.builders import an_account
from tests.services.study_builders import add_people, editions, open_demo, responses

TODAY = date(2026, 2, 10)
CORA = an_account("cora")


@pytest.fixture
def study(sqlite_sessions):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
    return sqlite_sessions


@pytest.fixture
def small_study(sqlite_sessions):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 12)
    return sqlite_sessions


def order(files):
    return Order(study_id="", proposed_by="", editions=editions(), today=TODAY, files=files)


def begin(sessions, files, today=TODAY):
    return proposing.begin(sessions, "demo", by=CORA, today=today, files=files)


def carry_out(sessions, files, begun):
    with begun.life:
        return making.carry_out(sessions, begun.id, order(files))


def row_of(sessions, making_id):
    with sessions.begin() as db:
        return makings.find_making(db, making_id)


def codes(deed, *args, **given):
    with pytest.raises(ProblemsFound) as found:
        deed(*args, **given)
    return [problem.code for problem in found.value.problems]


def test_a_making_ends_in_a_proposed_release(study, tmp_path):
    begun = begin(study, tmp_path)
    cube = carry_out(study, tmp_path, begun)

    row = row_of(study, begun.id)
    assert (row.state, row.release_id, row.percent) == ("made", cube.release, 100)
    with study.begin() as db:
        assert published.sealed_row(db, cube.release).proposed_by == "cora"
    assert not list(tmp_path.glob("makings/*"))


def test_two_clicks_at_once_are_one_making(study, tmp_path):
    first = begin(study, tmp_path)
    second = begin(study, tmp_path)

    assert (second.id, second.life) == (first.id, None)
    first.life.close()


def test_of_two_that_begin_in_the_same_moment_each_database_lets_one(sessions, tmp_path):
    with sessions.begin() as db:
        open_demo(db)
    first = begin(sessions, tmp_path)
    # neither has seen the other
    second = proposing._begin(sessions, "demo", by=CORA, today=TODAY, files=tmp_path)

    assert (second.id, second.life) == (first.id, None)
    with sessions.begin() as db:
        assert db.scalar(select(func.count()).select_from(MakingRow)) == 1
    first.life.close()


def test_a_making_whose_process_died_is_told_as_failed_and_the_next_can_begin(study, tmp_path):
    begun = begin(study, tmp_path)
    begun.life.close()  # what a process that ends does

    again = begin(study, tmp_path)

    assert row_of(study, begun.id).state == "failed"
    assert again.id != begun.id
    again.life.close()


def test_a_making_is_alive_while_the_process_that_it_was_given_to_lives(study, tmp_path):
    begun = begin(study, tmp_path)
    with begun.life as life:
        process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1, pass_fds=(life.fileno(),))
    try:
        with study.begin() as db:
            assert [one.id for one in proposing.working(db, tmp_path)] == [begun.id]
    finally:
        process.communicate(b"\n")
    with study.begin() as db:
        assert list(proposing.working(db, tmp_path)) == []


def test_percent_and_words_are_kept_and_never_go_back(study, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(making, "_Teller", telling(making._Teller, seen))
    begun = begin(study, tmp_path)
    carry_out(study, tmp_path, begun)

    percents = [percent for percent, _ in seen]
    assert percents == sorted(percents)
    assert {"Reading the answers", "Sealing"} <= {words for _, words in seen}
    assert not any(sign.isdigit() for _, words in seen for sign in words)


def telling(of, seen):
    class Telling(of):
        def _write(self, words):
            super()._write(words)
            seen.append((int(self.percent), words))

    return Telling


def test_people_can_answer_while_a_release_is_made(study, tmp_path, monkeypatch):
    late = []

    def meanwhile(*args, **given):
        with study.begin() as db:
            before = {row.id for row in responses(db)}
            add_people(db, 5, seed=9)
            late.extend(row.id for row in responses(db) if row.id not in before and row.status != "draft")
        return releasing.protect_and_attack(*args, **given)

    monkeypatch.setattr(making, "protect_and_attack", meanwhile)
    carry_out(study, tmp_path, begin(study, tmp_path))

    with study.begin() as db:
        waiting = set(db.scalars(select(ResponseRow.id).where(ResponseRow.batch_id.is_(None))))
    assert late
    assert set(late) <= waiting


def test_a_person_who_deletes_their_answers_in_the_meantime_is_in_no_release(study, tmp_path, monkeypatch):
    looked = []

    def meanwhile(order, gathered, progress):
        if not looked:
            with study.begin() as db:
                delete_response(db, next(row.id for row in responses(db) if row.status == "whole"))
        looked.append(len(gathered.seen))
        return releasing.protect_and_attack(order, gathered, progress)

    monkeypatch.setattr(making, "protect_and_attack", meanwhile)
    carry_out(study, tmp_path, begin(study, tmp_path))

    assert looked[1:] == [looked[0] - 1]


def test_answers_that_change_again_and_again_end_in_a_refusal_that_changes_nothing(study, tmp_path, monkeypatch):
    def meanwhile(order, gathered, progress):
        with study.begin() as db:
            row = next(row for row in responses(db) if row.status == "whole")
            change_response(db, row, {"answers": {**row.answers, "CJ01": len(seen)}})
        seen.append(1)
        return releasing.protect_and_attack(order, gathered, progress)

    seen = []
    monkeypatch.setattr(making, "protect_and_attack", meanwhile)
    begun = begin(study, tmp_path)

    assert codes(carry_out, study, tmp_path, begun) == [Code.RELEASE_ANSWERS_CHANGED]
    assert row_of(study, begun.id).state == "refused"
    with study.begin() as db:
        assert db.scalar(select(func.count()).select_from(ReleaseRow)) == 0
        assert not db.scalar(select(func.count()).where(ResponseRow.batch_id.is_not(None)))


def test_a_fault_ends_in_failed_and_changes_nothing(study, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "protect_and_attack", lambda *_: 1 / 0)
    begun = begin(study, tmp_path)

    with pytest.raises(ZeroDivisionError):
        carry_out(study, tmp_path, begun)

    assert row_of(study, begun.id).state == "failed"
    with study.begin() as db:
        assert db.scalar(select(func.count()).select_from(ReleaseRow)) == 0


# -- what a refusal tells -----------------------------------------------------------------------------


def test_a_refusal_tells_no_number_of_people_and_is_kept_in_the_trail(small_study, tmp_path):
    begun = begin(small_study, tmp_path)
    assert codes(carry_out, small_study, tmp_path, begun) == [Code.RELEASE_TOO_FEW]

    row = row_of(small_study, begun.id)
    assert (row.state, row.words) == ("refused", "Fewer than 20 people are ready for a release. Wait for more answers.")
    with small_study.begin() as db:
        last = recording.read_trail(db)[-1]
    assert (last.who, last.deed, last.subject, last.detail) == (
        "cora", "refused", "demo", {"reasons": ["RELEASE_TOO_FEW"]},
    )  # fmt: skip


def test_after_a_refusal_that_came_of_the_answers_nobody_looks_again_for_thirty_days(small_study, tmp_path):
    codes(carry_out, small_study, tmp_path, begin(small_study, tmp_path))
    with small_study.begin() as db:
        add_people(db, 60, seed=2)
    soon, later = (TODAY + timedelta(days=DAYS_BETWEEN_LOOKS - less) for less in (1, 0))

    assert codes(begin, small_study, tmp_path, TODAY) == [Code.RELEASE_LOOKED]
    assert codes(begin, small_study, tmp_path, soon) == [Code.RELEASE_LOOKED]
    begin(small_study, tmp_path, later).life.close()


def test_more_answers_change_nothing_of_what_a_refusal_says(small_study, tmp_path):
    codes(carry_out, small_study, tmp_path, begin(small_study, tmp_path))
    told = []
    for seed in (2, 3):
        with pytest.raises(ProblemsFound) as found:
            begin(small_study, tmp_path)
        told.append(str(found.value))
        with small_study.begin() as db:
            add_people(db, 30, seed=seed)

    assert told[0] == told[1]


def test_too_early_is_a_matter_of_the_calendar_and_bars_nobody(study, tmp_path):
    carry_out(study, tmp_path, begin(study, tmp_path))
    begun = begin(study, tmp_path)
    assert codes(carry_out, study, tmp_path, begun) == [Code.RELEASE_TOO_EARLY]

    begin(study, tmp_path).life.close()


def test_a_researcher_proposes_nothing(study, tmp_path):
    rana = an_account("rana", Role.RESEARCHER)
    assert codes(proposing.begin, study, "demo", by=rana, today=TODAY, files=tmp_path) == [Code.STAFF_NOT_ALLOWED]


# -- the process --------------------------------------------------------------------------------------


def test_the_process_makes_the_release_and_ends(study, tmp_path, settings, monkeypatch):
    told = settings(questionnaires="questionnaires", database_url=f"sqlite:///{tmp_path}/survey.db")
    with study.begin() as db:
        db.execute(update(ResponseRow).values(status="draft", last_month="2026-02"))  # quick: there is nobody
    begun = begin(study, told.data / "files")

    proposing.start_worker(told, begun)
    until = time.monotonic() + 120
    while row_of(study, begun.id).state == "working" and time.monotonic() < until:
        time.sleep(0.2)

    row = row_of(study, begun.id)
    assert (row.state, row.looked) == ("refused", True), row.words
