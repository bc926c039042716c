"""The printed report in every language: valid, honest, and nothing on it that the release does not say."""

import re
import subprocess
from pathlib import Path

import page
import pytest

from survey_app.core.attack.scraping import unexplained_numbers
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.report.texts import Texts
from survey_app.inputs.report_texts import read_report_texts
from survey_app.outputs import as_pdf
from survey_app.services.reporting import render_html, render_many, render_report
from tests.builders_report import LANGUAGES, a_cube, an_edition
from tests.pdf_checks import faults

NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
MARGIN = 25  # points that stay free at each side of a page


OFTEN = ("en", "de", "el", "ar")  # the source, long words, another script, right to left
EACH = [pytest.param(one, marks=() if one in OFTEN else pytest.mark.long) for one in LANGUAGES]


class Printed(dict[str, Path]):
    """The report of one release by language, on disk; printed when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __missing__(self, language: str) -> Path:
        path = self.folder / f"{language}.pdf"
        path.write_bytes(render_report(a_cube(), an_edition(), language))
        self[language] = path
        return path


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return Printed(tmp_path_factory.mktemp("reports"))


def words(path: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, path, "-"], check=True, capture_output=True, text=True).stdout


def pages(path: Path) -> list[str]:
    return words(path).split("\f")[:-1]


@pytest.mark.parametrize("language", EACH)
def test_the_report_conforms_to_pdf_ua_1(printed: Printed, language: str):
    result = page.validate_pdf(str(printed[language]), profile="ua1")
    assert result.is_compliant, [(one.rule_id, one.message) for one in result.failures]


@pytest.mark.parametrize("language", EACH)
def test_the_report_passes_our_own_checks(printed: Printed, language: str):
    assert faults(printed[language].read_bytes(), language=language) == []


def spoken_numbers(texts: Texts) -> set[float]:
    """Numbers in questions, answers and our own sentences: about no person."""
    edition = an_edition()
    sources = [*edition.translations[texts.language].texts.values(), *texts.texts.values()]
    return {float(number.replace(",", ".")) for text in sources for number in NUMBER.findall(text)}


@pytest.mark.parametrize("language", EACH)
def test_every_printed_number_is_one_that_the_release_says(printed: Printed, language: str):
    cube, texts = a_cube(), read_report_texts(language)
    text = words(printed[language]).replace(cube.sha256[:16], "").replace(cube.release, "")
    text = text.replace(cube.questionnaire_version, "").replace("SHA-256", "")
    numbers = {float(number.replace(",", ".")) for number in NUMBER.findall(text)}
    structure = {*range(1, len(pages(printed[language])) + 1), *(0, 10, 25, 50, 75, 100), 30, 95, len(cube.languages)}
    assert unexplained_numbers(numbers, cube, also=structure | spoken_numbers(texts)) == frozenset()


@pytest.mark.parametrize("language", EACH)
def test_invented_people_draft_questions_and_draft_words_are_marked(printed: Printed, language: str):
    texts = read_report_texts(language)
    first, *others = pages(printed[language])
    draft = " ".join(texts.say("draft").split())
    for one in (first, *others):
        assert "SYNTHETIC" in one
        assert draft in " ".join(one.split()) or language == "ar"  # extraction reorders joined letters
    if language not in {"en", "ar"}:
        wording = texts.say("wording", state=texts.say("state/draft"))
        assert " ".join(wording.split()) in " ".join(first.split())


@pytest.mark.parametrize("language", EACH)
def test_no_word_leaves_the_page_and_no_page_is_nearly_empty(printed: Printed, language: str):
    marked = words(printed[language], "-bbox")
    for number, one in enumerate(marked.split("<page ")[1:], 1):
        width, height = (float(size) for size in re.findall(r'(?:width|height)="([\d.]+)"', one)[:2])
        boxes = [
            tuple(map(float, box)) for box in re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)"', one)
        ]
        assert boxes
        assert all(x0 >= MARGIN and x1 <= width - MARGIN and y1 <= height for x0, _, x1, y1 in boxes), number
        body = [y1 for _, _, _, y1 in boxes if y1 < height - 60]
        last = number == marked.count("<page ")
        assert last or max(body) > height * 0.3, f"page {number} is nearly empty"


def test_arabic_runs_from_right_to_left():
    html = render_html(a_cube(), an_edition(), "ar").decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert '<html lang="de" dir="ltr"' in render_html(a_cube(), an_edition(), "de").decode()


@pytest.mark.long
def test_the_same_release_is_the_same_bytes_in_whatever_process(printed: Printed, tmp_path: Path):
    made = render_many(a_cube(), an_edition(), ("en", "de"), files=tmp_path, processes=2)
    assert made == {language: printed[language].read_bytes() for language in ("en", "de")}


def test_the_same_release_is_the_same_bytes(printed: Printed):
    assert render_report(a_cube(), an_edition(), "ar") == printed["ar"].read_bytes()


def test_the_page_needs_nothing_from_elsewhere():
    html = render_html(a_cube(), an_edition(), "en").decode()
    assert "<script" not in html
    assert re.findall(r'(?:src|href)="', html) == []
    assert {one.partition(":")[0] for one in re.findall(r'url\("?([^")]+)', html)} == {"data"}


def test_without_the_layout_library_the_cure_is_told(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(as_pdf, "import_module", missing)
    with pytest.raises(ProblemsFound) as found:
        as_pdf.to_pdf("<p>text</p>")
    assert found.value.problems[0].code is Code.REPORT_LIBRARY_MISSING
    assert "apt-get install" in found.value.problems[0].sentence
