"""Neither role reaches what the other is for, and nothing is shown that is not of a release."""

from datetime import date

import pytest
from flask import Flask

from survey_app.services import bundles
from survey_app.store.releases import BundleRow
from tests.builders import a_cube, store_cube
from tests.web.staff.conftest import Browser

COORDINATORS = ["/staff/releases/", "/staff/releases/demo-1/report-en.pdf", "/staff/releases/demo-1/tables.csv"]
RESEARCHERS = ["/staff/bundles/", "/staff/bundles/b1.zip"]


@pytest.fixture
def bundle(app: Flask) -> str:
    with app.extensions["sessions"].begin() as db:
        row = BundleRow(
            id="b1", release_id="demo-1", sha256="0" * 64, recipient="Example University", purpose="p",
            made_on=date(2026, 11, 25),
        )  # fmt: skip
        db.add(row)
    return "b1"


@pytest.mark.parametrize("path", RESEARCHERS)
def test_a_coordinator_does_not_reach_research_files(coordinator: Browser, bundle: str, path: str):
    assert coordinator.get(path).status_code == 403


@pytest.mark.parametrize("path", COORDINATORS)
def test_a_researcher_does_not_reach_reports_and_tables(researcher: Browser, path: str):
    assert researcher.get(path).status_code == 403


def test_a_refused_page_does_not_tell_whether_the_thing_exists(coordinator: Browser, bundle: str):
    there, not_there = (coordinator.get(f"/staff/bundles/{name}.zip") for name in ("b1", "b2"))

    assert (there.status_code, there.text) == (not_there.status_code, not_there.text)


def test_the_list_of_releases_offers_every_language_and_the_tables(coordinator: Browser):
    page = coordinator.get("/staff/releases/").text

    for path in ("report-en.pdf", "report-de.pdf", "tables.csv"):
        assert f"/staff/releases/demo-1/{path}" in page


def test_invented_people_draft_questions_and_draft_translations_are_named(coordinator: Browser):
    page = coordinator.get("/staff/releases/").text

    for mark in ("SYNTHETIC", "Draft questions, not yet tested with patients", "draft translation"):
        assert mark in page


def test_a_release_of_real_people_carries_no_synthetic_mark(app: Flask, coordinator: Browser):
    with app.extensions["sessions"].begin() as db:
        store_cube(db, a_cube("other-1", study="other", synthetic=False))

    assert coordinator.get("/staff/releases/").text.count("SYNTHETIC") == 1


def test_a_coordinator_downloads_the_tables(coordinator: Browser):
    answer = coordinator.get("/staff/releases/demo-1/tables.csv")

    assert answer.text.startswith("table,")
    assert answer.headers["Content-Disposition"] == "attachment; filename=demo-1-tables.csv"


def test_an_unknown_release_is_told_and_not_a_fault(coordinator: Browser):
    answer = coordinator.get("/staff/releases/none-9/tables.csv")

    assert answer.status_code == 422
    assert "There is no release none-9" in answer.text


def test_a_language_without_a_report_is_no_fault(coordinator: Browser):
    assert coordinator.get("/staff/releases/demo-1/report-xx.pdf").status_code == 404


def test_a_researcher_sees_for_whom_a_file_was_made(researcher: Browser, bundle: str):
    page = researcher.get("/staff/bundles/").text

    assert "Example University" in page
    assert "/staff/bundles/b1.zip" in page


def test_a_research_file_of_invented_people_is_named_so(researcher: Browser, bundle: str):
    assert "SYNTHETIC" in researcher.get("/staff/bundles/").text


def test_research_files_are_listed_by_the_service_that_reads_the_table(app: Flask, bundle: str):
    with app.extensions["sessions"].begin() as db:
        assert [one.id for one in bundles.list_bundles(db)] == ["b1"]
