"""Cube and words -> Report. Pure: the same cube and the same words are the same report."""

from collections.abc import Iterator, Sequence
from typing import Literal

from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.voices import Voices
from survey_app.core.questionnaire.model import Edition
from survey_app.core.report import findings, reading
from survey_app.core.report.annexes import annexes
from survey_app.core.report.asks import AskWords
from survey_app.core.report.bars import Bars, priority_table, signs
from survey_app.core.report.front import front
from survey_app.core.report.method import brief, method
from survey_app.core.report.model import Block, Extent, Front, Heading, Paragraph, Report, Section
from survey_app.core.report.people import FACTS, others, who_answered
from survey_app.core.report.scores import Scores
from survey_app.core.report.sheet import sheet
from survey_app.core.report.tables import data_tables
from survey_app.core.report.texts import Texts
from survey_app.core.report.voices import own_words
from survey_app.core.report.wording import Wording

SHORT = 5  # rows of each table in the short report
VERSION = "2"  # part of the key of stored reports: raise it when the same cube shall look different


def compose(
    cube: ProtectedCube,
    edition: Edition,
    texts: Texts,
    extent: Extent = Extent.STANDARD,
    voices: Voices | None = None,
    asks: Sequence[AskWords] = (),
) -> Report:
    """Compose the report of a release in the language of `texts`, with its sealed voices and what is asked for.

    Raises:
        KeyError: a text is missing; a bug, since catalogues and editions are complete when they are read.
    """
    wording = Wording(cube=cube, edition=edition, texts=texts, voices=voices)
    first = front(wording, reading.leading(cube), asks)
    return _report(wording, first, _sections(wording, extent))


def compose_sheet(cube: ProtectedCube, edition: Edition, texts: Texts, country: str) -> Report:
    """Compose the page about one country, ISO 3166-1 alpha-2: what can be shown of it, or that it is too little.

    Raises:
        KeyError: a text is missing; a bug, since catalogues and editions are complete when they are read.
    """
    wording = Wording(cube=cube, edition=edition, texts=texts)
    return _report(wording, sheet(wording, reading.leading(cube), country), ())


def _report(wording: Wording, first: Front, sections: tuple[Section, ...]) -> Report:
    cube = wording.cube
    direction: Literal["ltr", "rtl"] = "rtl" if wording.locale.text_direction == "rtl" else "ltr"
    release = wording.say("cover/release", release=cube.release)
    # repeated on every page: whose report, which release, and what must not be overlooked
    running = (cube.organisation, f"{first.title} · {release}", " · ".join(first.badges))
    return Report(
        language=wording.language,
        direction=direction,
        document_title=f"{first.title}: {first.kind}, {wording.quarter(cube.quarter)}",
        page_word=wording.say("page"),
        running=running,
        front=first,
        sections=sections,
    )


def _sections(wording: Wording, extent: Extent) -> tuple[Section, ...]:
    cube = wording.cube
    leading = reading.leading(cube)
    group = reading.whole(cube, leading.id) if leading else None
    if leading is None or group is None:
        return (*own_words(wording), method(wording))
    scores = Scores(wording=wording, population=leading, group=group)
    if extent is Extent.SHORT:
        return (_behind(wording, scores),)
    modules = [one.id for one in wording.edition.questionnaire.modules if one.id not in FACTS]
    standard = (
        findings.needs(wording, leading, group),
        scores.along(),
        *(part for at, one in enumerate(modules) if (part := _module(wording, scores, one, fresh=at == 0))),
        scores.groups(),
        who_answered(wording, leading),
        *others(wording, leading),
        data_tables(wording, leading, group),
        *own_words(wording),
        method(wording),
    )
    return (*standard, *annexes(wording)) if extent is Extent.FULL else standard


def _behind(wording: Wording, scores: Scores) -> Section:
    """The second page of the short report: more of what weighs, method and protection."""
    needs = findings.needs(wording, scores.population, scores.group, most=SHORT)
    return Section(
        id="behind",
        eyebrow=needs.eyebrow,
        heading=wording.say("short/heading"),
        blocks=(*needs.blocks, *brief(wording)),
    )


def _priorities(wording: Wording, scores: Scores, module: str) -> Iterator[Block]:
    """What became of the objects of best-worst choices, if the module has them."""
    found = [one for one in reading.priorities(wording.cube, scores.group) if one[0].module == module]
    if found:
        yield Heading(text=wording.say("front/matters"))
        yield Paragraph(text=wording.say("priority/note"), style="sub")
        yield priority_table(wording, found)


def _module(wording: Wording, scores: Scores, module: str, *, fresh: bool) -> Section | None:
    """The answers to all questions of one module."""
    cube = wording.cube
    found = [
        one
        for one in cube.variables
        if one.module == module
        and one.kind not in {"scale", "priority"}
        and cube.table(scores.group.id, one.id) is not None
    ]
    matters = tuple(_priorities(wording, scores, module))
    if not found and not matters:
        return None
    bars = Bars(wording=wording, population=scores.population, group=scores.group)
    note: Block = Paragraph(text=wording.say("module/numbers", signs=signs(wording)), style="note")
    return Section(
        id=f"module-{module}",
        eyebrow=scores.eyebrow("module/part"),
        heading=wording.ask(f"module/{module}/title"),
        blocks=(*matters, *bars.blocks(found), note),
        fresh=fresh,
    )
