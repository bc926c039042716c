"""What others publish about the same people counts as known: nothing follows from it and our releases together."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.attack import span
from survey_app.core.attack.puzzle import puzzles_of, told_bounds
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.cube import Status
from survey_app.core.protection.external import External, ExternalTable
from survey_app.core.protection.external_file import Known, lines_of, parse_external, understood
from survey_app.core.protection.material import History
from survey_app.core.protection.menu import trees_of
from survey_app.core.protection.sticky import PEOPLE, Ledger
from tests.core.protection.exact_search import recovered_sets
from tests.core.protection.random_study import random_study, releases_of
from tests.core.protection.small_study import MODULES, QUESTIONNAIRE, changed, release, some_people

POPULATION = "patient.prospective"


def clinic(group, base=25, counts=(), variable="", release=1, rounded_to=1):
    table = ExternalTable(group=group, base=base, variable=variable, counts=counts)
    return External(
        publisher="Clinic", quarter="2026-Q1", population=POPULATION, release=release, rounded_to=rounded_to,
        tables=(table,),
    )  # fmt: skip


def people_with_a_rest():
    """110 people: 60 in Germany, 23 in Austria and 4 in Portugal stand together with others."""
    countries = ["DE"] * 60 + ["FR"] * 23 + ["AT"] * 23 + ["PT"] * 4
    return [
        changed(one, DM01=country) for one, country in zip(some_people(110, seed=8, skipped=0), countries, strict=True)
    ]


def members_of_rest(made):
    (rest,) = [one for one in made.cube.groups if one.dimension == "country" and one.category == "rest"]
    assert rest.status is Status.SHOWN
    return {country for country in rest.members if country in ("FR", "AT", "PT")}


def test_what_a_clinic_published_makes_groups_coarser_so_that_nobody_follows():
    """Austria and Portugal stand together; whoever knows the 23 of Austria would know the 4 of Portugal."""
    told = (clinic({"country": ("AT",)}, base=23),)
    careless = release(people_with_a_rest())
    careful = release(people_with_a_rest(), history=History(externals=told))

    assert members_of_rest(careless) == {"AT", "PT"}
    assert members_of_rest(careful) == {"FR", "AT", "PT"}
    assert recovered_sets([careful.protected], 20, told) == {}


def test_a_publication_that_is_entered_later_holds_for_earlier_releases_too():
    people = people_with_a_rest()
    one = release(people)
    told = (clinic({"country": ("AT",)}, base=23),)
    more = [*people, *some_people(60, seed=9, batch=2)]
    two = release(more, quarter="2026-Q3", history=replace(one.history(), externals=told))

    ledger = Ledger([one.protected.entry, two.protected.entry], two.protected.menu, told)
    ((_, inside),) = ledger.universe(PEOPLE).told()
    assert ledger.universe(PEOPLE).people(inside) == 23


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 1))
def test_no_group_of_too_few_people_is_recoverable_with_what_others_published(seed, entered):
    study = random_study(seed)
    tree = study.trees[0]
    leaves = tuple(leaf for leaf in tree.leaves if study.chance.random() < 0.6) or tree.leaves[:1]
    told = (clinic({tree.dimension: leaves}),)
    made = releases_of(study, externals=told, entered=entered)
    ledger = Ledger([one.entry for one in made], made[-1].menu, told)
    sizes = [ledger.universe(PEOPLE).people(vector) for _, vector in ledger.universe(PEOPLE).told()]
    smallest, entries = study.policy.smallest_base, [one.entry for one in made]

    assert span.audit_ledger(entries, made[-1].menu, smallest_base=smallest, externals=told) == [] or entered
    if not entered and not any(0 < size < smallest for size in sizes):
        assert recovered_sets(made[:1], smallest, told) == {}


def test_what_others_gave_away_is_no_finding_against_a_release():
    told = (clinic({"country": ("PT",)}, base=4),)
    made = release(people_with_a_rest(), history=History(externals=told))

    assert span.audit_ledger([made.protected.entry], made.protected.menu, smallest_base=20, externals=told) == []
    assert any(table.figures for table in made.cube.tables)


def test_counts_of_others_bound_what_an_insider_thinks_possible():
    told = (clinic({"country": ("DE",)}, base=60, variable="CJ01", counts=(10, 20, 20, 10)),)
    made = release(people_with_a_rest(), history=History(externals=told))
    puzzles = puzzles_of([made.protected.entry], [made.cube], made.protected.menu, told)
    (one,) = [puzzle for puzzle in puzzles if puzzle.name == "CJ01"]
    row = [place for place, (name, _) in enumerate(one.keys) if name == "external 1"]

    assert one.members[row].sum() == 60
    assert one.lower[row].tolist() == one.upper[row].tolist() == [[10, 20, 20, 10]]


@pytest.mark.parametrize(
    ("base", "rounded_to", "people", "expected"),
    [
        (60, 1, 60, ((10, 10), (50, 50))),
        (60, 5, 58, ((6, 14), (46, 54))),
        (70, 1, 60, ((0, 10), (40, 50))),
        (50, 1, 60, ((10, 20), (50, 60))),
    ],
)
def test_other_people_among_theirs_or_ours_make_the_bounds_wider(base, rounded_to, people, expected):
    table = clinic({}, base=base, counts=(10, 50), rounded_to=rounded_to)
    lower, upper = told_bounds(table, table.tables[0], people)

    assert tuple(zip(lower.tolist(), upper.tolist(), strict=True)) == expected


WRITTEN = {
    "publisher": "Clinic", "quarter": "2026-Q1", "population": POPULATION,
    "tables": [{"group": {"country": ["DE"]}, "base": 60, "item": "CJ01", "counts": {"never": 10, "often": 50}}],
}  # fmt: skip


def known(earlier=()):
    cube = release(people_with_a_rest()).cube
    return Known(
        populations={POPULATION: 110, "caregiver": None}, trees=trees_of(QUESTIONNAIRE, MODULES),
        variables=cube.variable, quarters=["2026-Q1"], today="2026-Q2", earlier=earlier,
    )  # fmt: skip


def faults(table=None, **changes):
    document = {**WRITTEN, **changes}
    if table is not None:
        document["tables"] = [table]
    with pytest.raises(ProblemsFound) as found:
        understood(parse_external(document), known())
    return [(one.code, one.where) for one in found.value.problems]


def test_what_was_understood_is_said_in_plain_words():
    lines = list(lines_of(understood(parse_external(WRITTEN), known())))

    assert lines == [
        "Clinic published about patient.prospective in 2026-Q1, exact numbers.",
        "Taken as said of the people of release 1.",
        "  country DE: 60 people; CJ01: 10, not told, 50, not told",
    ]


def test_broader_groups_are_their_categories():
    table = {"group": {"stage": ["early"], "country": ["155"]}, "base": 10}
    (one,) = understood(parse_external({**WRITTEN, "tables": [table]}), known()).tables

    assert one.group["stage"] == ("S01", "S02")
    assert {"DE", "FR", "AT"} <= set(one.group["country"])


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"group": {"height": ["tall"]}, "base": 1}, (Code.REFERENCE_UNKNOWN, "tables.0.group.height")),
        ({"group": {"country": ["Atlantis"]}, "base": 1}, (Code.REFERENCE_UNKNOWN, "tables.0.group.country")),
        ({"group": {"country": []}, "base": 1}, (Code.REFERENCE_UNKNOWN, "tables.0.group.country")),
        ({"base": 1, "item": "XX01"}, (Code.REFERENCE_UNKNOWN, "tables.0.counts")),
        ({"base": 1, "item": "CJ01", "counts": {"maybe": 1}}, (Code.REFERENCE_UNKNOWN, "tables.0.counts")),
        ({"base": 1, "counts": {"never": 1}}, (Code.EXTERNAL_COUNTS_OF_NOTHING, "tables.0.counts")),
        ({"base": 5, "item": "CJ01", "counts": {"never": 9}}, (Code.EXTERNAL_MORE_ANSWERS, "tables.0")),
        ({"base": 500}, (Code.EXTERNAL_MORE_THAN_ALL, "tables.0.base")),
    ],
)
def test_each_fault_of_a_table_is_named(table, fault):
    assert faults(table) == [fault]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"population": "everybody"}, (Code.REFERENCE_UNKNOWN, "population")),
        ({"quarter": "2027-Q1"}, (Code.EXTERNAL_LATER, "quarter")),
        ({"tables": [{"base": 7}], "rounded_to": 5}, (Code.EXTERNAL_NOT_ROUNDED, "tables.0.base")),
        ({"tables": [{"base": 7}, {"base": 8}]}, (Code.EXTERNAL_TWICE, "tables.1")),
    ],
)
def test_each_fault_of_a_publication_is_named(changes, fault):
    assert faults(**changes) == [fault]


def test_the_same_publication_is_entered_once():
    one = understood(parse_external(WRITTEN), known())

    with pytest.raises(ProblemsFound) as found:
        understood(parse_external(WRITTEN), known(earlier=(one,)))
    assert [problem.code for problem in found.value.problems] == [Code.EXTERNAL_KNOWN]


@pytest.mark.parametrize("wrong", [{"base": -1}, {"base": "many"}, {"people": 5}])
def test_a_file_of_another_form_is_told(wrong):
    with pytest.raises(ProblemsFound):
        parse_external({**WRITTEN, "tables": [wrong]})


def test_a_publication_is_the_same_after_it_was_stored():
    one = understood(parse_external(WRITTEN), known())

    assert External.from_document(one.to_document()) == one
