"""Figure -> SVG text; nothing but the figure decides the picture.

Only shapes and digits are drawn: words stand in HTML beside the picture, where any script is laid
out well. Every picture has a <title>, which a screen reader speaks. Right to left mirrors the
coordinates, never the glyphs. Shares are from 0 to 1, scores from 0 to 100.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Literal

Tone = Literal["good2", "good1", "middle", "bad1", "bad2"]

INK, GRAY, RULE, SAND, TRACK = "#12303a", "#55666c", "#d9d2c6", "#faf7f2", "#e9e3d8"
TEAL, CORAL, PALE = "#11616d", "#b5472a", "#d5e7e6"
FILL: dict[Tone, str] = {"good2": TEAL, "good1": "#8cc0c1", "middle": "#e6e1d8", "bad1": "#ecae96", "bad2": CORAL}
ON_FILL: dict[Tone, str] = {"good2": "#fff", "good1": "#0b3037", "middle": "#3b3a36", "bad1": "#3b1a10", "bad2": "#fff"}
DRAWN = frozenset("0123456789.,−<>%")
LABEL_FROM = 0.06  # a share below this is drawn without its number, which stands in the data table


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One answer in a bar: its share, its colour, the number written on it."""

    share: float
    tone: Tone
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The longest good, bad and apart side of all bars of one table, so that they share line and measure."""

    good: float
    bad: float
    apart: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitBar:
    """Good answers on one side of a line, bad ones on the other, those in between apart at the end.

    good and bad run outward from the line.
    """

    title: str
    good: tuple[Segment, ...]
    bad: tuple[Segment, ...]
    apart: tuple[Segment, ...]
    reach: Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBar:
    """One share on a track from 0 to 1, with its interval."""

    title: str
    share: float
    lower: float | None
    upper: float | None
    tone: Tone = "good2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A mean score with its interval. joined: on the line of the journey."""

    value: float
    lower: float | None
    upper: float | None
    label: str
    joined: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreDot:
    """One mean score on a line from 0 to 100; reference is the mean of everyone, drawn as a fine line."""

    title: str
    point: Point
    reference: float | None = None
    worse_high: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Mean scores over steps; None where a step has too few answers.

    Step names stand outside, in columns; a small picture has their numbers below.
    """

    title: str
    points: tuple[Point | None, ...]
    worse_high: bool = True
    small: bool = False


Figure = SplitBar | ShareBar | ScoreDot | Journey


def draw(figure: Figure, *, rtl: bool = False) -> str:
    """Draw `figure` as one <svg> element, mirrored when `rtl`."""
    match figure:
        case SplitBar():
            return _split_bar(figure, rtl=rtl)
        case ShareBar():
            return _share_bar(figure, rtl=rtl)
        case ScoreDot():
            return _score_dot(figure, rtl=rtl)
        case Journey():
            return _journey(figure, rtl=rtl)


class Canvas:
    """Collects shapes on a plane of w x h units."""

    def __init__(self, w: float, h: float, *, rtl: bool) -> None:
        self.w, self.h, self.rtl = w, h, rtl
        self.shapes: list[str] = []

    def x(self, value: float) -> float:
        return self.w - value if self.rtl else value

    def rect(self, x: float, y: float, w: float, h: float, fill: str) -> None:
        left = self.w - x - w if self.rtl else x
        self.shapes.append(f'<rect x="{_n(left)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" fill="{fill}"/>')

    def line(self, start: tuple[float, float], end: tuple[float, float], stroke: str, style: str = "1") -> None:
        """A line from `start` to `end`; style is its width, and after a space its dashes."""
        width, _, dashes = style.partition(" ")
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.shapes.append(
            f'<line x1="{_n(self.x(start[0]))}" y1="{_n(start[1])}" x2="{_n(self.x(end[0]))}" y2="{_n(end[1])}" '
            f'stroke="{stroke}" stroke-width="{width}"{dashed}/>'
        )

    def dot(self, x: float, y: float, radius: float, fill: str) -> None:
        self.shapes.append(
            f'<circle cx="{_n(self.x(x))}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" '
            'stroke="#fff" stroke-width="1.6"/>'
        )

    def number(self, at: tuple[float, float], digits: str, size: float, fill: str, weight: int = 600) -> None:
        """Digits centred at `at`. Words are refused: they cannot be laid out here in every script."""
        assert DRAWN.issuperset(digits), f"only digits are drawn in pictures, not {digits!r}"
        self.shapes.append(
            f'<text x="{_n(self.x(at[0]))}" y="{_n(at[1])}" font-size="{_n(size)}" fill="{fill}" '
            f'font-weight="{weight}">{escape(digits)}</text>'
        )

    def finish(self, name: str, title: str) -> str:
        return (
            f'<svg class="{name}" viewBox="0 0 {_n(self.w)} {_n(self.h)}" '
            f'role="img" font-family="Noto Sans" text-anchor="middle">'
            f"<title>{escape(title)}</title>{''.join(self.shapes)}</svg>"
        )


def _n(value: float) -> str:
    """Two decimals at most: enough for the eye, short in the file, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _split_bar(bar: SplitBar, *, rtl: bool) -> str:
    width, height, gap = 360.0, 24.0, 16.0 if bar.reach.apart else 0.0
    canvas = Canvas(width, height, rtl=rtl)
    unit = (width - gap) / (bar.reach.good + bar.reach.bad + bar.reach.apart)
    middle = bar.reach.good * unit
    _row(canvas, bar.good, middle, -unit)
    _row(canvas, bar.bad, middle, unit)
    _row(canvas, bar.apart, (bar.reach.good + bar.reach.bad) * unit + gap, unit)
    canvas.line((middle, 0), (middle, height), INK)
    return canvas.finish("split", bar.title)


def _row(canvas: Canvas, segments: Iterable[Segment], start: float, unit: float) -> None:
    """Segments one after another from `start`; a negative unit runs backwards."""
    for segment in segments:
        length = segment.share * unit
        if not length:
            continue
        canvas.rect(min(start, start + length), 3, abs(length), canvas.h - 6, FILL[segment.tone])
        if segment.share >= LABEL_FROM:
            canvas.number((start + length / 2, canvas.h / 2 + 3.6), segment.label, 10, ON_FILL[segment.tone])
        start += length


def _share_bar(bar: ShareBar, *, rtl: bool) -> str:
    width, height = 200.0, 12.0
    canvas = Canvas(width, height, rtl=rtl)
    canvas.rect(0, 2, width, height - 4, TRACK)
    canvas.rect(0, 2, width * bar.share, height - 4, FILL[bar.tone])
    if bar.lower is not None and bar.upper is not None:
        canvas.line((width * bar.lower, height / 2), (width * bar.upper, height / 2), INK, "1.1")
        for end in (bar.lower, bar.upper):
            canvas.line((width * end, 3.5), (width * end, height - 3.5), INK, "1.1")
    return canvas.finish("share", bar.title)


def _score_dot(dot: ScoreDot, *, rtl: bool) -> str:
    width, height, edge = 120.0, 18.0, 6.0
    canvas = Canvas(width, height, rtl=rtl)

    def x(score: float) -> float:
        return edge + score / 100 * (width - 2 * edge)

    middle = height / 2
    canvas.line((x(0), middle), (x(100), middle), RULE, "1")
    for tick in (0, 50, 100):
        canvas.line((x(tick), middle - 3), (x(tick), middle + 3), RULE, "1")
    if dot.reference is not None:
        canvas.line((x(dot.reference), 1), (x(dot.reference), height - 1), "#8a9a9c", "1.4")
    point = dot.point
    if point.lower is not None and point.upper is not None:
        canvas.line(
            (x(point.lower), middle), (x(point.upper), middle), "#7fa9ad" if not dot.worse_high else "#dd9a80", "4"
        )
    canvas.dot(x(point.value), middle, 4.4, CORAL if dot.worse_high else TEAL)
    return canvas.finish("score", dot.title)


def _journey(chart: Journey, *, rtl: bool) -> str:
    width, height = (150.0, 116.0) if chart.small else (660.0, 226.0)
    left, top, bottom = (20.0, 14.0, height - 18) if chart.small else (30.0, 22.0, height - 10)
    canvas = Canvas(width, height, rtl=rtl)
    column = (width - left) / len(chart.points)

    def y(score: float) -> float:
        return bottom - score / 100 * (bottom - top)

    if not chart.small:
        for index in range(0, len(chart.points), 2):
            canvas.rect(left + index * column, 0, column, height, SAND)
    for tick in (0, 50, 100) if chart.small else (0, 25, 50, 75, 100):
        canvas.line((left - 4, y(tick)), (width, y(tick)), RULE, "0.7 2,3" if tick else "0.9")
        canvas.number((left / 2 - 2, y(tick) + 3), str(tick), 8 if chart.small else 9, GRAY, 400)
    places = [(left + (index + 0.5) * column, point) for index, point in enumerate(chart.points)]
    if chart.small:
        for index, (x, _) in enumerate(places):
            canvas.number((x, height - 3), str(index + 1), 8, GRAY, 400)
    _way(canvas, places, y, chart)
    _points(canvas, [(x, point) for x, point in places if point], y, chart)
    return canvas.finish("spark" if chart.small else "journey", chart.title)


def _way(
    canvas: Canvas, places: Sequence[tuple[float, Point | None]], y: Callable[[float], float], chart: Journey
) -> None:
    """The line from step to step; a step that is not shown, or not on the way, breaks it."""
    width = "1.6" if chart.small else "2.2"
    for (x0, before), (x1, after) in pairwise(places):
        if before and after and before.joined and after.joined:
            canvas.line((x0, y(before.value)), (x1, y(after.value)), _colour(chart), width)


def _colour(chart: Journey) -> str:
    return CORAL if chart.worse_high else TEAL


def _points(canvas: Canvas, places: Sequence[tuple[float, Point]], y: Callable[[float], float], chart: Journey) -> None:
    soft = "#f0c9ba" if chart.worse_high else "#bfdcdc"
    for x, point in places:
        if point.lower is not None and point.upper is not None:
            half = 3.0 if chart.small else 7.0
            canvas.rect(x - half, y(point.upper), 2 * half, y(point.lower) - y(point.upper), soft)
    for x, point in places:
        canvas.dot(x, y(point.value), 3.6 if chart.small else 7.0, _colour(chart))
        high = point.value if point.upper is None else point.upper
        canvas.number((x, y(high) - 4), point.label, 9 if chart.small else 13, INK, 700)
