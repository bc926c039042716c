"""Two people decide on the pages: until then nothing leaves, and everything that is done stands in the trail."""

from datetime import date

import pytest
from flask import Flask

from survey_app.core.approval import State
from survey_app.services import proposing, published, recording, staffing
from survey_app.store import makings
from survey_app.store.chains import canonical, text_hash
from survey_app.store.makings import MakingRow
from survey_app.store.releases import snapshot_path
from tests.builders import CHEAP, a_cube, store_cube
from tests.web.staff.conftest import PASSWORD, Browser

WORDS = "Attack 1, subtraction: everything is added and subtracted."
AUDIT = canonical({"words": WORDS, "document": {"given_up": [["CJ01", "age"], ["CJ02", ""]]}})
FOUND = {"finding": "Nobody can be identified.", "audit_read": "y"}


@pytest.fixture
def proposed(app: Flask) -> Flask:
    """The application with `demo-2`, proposed by petra, and her account."""
    with app.extensions["sessions"].begin() as db:
        staffing.add_staff(db, name="petra", role="coordinator", password=PASSWORD, hasher=CHEAP)
        store_cube(db, a_cube("demo-2", persons=4735), 2, state=State.PROPOSED, audit=AUDIT)
    rows = snapshot_path(app.extensions["settings"].data / "files", text_hash(""))
    rows.parent.mkdir(parents=True)
    rows.write_bytes(b"")
    return app


@pytest.fixture
def petra(proposed: Flask) -> Browser:
    browser = Browser(proposed.test_client())
    browser.sign_in("petra")
    return browser


def trail_of(app: Flask) -> list[tuple[str, str, str]]:
    with app.extensions["sessions"].begin() as db:
        return [(row.who, row.deed, recording.detail_words(row)) for row in recording.read_trail(db)]


def test_of_a_proposed_release_the_list_shows_no_number_and_no_file(proposed: Flask, coordinator: Browser):
    page = coordinator.get("/staff/releases/").text

    assert "Proposed by petra" in page
    assert "4735" not in page
    assert "demo-2/tables.csv" not in page


@pytest.mark.parametrize("path", ["tables.csv", "report-en.pdf"])
def test_nothing_of_a_proposed_release_is_downloaded(proposed: Flask, coordinator: Browser, path: str):
    before = trail_of(proposed)
    answer = coordinator.get(f"/staff/releases/demo-2/{path}")

    assert (answer.status_code, "is proposed" in answer.text) == (422, True)
    assert trail_of(proposed) == before


def test_another_person_sees_audit_claim_and_what_was_given_up_and_can_decide(proposed: Flask, coordinator: Browser):
    page = coordinator.get("/staff/releases/demo-2/").text

    for words in (WORDS, "identifiable by the attacks listed", "CJ01 by age", "CJ02", "Approve: it may leave"):
        assert words in page
    assert "4735" not in page


def test_the_one_who_proposed_sees_that_it_waits_and_cannot_decide(petra: Browser):
    assert "waits for another person" in petra.get("/staff/releases/demo-2/").text
    assert "Approve: it may leave" not in petra.get("/staff/releases/demo-2/").text

    answer = petra.post("/staff/releases/demo-2/approve", **FOUND)

    assert (answer.status_code, "Another person decides" in answer.text) == (422, True)


def test_an_approval_lets_it_leave_and_stands_in_record_and_trail(proposed: Flask, coordinator: Browser):
    coordinator.get("/staff/releases/demo-2/")
    answer = coordinator.post("/staff/releases/demo-2/approve", **FOUND)

    assert answer.status_code == 303
    record = coordinator.get("/staff/releases/demo-2/").text
    assert "Nobody can be identified." in record
    assert "petra" in record
    assert "Approve: it may leave" not in record
    assert coordinator.get("/staff/releases/demo-2/tables.csv").status_code == 200
    assert trail_of(proposed)[-2:] == [("cora", "approved", ""), ("cora", "tables", "")]


@pytest.mark.parametrize("left_out", ["finding", "audit_read"])
def test_without_finding_or_reading_nothing_is_approved(proposed: Flask, coordinator: Browser, left_out: str):
    coordinator.get("/staff/releases/demo-2/")
    answer = coordinator.post("/staff/releases/demo-2/approve", **{k: v for k, v in FOUND.items() if k != left_out})

    assert (answer.status_code, "Please" in answer.text) == (422, True)
    assert coordinator.get("/staff/releases/demo-2/tables.csv").status_code == 422


def test_a_rejection_is_kept_with_its_reason(proposed: Flask, coordinator: Browser):
    coordinator.get("/staff/releases/demo-2/")
    coordinator.post("/staff/releases/demo-2/reject", reason="A question was wrong.")

    assert "A question was wrong." in coordinator.get("/staff/releases/demo-2/").text
    assert "Rejected by cora" in coordinator.get("/staff/releases/").text
    assert coordinator.get("/staff/releases/demo-2/tables.csv").status_code == 422


def test_a_decision_cannot_be_made_twice(proposed: Flask, coordinator: Browser):
    coordinator.get("/staff/releases/demo-2/")
    coordinator.post("/staff/releases/demo-2/reject")

    assert "A decision is not taken back" in coordinator.post("/staff/releases/demo-2/approve", **FOUND).text


@pytest.mark.parametrize("path", ["releases/demo-2/approve", "releases/demo-2/reject", "makings/of/demo"])
def test_a_researcher_neither_proposes_nor_decides(proposed: Flask, researcher: Browser, path: str):
    researcher.get("/staff/bundles/")

    assert researcher.post(f"/staff/{path}", **FOUND).status_code == 403
    assert researcher.get("/staff/trail/").status_code == 403


def test_a_state_set_by_hand_opens_no_page_of_it(proposed: Flask, coordinator: Browser):
    with proposed.extensions["sessions"].begin() as db:
        row = published.sealed_row(db, "demo-2")
        row.state, row.decided_by, row.decided_on = "approved", "cora", date(2026, 11, 25)

    assert "does not have the hash" in coordinator.get("/staff/releases/demo-2/tables.csv").text
    assert "does not have the hash" in coordinator.get("/staff/releases/").text


def test_the_trail_shows_who_took_out_what(app: Flask, coordinator: Browser):
    coordinator.get("/staff/releases/demo-1/tables.csv")
    page = coordinator.get("/staff/trail/").text

    assert "tables" in page
    assert "cora" in page


def test_a_trail_that_was_changed_is_not_shown_as_whole(app: Flask, coordinator: Browser):
    with app.extensions["sessions"].begin() as db:
        recording.read_trail(db)[0].who = "nobody"

    assert "not what was written" in coordinator.get("/staff/trail/").text


# -- makings ------------------------------------------------------------------------------------------


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The makings whose process was asked for; none is started, they live as long as the test."""
    asked = []
    monkeypatch.setattr(proposing, "start_worker", lambda _, begun: begun.life and asked.append(begun))
    return asked


def test_proposing_starts_one_process_however_often_it_is_clicked(app: Flask, coordinator: Browser, started: list):
    coordinator.get("/staff/releases/")
    first = coordinator.post("/staff/makings/of/demo")
    second = coordinator.post("/staff/makings/of/demo")

    assert (first.status_code, first.location) == (303, second.location)
    assert len(started) == 1
    page = coordinator.get(first.location).text
    assert "0 %" in page
    assert "Look again" in page
    assert "A release of demo is being made" in coordinator.get("/staff/releases/").text
    started[0].life.close()


def test_a_process_that_died_is_told_on_its_page(app: Flask, coordinator: Browser, started: list):
    coordinator.get("/staff/releases/")
    page = coordinator.post("/staff/makings/of/demo").location
    started[0].life.close()

    assert "ended before it was done" in coordinator.get(page).text


@pytest.mark.parametrize(
    ("state", "words", "told"),
    [
        ("made", "Made.", "waits for another person"),
        ("refused", "Fewer than 20 people have joined.", "There is no release."),
        ("failed", "It stopped.", "did not come to an end"),
    ],
)
def test_how_a_making_ended_is_told(app: Flask, coordinator: Browser, state: str, words: str, told: str):
    with app.extensions["sessions"].begin() as db:
        row = MakingRow(
            id="m1", study_id="demo", state=state, asked_by="cora", day=date(2026, 11, 25), percent=100, words=words,
            looked=False, release_id="demo-1" if state == "made" else None,
        )  # fmt: skip
        makings.add_making(db, row)

    assert told in coordinator.get("/staff/makings/m1").text


def test_an_unknown_making_is_told(coordinator: Browser):
    answer = coordinator.get("/staff/makings/nothing")

    assert (answer.status_code, "no attempt" in answer.text) == (422, True)


def test_an_unknown_study_is_told(coordinator: Browser):
    coordinator.get("/staff/releases/")

    assert "no study" in coordinator.post("/staff/makings/of/nothing").text
