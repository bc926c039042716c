import re
from dataclasses import replace
from pathlib import Path

import pytest

from survey_app.core.charts import ShareBar, SplitBar
from survey_app.core.protection.cube import Figure, ProtectedCube, ProtectedTable, PublishedVariable, Status
from survey_app.core.report import reading
from survey_app.core.report.compose import compose, compose_sheet
from survey_app.core.report.model import BarRow, BarTable, DataTable, Extent, Facts, JourneyChart, Report, SparkRow
from survey_app.core.report.texts import ENGLISH
from survey_app.core.report.wording import whole_percent
from survey_app.inputs.questionnaire_files import load_edition
from survey_app.outputs.as_html import to_html
from tests.builders_report import a_cube, an_edition

LEADING = "patient.retrospective"


def a_report(cube: ProtectedCube | None = None) -> Report:
    return compose(cube or a_cube(), an_edition(), ENGLISH)


def blocks(report: Report, section: str = ""):
    return [block for one in report.sections if one.id.startswith(section) for block in one.blocks]


def bar_rows(report: Report, section: str = "") -> list[BarRow]:
    return [row for block in blocks(report, section) if isinstance(block, BarTable) for row in block.rows]


def with_table(cube: ProtectedCube, changed: ProtectedTable) -> ProtectedCube:
    tables = tuple(
        changed if (one.group, one.variable) == (changed.group, changed.variable) else one for one in cube.tables
    )
    return replace(cube, tables=tables)


def small_table(cube: ProtectedCube, variable: str, n: int, count: int) -> ProtectedTable:
    """A table of `n` people of whom `count` gave the hardest answer."""
    known = cube.variable[variable]
    counts = dict.fromkeys(known.categories, 0) | {known.categories[0]: n - count, known.categories[-1]: count}
    figures = [Figure(statistic="count", category=code, value=value, n=n) for code, value in counts.items()]
    figures += [
        Figure(statistic="share", category=code, value=value / n, lower=0, upper=1, n=n)
        for code, value in counts.items()
    ]
    figures.append(Figure(statistic="mark", category="problem", value=count / n, lower=0.2, upper=0.6, n=n))
    return ProtectedTable(group=LEADING, variable=variable, status=Status.SHOWN, n=n, figures=tuple(figures))


def row_of(report: Report, question: str) -> BarRow:
    return next(row for row in bar_rows(report, "module-") if row.label == question)


def test_the_patient_population_with_more_people_leads_and_the_other_stands_apart():
    report = a_report()
    assert {one.id for one in report.sections if one.id.startswith("others-")} == {
        "others-patient-prospective",
        "others-caregiver",
    }
    assert all("looking back" in one.eyebrow for one in report.sections if one.id.startswith("module-"))


def test_every_bar_length_is_a_published_share():
    cube = a_cube()
    shares = {f.value for table in cube.tables for f in table.figures if f.statistic in {"share", "mark"}}
    drawn = [row.figure for row in bar_rows(a_report(cube)) if row.figure]
    lengths = [
        segment.share for bar in drawn if isinstance(bar, SplitBar) for segment in (*bar.good, *bar.bad, *bar.apart)
    ]
    lengths += [bar.share for bar in drawn if isinstance(bar, ShareBar)]
    lengths += [
        row.share
        for block in blocks(a_report(cube))
        if isinstance(block, Facts)
        for column in block.columns
        for fact in column
        for row in fact.rows
        if row.share is not None
    ]
    assert len(lengths) > 300
    assert shares.issuperset(lengths)


def test_each_row_prints_the_numbers_of_its_own_question():
    cube = a_cube()
    asked = {item.text: item.id for item in an_edition().questionnaire.items.values()}
    asked |= {item.text_past: item.id for item in an_edition().questionnaire.items.values() if item.text_past}
    rows = [row for row in bar_rows(a_report(cube), "module-") if row.numbers]
    assert len(rows) > 60
    for row in rows:
        table = cube.table(LEADING, asked[row.label])
        assert table is not None
        shares = [f"{f.bound}{whole_percent(f.value or 0)}" for f in table.figures if f.statistic == "share"]
        assert row.numbers.split(" | ")[0].split(" · ") == shares
        if row.value:
            marks = {whole_percent(f.value or 0) for f in table.figures if f.statistic == "mark"}
            assert int(row.value.strip("<>%")) in marks


def test_every_point_of_a_score_is_a_published_mean():
    cube = a_cube()
    means = {(f.value, f.lower, f.upper) for table in cube.tables for f in table.figures if f.statistic == "mean"}
    charts = [block for block in blocks(a_report(cube)) if isinstance(block, JourneyChart)]
    charts += [chart for block in blocks(a_report(cube)) if isinstance(block, SparkRow) for chart in block.charts]
    points = [point for chart in charts for point in chart.figure.points if point]
    assert len(points) > 30
    assert means.issuperset((point.value, point.lower, point.upper) for point in points)


def test_a_chart_of_scores_holds_one_direction_only():
    for block in blocks(a_report(), "scores"):
        if isinstance(block, SparkRow):
            assert len({chart.figure.worse_high for chart in block.charts}) == 1


def test_fewer_than_thirty_answers_are_told_in_people_and_not_in_percent():
    cube = a_cube()
    changed = with_table(cube, small_table(cube, "CJ01", n=25, count=10))
    row = row_of(a_report(changed), "How often did worry get in the way of your day?")
    assert row.figure is None
    assert row.sentence == "About 10 of 25 said “Often” or “All the time”."
    assert "%" not in f"{row.value}{row.range}{row.base}{row.numbers}"


@pytest.mark.parametrize(("n", "marked"), [(30, True), (45, True), (50, False)])
def test_from_thirty_to_fortynine_answers_the_range_is_marked_as_wide(n: int, *, marked: bool):
    cube = a_cube()
    changed = with_table(cube, small_table(cube, "CJ01", n=n, count=10))
    row = row_of(a_report(changed), "How often did worry get in the way of your day?")
    assert row.value.endswith("%")
    assert ("wide range" in row.base) is marked


def test_a_hidden_table_is_a_sentence():
    cube = a_cube()
    hidden = ProtectedTable(group=LEADING, variable="CJ01", status=Status.HIDDEN, n=None)
    row = row_of(a_report(with_table(cube, hidden)), "How often did worry get in the way of your day?")
    assert (row.figure, row.sentence, row.value) == (None, "Too few answers to show", "")


def test_what_is_hidden_in_a_cube_changes_no_byte_of_the_report():
    cube = a_cube()
    hidden = ProtectedTable(group=LEADING, variable="CJ01", status=Status.HIDDEN, n=None)
    leaking = replace(small_table(cube, "CJ01", n=20, count=15), status=Status.HIDDEN, missing={"prefer_not": 35})
    first, second = with_table(cube, hidden), with_table(cube, leaking)
    assert first.sha256 != second.sha256
    pages = [to_html(a_report(one)).replace(one.sha256[:16], "seal") for one in (first, second)]
    assert pages[0] == pages[1]


def test_unanimity_is_told_without_counts():
    cube = a_cube()
    figures = tuple(
        Figure(
            statistic="share",
            category=code,
            value=0.9 if code == "never" else 0.1,
            bound=">" if code == "never" else "<",
            n=185,
        )
        for code in cube.variable["CJ01"].categories
    )
    table = ProtectedTable(group=LEADING, variable="CJ01", status=Status.SHOWN, n=185, figures=figures, unanimous=True)
    row = row_of(a_report(with_table(cube, table)), "How often did worry get in the way of your day?")
    assert row.sentence == "More than 90% gave the same answer: “Never”"
    assert row.figure is None


def test_a_question_without_a_hard_answer_has_no_share_beside_its_bar():
    assert row_of(a_report(a_cube()), "How often did you look forward to something?").value == ""


def test_the_heading_claims_a_hardest_step_only_beyond_chance():
    cube = a_cube()
    assert a_report(cube).front.chart_heading.startswith("The burden is highest here")
    wide = tuple(
        replace(
            table,
            figures=tuple(replace(f, lower=0.0, upper=100.0) if f.statistic == "mean" else f for f in table.figures),
        )
        if table.variable == "JBU"
        else table
        for table in cube.tables
    )
    heading = a_report(replace(cube, tables=wide)).front.chart_heading
    assert heading == "The burden is much the same at every step that can be shown"


def test_what_is_left_over_from_several_steps_is_never_named_as_the_hardest_step():
    cube = a_cube()
    assert "Before the cells" in a_report(cube).front.chart_heading
    groups = tuple(replace(one, category="rest") if one.category == "before" else one for one in cube.groups)
    assert a_report(replace(cube, groups=groups)).front.chart_heading == "Journey burden, step by step"


def test_the_sentence_of_the_first_page_says_share_people_and_range_of_one_question():
    cube = a_cube()
    group = reading.whole(cube, LEADING)
    assert group is not None
    best = reading.headlines(cube, group)[0]
    lead = a_report(cube).front.lead
    numbers = [int(number) for number in re.findall(r"\d+", lead.partition("”")[2])]
    figure = best.figure
    shares = [whole_percent(part or 0) for part in (figure.lower, figure.upper)]
    assert numbers[0] == whole_percent(figure.value or 0)
    assert numbers[-5:] == [best.count, best.n, 95, *shares]


def test_the_step_that_is_named_has_the_largest_share_of_that_question():
    cube = a_cube()
    group = reading.whole(cube, LEADING)
    assert group is not None
    best = reading.headlines(cube, group)[0]
    peak = reading.peak(cube, LEADING, best.variable)
    assert peak is not None
    shares = [
        found.figure.value or 0
        for step in cube.groups_of(LEADING, "stage")
        if not reading.is_rest(step) and (found := reading.finding(cube, step, best.variable, "problem"))
    ]
    assert peak[1].figure.value == max(shares)
    assert f"{whole_percent(max(shares))}%" in a_report(cube).front.where


def test_the_short_report_is_the_first_page_and_one_more():
    short = compose(a_cube(), an_edition(), ENGLISH, Extent.SHORT)
    assert short.front == a_report().front
    assert [one.id for one in short.sections] == ["behind"]


def test_the_full_report_has_every_published_question_word_for_word():
    cube, edition = a_cube(), an_edition()
    full = compose(cube, edition, ENGLISH, Extent.FULL)
    assert full.sections[: len(a_report(cube).sections)] == a_report(cube).sections
    printed = " ".join(
        cell for block in blocks(full, "annex") if isinstance(block, DataTable) for row in block.rows for cell in row
    )
    items = {one.item for one in cube.variables if one.kind != "scale"}
    assert len(items) > 60
    assert all(edition.questionnaire.items[item].text in printed for item in items)


def test_the_page_of_a_country_shows_the_numbers_of_that_country():
    cube = a_cube()
    report = compose_sheet(cube, an_edition(), ENGLISH, "NL")
    group = next(one for one in cube.groups_of(LEADING, "country") if one.category == "NL")
    best = reading.headlines(cube, group)[0]
    assert report.front.title.endswith("Netherlands")
    assert report.front.cards[0].number == f"{whole_percent(best.figure.value or 0)}%"
    assert report.sections == ()


@pytest.mark.parametrize(("country", "where"), [("MT", ""), ("ES", "Southern Europe")])
def test_a_country_with_too_few_people_gets_a_page_that_says_so(country: str, where: str):
    front = compose_sheet(a_cube(), an_edition(), ENGLISH, country).front
    assert front.lead.startswith("Too few answers from")
    assert where in front.where
    assert front.cards == ()
    assert front.chart is front.need is None


def test_without_patients_the_report_says_so_and_shows_the_method():
    cube = a_cube(persons={"caregiver": 31})
    report = a_report(cube)
    assert [one.id for one in report.sections] == ["method"]
    assert "Too few people" in report.front.lead


def test_a_small_release_without_any_groups_is_a_report_too():
    cube = a_cube()
    groups = tuple(one for one in cube.groups if not one.dimension)
    tables = tuple(one for one in cube.tables if one.group in {group.id for group in groups})
    report = a_report(replace(cube, groups=groups, tables=tables))
    assert report.front.chart_heading == "What people told us"
    assert "Too few answers to show" in to_html(report)


def test_a_release_in_which_nothing_can_be_shown_says_so_everywhere():
    cube = a_cube()
    tables = tuple(
        ProtectedTable(group=one.group, variable=one.variable, status=Status.HIDDEN, n=None) for one in cube.tables
    )
    html = to_html(a_report(replace(cube, tables=tables)))
    assert html.count("Too few answers to show") > 60
    assert re.findall(r"\d%</b>", html) == []


@pytest.mark.parametrize("synthetic", [True, False])
def test_invented_people_are_marked_on_the_first_page_and_on_every_page(*, synthetic: bool):
    report = a_report(a_cube(synthetic=synthetic))
    assert any("SYNTHETIC" in badge for badge in report.front.badges) is synthetic
    assert ("SYNTHETIC" in report.running[2]) is synthetic
    assert "Draft questions" in report.running[2]


def test_the_headlines_are_at_most_two_of_a_module_and_the_largest_first():
    cube = a_cube()
    group = reading.whole(cube, LEADING)
    assert group is not None
    found = reading.headlines(cube, group)
    values = [one.figure.value or 0 for one in found]
    assert values == sorted(values, reverse=True)
    assert 3 <= len(found) <= 5
    modules = [one.variable.module for one in found]
    assert all(modules.count(one) <= 2 for one in modules)


def test_every_figure_says_in_words_what_it_shows():
    html = to_html(a_report())
    titles = re.findall(r"<title>([^<]+)</title>", html)
    assert len(titles) == html.count("<svg class=") + 1
    assert all(len(title) > 15 for title in titles)


def test_with_noise_the_method_page_speaks_of_noise_and_not_of_rounding():
    cube = a_cube()
    noisy = replace(cube, rules=replace(cube.rules, tier="T4", noise=True, rounding_base=1, smallest_base=10))

    rounded_lines, noisy_lines = (str(blocks(a_report(one), "method")) for one in (cube, noisy))
    assert "rounded to the nearest multiple of 5" in rounded_lines
    assert "multiple of" not in noisy_lines
    assert "always the same for the same people" in noisy_lines


def test_the_method_page_says_the_limits_of_small_tables_where_the_release_has_them():
    cube = a_cube()
    lower = replace(cube, rules=replace(cube.rules, unanimity_below=((55, 0.8), (30, 0.7))))

    plain_lines, lower_lines = (str(blocks(a_report(one), "method")) for one in (cube, lower))

    assert "In groups of fewer than" not in plain_lines
    assert "In groups of fewer than 55 people this limit is 80%." in lower_lines
    assert "In groups of fewer than 30 people this limit is 70%." in lower_lines
    assert ProtectedCube.from_json(lower.to_json()) == lower


def with_priorities(cube: ProtectedCube) -> ProtectedCube:
    """The cube with four objects of a best-worst choice, the third the most important one."""
    shares = {"B01": (20, 30), "B02": (10, 40), "B03": (45, 5), "B04": (25, 25)}
    objects = tuple(
        PublishedVariable(
            id=f"BWS16/{code}", item="WM01a", kind="priority", module="WM", privacy="P1", direction="none",
            categories=("best", "neither", "worst"), numbers=(1, 0, -1),
        )
        for code in shares
    )  # fmt: skip
    tables = []
    for code, (best, worst) in shares.items():
        counts = {"best": best, "neither": 100 - best - worst, "worst": worst}
        figures = [Figure(statistic="count", category=one, value=n, n=100) for one, n in counts.items()]
        figures += [
            Figure(statistic="share", category=one, value=n / 100, lower=n / 200, upper=min(n / 50, 1), n=100)
            for one, n in counts.items()
        ]
        figures.append(Figure(statistic="mean", category="", value=(best - worst) / 100, lower=-1, upper=1, n=100))
        tables.append(
            ProtectedTable(group=LEADING, variable=f"BWS16/{code}", status=Status.SHOWN, n=100, figures=tuple(figures))
        )
    return replace(cube, variables=(*cube.variables, *objects), tables=(*cube.tables, *tables))


def test_what_matters_most_stands_first_with_both_shares_and_the_people():
    edition = load_edition(Path("questionnaires/atmp_burden/0.2.0"), languages=("en",))
    report = compose(with_priorities(a_cube()), edition, ENGLISH)
    table = report.front.matters
    assert table is not None
    names = [edition.say(f"design/BWS16/{code}", "en") for code in ("B03", "B04", "B01", "B02")]
    assert [row.label for row in table.rows] == names
    first = table.rows[0]
    assert (first.value, first.base) == ("45%", "of about 100")
    assert isinstance(first.figure, SplitBar)
    assert ([one.share for one in first.figure.good], [one.share for one in first.figure.bad]) == ([0.45], [0.05])
    assert "most important for 45%, least important for 5%" in first.figure.title
    assert [row.label for row in bar_rows(report, "module-WM") if row.label in names] == names


def test_without_best_worst_choices_nothing_is_said_to_matter_most():
    assert a_report().front.matters is None
