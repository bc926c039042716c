"""The numbers behind the charts of scores, as plain tables. Those of answers stand below each bar."""

from collections.abc import Iterable, Iterator, Sequence

from survey_app.core.protection.cube import Group, Population, PublishedVariable
from survey_app.core.protection.groups import is_crossing
from survey_app.core.report import reading
from survey_app.core.report.model import DataTable, Section
from survey_app.core.report.wording import Wording


def data_tables(wording: Wording, population: Population, group: Group) -> Section:
    """Scores of everyone in the population and of its groups."""
    say = wording.say
    return Section(
        id="tables",
        eyebrow=say("eyebrow", part=say("tables/part"), people=wording.people(population.id)),
        heading=say("tables/heading"),
        blocks=tuple(_scores(wording, population, group)),
        fresh=False,
    )


def _scores(wording: Wording, population: Population, group: Group) -> Iterator[DataTable]:
    """Scores of all groups, a row for each group; directions in tables of their own, and crossings too."""
    order = wording.edition.questionnaire.stage_codes
    groups = [group, *reading.steps(wording.cube, population.id, order)]
    for dimension in ("country", "age", "sex"):
        groups.extend(wording.cube.groups_of(population.id, dimension))
    yield from _tables(wording, groups, "")
    for dimension in reading.crossings(wording.cube, population.id):
        heading = f"{wording.dimension(dimension)}. "
        yield from _tables(wording, wording.cube.groups_of(population.id, dimension), heading)


def _tables(wording: Wording, groups: Sequence[Group], about: str) -> Iterator[DataTable]:
    for direction, heading in (("higher_worse", "scores/worse"), ("higher_better", "scores/better")):
        scales = list(reading.scales(wording.cube, direction))
        rows = tuple(row for one in groups if set((row := _scores_row(wording, one, scales))[1:]) - {"–"})
        if not rows and (about or not scales):
            continue
        yield DataTable(
            caption=f"{wording.say('tables/scores', level=wording.level)}. {about}{wording.say(heading)}.",
            head=(wording.say("groups/group"), *(wording.scale_name(one.id) for one in scales)),
            rows=rows,
            wide=24,
        )


def _scores_row(wording: Wording, group: Group, scales: Iterable[PublishedVariable]) -> tuple[str, ...]:
    label = wording.group(group)
    if is_crossing(group.dimension) and (detail := wording.members(group)):
        label = f"{label} ({detail})"
    cells = []
    for scale in scales:
        figure = reading.mean(wording.cube, group, scale.id)
        if figure is None:
            cells.append("–")
            continue
        value, bounds = wording.number(figure.value or 0), wording.bounds(figure)
        cells.append(f"{value} ({bounds})" if bounds else value)
    return (label, *cells)
