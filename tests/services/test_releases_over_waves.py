"""People who come again between releases, corrections, several versions in one study: releases stay safe and right."""

from datetime import date
from random import Random

import pytest

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.attack import differencing, span
from survey_app.core.privacy import Missing
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import Entry
from survey_app.services import responding, simulating
from survey_app.services.catalogue import open_study
from survey_app.services.gathering import load_dataset
from survey_app.services.releasing import create_release
from survey_app.services.revising import revise_study
from survey_app.store import releases
from survey_app.store.responses import ResponseRow
from tests.services.desk_builders import SMALL, a_desk, a_study, add_version, begin, open_small, values
from tests.services.study_builders import VERSION, add_later_wave, add_people, editions, open_demo, responses

FIRST, SECOND, THIRD = date(2026, 2, 10), date(2026, 6, 10), date(2026, 10, 10)


def make(db, files, today):
    return create_release(db, "demo", editions=editions(), today=today, files=files)


def whole(db, *, wave=1, seed=1):
    """Responses of a wave that were sent, of people who did not come again, in an order of chance."""
    again = {row.person_tag for row in responses(db) if row.wave > wave}
    found = [row for row in responses(db) if row.status == "whole" and row.wave == wave]
    found = [row for row in found if row.person_tag not in again]
    Random(seed).shuffle(found)
    return found


@pytest.mark.parametrize("coming", [pytest.param(3, marks=pytest.mark.long), 45])
def test_people_who_come_again_between_releases_give_nothing_small_away(sqlite_sessions, tmp_path, coming):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 120)
        make(db, tmp_path, FIRST)
        add_later_wave(db, whole(db)[:coming], seed=7)
        add_people(db, 50, seed=2)
        second = make(db, tmp_path, SECOND)
        add_later_wave(db, whole(db)[:coming], seed=8)
        add_later_wave(db, whole(db, wave=2)[: coming // 3], seed=9, wave=3)
        add_people(db, 40, seed=3)
        made = make(db, tmp_path, THIRD)

        entries = [Entry.from_document(row.entry) for row in releases.ledger_of(db, "demo")]
        menu = Menu.from_document(releases.find_menu(db, "demo"))
        assert len(entries) == 3
        assert span.audit_ledger(entries, menu, smallest_base=20) == []
        assert differencing.audit_ledger(entries, menu, delta=20) == []
        frame = load_dataset(db, second.release, edition=editions()[VERSION], files=tmp_path).frame
        assert (frame["wave"] == 2).sum() > 0
        people = {row.person_tag for row in responses(db) if row.status != "draft"}
        assert made.persons <= len(people) + 2


def test_a_person_who_answered_three_times_counts_once_with_what_was_said_last(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
        people = whole(db)[:30]
        add_later_wave(db, people, seed=7)
        add_later_wave(db, people, seed=8, wave=3)
        cube = make(db, tmp_path, FIRST)

        frame = load_dataset(db, cube.release, edition=editions()[VERSION], files=tmp_path).frame
        assert len(frame) <= 60 + 4
        assert set(frame["wave"]) <= {1, 3}


def test_drafts_that_nobody_came_back_to_go_with_a_release(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
        drafts = [row for row in responses(db) if row.status == "draft"]
        for row, month in zip(drafts, ("2025-12", "2026-01", "2026-02"), strict=False):
            db.get(ResponseRow, row.id).last_month = month
        db.flush()
        known = [row.id for row in drafts]
        make(db, tmp_path, FIRST)
        db.expire_all()

        left = {row.id for row in responses(db) if row.status == "draft"}
        assert set(known) - left == {known[0]}


# -- several versions --------------------------------------------------------------------------------


CHANGED = SMALL.replace("low: 0, high: 20", "low: 0, high: 30").replace(
    "{id: B02, type: single, text: And then?, responses: often,",
    "{id: B02, type: single, text: And then?, options: [{code: never, value: 0, text: No}, "
    "{code: always, value: 2, text: Yes}],",
)


def answer(desk, **said):
    code = begin(desk)
    for item, value in said.items():
        responding.save_screen(desk, code, item, {item: [value]}, language="en")
    responding.submit(desk, code, whole=True)
    return code


@pytest.fixture
def two_versions(sqlite_sessions, tmp_path):
    """Twelve people on 1.0.0, twelve on 1.1.0; in that one B02 has other answers and B06 another limit."""
    folder = tmp_path / "q"
    desk = open_small(sqlite_sessions, folder, synthetic=True)
    for number in range(12):
        answer(desk, B01=("always", "sometimes")[number % 2], B02="always", B06="7", B05="3")
    catalogue = add_version(folder, "1.1.0", CHANGED)
    with sqlite_sessions.begin() as db:
        revise_study(db, a_study(version="1.1.0", synthetic=True), catalogue, folder)
    later = a_desk(sqlite_sessions, catalogue)
    for number in range(12):
        answer(later, B01=("always", "sometimes")[number % 2], B02="always", B06="8", B05="4")
    return later, tmp_path


def frame_of(desk, files):
    with desk.sessions.begin() as db:
        cube = create_release(db, "small", editions=desk.editions, today=FIRST, files=files)
        edition = desk.editions["small", "1.1.0"]
        return cube, load_dataset(db, cube.release, edition=edition, files=files, editions=desk.editions)


def test_items_that_mean_the_same_are_counted_together_and_others_count_as_not_asked(two_versions):
    cube, dataset = frame_of(*two_versions)
    old = dataset.frame["version"] == "1.0.0"

    assert (cube.questionnaire_version, len(dataset.frame), old.sum()) == ("1.1.0", 24, 12)
    assert set(dataset.frame["B05"]) == {3, 4}
    assert set(dataset.frame.loc[old, "B02"]) == {Missing.NOT_SHOWN.code}
    assert set(dataset.frame.loc[~old, "B02"]) == {1}
    assert "B06" in dataset.unlike["1.0.0"]


def test_no_scale_is_made_from_items_that_were_asked_differently(two_versions):
    desk, files = two_versions
    _, dataset = frame_of(desk, files)
    scores = score_scales(desk.editions["small", "1.1.0"].questionnaire, dataset)["SUM"]
    old = dataset.frame["version"] == "1.0.0"

    assert scores[old].isna().all()
    assert scores[~old].notna().all()


def test_a_release_needs_every_version_that_people_answered(two_versions):
    desk, files = two_versions
    fewer = {key: edition for key, edition in desk.editions.items() if key[1] == "1.1.0"}

    with pytest.raises(ProblemsFound) as refused, desk.sessions.begin() as db:
        create_release(db, "small", editions=fewer, today=FIRST, files=files)

    assert [problem.code for problem in refused.value.problems] == [Code.VERSION_GONE]


def test_a_correction_before_the_release_counts_and_one_after_it_does_not(sqlite_sessions, tmp_path):
    desk = open_small(sqlite_sessions, tmp_path / "q", synthetic=True)
    codes = [answer(desk, B05="3") for _ in range(24)]
    for code in codes:
        responding.save_screen(desk, code, "B05", {"B05": ["9"]}, language="en")
    with sqlite_sessions.begin() as db:
        cube = create_release(db, "small", editions=desk.editions, today=FIRST, files=tmp_path)

    assert responding.save_screen(desk, codes[0], "B05", {"B05": ["1"]}, language="en") is None
    assert values(desk, codes[0], "B05") == [9]
    with sqlite_sessions.begin() as db:
        dataset = load_dataset(db, cube.release, edition=desk.editions["small", "1.0.0"], files=tmp_path)
    assert set(dataset.frame["B05"]) == {9}


# -- invented people who come again ------------------------------------------------------------------


def test_invented_people_come_again_forward_on_the_way(sqlite_sessions, tmp_path, monkeypatch):
    monkeypatch.setattr(simulating, "STAGE_WEIGHTS", {"S01": 1})
    catalogue = add_version(tmp_path / "q", "1.0.0")
    study = a_study(synthetic=True, waves=3, recall_modes=("prospective",))
    edition = catalogue.editions["small", "1.0.0"]
    with sqlite_sessions.begin() as db:
        open_study(db, study, catalogue, tmp_path / "q", quarter="2026-Q1")
        simulating.fill_study(db, study, edition, batch_id=None, people=80, random=Random(1))
        rows = responses(db)

    again = [row for row in rows if row.wave > 1]
    first = {row.person_tag: row for row in rows if row.wave == 1}
    order = edition.questionnaire.stage_codes
    assert again
    for row in again:
        before = first[row.person_tag]
        assert (row.code_hmac, row.answers.get("B13")) == (before.code_hmac, before.answers.get("B13"))
        assert order.index(row.answers["A04"]) > order.index(before.answers["A04"])
        assert ("B12" in row.answers) == (row.answers["A03"] == "patient")
    assert all("B12" not in row.answers for row in first.values())
