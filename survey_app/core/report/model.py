"""Report: sections, sentences, tables and figures for one language, as frozen values ready to be laid out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from survey_app.core.charts import Figure, Journey, Tone


class Extent(StrEnum):
    """How much of the report: two pages, everything that is usually read, or with all annexes."""

    SHORT = "short"
    STANDARD = "standard"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph; style says what it is for."""

    text: str
    style: Literal["body", "intro", "sub", "note", "caution"] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One headline number with the question it answers and the lines that make it honest.

    share: the number as it is drawn, 0 to 1; None where it is censored.
    """

    number: str
    question: str
    lines: tuple[str, ...]
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """What a colour stands for."""

    tone: Tone
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BarRow:
    """A row of a bar table.

    figure: None when too few answers may be shown; then `sentence` stands in its place.
    numbers: the data behind the bar: shares in the order of the answers, then people without an answer by reason.
    value, range, base: the number at the end of the row, its interval, and what it is a share of.
    """

    label: str
    detail: str = ""
    figure: Figure | None
    sentence: str = ""
    numbers: str = ""
    value: str = ""
    range: str = ""
    base: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarTable:
    """Bars of several questions, or of the answers to one.

    head: what stands above labels, bars and numbers. ends: the words at both ends of the bars.
    legends: one line per set of answers that the rows use.
    """

    head: tuple[str, str, str]
    ends: tuple[str, str] = ("", "")
    legends: tuple[tuple[LegendEntry, ...], ...] = ()
    rows: tuple[BarRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The head of one column of a journey: its name, and how many people."""

    name: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyChart:
    """A score over the steps of the journey. ends: what high and low mean."""

    heading: str
    ends: tuple[str, str]
    steps: tuple[Step, ...]
    figure: Journey


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkRow:
    """Up to three small journeys side by side, of scores with one direction."""

    charts: tuple[JourneyChart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DotCell:
    """One score of one group: a dot with its number, or a sentence."""

    figure: Figure | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DotRow:
    """One group: its name, how many people, its scores."""

    label: str
    detail: str
    people: str
    cells: tuple[DotCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DotTable:
    """Scores by group. columns: name of each score and what low and high mean."""

    head: tuple[str, str]
    columns: tuple[tuple[str, str, str], ...]
    parts: tuple[tuple[str, tuple[DotRow, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A titled list of sentences. tinted: set off by colour."""

    heading: str
    lines: tuple[str, ...]
    tinted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """Boxes side by side."""

    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """Plain numbers. The first column of each row is its header. wide: share of the width for that column, in %."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One answer: its name, its number in words, and its share for the bar; None for no bar."""

    label: str
    value: str
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One question with plain answers, or one way to divide people. note: how many answered."""

    heading: str
    note: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Questions in columns, each a small table. columns stand side by side on one page."""

    head: tuple[str, str]
    columns: tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """What people said, each in the quotation marks of the language."""

    quotes: tuple[str, ...]


Block = Quotes | Paragraph | Heading | BarTable | JourneyChart | SparkRow | DotTable | Boxes | DataTable | Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the report with its own heading. fresh: starts on a new page."""

    id: str
    eyebrow: str
    heading: str
    blocks: tuple[Block, ...]
    fresh: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the organisation asks for, and the number on this page that it rests on."""

    text: str
    number: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The first page: the finding, what it rests on, what is asked for, and who answered; whole by itself.

    badges: what must not be overlooked. facts: number and words, side by side. lead: the finding in one sentence;
    where: at which step it is strongest. chart: None when there is none; then `chart_sentence` stands in its place; of
    one country it has scores in rows.
    need: kinds of help that were lacking, below `need_sentence`. matters: what matters most; None when nothing of it
    is published. quote: the words of one person; empty when none was cleared.
    """

    organisation: str
    kind: str
    title: str
    badges: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    lead: str
    where: str
    cards_heading: str
    cards: tuple[Card, ...]
    chart_heading: str
    chart: JourneyChart | BarTable | None
    chart_sentence: str
    need_heading: str
    need_sentence: str
    need: BarTable | None
    matters_heading: str
    matters: BarTable | None
    asks_heading: str
    asks: tuple[Ask, ...]
    who: Box
    missing: Box
    quote_heading: str
    quote: str
    caution: str
    foot: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A whole report in one language. running: words at top and bottom of each page."""

    language: str
    direction: Literal["ltr", "rtl"]
    document_title: str
    page_word: str
    running: tuple[str, str, str]
    front: Front
    sections: tuple[Section, ...]
