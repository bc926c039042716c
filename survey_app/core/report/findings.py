"""Key findings: what was lacking and what weighs most, in sentences composed by rule, never typed; how to cite."""

from collections.abc import Sequence

from survey_app.core.protection.cube import Group, Population
from survey_app.core.report import reading
from survey_app.core.report.bars import finding_row
from survey_app.core.report.model import BarTable, Block, Heading, Paragraph, Section
from survey_app.core.report.reading import Finding
from survey_app.core.report.wording import Wording

HARDEST = 7


def badges(wording: Wording) -> tuple[str, ...]:
    """What must not be overlooked: invented people, draft questions, a draft translation."""
    found = []
    if wording.cube.synthetic:
        found.append(wording.say("synthetic"))
    if wording.cube.questionnaire_status.startswith("draft"):
        found.append(wording.say("draft"))
    if state(wording, wording.language) == "draft":
        found.append(wording.say("wording", state=wording.say("state/draft")))
    return tuple(found)


def state(wording: Wording, language: str) -> str:
    """State of the questionnaire's translation when the release was made; the weaker of it and the report's own."""
    questionnaire = wording.edition.questionnaire
    if language == questionnaire.language:
        return "source"
    known = wording.cube.translation_states.get(language, "draft")
    return "draft" if language == wording.language and wording.texts.state == "draft" else known


def title_of(wording: Wording) -> str:
    """The study's title in the language of the report, or in English, or its id."""
    cube = wording.cube
    return cube.title.get(wording.language) or cube.title.get("en") or cube.study


def needs(wording: Wording, population: Population, group: Group, *, most: int = HARDEST) -> Section:
    """Kinds of help that were needed and did not come; what weighs most, with the rule by which it was chosen.

    most: rows of each table. Below `HARDEST` the sentence that stands on the first page is not said again.
    """
    say = wording.say
    found = reading.unmet(wording.cube, group)
    blocks: list[Block] = [
        Paragraph(
            text=say("key/intro", people=wording.people(population.id), n=wording.about(reading.size(group))),
            style="intro",
        )
    ]
    if found:
        if most == HARDEST:
            blocks.append(Paragraph(text=gap(wording, population, found[0]), style="intro"))
        blocks.append(Paragraph(text=say("key/need_note"), style="sub"))
        blocks.append(needs_table(wording, population, found[:most]))
    else:
        blocks.append(Paragraph(text=say("too_few"), style="intro"))
    hardest = reading.headlines(wording.cube, group, most=most)
    if hardest:
        blocks.append(Heading(text=say("key/worst")))
        blocks.append(Paragraph(text=say("key/worst_note"), style="sub"))
        head = (say("module/question"), say("module/problem"), say("tables/share"))
        rows = tuple(finding_row(wording, wording.question(one.variable, population), one) for one in hardest)
        blocks.append(BarTable(head=head, rows=rows))
    return Section(id="needs", eyebrow=say("key/part"), heading=say("key/need"), blocks=tuple(blocks))


def gap(wording: Wording, population: Population, best: Finding) -> str:
    """The largest unmet need in words, and the group in which it stands out."""
    say = wording.say
    lead = say(
        "key/need_lead",
        need=wording.quote(wording.question(best.variable, population)),
        share=wording.share(best.figure),
        base=wording.of(best),
    )
    standing = reading.standing_out(wording.cube, population.id, best)
    if standing is None:
        return f"{lead} {say('key/need_nogroup')}"
    group, there = standing
    share, base = wording.share(there.figure), wording.of(there)
    return f"{lead} {say('key/need_group', group=wording.group(group), share=share, base=base)}"


def needs_table(wording: Wording, population: Population, found: Sequence[Finding], *, part: str = "") -> BarTable:
    """Unmet needs as bars."""
    say = wording.say
    return BarTable(
        head=(say("module/need"), say("module/unmet"), say("tables/share")),
        rows=tuple(finding_row(wording, wording.question(one.variable, population), one, part=part) for one in found),
    )


def citation(wording: Wording) -> str:
    """How to cite the release."""
    cube = wording.cube
    quarter = wording.quarter(cube.quarter)
    return wording.say(
        "cite/text", organisation=cube.organisation, title=title_of(wording), release=cube.release, quarter=quarter
    )
