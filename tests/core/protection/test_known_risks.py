"""Measures of risk beside what other programs say of the same files: sdcMicro, and pycanon."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_app.core.protection import risk

CORPUS = Path(__file__).parents[4] / "shared/corpus/disclosure"
pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the folder of shared test data is not here")

TOWN_AND_ROOF = ["urbrur", "roof", "walls", "water", "electcon", "relat", "sex"]
SCHOOL = ["Teacher", "Gender", "Ethnic", "Freeredu", "wesson"]


def classes_by(rows: pd.DataFrame, keys: list[str]) -> np.ndarray:
    return rows.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()


def test_people_alike_are_counted_as_by_sdcmicro():
    rows = pd.read_csv(CORPUS / "francdat.csv")

    assert risk.class_sizes(classes_by(rows, ["Key1", "Key2", "Key3", "Key4"])).tolist() == [2, 2, 2, 1, 1, 1, 1, 2]


def test_how_many_are_alike_with_few_others_in_a_household_survey():
    rows = pd.read_csv(CORPUS / "sdcmicro_testdata.csv.gz")
    classes = classes_by(rows, TOWN_AND_ROOF)
    sizes = risk.class_sizes(classes)

    assert [int((sizes < least).sum()) for least in (2, 3, 5, 10)] == [157, 281, 458, 741]
    assert (1 / sizes).sum() == pytest.approx(412) == len(set(classes))


@pytest.mark.parametrize(("file", "k", "diversity"), [("StudentsMath_Score", 1, 1), ("StudentsMath_Score_k5", 5, 4)])
def test_k_and_l_of_a_school_are_those_of_pycanon(file, k, diversity):
    rows = pd.read_csv(CORPUS / "pycanon" / f"{file}.csv")
    classes = classes_by(rows, SCHOOL)
    scores = np.unique(rows["Score"], return_inverse=True)[1]

    assert risk.class_sizes(classes).min() == k
    assert risk.least_diversity(classes, scores, np.ones(len(rows), dtype=bool)) == diversity


@pytest.mark.parametrize(
    ("file", "distance"), [("StudentsMath_Score", 0.4165919952210274), ("StudentsMath_Score_k5", 0.31023287057769827)]
)
def test_t_of_a_school_is_that_of_pycanon(file, distance):
    rows = pd.read_csv(CORPUS / "pycanon" / f"{file}.csv")
    scores = np.unique(rows["Score"], return_inverse=True)[1]
    everybody = np.ones(len(rows), dtype=bool)
    found = risk.most_distance(classes_by(rows, SCHOOL), np.zeros(len(rows), dtype=np.int64), scores, everybody)

    assert found == pytest.approx(distance)
