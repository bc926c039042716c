import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.analysis.coding import coded_values, rows_where
from survey_app.core.dataset import Column, Dataset
from survey_app.core.questionnaire.logic import Operand, parse_condition

CODES = ("no", "some", "yes")
NUMBERS = (0.0, 1.0, 2.0)
CONDITIONS = [
    "A1 == 1",
    "A1 != 1",
    "A1 >= 1 and B1 < 2",
    "A1 == 'yes' or not B1 == 'no'",
    "A1 != 'yes'",
    "A1 > 'some'",
    "A1 in [0, 2] and stage in ['S01', 'X1']",
    "A1 in ['no', 'yes']",
    "answered(A1) and not answered(B1)",
    "answered(stage) and answered(wave) and wave >= 2",
    "answered(M1) or has(M1, 'left')",
    "has(M1, 'up')",
    "any(A1, B1 >= 2)",
    "Z9 == 1 or answered(Z9) or Z9 == 'yes' or has(Z9, 'a')",
    "stage == 'S01' or stage != 'X1'",
]
CELL = st.sampled_from([0, 1, 2, -44, -66, -99])
ROWS = st.lists(
    st.tuples(CELL, CELL, st.sampled_from([(0, 1), (1, 1), (0, 0), (-44, -44)]), st.sampled_from(["S01", "X1", None])),
    min_size=1,
    max_size=20,
)


def a_dataset_of(rows):
    left, right = Column(id="M1/left", item="M1", kind="tick"), Column(id="M1/right", item="M1", kind="tick")
    choices = {name: Column(id=name, item=name, kind="choice", codes=CODES, numbers=NUMBERS) for name in ("A1", "B1")}
    frame = pd.DataFrame(
        {
            "A1": [row[0] for row in rows],
            "B1": [row[1] for row in rows],
            "M1/left": [row[2][0] for row in rows],
            "M1/right": [row[2][1] for row in rows],
            "wave": [1 + position % 3 for position in range(len(rows))],
            "stage": pd.Categorical([row[3] for row in rows], categories=["S01", "X1"]),
        }
    )
    return Dataset(frame=frame, columns={**choices, "M1/left": left, "M1/right": right})


def lookup_of(row, position):
    def lookup(name):
        if name in ("A1", "B1"):
            cell = row[0] if name == "A1" else row[1]
            return Operand(code=CODES[cell], number=NUMBERS[cell]) if cell >= 0 else None
        if name == "M1" and row[2][0] >= 0:
            ticked = {code for code, cell in zip(("left", "right"), row[2], strict=True) if cell == 1}
            return Operand(codes=frozenset(ticked))
        if name == "stage" and row[3]:
            return Operand(code=row[3])
        return Operand(number=1 + position % 3) if name == "wave" else None

    return lookup


@pytest.mark.parametrize("text", CONDITIONS)
@given(rows=ROWS)
def test_a_condition_on_all_rows_says_the_same_as_on_each_response(text, rows):
    condition = parse_condition(text)
    expected = [condition.holds(lookup_of(row, position)) for position, row in enumerate(rows)]

    assert rows_where(condition, a_dataset_of(rows)).tolist() == expected


def test_cells_become_numbers_and_keep_the_kind_of_missing():
    gaps = Column(id="Q1", item="Q1", kind="choice", codes=("a", "b", "c"), numbers=(5.0, None, 7.0))
    rating = Column(id="R1", item="R1", kind="rating")
    frame = pd.DataFrame({"Q1": [0, 1, 2, -77], "R1": [0, 10, -44, 3]}, dtype="int16")
    dataset = Dataset(frame=frame, columns={"Q1": gaps, "R1": rating})

    coded = coded_values(dataset, ["Q1", "R1"])

    np.testing.assert_array_equal(coded["Q1"], [5, np.nan, 7, -77])
    np.testing.assert_array_equal(coded["R1"], [0, 10, -44, 3])
