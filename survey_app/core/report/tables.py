"""The numbers behind the charts of scores, as plain tables. Those of answers stand below each bar."""

from collections.abc import Iterable, Iterator

from survey_app.core.protection.cube import Group, Population, PublishedVariable
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
    """Scores of all groups, a row for each group; directions in tables of their own."""
    order = wording.edition.questionnaire.stage_codes
    groups = [group, *reading.steps(wording.cube, population.id, order)]
    for dimension in ("country", "age", "sex"):
        groups.extend(wording.cube.groups_of(population.id, dimension))
    for direction, heading in (("higher_worse", "scores/worse"), ("higher_better", "scores/better")):
        scales = list(reading.scales(wording.cube, direction))
        if not scales:
            continue
        caption = f"{wording.say('tables/scores', level=wording.level)}. {wording.say(heading)}."
        yield DataTable(
            caption=caption,
            head=(wording.say("groups/group"), *(wording.scale_name(one.id) for one in scales)),
            rows=tuple(row for one in groups if set((row := _scores_row(wording, one, scales))[1:]) != {"–"}),
            wide=24,
        )


def _scores_row(wording: Wording, group: Group, scales: Iterable[PublishedVariable]) -> tuple[str, ...]:
    label = wording.group(group)
    cells = []
    for scale in scales:
        figure = reading.mean(wording.cube, group, scale.id)
        if figure is None:
            cells.append("–")
            continue
        value, bounds = wording.number(figure.value or 0), wording.bounds(figure)
        cells.append(f"{value} ({bounds})" if bounds else value)
    return (label, *cells)
