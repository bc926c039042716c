"""In their own words: what a report prints of sealed voices, and that nothing else changes without them."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from survey_app.core.protection.voices import Quote, Theme, Voices
from survey_app.core.report.compose import compose
from survey_app.core.report.model import DataTable, Paragraph, Quotes, Report
from survey_app.inputs.report_texts import read_report_texts
from survey_app.outputs.as_html import to_html
from survey_app.services import reporting, scraping
from survey_app.services.scraping import scrape_reports
from tests.builders_report import a_cube, an_edition

QUOTES = (Quote(texts={"en": "Waited 6 weeks.", "de": "Sechs Wochen."}), Quote(texts={"en": "<b>Alone</b> & afraid."}))
THEMES = (
    Theme(labels={"en": "Waiting", "de": "Warten"}, n=35, since="2025-Q1"),
    Theme(labels={"en": "Money"}, n=10, since=a_cube().quarter),
)


def voices(quotes=QUOTES, themes=THEMES) -> Voices:
    cube = a_cube()
    return Voices(release=cube.release, cube_sha256=cube.sha256, quotes=quotes, themes=themes)


@cache
def report(language: str = "en", *, voiced: bool = False) -> Report:
    return compose(a_cube(), an_edition(), read_report_texts(language), voices=voices() if voiced else None)


def blocks(of: Report, kind: type) -> list:
    return [block for one in of.sections if one.id == "voices" for block in one.blocks if isinstance(block, kind)]


def test_quotes_and_themes_stand_in_the_order_of_the_alphabet():
    made = report(voiced=True)

    assert blocks(made, Quotes)[0].quotes == ("“<b>Alone</b> & afraid.”", "“Waited 6 weeks.”")
    assert blocks(made, DataTable)[0].rows == (
        ("Money", "about 10"),
        ("Waiting (counted for 1st quarter 2025)", "about 35"),
    )


def test_it_is_said_that_two_people_worked_on_them():
    said = [one.text for one in blocks(report(voiced=True), Paragraph)]

    assert any("Translated and shortened by the study team, checked by a second person." in text for text in said)


def test_what_is_not_in_the_language_of_the_report_is_not_in_it():
    made = report("de", voiced=True)

    assert blocks(made, Quotes)[0].quotes == ("„Sechs Wochen.“",)
    assert [row[0] for row in blocks(made, DataTable)[0].rows] == ["Warten (gezählt für 1. Quartal 2025)"]


def test_without_anything_in_its_language_a_report_has_no_such_section():
    assert "voices" not in [one.id for one in report("fr", voiced=True).sections]


def test_the_section_stands_on_a_page_of_its_own_behind_all_groups():
    names = [(one.id, one.fresh) for one in report(voiced=True).sections]

    assert names[-2:] == [("voices", True), ("method", False)]


def test_without_voices_a_report_is_what_it_was():
    assert report().sections == tuple(one for one in report().sections if one.id != "voices")
    assert "Text that people wrote themselves is not part of this report." in to_html(report())
    assert "not part of this report" not in to_html(report(voiced=True))


def test_words_of_people_are_text_and_no_markup():
    page = to_html(report(voiced=True))

    assert "<b>Alone" not in page
    assert "&lt;b&gt;Alone&lt;/b&gt; &amp; afraid." in page


def test_a_report_with_voices_is_another_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(reporting, "_printed", lambda report: report.document_title.encode())
    for sealed in (None, voices(), voices(quotes=QUOTES[:1])):
        reporting.report_file(a_cube(), an_edition(), "en", files=tmp_path, form=reporting.Form(voices=sealed))

    assert len(list((tmp_path / "reports").iterdir())) == 3


def test_numbers_of_sealed_voices_are_explained_and_no_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(scraping, "_pdf", lambda *_, **__: None)  # it is printed from the page
    cube, edition = replace(a_cube(), languages=("en",)), an_edition()
    strange = voices(quotes=(Quote(texts={"en": "It took 8123 days."}),))

    assert scrape_reports(cube, edition, voices=strange)["report in en"] == frozenset()
    monkeypatch.setattr(scraping, "_voiced", lambda _: frozenset())
    assert scrape_reports(cube, edition, voices=strange)["report in en"] == {8123, 2025}
