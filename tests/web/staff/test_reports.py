"""Coordinators choose how much of a report they want, in which language and form."""

import zipfile
from io import BytesIO

import pytest
from flask import Flask

from survey_app.services import recording
from survey_app.web.staff.names import country_name
from tests.web.staff.conftest import Browser

ASK = "/staff/releases/demo-1/report"


def test_the_list_of_releases_lets_choose_language_extent_and_form(coordinator: Browser):
    page = coordinator.get("/staff/releases/").text

    for choice in ('value="de"', 'value="short"', 'value="full"', 'value="pptx"', 'value="zip"', f'action="{ASK}"'):
        assert choice in page


@pytest.mark.parametrize(
    ("query", "kind", "name"),
    [
        ("language=en&what=short&ending=html", "text/html", "demo-1-en-short.html"),
        ("language=de&what=standard&ending=zip", "application/zip", "demo-1-de-standard.zip"),
        ("language=en&what=short&ending=pdf", "application/pdf", "demo-1-en-short.pdf"),
    ],
)
def test_what_was_chosen_is_given_out_under_a_name_that_says_it(coordinator: Browser, query: str, kind: str, name: str):
    answer = coordinator.client.get(f"{ASK}?{query}")

    assert answer.status_code == 200
    assert answer.mimetype == kind
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_slides_are_slides_and_what_was_given_out_stands_in_the_trail(app: Flask, coordinator: Browser):
    answer = coordinator.client.get(f"{ASK}?language=en&what=standard&ending=pptx")

    assert "ppt/presentation.xml" in zipfile.ZipFile(BytesIO(answer.data)).namelist()
    with app.extensions["sessions"].begin() as db:
        last = recording.read_trail(db)[-1]
    assert (last.deed, last.subject) == ("report", "demo-1")
    assert last.detail == {"language": "en", "what": "standard", "ending": "pptx"}


@pytest.mark.parametrize(
    "query",
    ["language=xx&what=short&ending=pdf", "language=en&what=ZZ&ending=pdf", "language=en&what=short&ending=exe", ""],
)
def test_what_cannot_be_chosen_is_not_there(coordinator: Browser, query: str):
    assert coordinator.get(f"{ASK}?{query}").status_code == 404


def test_a_researcher_gets_no_report_in_any_form(researcher: Browser):
    assert researcher.get(f"{ASK}?language=en&what=short&ending=html").status_code == 403


def test_countries_are_named_in_english_and_unknown_ones_by_their_code():
    assert (country_name("FR"), country_name("QQ")) == ("France", "QQ")
