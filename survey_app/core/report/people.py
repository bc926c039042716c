"""Who answered, and the other groups of people, each on pages of its own."""

from collections.abc import Iterator, Sequence

from survey_app.core.protection.cube import Population
from survey_app.core.report import reading
from survey_app.core.report.bars import Bars, finding_row, in_columns
from survey_app.core.report.model import BarTable, Block, Fact, FactRow, Heading, Paragraph, Section
from survey_app.core.report.reading import Tier, tier
from survey_app.core.report.scores import Scores
from survey_app.core.report.wording import Wording

FACTS = ("DM", "SCR")
HARDEST = 8
SELF = ("SC11", "SC12", "DM03", "DM04", "DM11", "DM12", "DM13")  # about the person, whoever has the treatment
DIMENSIONS = ("stage", "country", "age", "sex")


def who_answered(wording: Wording, population: Population) -> Section:
    """Facts about everyone in the release; the groups of the largest patient population by size."""
    say = wording.say
    blocks: list[Block] = [Paragraph(text=say("people/intro"), style="intro")]
    blocks.extend(_facts(wording, "everyone") or _facts(wording, population.id))
    sizes = tuple(one for dimension in DIMENSIONS if (one := _sizes(wording, population, dimension)).rows)
    if sizes:
        blocks.append(Heading(text=wording.people(population.id)))
        blocks.extend(in_columns((say("groups/group"), say("groups/people")), sizes))
    return Section(
        id="people", eyebrow=say("people/part"), heading=say("people/heading"), blocks=tuple(blocks), fresh=False
    )


def _sizes(wording: Wording, population: Population, dimension: str) -> Fact:
    """How many people stand in each published group of one dimension."""
    rows = []
    for group in wording.cube.groups_of(population.id, dimension):
        detail = wording.members(group)
        label = f"{wording.group(group)} ({detail})" if detail else wording.group(group)
        rows.append(
            FactRow(
                label=label, value=wording.about(reading.size(group)) if reading.size(group) else wording.say("too_few")
            )
        )
    return Fact(heading=wording.say(f"dimension/{dimension}"), note="", rows=tuple(rows))


def _facts(wording: Wording, population: str, only: Sequence[str] = ()) -> tuple[Block, ...]:
    """Answers to the questions about the person; only: some of the items."""
    cube = wording.cube
    group = reading.whole(cube, population)
    found = next((one for one in cube.populations if one.id == population), None)
    if group is None or found is None:
        return ()
    items = wording.edition.questionnaire.items
    asked = [
        one
        for one in cube.variables
        if one.module in FACTS and cube.table(group.id, one.id) is not None and not items[one.item].required
        if not only or one.item in only
    ]
    return tuple(Bars(wording=wording, population=found, group=group).facts(asked))


def others(wording: Wording, population: Population) -> Iterator[Section]:
    """Each population that does not lead: never added to another one."""
    for one in wording.cube.populations:
        if one.id in {population.id, "everyone"}:
            continue
        group = reading.whole(wording.cube, one.id)
        if group is None:
            continue
        say = wording.say
        blocks: list[Block] = [Paragraph(text=say("others/intro", n=wording.about(reading.size(group))), style="intro")]
        found = [f for f in reading.hardest(wording.cube, group) if tier(f.n) >= Tier.WIDE][:HARDEST]
        if one.respondent == "patient":
            blocks.append(Heading(text=say("others/shares")))
            head = (say("module/question"), say("module/problem"), say("tables/share"))
            rows = tuple(finding_row(wording, wording.question(f.variable, one), f) for f in found)
            blocks.append(BarTable(head=head, rows=rows))
            scores = Scores(wording=wording, population=one, group=group)
            blocks.extend(scores.journey(reading.JOURNEY_SCALE))
        else:
            blocks.append(Heading(text=say("others/facts")))
            blocks.extend(_facts(wording, one.id, SELF))
        heading = wording.people(one.id)
        name = f"others-{one.id}".replace(".", "-")
        yield Section(id=name, eyebrow=say("others/part"), heading=heading, blocks=tuple(blocks), fresh=False)
