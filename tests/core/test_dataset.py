import pytest

from survey_app.core.dataset import dataset_of
from survey_app.core.privacy import Missing
from tests.core.protection.small_study import MODULES, QUESTIONNAIRE, a_record

PATIENT = {"SC01": True, "SC07": "patient", "SC08": "S03", "SC10": "self"}


def cell(column, **answers):
    record = a_record("p", {**PATIENT, **answers})
    return int(dataset_of(QUESTIONNAIRE, [record], MODULES).frame[column].iloc[0])


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"CJ11": "often"}, 2),
        ({}, Missing.NOT_REACHED.code),
        ({"CJ11": Missing.NOT_ANSWERED}, Missing.NOT_ANSWERED.code),
        ({"CJ11": Missing.PREFER_NOT}, Missing.PREFER_NOT.code),
        ({"CJ11": "often", "SC08": "S01"}, Missing.NOT_SHOWN.code),
        ({"SC08": "S01"}, Missing.NOT_SHOWN.code),
    ],
)
def test_a_cell_tells_the_answer_or_why_there_is_none(answers, expected):
    assert cell("CJ11", **answers) == expected


def test_a_rating_keeps_its_number():
    assert cell("CJ10", CJ10=0) == 0
    assert cell("CJ10", CJ10=10) == 10


@pytest.mark.parametrize(("column", "expected"), [("CJ12/x", 1), ("CJ12/y", 0)])
def test_a_multiple_choice_becomes_one_tick_per_answer(column, expected):
    assert cell(column, CJ12=("x", "z")) == expected


def test_words_of_ones_own_are_in_no_column():
    frame = dataset_of(QUESTIONNAIRE, [a_record("p", {**PATIENT, "CJ21": "my words"})], MODULES).frame

    assert "CJ21" not in frame
    assert not frame.isin(["my words"]).any(axis=None)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [({}, "patient"), ({"SC10": "other"}, "proxy"), ({"SC07": "caregiver"}, "caregiver"), ({"SC07": "bereaved"}, None)],
)
def test_a_row_says_whose_view_it_gives(answers, expected):
    frame = dataset_of(QUESTIONNAIRE, [a_record("p", PATIENT | answers)], MODULES).frame

    found = frame["respondent"].iloc[0]
    assert (found if isinstance(found, str) else None) == expected


def test_what_a_carer_is_not_asked_was_not_shown():
    assert cell("CJ01", SC07="caregiver", CJ01="often") == Missing.NOT_SHOWN.code


def test_answers_take_two_bytes_each():
    frame = dataset_of(QUESTIONNAIRE, [a_record("p", PATIENT)], MODULES).frame

    assert {str(frame[column].dtype) for column in ("CJ01", "CJ10", "CJ12/x", "DM01", "SC08")} == {"int16"}
