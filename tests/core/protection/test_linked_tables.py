"""Which cells of linked tables the span gate hides, beside what GaussSuppression hides in the same tables; audited.

A cell is a set of people, so a table with its margins and hierarchies is nothing but candidates for the gate.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from survey_app.core.protection.span import Question, accepted

CORPUS = Path(__file__).parents[4] / "shared/corpus/disclosure"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the folder of shared test data is not here")

EXAMPLE = ("ssb_example1.csv", (("age",), ("geo", "eu")))
Z1 = ("ssb_z1.csv", (("region",), ("hovedint",)))
Z2 = ("ssb_z2.csv", (("region", "fylke", "kostragr"), ("hovedint",)))
ZEROS_TOO = 100
"""What one person weighs where nobody weighs 1, so that none is a secret as few are."""


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Linked tables. inner: people per innermost cell; cells: rows over them; primary, hidden: of each cell."""

    inner: NDArray[np.int64]
    cells: NDArray[np.bool_]
    primary: NDArray[np.bool_]
    hidden: NDArray[np.bool_]


def read(pattern: str, source: str, axes: tuple[tuple[str, ...], ...], year: int | None = None) -> Tables:
    people = pd.read_csv(CORPUS / source)
    if year:
        people = people[people["year"] == year].reset_index(drop=True)
    expected = pd.read_csv(CORPUS / pattern)
    names, count = expected.columns[:2], expected.columns[2]
    cells = np.ones((len(expected), len(people)), dtype=bool)
    for name, levels in zip(names, axes, strict=True):
        for row, category in enumerate(expected[name].astype(str)):
            if category != "Total":
                cells[row] &= np.any([people[level].astype(str) == category for level in levels], axis=0)
    inner = people[people.columns[-1]].to_numpy()
    assert (cells @ inner == expected[count]).all()
    return Tables(
        inner=inner, cells=cells, primary=expected["primary"].to_numpy(), hidden=expected["suppressed"].to_numpy()
    )


def hidden_by_the_gate(tables: Tables, *, most: int, zeros: bool) -> NDArray[np.bool_]:
    """Hide cells of at most `most` people (with `zeros`: empty ones too) and what gives them away."""
    weights = np.where(tables.inner > 0, tables.inner * ZEROS_TOO, 1) if zeros else tables.inner
    sizes = tables.cells @ tables.inner
    order = [n for n in np.lexsort((-np.arange(sizes.size), -sizes)) if not tables.primary[n]]
    question = Question(
        weights=weights,
        published=np.zeros((0, weights.size), dtype=bool),
        candidates=tables.cells[order],
        protected=tables.cells[tables.primary],
        smallest_base=most * ZEROS_TOO + ZEROS_TOO // 2 if zeros else most + 1,
        delta=0,
    )
    hidden = tables.primary.copy()
    hidden[order] = ~np.array(accepted(question))
    return hidden


def pinned(tables: Tables, hidden: NDArray[np.bool_]) -> int:
    """How many primary cells an integer programme can say exactly, from the cells that are shown."""
    shown = tables.cells[~hidden]
    numbers = shown @ tables.inner
    found = 0
    for cell in tables.cells[tables.primary].astype(float):
        low, high = (
            sign
            * milp(
                sign * cell,
                constraints=LinearConstraint(shown.astype(float), numbers, numbers),
                bounds=Bounds(0, np.inf),
                integrality=np.ones(cell.size),
            ).fun
            for sign in (1, -1)
        )
        found += round(low) == round(high)
    return found


@pytest.mark.parametrize(
    ("pattern", "source", "year", "most", "zeros"),
    [
        ("gauss_t1_a_age_geo_max1.csv", EXAMPLE, 2014, 1, True),
        ("gauss_t2_a_age_geo_eu_max2.csv", EXAMPLE, 2014, 2, True),
        ("gauss_t3_a_formula_max2.csv", EXAMPLE, 2014, 2, True),
        ("gauss_t4_a_max4_nozero.csv", EXAMPLE, 2014, 4, False),
        ("gauss_t5_a_max3_nozero_sec0.csv", EXAMPLE, 2014, 3, False),
        ("gauss_z1_max3.csv", Z1, None, 3, True),
        ("gauss_z2_max3.csv", Z2, None, 3, True),
        ("gauss_z2_max4_nozero.csv", Z2, None, 4, False),
    ],
)
def test_no_more_is_hidden_than_by_gauss_suppression_and_nothing_follows(pattern, source, year, most, zeros):
    tables = read(pattern, *source, year)
    hidden = hidden_by_the_gate(tables, most=most, zeros=zeros)

    assert hidden.sum() <= tables.hidden.sum()
    assert pinned(tables, hidden) == 0


def test_in_the_table_of_the_package_itself_the_very_same_cells_are_hidden():
    tables = read("gauss_z1_max3.csv", *Z1)

    assert np.flatnonzero(hidden_by_the_gate(tables, most=3, zeros=True)).tolist() == [11, 12, 21, 22, 41, 42]
    assert np.flatnonzero(tables.hidden).tolist() == [11, 12, 21, 22, 41, 42]


def test_elimination_alone_overlooks_the_problem_of_zeros_and_the_audit_does_not():
    tables = read("gauss_t7_b_max2.csv", *EXAMPLE, 2015)
    hidden = hidden_by_the_gate(tables, most=2, zeros=True)

    assert hidden.sum() < tables.hidden.sum()
    assert pinned(tables, hidden) == tables.primary.sum()
    assert pinned(tables, tables.hidden) == 0
