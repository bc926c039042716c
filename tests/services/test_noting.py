"""What others published is entered, kept, and known to every later release."""

from datetime import date

import pytest

from survey_app.core.access import Role
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.external_file import parse_external
from survey_app.services import noting
from survey_app.services.auditing import past_of
from survey_app.services.catalogue import Catalogue
from survey_app.services.releasing import create_release
from survey_app.services.staffing import Account
from survey_app.store import external_releases, releases
from tests.services.study_builders import add_people, editions, open_demo

FIRST, SECOND = date(2026, 2, 10), date(2026, 6, 10)
ANNA = Account(id="anna", name="anna", role=Role.COORDINATOR, session_key="")
RHEA = Account(id="rhea", name="rhea", role=Role.RESEARCHER, session_key="")
WRITTEN = {
    "publisher": "Clinic", "quarter": "2026-Q1", "population": "patient.prospective", "rounded_to": 5,
    "tables": [{"group": {"country": ["DE", "AT"]}, "base": 25}],
}  # fmt: skip


@pytest.fixture
def study(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 120)
        create_release(db, "demo", editions=editions(), today=FIRST, files=tmp_path)
        yield db, tmp_path


def understood(db, **changes):
    return noting.understand(db, "demo", parse_external({**WRITTEN, **changes}), Catalogue(editions()), today=SECOND)


def test_what_was_only_understood_is_not_kept(study):
    db, _ = study
    understood(db)

    assert noting.externals_of(db, "demo") == ()


def test_what_was_entered_is_known_to_the_next_release(study):
    db, files = study
    found = understood(db)
    noting.note(db, "demo", found, by=ANNA, today=SECOND)
    add_people(db, 60, seed=2)
    create_release(db, "demo", editions=editions(), today=SECOND, files=files)

    assert past_of(db, "demo").externals == (found,)
    assert any("~" in atom[-1] for atom in releases.ledger_of(db, "demo")[-1].entry["atoms"])


def test_it_is_entered_once_by_who_may_propose_releases(study):
    db, _ = study
    found = understood(db)
    with pytest.raises(ProblemsFound) as not_allowed:
        noting.note(db, "demo", found, by=RHEA, today=SECOND)
    noting.note(db, "demo", found, by=ANNA, today=SECOND)
    with pytest.raises(ProblemsFound) as again:
        understood(db)

    assert [one.code for one in not_allowed.value.problems] == [Code.STAFF_NOT_ALLOWED]
    assert [one.code for one in again.value.problems] == [Code.EXTERNAL_KNOWN]


def test_more_people_than_took_part_are_other_people(study):
    db, _ = study
    with pytest.raises(ProblemsFound) as found:
        understood(db, tables=[{"base": 5000}])

    assert [one.code for one in found.value.problems] == [Code.EXTERNAL_MORE_THAN_ALL]


def test_what_was_entered_and_changed_afterwards_stops_the_next_release(study):
    db, files = study
    noting.note(db, "demo", understood(db), by=ANNA, today=SECOND)
    row = external_releases.externals_of(db, "demo")[0]
    row.document = row.document | {"rounded_to": 1}
    db.flush()

    with pytest.raises(ProblemsFound) as found:
        create_release(db, "demo", editions=editions(), today=SECOND, files=files)
    assert [one.code for one in found.value.problems] == [Code.EXTERNAL_DAMAGED]
