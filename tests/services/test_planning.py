"""The menu of a study: declared, kept at the first release, changed by two people, judged at the next release."""

from datetime import date

import pytest

from survey_app.core.access import Role
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.plan import EVERYTHING
from survey_app.core.questionnaire.publish import parse_publish
from survey_app.services import planning
from survey_app.services.catalogue import Catalogue
from survey_app.services.published import load_sealed
from survey_app.services.releasing import create_release
from survey_app.services.staffing import Account
from survey_app.store import menus
from tests.services.study_builders import add_people, demo_study, editions, open_demo

FIRST, SECOND = date(2026, 2, 10), date(2026, 6, 10)
ANNA, BERT = (Account(id=name, name=name, role=Role.COORDINATOR, session_key="") for name in ("anna", "bert"))
RHEA = Account(id="rhea", name="rhea", role=Role.RESEARCHER, session_key="")
FEWER = parse_publish({"items": ["CJ01", "CJ02", "JBU"], "dimensions": ["stage", "age"]})


def catalogue():
    return Catalogue(editions())


def make(db, files, today=FIRST):
    return create_release(db, "demo", editions=editions(), today=today, files=files)


def refused(deed):
    with pytest.raises(ProblemsFound) as found:
        deed()
    return [one.code for one in found.value.problems]


@pytest.fixture
def study(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 120)
        yield db, tmp_path


def propose(db, publish=FEWER, by=ANNA):
    return planning.propose_menu(db, "demo", publish, catalogue(), by=by, today=FIRST)


def approve(db, by=BERT):
    return planning.approve_menu(db, "demo", by=by, today=FIRST)


def test_a_first_release_keeps_what_was_declared_as_version_one(study):
    db, files = study
    make(db, files)

    (row,) = menus.versions_of(db, "demo")
    assert (row.number, planning.plan_in_force(db, demo_study())) == (1, EVERYTHING)


def test_a_version_of_two_people_is_what_the_next_release_follows(study):
    db, files = study
    make(db, files)
    propose(db)
    approve(db)
    add_people(db, 60, seed=2)
    cube = load_sealed(db, make(db, files, SECOND).release)

    assert {table.variable for table in cube.tables} == {"CJ01", "CJ02", "JBU"}
    assert {group.dimension for group in cube.groups} == {"", "stage", "age"}


def test_what_one_person_proposed_changes_nothing(study):
    db, files = study
    make(db, files)
    propose(db)

    assert planning.plan_in_force(db, demo_study()) == EVERYTHING
    assert refused(lambda: approve(db, ANNA)) == [Code.MENU_OWN]


def test_a_newer_proposal_takes_the_place_of_an_older_one(study):
    db, files = study
    make(db, files)
    propose(db)
    newer = propose(db, parse_publish({"dimensions": ["age"]}), by=BERT)

    assert refused(lambda: approve(db, BERT)) == [Code.MENU_OWN]
    assert approve(db, ANNA).number == newer.number == 3


def test_a_menu_is_refused_with_all_its_faults_and_nothing_is_kept(study):
    db, files = study
    make(db, files)
    wrong = parse_publish({"items": ["XX99"], "crossings": [{"by": ["stage", "age"]}]})

    assert refused(lambda: propose(db, wrong)) == [Code.REFERENCE_UNKNOWN, Code.MENU_TIER]
    assert len(menus.versions_of(db, "demo")) == 1


def test_hierarchies_of_groups_that_were_published_are_never_changed(study):
    db, files = study
    make(db, files)
    other = parse_publish({"hierarchies": {"country": [{"code": "all_of_them", "options": ["DE", "FR"]}]}})

    assert Code.HIERARCHY_CHANGED in refused(lambda: propose(db, other))


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda db: propose(db, by=RHEA), Code.STAFF_NOT_ALLOWED),
        (lambda db: approve(db, by=RHEA), Code.STAFF_NOT_ALLOWED),
        (lambda db: propose(db, parse_publish({})), Code.MENU_SAME),
        (approve, Code.MENU_NOTHING_PROPOSED),
        (lambda db: planning.approve_menu(db, "nothing", by=BERT, today=FIRST), Code.STUDY_UNKNOWN),
    ],
)
def test_what_cannot_be_is_told(study, deed, code):
    db, files = study
    make(db, files)

    assert refused(lambda: deed(db)) == [code]


def test_before_the_first_release_the_study_file_is_changed_instead(study):
    db, _ = study

    assert refused(lambda: propose(db)) == [Code.MENU_NO_RELEASE]


def test_versions_that_were_tampered_with_stop_the_next_release(study):
    db, files = study
    make(db, files)
    row = menus.versions_of(db, "demo")[0]
    row.document = row.document | {"dimensions": []}
    db.flush()

    assert refused(lambda: make(db, files, SECOND)) == [Code.MENU_DAMAGED]


def test_the_menu_is_told_in_plain_words(study):
    db, files = study
    before = list(planning.menu_lines(db, "demo", catalogue()))
    make(db, files)
    propose(db)
    after = list(planning.menu_lines(db, "demo", catalogue()))

    assert before[0] == "demo: as the study file declares; frozen at the first release."
    assert "Rules now: T2, one at a time; smallest base 20." in after
    assert "Waiting for another person: version 2, proposed by anna:" in after
    assert "  Items and scales: CJ01, CJ02, JBU." in after
