"""Slides and picture cards: they say what the first page says, and nothing more."""

import io
import json
import re
import zipfile
from functools import cache

import pytest
from PIL import Image
from pptx import Presentation

from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.report.wording import whole_percent
from survey_app.outputs.as_cards import SIZES, to_cards
from survey_app.outputs.as_slides import to_slides
from survey_app.services.reporting import compose_report
from tests.builders_report import a_cube, an_edition


@cache
def slides(language: str) -> bytes:
    return to_slides(compose_report(a_cube(), an_edition(), language))


@cache
def cards() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(to_cards(compose_report(a_cube(), an_edition(), "ar"))))


def shapes(content: bytes):
    return [(slide, shape) for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]


def charts(content: bytes):
    return [(slide, shape) for slide, shape in shapes(content) if shape.has_chart]


def published(cube: ProtectedCube) -> set[float]:
    figures = [figure for table in cube.tables for figure in table.figures if figure.value is not None]
    shares = {whole_percent(f.value) / 100 for f in figures if f.statistic in {"share", "mark"}}
    return shares | {float(round(f.value)) for f in figures if f.statistic == "mean"}


def test_charts_hold_published_numbers_as_they_are_printed_and_nothing_else():
    numbers = [
        value
        for _, shape in charts(slides("en"))
        for series in shape.chart.plots[0].series
        for value in series.values
        if value is not None
    ]
    assert len(numbers) >= 8
    assert published(a_cube()).issuperset(numbers)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_slide_has_a_title_and_notes_and_every_chart_is_told_in_words(language: str):
    deck = Presentation(io.BytesIO(slides(language)))
    assert len(deck.slides) >= 6
    assert deck.slide_width * 9 == deck.slide_height * 16
    for slide in deck.slides:
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame.text
    for slide, shape in charts(slides(language)):
        told = shape._element.nvGraphicFramePr.cNvPr.get("descr")
        assert len(re.findall(r"\d", told)) >= 2
        assert re.search(r"\d", slide.notes_slide.notes_text_frame.text)


def test_invented_people_are_marked_on_every_slide():
    for slide in Presentation(io.BytesIO(slides("en"))).slides:
        assert any("SYNTHETIC" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_slides_carry_no_time_and_are_the_same_bytes_again():
    assert to_slides(compose_report(a_cube(), an_edition(), "en")) == slides("en")
    archive = zipfile.ZipFile(io.BytesIO(slides("en")))
    inner = [zipfile.ZipFile(io.BytesIO(archive.read(name))) for name in archive.namelist() if name.endswith(".xlsx")]
    assert inner
    for one in (archive, *inner):
        assert {entry.date_time for entry in one.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        moments = re.findall(rb"<dcterms:\w+[^>]*>([^<]*)<", one.read("docProps/core.xml"))
        assert set(moments) <= {b"1980-01-01T00:00:00Z"}


def test_arabic_paragraphs_run_from_right_to_left():
    for _, shape in shapes(slides("ar")):
        if shape.has_text_frame and shape.text_frame.text:
            assert all(one._p.pPr.get("rtl") == "1" for one in shape.text_frame.paragraphs)


def test_each_finding_is_a_picture_in_two_sizes_with_its_words_beside_it():
    front = compose_report(a_cube(), an_edition(), "ar").front
    for number, card in enumerate(front.cards, 1):
        for width, height in SIZES:
            picture = Image.open(io.BytesIO(cards().read(f"finding-{number}-{width}x{height}.png")))
            assert picture.size == (width, height)
            assert picture.info == {}
            assert len(picture.getcolors(width * height) or []) > 20
        said = json.loads(cards().read(f"finding-{number}.json"))
        assert card.question in said["alternative_text"]
        assert card.number in said["alternative_text"]
        assert all(line in said["alternative_text"] for line in card.lines if line)
        assert any("SYNTHETIC" in note for note in said["notes"])


def test_cards_carry_no_time():
    assert {entry.date_time for entry in cards().infolist()} == {(1980, 1, 1, 0, 0, 0)}
