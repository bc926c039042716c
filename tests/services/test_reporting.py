from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import reporting
from tests.builders_report import a_cube, an_edition


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Print by noting the page: what is asked here is when a report is made, not how it looks."""
    made: list[str] = []

    def note(html: str) -> bytes:
        made.append(html)
        return html.encode()

    monkeypatch.setattr(reporting, "to_pdf", note)
    return made


def test_a_report_is_made_once_and_then_kept(printer: list[str], tmp_path: Path):
    first = reporting.report_file(a_cube(), an_edition(), "en", files=tmp_path)
    second = reporting.report_file(a_cube(), an_edition(), "en", files=tmp_path)
    assert first == second
    assert len(printer) == 1
    assert len(list((tmp_path / "reports").iterdir())) == 1


def test_another_release_another_language_and_another_wording_are_other_files(printer: list[str], tmp_path: Path):
    edition = an_edition()
    revised = replace(edition.translations["en"], revision="9" * 64)
    other = replace(edition, translations={**edition.translations, "en": revised})
    reporting.report_file(a_cube(), edition, "en", files=tmp_path)
    reporting.report_file(a_cube(seed=8), edition, "en", files=tmp_path)
    reporting.report_file(a_cube(), edition, "fr", files=tmp_path)
    reporting.report_file(a_cube(), other, "en", files=tmp_path)
    assert len(printer) == 4


def test_a_questionnaire_without_the_language_is_told(tmp_path: Path):
    edition = an_edition()
    english = replace(edition, translations={"en": edition.translations["en"]})
    with pytest.raises(ProblemsFound) as found:
        reporting.report_file(a_cube(), english, "de", files=tmp_path)
    assert found.value.problems[0].code is Code.REPORT_LANGUAGE_MISSING


def test_several_languages_come_back_by_language(printer: list[str], tmp_path: Path):
    made = reporting.render_many(a_cube(), an_edition(), ("en", "ar"), files=tmp_path, processes=1)
    assert list(made) == ["en", "ar"]
    assert b'dir="rtl"' in made["ar"]
