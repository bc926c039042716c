"""Which steps a person can answer about next."""

from pathlib import Path

import pytest

from survey_app.core.participation.waves import stages_offered, suggested_stage
from survey_app.core.questionnaire.study import Study, parse_study
from survey_app.inputs.questionnaire_files import read_questionnaire

QUESTIONNAIRE = read_questionnaire(Path("questionnaires/atmp_burden/0.2.0/questionnaire.yaml"))
ALL = QUESTIONNAIRE.stage_codes
NOW, BACK = "prospective", "retrospective"


def a_study(*stages: dict[str, object]) -> Study:
    return parse_study(
        {
            "id": "one",
            "title": {"en": "One"},
            "organisation": "Org",
            "contact": "a@example.org",
            "questionnaire": "atmp_burden",
            "version": "0.2.0",
            "modules": ("SCR", "CJ"),
            "languages": ("en",),
            "recall_modes": (NOW, BACK),
            "waves": 8,
            "stages": stages,
        }
    )


def offered(mode: str, *earlier: tuple[str, str | None], study: Study | None = None) -> tuple[str, ...]:
    return stages_offered(QUESTIONNAIRE, study or a_study(), mode, earlier)


@pytest.mark.parametrize("mode", [NOW, BACK])
def test_at_the_first_wave_every_stage_of_the_study_is_offered(mode: str):
    assert offered(mode) == ALL
    assert offered(mode, study=a_study({"code": "S06"}, {"code": "X2"}, {"code": "S02"})) == ("S02", "S06", "X2")


def test_who_tells_as_it_happens_only_goes_forward():
    assert offered(NOW, (NOW, "S02"), (NOW, "S06")) == ("S07", "S08", "S09", "S10", "S11", "X1", "X2")


def test_a_stage_beside_the_way_is_offered_until_it_was_answered_and_ends_nothing():
    assert offered(NOW, (NOW, "S08"), (NOW, "X2")) == ("S09", "S10", "S11", "X1")
    assert offered(NOW, (NOW, "X1"))[0] == "S01"


def test_who_thinks_back_can_take_any_order_but_no_stage_twice():
    assert offered(BACK, (BACK, "S06"), (BACK, "X2")) == tuple(code for code in ALL if code not in ("S06", "X2"))


def test_the_two_recall_modes_do_not_stand_in_each_others_way():
    assert offered(BACK, (NOW, "S08")) == ALL
    assert offered(NOW, (BACK, "S08")) == ALL


def test_a_wave_whose_stage_was_never_told_takes_nothing_away():
    assert offered(NOW, (NOW, None)) == ALL
    assert suggested_stage(QUESTIONNAIRE, a_study(), NOW, [(NOW, None)]) is None


def test_nothing_is_left_when_all_was_answered():
    assert offered(BACK, *((BACK, code) for code in ALL)) == ()
    assert suggested_stage(QUESTIONNAIRE, a_study(), BACK, [(BACK, code) for code in ALL]) is None


def test_the_next_stage_on_the_way_is_suggested_and_nothing_at_the_first_wave():
    assert suggested_stage(QUESTIONNAIRE, a_study(), NOW, []) is None
    assert suggested_stage(QUESTIONNAIRE, a_study(), NOW, [(NOW, "S03"), (NOW, "X2")]) == "S04"
    assert suggested_stage(QUESTIONNAIRE, a_study(), BACK, [(BACK, "S06")]) == "S07"
    few = a_study({"code": "S03"}, {"code": "S08"})
    assert suggested_stage(QUESTIONNAIRE, few, NOW, [(NOW, "S03")]) == "S08"


def test_a_stage_beside_the_way_is_never_suggested():
    assert suggested_stage(QUESTIONNAIRE, a_study(), NOW, [(NOW, "S11")]) is None
