"""Cover and key findings: sentences composed by rule from protected numbers, never typed."""

from collections.abc import Iterator

from survey_app.core.protection.cube import Group, Population
from survey_app.core.report import reading
from survey_app.core.report.bars import finding_row
from survey_app.core.report.model import (
    BarTable,
    Block,
    Box,
    Boxes,
    Card,
    Cards,
    Cover,
    Heading,
    Paragraph,
    Section,
    Tile,
)
from survey_app.core.report.reading import Finding, Tier, tier
from survey_app.core.report.scores import Scores
from survey_app.core.report.wording import Wording

NEEDS = 3
ALONE = ("X1", "X2")  # steps off the common way: the people whom reports usually forget


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


def cover(wording: Wording, population: Population | None) -> Cover:
    """The first page."""
    cube, say = wording.cube, wording.say
    title = cube.title.get(wording.language) or cube.title.get("en") or cube.study
    tiles = [Tile(number=wording.number(cube.persons), text=say("tile/persons"))]
    if population is not None:
        tiles.append(Tile(number=wording.number(reading.people(cube, population.id)), text=say("tile/leading")))
    if cube.flow.get("sent_whole"):
        tiles.append(Tile(number=wording.number(cube.flow["sent_whole"]), text=say("tile/whole")))
    tiles.append(Tile(number=wording.number(len(cube.languages)), text=say("tile/languages")))
    period = wording.period(cube.first_quarter, cube.quarter)
    return Cover(
        organisation=cube.organisation,
        kind=say("kind"),
        title=title,
        subtitle=wording.ask("title"),
        lead=_lead(wording, population),
        tiles=tuple(tiles),
        badges=badges(wording),
        foot=(say("cover/period", period=period), say("cover/release", release=cube.release)),
    )


def _lead(wording: Wording, population: Population | None) -> str:
    group = reading.whole(wording.cube, population.id) if population else None
    found = reading.headlines(wording.cube, group) if group else []
    if not found:
        return wording.say("cover/lead_none")
    best = found[0]
    return wording.say(
        "cover/lead",
        question=wording.quote(wording.question(best.variable, population)),
        share=wording.share(best.figure),
        answers=_hard(wording, best),
    )


def _hard(wording: Wording, found: Finding) -> str:
    return wording.answers(found.variable, found.variable.marks["problem"])


def key_findings(wording: Wording, population: Population, group: Group) -> tuple[Section, ...]:
    """Two pages: what weighs most and where; what was lacking, who answered and who is missing."""
    say = wording.say
    scores = Scores(wording=wording, population=population, group=group)
    intro = say("key/intro", people=wording.people(population.id), n=wording.about(reading.size(group)))
    found = reading.headlines(wording.cube, group)
    first: list[Block] = [Paragraph(text=intro, style="intro")]
    if found:
        first.append(Heading(text=say("key/worst")))
        first.append(Cards(cards=tuple(_card(wording, population, one) for one in found)))
        first.append(Paragraph(text=say("key/worst_note"), style="note"))
    first.extend(scores.journey(reading.JOURNEY_SCALE))
    cite = Boxes(boxes=(Box(heading=say("cite/heading"), lines=(citation(wording),)),))
    second = [
        *_needs(wording, population, group),
        *_who(wording, population),
        Paragraph(text=say("caution"), style="caution"),
        cite,
    ]

    return (
        Section(id="key", eyebrow=say("key/part"), heading=_heading(wording, scores), blocks=tuple(first)),
        Section(id="needs", eyebrow=say("key/part"), heading=say("key/need"), blocks=tuple(second)),
    )


def _heading(wording: Wording, scores: Scores) -> str:
    """The step with most burden, if its whole range lies above the lowest step's; else that nothing stands out."""
    means = scores.means(reading.JOURNEY_SCALE)
    if len(means) < 2:
        return wording.say("key/none")
    (high, top), (_, bottom) = means[0], means[-1]
    apart = top.lower is not None and bottom.upper is not None and top.lower > bottom.upper
    return wording.say("key/highest", step=wording.group(high)) if apart else wording.say("key/flat")


def _card(wording: Wording, population: Population, found: Finding) -> Card:
    base = wording.of(found)
    if tier(found.n) is Tier.WIDE:
        base = f"{base}, {wording.say('wide')}"
    said = wording.say("said", answers=_hard(wording, found))
    return Card(
        number=wording.share(found.figure),
        question=wording.question(found.variable, population),
        lines=(said, base, wording.range(found.figure)),
    )


def _needs(wording: Wording, population: Population, group: Group) -> Iterator[Block]:
    say = wording.say
    found = reading.unmet(wording.cube, group)
    if not found:
        yield Paragraph(text=say("too_few"), style="intro")
        return
    best = found[0]
    lead = say(
        "key/need_lead",
        need=wording.quote(wording.question(best.variable, population)),
        share=wording.share(best.figure),
        base=wording.of(best),
    )
    standing = reading.standing_out(wording.cube, population.id, best)
    if standing is None:
        among = say("key/need_nogroup")
    else:
        among = say(
            "key/need_group",
            group=wording.group(standing[0]),
            share=wording.share(standing[1].figure),
            base=wording.of(standing[1]),
        )
    yield Paragraph(text=f"{lead} {among}", style="intro")
    yield Paragraph(text=say("key/need_note"), style="sub")
    yield BarTable(
        head=(say("module/need"), say("module/unmet"), say("tables/share")),
        rows=tuple(finding_row(wording, wording.question(one.variable, population), one) for one in found[: NEEDS + 2]),
    )


def _who(wording: Wording, population: Population) -> Iterator[Block]:
    cube, say = wording.cube, wording.say
    lines = [
        say("who/line", people=wording.people(one.id), n=wording.about(reading.people(cube, one.id)))
        for one in cube.populations
    ]
    flow = {name: wording.number(cube.flow.get(name, 0)) for name in ("begun", "agreed", "sent_whole", "sent_part")}
    lines.append(
        say("who/flow", begun=flow["begun"], agreed=flow["agreed"], whole=flow["sent_whole"], part=flow["sent_part"])
    )
    missing = []
    if cube.held_back:
        missing.append(say("missing/held", people=wording.every(wording.people(one) for one in cube.held_back)))
    standing = {group.category for group in cube.groups_of(population.id, "stage") if reading.size(group)}
    names = {"X1": "not_infused", "X2": "relapse"}
    absent = [code for code in ALONE if code not in standing and names[code] not in standing]
    if absent:
        missing.append(say("missing/stages", stages=wording.every(wording.quote(wording.stage(one)) for one in absent)))
    missing.extend((say("missing/carers"), say("missing/always")))
    yield Boxes(
        boxes=(
            Box(heading=say("who/heading"), lines=tuple(lines)),
            Box(heading=say("missing/heading"), lines=tuple(missing), tinted=True),
        )
    )


def citation(wording: Wording) -> str:
    """How to cite the release."""
    cube = wording.cube
    title = cube.title.get(wording.language) or cube.title.get("en") or cube.study
    quarter = wording.quarter(cube.quarter)
    return wording.say("cite/text", organisation=cube.organisation, title=title, release=cube.release, quarter=quarter)
