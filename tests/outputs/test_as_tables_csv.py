import csv
from io import StringIO

import pytest

from survey_app.core.attack.scraping import unexplained_numbers
from survey_app.core.protection.cube import Status
from survey_app.outputs import as_tables_csv
from tests.core.protection.small_study import changed, release, some_people


@pytest.fixture(scope="module")
def cube():
    people = [changed(person, CJ10=9) for person in some_people(150, caregivers=0.2)]
    return release(people).cube


@pytest.fixture(scope="module")
def rows(cube):
    return list(csv.DictReader(StringIO(as_tables_csv.text_of(cube))))


def share_of(rows, column):
    """The row of one share in the whole population of patients."""
    wanted = {"rows": "population=patient.prospective", "columns": column, "statistic": "share"}
    return next(row for row in rows if wanted.items() <= row.items())


def test_the_columns_are_those_of_the_guide(rows):
    assert tuple(rows[0]) == ("table", "rows", "columns", "statistic", "value", "lower", "upper", "n", "status")


def test_every_published_number_has_its_row(cube, rows):
    figures = sum(len(table.figures) for table in cube.tables)

    statistics = ("count", "share", "mark", "mean")
    told = [row for row in rows if row["table"] in cube.variable and row["columns"] and row["statistic"] in statistics]
    assert len(told) == figures


def test_a_share_stands_with_its_interval_and_its_people(cube, rows):
    figure = cube.table("patient.prospective", "CJ01").figure("share", "often")

    found = share_of(rows, "CJ01=often")
    assert [float(found[name]) for name in ("value", "lower", "upper", "n")] == [
        figure.value, figure.lower, figure.upper, figure.n
    ]  # fmt: skip


def test_a_censored_share_has_bounds_and_no_value(rows):
    found = share_of(rows, "CJ10=9_10")

    assert (found["value"], found["lower"], found["upper"]) == ("", "0.9", "1")


def test_hidden_and_merged_rows_have_no_numbers(rows):
    quiet = [row for row in rows if row["status"] in ("hidden", "merged")]

    assert {row["status"] for row in quiet} == {"hidden", "merged"}
    assert all(not (row["value"] or row["lower"] or row["upper"] or row["n"]) for row in quiet)


def test_every_hidden_table_is_told(cube, rows):
    hidden = sum(table.status is Status.HIDDEN for table in cube.tables)

    assert sum(row["status"] == "hidden" and row["table"] in cube.variable for row in rows) == hidden


def test_a_population_that_waits_is_told_without_a_number(cube, rows):
    assert cube.held_back == ("proxy",)
    assert [row["status"] for row in rows if row["rows"] == "population=proxy"] == ["hidden"]


def test_a_merged_country_says_where_it_is(rows):
    found = [row for row in rows if row["rows"] == "population=patient.prospective;country=PT"]

    assert [row["status"] for row in found] == ["merged"]
    assert found[0]["columns"].startswith("country=")


def test_every_number_of_the_file_is_one_that_the_release_says(cube, rows):
    numbers = [float(row[name]) for row in rows for name in ("value", "lower", "upper", "n") if row[name]]

    assert unexplained_numbers(numbers, cube) == frozenset()


def test_a_number_that_the_release_does_not_say_is_found(cube):
    assert unexplained_numbers([cube.persons, 0.123456, 137], cube) == {0.123456, 137}


def test_percentages_of_published_shares_are_explained(cube):
    shares = [f.value for t in cube.tables for f in t.figures if f.statistic == "share" and f.value is not None]

    assert unexplained_numbers([round(100 * share) for share in shares], cube) == frozenset()
    assert unexplained_numbers([round(100 * share, 1) for share in shares], cube) == frozenset()
