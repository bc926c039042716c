"""One page about one country: what can be shown of it, and a plain sentence where too few have answered."""

from dataclasses import replace

from survey_app.core.charts import Point, ScoreDot
from survey_app.core.protection.cube import Group, Population, ProtectedCube
from survey_app.core.report import front as first
from survey_app.core.report import reading
from survey_app.core.report.findings import needs_table
from survey_app.core.report.model import BarRow, BarTable, Front
from survey_app.core.report.wording import Wording

CODE = 2  # letters of a country in ISO 3166-1 alpha-2


def countries(cube: ProtectedCube) -> tuple[str, ...]:
    """Codes of all countries that the release speaks of, those too small to be shown too."""
    population = reading.leading(cube)
    groups = cube.groups_of(population.id, "country") if population else ()
    codes = [code for group in groups for code in (group.members or (group.category,))]
    return tuple(sorted({code for code in codes if len(code) == CODE and code.isupper()}))


def sheet(wording: Wording, population: Population | None, country: str) -> Front:
    """The page about one country, by the same rules as the first page of the report."""
    say = wording.say
    whole = first.front(wording, population)
    title = f"{whole.title}: {wording.place(country)}"
    group, inside = (None, None) if population is None else _group(wording, population, country)
    if population is None or group is None:
        return replace(
            whole,
            title=title,
            lead=say("sheet/too_few", country=wording.place(country)),
            where=say("sheet/inside", group=wording.group(inside)) if inside else "",
            cards=(),
            chart_heading=say("scores/part"),
            chart=None,
            chart_sentence=say("too_few"),
            need_sentence=say("too_few"),
            need=None,
            matters=None,
            asks=(),
            quote="",
        )
    shown = reading.on_front(wording.cube, group)
    lead, _ = first.lead(wording, population, shown.hard)
    return replace(
        whole,
        title=title,
        lead=lead,
        where=say("sheet/people", country=wording.place(country), n=wording.about(reading.size(group))),
        cards=tuple(first.card(wording, population, one) for one in shown.hard),
        chart_heading=say("scores/part"),
        chart=_scores(wording, population, group),
        chart_sentence=say("sheet/reference", level=wording.level),
        need_sentence=say("key/need_note") if shown.unmet else say("too_few"),
        need=needs_table(wording, population, shown.unmet) if shown.unmet else None,
        matters=None,
        asks=(),
        quote="",
    )


def _group(wording: Wording, population: Population, country: str) -> tuple[Group | None, Group | None]:
    """The country's own group if it is shown; else the group in which its people are counted, if that is shown."""
    for group in wording.cube.groups_of(population.id, "country"):
        if country in (group.members or (group.category,)) and reading.size(group):
            return (group, None) if group.category == country else (None, group)
    return None, None


def _scores(wording: Wording, population: Population, group: Group) -> BarTable:
    """The main scores of a group in rows; the fine line is the mean of everyone in the population."""
    say = wording.say
    everyone = reading.whole(wording.cube, population.id)
    rows = []
    for scale in reading.MAIN_SCALES:
        variable = wording.cube.variable.get(scale)
        if variable is None:
            continue
        low, high = wording.ends(variable)
        label, detail = wording.scale_name(scale), f"0: {low}. 100: {high}."
        figure = reading.mean(wording.cube, group, scale)
        if figure is None:
            rows.append(BarRow(label=label, detail=detail, figure=None, sentence=say("too_few_compare")))
            continue
        value = wording.number(figure.value or 0)
        overall = reading.mean(wording.cube, everyone, scale) if everyone else None
        title = say("alt/score", scale=label, group=wording.group(group), value=value, range=wording.range(figure))
        dot = ScoreDot(
            title=title,
            point=Point(value=figure.value or 0, lower=figure.lower, upper=figure.upper, label=value),
            reference=overall.value if overall else None,
            worse_high=variable.direction == "higher_worse",
        )
        base = say("of_base", n=wording.number(figure.n or 0))
        rows.append(
            BarRow(label=label, detail=detail, figure=dot, value=value, range=wording.bounds(figure), base=base)
        )
    return BarTable(head=(say("scores/part"), "0–100", say("sheet/mean")), rows=tuple(rows))
