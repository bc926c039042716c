"""The numbers behind every chart, as plain tables."""

from collections.abc import Iterable, Iterator, Sequence

from survey_app.core.privacy import Missing
from survey_app.core.protection.cube import Group, Population, PublishedVariable
from survey_app.core.report import reading
from survey_app.core.report.model import Block, DataTable, Paragraph, Section
from survey_app.core.report.wording import Wording

SIGNED = (Missing.NOT_APPLICABLE, Missing.DONT_KNOW, Missing.PREFER_NOT, Missing.NOT_ANSWERED, Missing.NOT_REACHED)
SIGNS = "abcde"
MOST_ANSWERS = 6  # questions with more answers have their numbers beside the bars already


def data_tables(wording: Wording, population: Population, group: Group, modules: Sequence[str]) -> Section:
    """Answers of everyone in the population, then scores by group."""
    say = wording.say
    signs = wording.every(f"{sign}: {say(f'missing/{kind.value}')}" for sign, kind in zip(SIGNS, SIGNED, strict=True))
    intro = say("tables/intro", base=wording.number(wording.cube.rules.rounding_base), signs=signs)
    blocks: tuple[Block, ...] = (
        Paragraph(text=intro, style="sub"),
        *_answers(wording, population, group, modules),
        *_scores(wording, population, group),
    )
    eyebrow = say("eyebrow", part=say("tables/part"), people=wording.people(population.id))
    return Section(id="tables", eyebrow=eyebrow, heading=say("tables/heading"), blocks=blocks)


def _answers(wording: Wording, population: Population, group: Group, modules: Sequence[str]) -> Iterator[DataTable]:
    """One table for each set of answers."""
    families: dict[tuple[str, ...], list[PublishedVariable]] = {}
    for variable in wording.cube.variables:
        few = len(variable.categories) <= MOST_ANSWERS
        if variable.module in modules and variable.kind in {"choice", "rating"} and few:
            answers = tuple(wording.answer(variable, code) for code in variable.categories)
            families.setdefault(answers, []).append(variable)
    for answers, variables in families.items():
        if len(variables) < 2 and variables[0].kind == "choice":
            continue
        yield DataTable(
            caption=wording.say(
                "tables/shares", percent=wording.percent_sign, answers=wording.every(wording.quote(a) for a in answers)
            ),
            head=(wording.say("module/question"), wording.say("tables/n"), *answers, wording.say("tables/missing")),
            rows=tuple(_row(wording, population, group, variable) for variable in variables),
        )


def _row(wording: Wording, population: Population, group: Group, variable: PublishedVariable) -> tuple[str, ...]:
    table = wording.cube.table(group.id, variable.id)
    label = wording.question(variable, population)
    if table is None or not reading.shown(table):
        return (label, wording.say("too_few"), *["–" for _ in variable.categories], "–")
    if reading.tier(table.n) is reading.Tier.FEW:
        return (label, wording.number(table.n or 0), *["–" for _ in variable.categories], "–")
    shares = (wording.bare(table.figure("share", code)) for code in variable.categories)
    missing = (
        wording.isolate(f"{sign}\u00a0{wording.number(table.missing[kind])}")
        for sign, kind in zip(SIGNS, SIGNED, strict=True)
        if table.missing.get(kind)
    )
    return (label, wording.number(table.n or 0), *shares, " · ".join(missing) or "–")


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
            rows=tuple(
                row for one in groups if set((row := _scores_row(wording, population, one, scales))[1:]) != {"–"}
            ),
            wide=24,
        )


def _scores_row(
    wording: Wording, population: Population, group: Group, scales: Iterable[PublishedVariable]
) -> tuple[str, ...]:
    label = wording.group(group) if group.dimension else wording.people(population.id)
    cells = []
    for scale in scales:
        figure = reading.mean(wording.cube, group, scale.id)
        if figure is None or figure.lower is None or figure.upper is None:
            cells.append("–" if figure is None else wording.number(figure.value or 0))
            continue
        bounds = f"{wording.number(figure.lower)}–{wording.number(figure.upper)}"
        cells.append(f"{wording.number(figure.value or 0)} ({wording.isolate(bounds)})")
    return (label, *cells)
