import csv
import gzip
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.core.protection.lattice import NO_VALUE, Demand, Ladder, Lattice, node_count

LADDERS = (
    Ladder(name="a", levels=(("p", "q", "r", "s"), ("pq", "pq", "rs", "rs"), ("all",) * 4)),
    Ladder(name="b", levels=(("x", "y", "z"), ("all",) * 3)),
    Ladder(name="c", levels=(("left", "right"),)),
)
PEOPLE = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.integers(NO_VALUE, 3)),
    min_size=1,
    max_size=40,
)
ADULT = Path(__file__).parents[4] / "shared" / "corpus" / "disclosure" / "arx_adult"


def a_lattice(people):
    table = np.array(people)
    columns = {ladder.name: table[:, position] for position, ladder in enumerate(LADDERS)}
    return Lattice(LADDERS, columns, table[:, 3], table[:, 2] == 0)


def slowly(people, node, demand):
    """Loss of a node, worked out person by person; None where too many are left out."""
    keys = [tuple(LADDERS[i].levels[step][person[i]] for i, step in enumerate(node)) for person in people]
    loss, left_out = 0.0, 0
    for person, key in zip(people, keys, strict=True):
        values = [other[3] for other, same in zip(people, keys, strict=True) if same == key]
        differ = len({value for value in values if value != NO_VALUE})
        if len(values) < demand.smallest or (person[2] == 0 and differ < demand.diversity):
            left_out += 1
            loss += len(node)
            continue
        for i, step in enumerate(node):
            level = LADDERS[i].levels[step]
            loss += (level.count(level[person[i]]) - 1) / (len(level) - 1)
    return None if left_out > demand.left_out * len(people) else loss / len(people) / len(node)


@settings(deadline=None)
@given(PEOPLE, st.integers(1, 6), st.integers(1, 3), st.sampled_from([0.0, 0.1, 0.5]))
def test_the_search_finds_the_least_loss_of_all_nodes(people, smallest, diversity, left_out):
    demand = Demand(smallest=smallest, diversity=diversity, left_out=left_out)
    nodes = itertools.product(*(range(len(ladder.levels)) for ladder in LADDERS))
    losses = [loss for loss in (slowly(people, node, demand) for node in nodes) if loss is not None]

    found = a_lattice(people).search(demand)

    assert (found.loss if found else None) == (pytest.approx(min(losses)) if losses else None)
    if found:
        assert slowly(people, found.node, demand) == pytest.approx(found.loss)


def test_a_ladder_names_its_groups_in_the_order_of_the_leaves():
    assert LADDERS[0].labels(1) == ("pq", "rs")
    assert node_count(LADDERS) == 6


def test_many_wide_columns_do_not_collide():
    ladders = [Ladder(name=f"c{n}", levels=(tuple(map(str, range(1000))),)) for n in range(8)]
    table = np.random.default_rng(1).integers(0, 1000, (50, 8))
    people = {ladder.name: table[:, n] for n, ladder in enumerate(ladders)}
    lattice = Lattice(ladders, people, np.zeros(50, dtype=int), np.zeros(50, dtype=bool))

    outcome = lattice.look((0,) * 8, Demand(smallest=1, diversity=1, left_out=0))

    assert len(set(outcome.classes.tolist())) == 50


def test_the_optimum_on_the_adult_table_is_the_published_one():
    if not ADULT.is_dir():
        pytest.skip(f"the adult table is not here: {ADULT}")
    with gzip.open(ADULT / "adult.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    names = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "salary-class"]
    ladders, people = [], {}
    for name in names:
        steps = list(zip(*_hierarchy(name), strict=True))
        ladders.append(Ladder(name=name, levels=tuple(steps)))
        position = {leaf: n for n, leaf in enumerate(steps[0])}
        people[name] = np.array([position[row[name]] for row in rows])
    jobs = {job: n for n, job in enumerate(sorted({row["occupation"] for row in rows}))}
    sensitive = np.array([jobs[row["occupation"]] for row in rows])

    lattice = Lattice(ladders, people, sensitive, np.ones(len(rows), dtype=bool))
    found = lattice.search(Demand(smallest=5, diversity=2, left_out=0.04))

    assert found.node == (0, 3, 0, 1, 1, 1, 1, 0)
    assert int((~found.kept).sum()) == 1204
    assert len(set(found.classes[found.kept].tolist())) == 368


def _hierarchy(name):
    with (ADULT / f"adult_hierarchy_{name}.csv").open() as file:
        return list({row[0]: row for row in csv.reader(file, delimiter=";") if row}.values())
