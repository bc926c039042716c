"""Scale scores: over the steps of the journey, and by country, age and sex. Directions are never mixed."""

from collections.abc import Iterator
from dataclasses import dataclass

from survey_app.core.charts import Journey, Point, ScoreDot
from survey_app.core.protection.cube import Figure, Group, Population, PublishedVariable
from survey_app.core.report import reading
from survey_app.core.report.model import (
    Block,
    DotCell,
    DotRow,
    DotTable,
    Heading,
    JourneyChart,
    Paragraph,
    Section,
    SparkRow,
    Step,
)
from survey_app.core.report.wording import Wording

COLUMNS = 7  # more steps than this are drawn as rows
SPARKS = 4  # small charts side by side
SPARK_STEPS = 7
DIMENSIONS = ("country", "age", "sex")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Makes the score charts of one population. group: all of it."""

    wording: Wording
    population: Population
    group: Group

    @property
    def steps(self) -> tuple[Group, ...]:
        """Published steps in the order of the journey."""
        order = self.wording.edition.questionnaire.stage_codes
        return reading.steps(self.wording.cube, self.population.id, order)

    def means(self, scale: str) -> list[tuple[Group, Figure]]:
        """Published means by step, highest first."""
        found = ((group, reading.mean(self.wording.cube, group, scale)) for group in self.steps)
        pairs = [(group, figure) for group, figure in found if figure is not None]
        return sorted(pairs, key=lambda pair: -(pair[1].value or 0))

    def journey(self, scale: str) -> Iterator[Block]:
        """One score over the steps, as a line; as rows when there are many steps; as a sentence when there are none."""
        wording = self.wording
        variable = wording.cube.variable.get(scale)
        if variable is None:
            return
        if not self.means(scale):
            yield Heading(text=wording.say("key/journey", scale=wording.scale_name(scale)))
            yield Paragraph(text=wording.say("too_few"), style="sub")
            return
        if len(self.steps) > COLUMNS:
            yield Heading(text=wording.say("key/journey", scale=wording.scale_name(scale)))
            yield self.table((scale,), ("stage",))
        else:
            heading = wording.say("key/journey", scale=wording.scale_name(scale))
            yield self._chart(variable, heading, small=False)
        yield Paragraph(text=wording.say("key/journey_note", level=wording.level), style="note")

    def chart(self, scale: str) -> JourneyChart | None:
        """One score over the steps as a line; None when no step has a mean, or there are too many for one line."""
        variable = self.wording.cube.variable.get(scale)
        if variable is None or not self.means(scale) or len(self.steps) > COLUMNS:
            return None
        return self._chart(variable, self.wording.scale_name(scale), small=False)

    def _chart(self, variable: PublishedVariable, heading: str, *, small: bool) -> JourneyChart:
        wording = self.wording
        means = [reading.mean(wording.cube, group, variable.id) for group in self.steps]
        points = tuple(
            self._point(group, figure) if figure is not None else None
            for group, figure in zip(self.steps, means, strict=True)
        )
        spoken = [
            wording.say("alt/point", step=wording.group(group), value=self._spoken(figure))
            for group, figure in zip(self.steps, means, strict=True)
        ]
        title = wording.say("alt/journey", scale=wording.scale_name(variable.id), points=wording.apart(spoken))
        return JourneyChart(
            heading=heading,
            ends=self._ends(variable),
            steps=() if small else tuple(self._step(group, variable) for group in self.steps),
            figure=Journey(
                title=f"{wording.say('scores/part')}: {title}" if small else title,
                points=points,
                worse_high=variable.direction == "higher_worse",
                small=small,
            ),
        )

    def _step(self, group: Group, variable: PublishedVariable) -> Step:
        wording = self.wording
        table = wording.cube.table(group.id, variable.id)
        n = table.n if table is not None else None
        figure = reading.mean(wording.cube, group, variable.id)
        if figure is not None:
            people = " · ".join(part for part in (wording.about(n), wording.bounds(figure)) if part)
        else:
            people = wording.say("too_few_compare" if reading.shown(table) else "too_few")
        return Step(name=wording.group(group), people=people)

    def _point(self, group: Group, figure: Figure) -> Point:
        groups = self.wording.edition.questionnaire.stage_groups
        way = {code for one in groups if one.code in reading.PATH for code in one.options}
        return Point(
            value=figure.value or 0,
            lower=figure.lower,
            upper=figure.upper,
            label=self.wording.number(figure.value or 0),
            joined=reading.on_path(group, way),
        )

    def _spoken(self, figure: Figure | None) -> str:
        if figure is None:
            return self.wording.say("too_few")
        return f"{self.wording.number(figure.value or 0)} ({self.wording.range(figure)})"

    def _ends(self, variable: PublishedVariable) -> tuple[str, str]:
        low, high = self.wording.ends(variable)
        return f"0: {low}", f"100: {high}"

    def along(self) -> Section:
        """All scores over the steps, those where higher is worse apart from those where higher is better."""
        wording, say = self.wording, self.wording.say
        blocks: list[Block] = [Paragraph(text=say("scores/intro", level=wording.level), style="intro")]
        fits = 0 < len(self.steps) <= SPARK_STEPS
        if fits:
            numbered = (f"{wording.number(at + 1)} {wording.group(group)}" for at, group in enumerate(self.steps))
            blocks.append(Paragraph(text=" · ".join(numbered), style="sub"))
        for direction, heading in (("higher_worse", "scores/worse"), ("higher_better", "scores/better")):
            found = list(reading.scales(wording.cube, direction))
            if not found:
                continue
            blocks.append(Heading(text=say(heading)))
            for start in range(0, len(found), SPARKS):
                some = found[start : start + SPARKS]
                if not self.steps:
                    blocks.append(self.table(tuple(one.id for one in some), ("",)))
                elif fits:
                    charts = tuple(self._chart(one, wording.scale_name(one.id), small=True) for one in some)
                    blocks.append(SparkRow(charts=charts))
                else:
                    blocks.append(self.table(tuple(one.id for one in some), ("stage",)))
        return Section(
            id="scores",
            eyebrow=self.eyebrow("scores/part"),
            heading=say("scores/heading"),
            blocks=tuple(blocks),
        )

    def eyebrow(self, part: str) -> str:
        """Part of the report, and whom it is about."""
        say = self.wording.say
        return say("eyebrow", part=say(part), people=self.wording.people(self.population.id))

    def groups(self) -> Section:
        """The main scores by country, age and sex."""
        wording, say = self.wording, self.wording.say
        scales = tuple(scale for scale in reading.MAIN_SCALES if scale in wording.cube.variable)
        return Section(
            id="groups",
            eyebrow=self.eyebrow("groups/part"),
            heading=say("groups/heading"),
            blocks=(
                Paragraph(text=say("groups/intro", level=wording.level), style="intro"),
                self.table(scales, DIMENSIONS),
            ),
            fresh=False,
        )

    def table(self, scales: tuple[str, ...], dimensions: tuple[str, ...]) -> DotTable:
        """Scores as rows of dots, one row for each group, one column for each score."""
        wording = self.wording
        columns = tuple((wording.scale_name(one), *self._ends(wording.cube.variable[one])) for one in scales)
        parts = []
        for dimension in dimensions:
            found = self.steps if dimension == "stage" else wording.cube.groups_of(self.population.id, dimension)
            rows = tuple(self._row(group, scales) for group in found)
            title = wording.say(f"dimension/{dimension}") if dimension else wording.say("groups/people")
            parts.append((title, rows or (self._nothing(scales),)))
        return DotTable(
            head=(wording.say("groups/group"), wording.say("groups/people")), columns=columns, parts=tuple(parts)
        )

    def _nothing(self, scales: tuple[str, ...]) -> DotRow:
        cells = tuple(DotCell(figure=None, text="–") for _ in scales)
        return DotRow(label=self.wording.say("too_few"), detail="", people="–", cells=cells)

    def _row(self, group: Group, scales: tuple[str, ...]) -> DotRow:
        wording = self.wording
        return DotRow(
            label=wording.group(group),
            detail=wording.members(group),
            people=wording.about(reading.size(group)) if reading.size(group) else wording.say("too_few"),
            cells=tuple(self._cell(group, scale) for scale in scales),
        )

    def _cell(self, group: Group, scale: str) -> DotCell:
        wording = self.wording
        figure = reading.mean(wording.cube, group, scale)
        if figure is None:
            table = wording.cube.table(group.id, scale)
            return DotCell(figure=None, text=wording.say("too_few_compare" if reading.shown(table) else "too_few"))
        variable = wording.cube.variable[scale]
        everyone = reading.mean(wording.cube, self.group, scale)
        value = wording.number(figure.value or 0)
        title = wording.say(
            "alt/score",
            scale=wording.scale_name(scale),
            group=wording.group(group),
            value=value,
            range=wording.range(figure),
        )
        return DotCell(
            figure=ScoreDot(
                title=title,
                point=Point(value=figure.value or 0, lower=figure.lower, upper=figure.upper, label=value),
                reference=everyone.value if everyone is not None else None,
                worse_high=variable.direction == "higher_worse",
            ),
            text=value,
        )
