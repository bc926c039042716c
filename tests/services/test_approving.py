"""One person proposes, another decides; until then nothing leaves, and whatever is changed behind their backs shows."""

import shutil
from contextlib import contextmanager
from datetime import date

import pytest

from survey_app.core.access import Role
from survey_app.core.approval import CLAIM, DAYS_BETWEEN_LOOKS, Deed, State, look_problems
from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import approving, bundling, published, recording
from survey_app.services.auditing import audit_release
from survey_app.services.gathering import load_dataset
from survey_app.services.releasing import create_release
from survey_app.store import releases
from survey_app.store.chains import chain_hash, text_hash
from survey_app.store.database import make_sessions, open_databases
from survey_app.store.trail import TrailRow
from tests.builders import a_cube, an_account, some_settings, store_cube
from tests.conftest import copy_databases, leave_attacks_out
from tests.services.study_builders import VERSION, add_people, editions, open_demo

FIRST, SECOND = date(2026, 2, 10), date(2026, 6, 10)
CORA, DORA = an_account("cora"), an_account("dora")


def codes(deed, *args, **given):
    with pytest.raises(ProblemsFound) as found:
        deed(*args, **given)
    return [problem.code for problem in found.value.problems]


def propose(db, files, today=FIRST):
    return create_release(db, "demo", proposed_by="cora", editions=editions(), today=today, files=files).release


def approve(db, release, files, by=DORA, **changes):
    given = {"finding": "Nobody can be identified.", "audit_read": True, "today": FIRST, "files": files} | changes
    return approving.approve(db, release, by=by, **given)


@contextmanager
def opened_at(folder):
    opened = open_databases(some_settings(data=folder))
    with make_sessions(opened)() as db:
        yield db
    opened.dispose()


@pytest.fixture(scope="module")
def made(sqlite_template, tmp_path_factory):
    """A folder with a database in which cora has proposed a release, and its files."""
    folder = tmp_path_factory.mktemp("made")
    copy_databases(sqlite_template, folder)
    with opened_at(folder) as db, pytest.MonkeyPatch.context() as patch:
        leave_attacks_out(patch)
        open_demo(db)
        add_people(db, 60)
        propose(db, folder)
        db.commit()
    return folder


@pytest.fixture
def proposed(made, tmp_path):
    """A session in which cora has proposed a release, the id of it, and its folder of files."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    with opened_at(tmp_path) as db:
        yield db, "demo-2026q1", tmp_path


# -- two people ---------------------------------------------------------------------------------------


def test_what_is_proposed_does_not_leave(proposed):
    db, release, files = proposed
    given = {"editions": editions(), "files": files, "recipient": "x", "purpose": "y", "today": FIRST, "random": None}

    assert codes(published.load_cube, db, release) == [Code.RELEASE_NOT_APPROVED]
    assert codes(bundling.create_bundle, db, release, **given) == [Code.RELEASE_NOT_APPROVED]


def test_a_second_person_lets_it_leave_and_both_names_stand_on_it(proposed):
    db, release, files = proposed
    approve(db, release, files)

    row = published.sealed_row(db, release)
    assert published.load_cube(db, release).release == release
    assert (row.proposed_by, row.decided_by, row.decided_on) == ("cora", "dora", FIRST)
    assert row.finding == "Nobody can be identified."


def test_nobody_decides_about_their_own(proposed):
    db, release, files = proposed

    assert codes(approve, db, release, files, by=CORA) == [Code.RELEASE_OWN]
    assert codes(approving.reject, db, release, by=CORA, finding="", today=FIRST) == [Code.RELEASE_OWN]
    assert published.sealed_row(db, release).state == State.PROPOSED


def test_a_researcher_does_not_decide(proposed):
    db, release, files = proposed

    assert codes(approve, db, release, files, by=an_account("rana", Role.RESEARCHER)) == [Code.STAFF_NOT_ALLOWED]


def test_without_a_finding_or_the_audit_read_nothing_is_approved_and_both_are_told(proposed):
    db, release, files = proposed
    told = codes(approve, db, release, files, finding="  ", audit_read=False)

    assert told == [Code.RELEASE_AUDIT_UNSEEN, Code.RELEASE_FINDING_MISSING]
    assert published.sealed_row(db, release).state == State.PROPOSED


def test_a_decision_is_not_taken_back(proposed):
    db, release, files = proposed
    approving.reject(db, release, by=DORA, finding="A question was wrong.", today=FIRST)

    assert codes(approve, db, release, files) == [Code.RELEASE_DECIDED]
    assert codes(published.load_cube, db, release) == [Code.RELEASE_NOT_APPROVED]


def test_a_rejected_release_stays_in_the_ledger_and_later_ones_are_judged_against_it(proposed):
    db, release, files = proposed
    approving.reject(db, release, by=DORA, finding="", today=FIRST)
    add_people(db, 3, seed=2)

    assert codes(propose, db, files, SECOND) == [Code.RELEASE_TOO_FEW_NEW]
    add_people(db, 40, seed=3)
    again = propose(db, files, SECOND)
    assert [row.release_id for row in releases.ledger_of(db, "demo")] == [release, again]
    assert releases.find_release(db, again).number == 2


def test_the_audit_is_stored_with_the_release(proposed):
    db, release, _ = proposed
    row = published.sealed_row(db, release)

    assert "Attack 1, subtraction" in published.audit_words(row)
    assert published.audit_of(row)["computable"] == []


def test_the_release_says_how_many_people_must_agree(proposed):
    db, release, _ = proposed

    assert published.load_sealed(db, release).rules.approvals == 2


def test_the_claim_is_about_attacks_and_not_about_the_law():
    assert "attacks listed" in CLAIM
    assert "anonym" not in CLAIM.lower()


# -- changed behind their backs -----------------------------------------------------------------------


def change_cube(db, row):
    row.cube = row.cube.replace('"persons":', '"persons":1')


def change_cube_and_hash(db, row):
    change_cube(db, row)
    row.cube_sha256 = text_hash(row.cube)


def change_audit(db, row):
    row.audit = row.audit.replace("computable", "Computable")


def change_finding(db, row):
    row.finding = "Something else."


def change_decider(db, row):
    row.decided_by = "nora"


def change_proposer(db, row):
    row.proposed_by = None


def change_decision_in_the_trail(db, row):
    db.query(TrailRow).filter_by(deed=Deed.APPROVED).one().who = "nora"
    row.decided_by = "nora"


@pytest.mark.parametrize(
    "change",
    [
        change_cube,
        change_cube_and_hash,
        change_audit,
        change_finding,
        change_decider,
        change_proposer,
        change_decision_in_the_trail,
    ],
)
def test_an_approved_release_that_was_changed_does_not_leave(proposed, change):
    db, release, files = proposed
    approve(db, release, files)
    change(db, releases.find_release(db, release))
    db.flush()

    assert codes(published.load_cube, db, release) == [Code.RELEASE_DAMAGED]
    assert codes(load_dataset, db, release, edition=editions()[VERSION], files=files) == [Code.RELEASE_DAMAGED]
    assert codes(audit_release, db, release) in ([Code.RELEASE_DAMAGED], [Code.TRAIL_DAMAGED])


def test_a_state_set_by_hand_is_no_approval(proposed):
    db, release, _ = proposed
    row = releases.find_release(db, release)
    row.state, row.decided_by, row.decided_on = State.APPROVED.value, "dora", FIRST
    db.flush()

    assert codes(published.load_cube, db, release) == [Code.RELEASE_DAMAGED]


def change_ledger(db, files):
    row = releases.ledger_of(db, "demo")[0]
    row.entry = row.entry | {"published": {}}


def change_ledger_with_its_hash(db, files):
    row = releases.ledger_of(db, "demo")[0]
    row.entry = row.entry | {"published": {}}
    row.hash = chain_hash(row.previous_hash, row.entry)


def change_menu(db, files):
    releases.save_menu(db, "demo", releases.find_menu(db, "demo") | {"pooled": []})


def change_snapshot(db, files):
    path = next(files.glob("snapshots/*.sealed"))
    path.write_bytes(path.read_bytes() + b"x")


def lose_snapshot(db, files):
    next(files.glob("snapshots/*.sealed")).unlink()


@pytest.mark.parametrize(
    "change", [change_ledger, change_ledger_with_its_hash, change_menu, change_snapshot, lose_snapshot]
)
def test_what_a_release_stands_on_is_checked_before_it_is_approved(proposed, change):
    db, release, files = proposed
    change(db, files)
    db.flush()

    assert codes(approve, db, release, files) == [Code.RELEASE_DAMAGED]
    assert releases.find_release(db, release).state == State.PROPOSED


@pytest.mark.parametrize("change", [change_ledger, change_ledger_with_its_hash, change_menu])
def test_what_releases_stand_on_is_checked_before_the_next_and_by_the_audit(proposed, change):
    db, release, files = proposed
    change(db, files)
    db.flush()
    add_people(db, 40, seed=2)

    assert codes(propose, db, files, SECOND) == [Code.RELEASE_DAMAGED]
    assert codes(audit_release, db, release) == [Code.RELEASE_DAMAGED]


# -- the audit trail ----------------------------------------------------------------------------------


def test_the_trail_tells_who_proposed_and_decided(proposed):
    db, release, files = proposed
    approve(db, release, files)

    told = [(row.day, row.who, row.deed, row.subject) for row in recording.read_trail(db)]
    assert told == [
        (FIRST, "cora", "proposed", release),
        (FIRST, "cora", "menu declared", "demo"),
        (FIRST, "dora", "approved", release),
    ]


def take_a_row_out(db):
    db.delete(recording.read_trail(db)[1])


def change_a_row(db):
    recording.read_trail(db)[1].who = "nobody"


def change_what_was_given_out(db):
    row = recording.read_trail(db)[1]
    row.detail = {"language": "fr"}


@pytest.mark.parametrize("change", [take_a_row_out, change_a_row, change_what_was_given_out])
def test_a_trail_that_was_changed_is_told_and_stops_the_next_decision(sqlite_sessions, tmp_path, change):
    with sqlite_sessions.begin() as db:
        store_cube(db, a_cube(), state=State.PROPOSED)
        for language in ("de", "en"):
            recording.record(db, Deed.REPORT, "demo-1", who="cora", today=FIRST, language=language)
        change(db)
        db.flush()

        assert codes(recording.read_trail, db) == [Code.TRAIL_DAMAGED]
        assert codes(approve, db, "demo-1", tmp_path) == [Code.TRAIL_DAMAGED]


def test_the_trail_keeps_no_hashes_in_its_words(sqlite_sessions):
    with sqlite_sessions.begin() as db:
        store_cube(db, a_cube())
        recording.record(db, Deed.REFUSED, "demo", who="cora", today=FIRST, reasons=["A", "B"])

        assert [recording.detail_words(row) for row in recording.read_trail(db)] == ["", "", "reasons: A, B"]


# -- looking at the answers ---------------------------------------------------------------------------


def test_answers_are_looked_at_again_after_thirty_days():
    assert DAYS_BETWEEN_LOOKS == 30
    assert look_problems(None, FIRST) == []
    assert look_problems(FIRST, date(2026, 3, 12)) == []
    assert [one.code for one in look_problems(FIRST, date(2026, 3, 11))] == [Code.RELEASE_LOOKED]
