"""The first page: the finding in a sentence, what it rests on, what is asked for, who answered; composed by rule."""

from collections.abc import Sequence

from survey_app.core.protection.cube import Group, Population
from survey_app.core.protection.voices import in_order
from survey_app.core.report import reading
from survey_app.core.report.asks import AskWords
from survey_app.core.report.bars import priority_table
from survey_app.core.report.findings import badges, citation, gap, needs_table, title_of
from survey_app.core.report.model import Ask, BarTable, Box, Card, Front, JourneyChart
from survey_app.core.report.reading import Finding, OnFront, Tier, tier
from survey_app.core.report.scores import Scores
from survey_app.core.report.wording import Wording

ALONE = ("X1", "X2")  # steps off the common way: the people whom reports usually forget


def front(wording: Wording, population: Population | None, asks: Sequence[AskWords] = ()) -> Front:
    """The first page of the report of a release."""
    cube, say = wording.cube, wording.say
    group = reading.whole(cube, population.id) if population else None
    shown = reading.on_front(cube, group)
    sentence, where = lead(wording, population, shown.hard)
    chart, chart_sentence = _chart(wording, population, group)
    need_sentence, need = _need(wording, population, shown.unmet)
    who, missing = who_and_who_not(wording, population)
    return Front(
        organisation=cube.organisation,
        kind=say("kind"),
        title=title_of(wording),
        badges=badges(wording),
        facts=_facts(wording),
        lead=sentence,
        where=where,
        cards_heading=say("key/worst"),
        cards=tuple(card(wording, population, one) for one in shown.hard) if population else (),
        chart_heading=_heading(wording, population, group),
        chart=chart,
        chart_sentence=chart_sentence,
        need_heading=say("key/need"),
        need_sentence=need_sentence,
        need=need,
        matters_heading=say("front/matters"),
        matters=_matters(wording, shown),
        asks_heading=say("front/asks"),
        asks=_asks(wording, population, shown, asks),
        who=who,
        missing=missing,
        quote_heading=say("voices/heading"),
        quote=_quote(wording),
        caution=say("caution"),
        foot=(f"{say('cite/heading')}: {citation(wording)}", say("cover/period", period=_period(wording))),
    )


def _quote(wording: Wording) -> str:
    """The first of the quotes that were cleared for this language, by the alphabet; empty when there is none."""
    texts = in_order(wording.voices.quotes, wording.language) if wording.voices else ()
    return wording.quote(texts[0]) if texts else ""


def _period(wording: Wording) -> str:
    return wording.period(wording.cube.first_quarter, wording.cube.quarter)


def _facts(wording: Wording) -> tuple[tuple[str, str], ...]:
    cube, say = wording.cube, wording.say
    facts = [(wording.number(cube.persons), say("tile/persons"))]
    countries = {group.category for group in cube.groups if group.dimension == "country" and reading.size(group)}
    countries = {code for code in countries if ":" not in code and code != "rest"}
    if cube.flow.get("sent_whole"):
        facts.append((wording.number(cube.flow["sent_whole"]), say("tile/whole")))
    if countries:
        facts.append((wording.number(len(countries)), say("tile/countries")))
    facts.append((wording.number(len(cube.languages)), say("tile/languages")))
    return tuple(facts)


def lead(wording: Wording, population: Population | None, found: Sequence[Finding]) -> tuple[str, str]:
    """The largest share in one sentence, and the step at which it is largest."""
    if population is None or not found:
        return wording.say("cover/lead_none"), ""
    best = found[0]
    sentence = wording.say(
        "front/lead",
        question=wording.quote(wording.question(best.variable, population)),
        share=wording.share(best.figure),
        answers=_hard(wording, best),
        base=wording.of(best),
        range=wording.range(best.figure),
    )
    peak = reading.peak(wording.cube, population.id, best.variable)
    if peak is None:
        return sentence, ""
    step, there = peak
    where = wording.say(
        "front/where",
        step=wording.quote(wording.group(step)),
        share=wording.share(there.figure),
        base=wording.of(there),
        range=wording.range(there.figure),
    )
    return sentence, where


def _hard(wording: Wording, found: Finding) -> str:
    return wording.answers(found.variable, found.variable.marks["problem"])


def _chart(wording: Wording, population: Population | None, group: Group | None) -> tuple[JourneyChart | None, str]:
    """The burden by step, and a sentence: how to read it, or that there is nothing to draw."""
    if population is None or group is None:
        return None, wording.say("too_few")
    chart = Scores(wording=wording, population=population, group=group).chart(reading.JOURNEY_SCALE)
    if chart is None:
        return None, wording.say("too_few")
    return chart, wording.say("key/journey_note", level=wording.level)


def _need(wording: Wording, population: Population | None, found: Sequence[Finding]) -> tuple[str, BarTable | None]:
    """The largest unmet need and among whom, and the largest ones as bars."""
    if population is None or not found:
        return wording.say("too_few"), None
    table = needs_table(wording, population, found, part=wording.say("key/part"))
    return gap(wording, population, found[0]), table


def _asks(wording: Wording, population: Population | None, shown: OnFront, asks: Sequence[AskWords]) -> tuple[Ask, ...]:
    """What is asked for, each with the number on this page that it rests on."""
    shares = {one.variable.id: (one.variable, one.figure) for one in (*shown.unmet, *shown.hard)}
    best = {variable.id: (variable, table.figure("share", "best")) for variable, table in shown.matters}
    numbers = shares | best
    found = []
    for one in asks:
        variable, figure = numbers.get(one.about, (None, None))
        text = one.text.get(wording.language)
        if variable is not None and figure is not None and text:
            question = wording.question(variable, population)
            found.append(Ask(text=text, number=wording.share(figure), about=question))
    return tuple(found)


def _matters(wording: Wording, shown: OnFront) -> BarTable | None:
    """What matters most, by best-worst choices; None where no such choices are published."""
    return priority_table(wording, shown.matters, part=wording.say("key/part")) if shown.matters else None


def _heading(wording: Wording, population: Population | None, group: Group | None) -> str:
    """The step with most burden, if its whole range lies above the lowest step's; else that nothing stands out.

    What is left over from several steps is no step, and is never named as the hardest one.
    """
    if population is None or group is None:
        return wording.say("key/none")
    means = Scores(wording=wording, population=population, group=group).means(reading.JOURNEY_SCALE)
    if len(means) < 2:
        return wording.say("key/none")
    (high, top), (_, bottom) = means[0], means[-1]
    if reading.is_rest(high):
        return wording.say("key/journey", scale=wording.scale_name(reading.JOURNEY_SCALE))
    apart = top.lower is not None and bottom.upper is not None and top.lower > bottom.upper
    return wording.say("key/highest", step=wording.group(high)) if apart else wording.say("key/flat")


def card(wording: Wording, population: Population, found: Finding) -> Card:
    """One headline share with what makes it honest."""
    base = wording.of(found)
    if tier(found.n) is Tier.WIDE:
        base = f"{base}, {wording.say('wide')}"
    said = wording.say("said", answers=_hard(wording, found))
    return Card(
        number=wording.share(found.figure),
        question=wording.question(found.variable, population),
        lines=(said, base, wording.range(found.figure)),
        share=None if found.figure.bound else found.figure.value,
    )


def who_and_who_not(wording: Wording, population: Population | None) -> tuple[Box, Box]:
    """Who answered, and who is missing."""
    cube, say = wording.cube, wording.say
    lines = [
        say("who/line", people=wording.people(one.id), n=wording.about(reading.people(cube, one.id)))
        for one in cube.populations
        if one.id != "everyone"
    ]
    flow = {name: wording.number(cube.flow.get(name, 0)) for name in ("begun", "agreed", "sent_whole", "sent_part")}
    lines.append(
        say("who/flow", begun=flow["begun"], agreed=flow["agreed"], whole=flow["sent_whole"], part=flow["sent_part"])
    )
    missing = []
    if cube.held_back:
        missing.append(say("missing/held", people=wording.every(wording.people(one) for one in cube.held_back)))
    of_steps = cube.groups_of(population.id, "stage") if population else ()
    standing = {group.category for group in of_steps if reading.size(group)}
    names = {"X1": "not_infused", "X2": "relapse"}
    absent = [code for code in ALONE if code not in standing and names[code] not in standing]
    if absent:
        missing.append(say("missing/stages", stages=wording.every(wording.quote(wording.stage(one)) for one in absent)))
    missing.append(say("missing/always"))
    return (
        Box(heading=say("who/heading"), lines=tuple(lines)),
        Box(heading=say("missing/heading"), lines=tuple(missing), tinted=True),
    )
