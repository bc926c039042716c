"""Report -> slides (PPTX, 16:9): what the first page says, a slide each, with charts that can be edited.

Charts hold published numbers alone, in whole percent or whole points, as they are printed. Every picture has a text
that is read aloud, every slide notes with people and ranges. The same report is the same bytes: no file carries a time.
"""
# ruff: noqa: ANN401  # shapes and charts are objects of a library that gives them no types

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.chart import data as chart_data
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Emu, Pt

from survey_app.core.charts import ShareBar
from survey_app.core.report.model import BarRow, BarTable, Front, JourneyChart, Report
from survey_app.core.report.wording import whole_percent

WIDTH, HEIGHT = Emu(12192000), Emu(6858000)  # EMU: 13.333 x 7.5 inches
EDGE, TOP, FOOT = 600000, 520000, 6420000
INK, DEEP, TEAL, CORAL, GRAY, SAND = "12303A", "0B3D47", "11616D", "B5472A", "55666C", "FAF7F2"
FONT = "Noto Sans"
_ChartData: Any = chart_data.CategoryChartData
_Colour: Any = RGBColor
NO_TIME = (1980, 1, 1, 0, 0, 0)
MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
THEN = rb"\g<1>1980-01-01T00:00:00Z\g<3>"


class _Look(NamedTuple):
    """How words look: size in points, colour, weight, points between lines."""

    size: int
    colour: str
    bold: bool = False
    apart: int = 4


NAME = _Look(28, DEEP, bold=True)
SMALL = _Look(14, GRAY)


def to_slides(report: Report) -> bytes:
    """Lay out the first page of `report` as slides."""
    deck = _Deck(report)
    front = report.front
    deck.title(front)
    deck.statement(front)
    if front.cards:
        deck.shares(front)
    if isinstance(front.chart, JourneyChart):
        deck.journey(front.chart_heading, front.chart)
    elif front.chart is not None:
        deck.bars(front.chart_heading, front.chart, front.chart_sentence)
    if front.need is not None:
        deck.bars(front.need_heading, front.need, front.need_sentence)
    if front.matters is not None:
        deck.bars(front.matters_heading, front.matters, "")
    if front.asks:
        deck.lines(front.asks_heading, [f"{ask.text} ({ask.number} {ask.about})" for ask in front.asks])
    if front.quote:
        deck.lines(front.quote_heading, [front.quote])
    deck.lines(front.who.heading, [*(f"{number} {words}" for number, words in front.facts), *front.who.lines])
    deck.lines(front.missing.heading, front.missing.lines)
    deck.lines("", [front.caution, *front.foot])
    return deck.finish()


class _Deck:
    """A presentation that grows slide by slide."""

    def __init__(self, report: Report) -> None:
        self.report, self.rtl = report, report.direction == "rtl"
        self.deck = Presentation()
        self.deck.slide_width, self.deck.slide_height = WIDTH, HEIGHT
        properties = self.deck.core_properties
        properties.title, properties.author = report.document_title, report.front.organisation
        properties.language, properties.subject = report.language, report.front.kind

    def title(self, front: Front) -> None:
        slide = self._slide(front.title, background=DEEP, heading=False)
        self._text(
            slide, (EDGE, 900000, WIDTH - 2 * EDGE, 500000), [front.organisation], _Look(20, "FFFFFF", bold=True)
        )
        self._text(slide, (EDGE, 1900000, WIDTH - 2 * EDGE, 500000), [front.kind], _Look(18, "8FC4C4"))
        self._name(slide, front.title, (EDGE, 2350000, WIDTH - 2 * EDGE, 1700000), _Look(44, "FFFFFF", bold=True))
        self._text(slide, (EDGE, 4300000, WIDTH - 2 * EDGE, 1500000), front.badges, _Look(16, "F6D9CD", bold=True))
        self._notes(slide, [*front.badges, *front.foot])

    def statement(self, front: Front) -> None:
        slide = self._slide(front.kind)
        self._name(slide, front.kind, (EDGE, TOP, WIDTH - 2 * EDGE, 500000), _Look(18, CORAL, bold=True))
        lines = [front.lead, *([front.where] if front.where else [])]
        self._text(slide, (EDGE, 1500000, WIDTH - 2 * EDGE, 4300000), lines, _Look(30, DEEP, bold=True))
        self._notes(slide, [*lines, front.caution])

    def shares(self, front: Front) -> None:
        """The headline shares as bars; their questions stand beside them."""
        drawn = [card for card in front.cards if card.share is not None]
        spoken = [f"{card.number} {card.question} {'; '.join(filter(None, card.lines))}" for card in front.cards]
        if drawn:
            shares = [(f"{card.question}\n{'; '.join(filter(None, card.lines))}", card.share or 0) for card in drawn]
            self._bar_slide(front.cards_heading, shares, spoken)

    def bars(self, heading: str, table: BarTable, sentence: str) -> None:
        rows = [(row, row.figure) for row in table.rows]
        drawn = [(_with_base(row), bar.share) for row, bar in rows if isinstance(bar, ShareBar)]
        said = [" ".join(p for p in (r.label, r.value, r.range, r.base, r.sentence) if p) for r in table.rows]
        spoken = [line for line in (sentence, *said) if line]
        if drawn:
            self._bar_slide(heading, drawn, spoken, under=sentence)
        else:
            self.lines(heading, said)

    def journey(self, heading: str, chart: JourneyChart) -> None:
        data = _ChartData(number_format="0")
        data.categories = [self._label(f"{step.name}\n{step.people}") for step in chart.steps]
        points = chart.figure.points
        for on_way in (True, False):  # what is off the common way is not joined by a line
            values = [round(point.value) if point and point.joined is on_way else None for point in points]
            data.add_series(chart.heading, values)
        slide = self._slide(heading)
        self._name(slide, heading)
        ends = " · ".join((chart.heading, *chart.ends))
        self._text(slide, (EDGE, 1080000, WIDTH - 2 * EDGE, 400000), [ends], SMALL)
        frame = slide.shapes.add_chart(
            XL_CHART_TYPE.LINE_MARKERS, EDGE, 1550000, WIDTH - 2 * EDGE, FOOT - 1670000, data
        )
        drawn = self._plain(frame, chart.figure.title, top=100)
        drawn.category_axis.reverse_order = self.rtl
        colour = CORAL if chart.figure.worse_high else TEAL
        for series, joined in zip(drawn.plots[0].series, (True, False), strict=True):
            series.smooth = False
            self._paint(series.marker.format.fill, colour, solid=True)
            if joined:
                self._paint(series.format.line.color, colour)
            else:
                series.format.line.fill.background()
        drawn.plots[0].has_data_labels = True
        drawn.plots[0].data_labels.position = XL_LABEL_POSITION.ABOVE
        self._font(drawn.plots[0].data_labels.font, _Look(16, INK, bold=True))
        self._notes(slide, [chart.figure.title, *(f"{step.name}: {step.people}" for step in chart.steps)])

    def lines(self, heading: str, lines: Sequence[str]) -> None:
        slide = self._slide(heading or self.report.front.kind)
        self._name(slide, heading or self.report.front.kind)
        self._text(slide, (EDGE, 1400000, WIDTH - 2 * EDGE, 4700000), lines, _Look(20, INK, apart=10))
        self._notes(slide, lines)

    def finish(self) -> bytes:
        buffer = BytesIO()
        self.deck.save(buffer)
        return _without_times(buffer.getvalue())

    def _bar_slide(
        self, heading: str, shares: Sequence[tuple[str, float]], spoken: Sequence[str], under: str = ""
    ) -> None:
        data = _ChartData(number_format="0%")
        data.categories = [self._label(name) for name, _ in shares]
        data.add_series(heading, [whole_percent(share) / 100 for _, share in shares])
        slide = self._slide(heading)
        self._name(slide, heading)
        if under:
            self._text(slide, (EDGE, 1080000, WIDTH - 2 * EDGE, 800000), [under], SMALL)
        top = 1950000 if under else 1250000
        frame = slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_CLUSTERED, EDGE, top, WIDTH - 2 * EDGE, FOOT - top - 120000, data
        )
        chart = self._plain(frame, " ".join(spoken), top=1)
        chart.category_axis.reverse_order = True  # the first stands at the top
        chart.plots[0].gap_width = 60
        self._paint(chart.plots[0].series[0].format.fill, CORAL, solid=True)
        chart.plots[0].has_data_labels = True
        chart.plots[0].data_labels.number_format, chart.plots[0].data_labels.number_format_is_linked = "0%", False
        chart.plots[0].data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
        self._font(chart.plots[0].data_labels.font, _Look(18, INK, bold=True))
        self._notes(slide, spoken)

    def _label(self, text: str) -> str:
        """Words in a chart, each line with a sign that it runs from right to left where the language does."""
        return "\n".join(f"\u200f{line}" for line in text.split("\n")) if self.rtl else text

    def _plain(self, frame: Any, spoken: str, *, top: float) -> Any:
        """A chart without legend and lines, from 0 to `top`, with a text that is read aloud."""
        frame._element.nvGraphicFramePr.cNvPr.set("descr", spoken)  # noqa: SLF001  # the library has no other way
        chart = frame.chart
        chart.has_legend = chart.has_title = False
        axis = chart.value_axis
        axis.minimum_scale, axis.maximum_scale = 0, top
        axis.has_major_gridlines = axis.visible = False
        axis.reverse_order = self.rtl and top == 1
        self._font(chart.category_axis.tick_labels.font, _Look(14, INK))
        return chart

    def _slide(self, name: str, *, background: str = "", heading: bool = True) -> Any:
        """An empty slide that has a title; `name` is what lists of slides show."""
        slide = self.deck.slides.add_slide(self.deck.slide_layouts[5])  # title only
        if background:
            fill = slide.background.fill
            fill.solid()
            fill.fore_color.rgb = _rgb(background)
        if heading:
            at = (EDGE, FOOT, WIDTH - 2 * EDGE, 300000)
            self._text(slide, at, [" · ".join(part for part in self.report.running if part)], _Look(10, CORAL))
        slide.name = name
        return slide

    def _name(
        self, slide: Any, text: str, at: tuple[int, ...] = (EDGE, TOP, WIDTH - 2 * EDGE, 560000), look: _Look = NAME
    ) -> None:
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = at
        self._fill(shape.text_frame, [text], look)

    def _text(self, slide: Any, at: tuple[int, ...], lines: Iterable[str], look: _Look) -> None:
        self._fill(slide.shapes.add_textbox(*at).text_frame, list(lines), look)

    def _fill(self, frame: Any, lines: Sequence[str], look: _Look) -> None:
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
        for at, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if self.rtl else PP_ALIGN.LEFT
            paragraph.space_after = Pt(look.apart)
            if self.rtl:
                paragraph._p.get_or_add_pPr().set("rtl", "1")  # noqa: SLF001  # the library has no other way
            run = paragraph.add_run()
            run.text = line
            self._font(run.font, look)
            run._r.get_or_add_rPr().set("lang", self.report.language)  # noqa: SLF001

    def _font(self, font: Any, look: _Look) -> None:
        font.size, font.bold, font.name = Pt(look.size), look.bold, FONT
        font.color.rgb = _rgb(look.colour)

    def _paint(self, part: Any, colour: str, *, solid: bool = False) -> None:
        if solid:
            part.solid()
            part = part.fore_color
        part.rgb = _rgb(colour)

    def _notes(self, slide: Any, lines: Iterable[str]) -> None:
        slide.notes_slide.notes_text_frame.text = "\n".join(line for line in lines if line)


def _with_base(row: BarRow) -> str:
    """What a bar is about, and below it how many people, and the range."""
    return "\n".join(filter(None, (row.label, " · ".join(filter(None, (row.base, row.range))))))


def _rgb(colour: str) -> Any:
    return _Colour.from_string(colour)


def _without_times(archive: bytes) -> bytes:
    """The same archive, and those inside it, without any time and in one order."""
    return _rewritten(archive, lambda name, part: _rewritten(part, _undated) if name.endswith(".xlsx") else part)


def _undated(_name: str, part: bytes) -> bytes:
    return MOMENT.sub(THEN, part)


def _rewritten(archive: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, _undated(name, change(name, old.read(name))))
    return buffer.getvalue()
