"""Blocks and stages of a study: what shares a screen, what can be chosen, and what does not fit."""

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import check_study, parse_study
from survey_app.core.response.routing import plan_of
from survey_app.core.response.validation import read_item
from tests.core.response.test_choices import QUESTIONNAIRE

MODULES = ("SCR", "MAIN", "CHOICES")


def problems(**changes):
    study = parse_study(
        {
            "id": "one",
            "title": {"en": "One"},
            "organisation": "Org",
            "contact": "a@example.org",
            "questionnaire": "small",
            "version": "1.0.0",
            "modules": MODULES,
            "languages": ("en",),
            "recall_modes": ("prospective",),
            **changes,
        }
    )
    edition = Edition(questionnaire=QUESTIONNAIRE, translations={"en": None}, sha256="0")
    return [(one.code, one.where) for one in check_study(study, edition)]


def test_a_study_without_blocks_asks_one_item_on_a_screen_and_one_with_blocks_puts_them_together():
    alone = plan_of(QUESTIONNAIRE, MODULES, "prospective", 1)
    together = plan_of(QUESTIONNAIRE, MODULES, "prospective", 1, (("B04", "B05"), ("B07", "B08")))

    sizes = {screen.id: len(screen.items) for screen in together.screens}
    assert (sizes["B04"], sizes["B07"], sizes["B06"], sizes["A01"]) == (2, 2, 1, 2)
    assert list(together.items) == list(alone.items)
    assert len(together.screens) == len(alone.screens) - 2


def test_two_blocks_that_stand_side_by_side_stay_two_screens():
    plan = plan_of(QUESTIONNAIRE, MODULES, "prospective", 1, (("B04", "B05"), ("B06", "B07")))

    assert [screen.id for screen in plan.screens if len(screen.items) == 2] == ["A01", "B04", "B06"]


def test_only_the_stages_offered_can_be_chosen():
    plan = plan_of(QUESTIONNAIRE, MODULES, "prospective", 2, (), ("S02",))

    assert read_item(plan, plan.items["A04"], ["S02"]) == "S02"
    with pytest.raises(ProblemsFound) as found:
        read_item(plan, plan.items["A04"], ["S01"])
    assert [one.code for one in found.value.problems] == [Code.ANSWER_NOT_OFFERED]


def test_a_fitting_study_has_no_problems():
    assert (
        problems(waves=8, blocks=(("B04", "B05", "B06"),), stages=({"code": "S02", "day_from": 0, "day_to": 14},)) == []
    )


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (("B04",), [(Code.BLOCK_TOO_SMALL, "blocks.0")]),
        (("B04", "Z99"), [(Code.REFERENCE_UNKNOWN, "blocks.0.1")]),
        (("B04", "B04"), [(Code.BLOCK_ITEM_TWICE, "blocks.0.1"), (Code.BLOCK_NOT_NEIGHBOURS, "blocks.0.1")]),
        (("B04", "B06"), [(Code.BLOCK_NOT_NEIGHBOURS, "blocks.0.1")]),
        (("B05", "B04"), [(Code.BLOCK_NOT_NEIGHBOURS, "blocks.0.1")]),
        (("B11", "C01"), [(Code.BLOCK_NEEDS_OWN_SCREEN, "blocks.0.1"), (Code.BLOCK_NOT_NEIGHBOURS, "blocks.0.1")]),
        (("C03", "C04"), [(Code.BLOCK_OTHER_RECALL, "blocks.0.1")]),
        (("B02", "B03"), [(Code.BLOCK_HANGS_ON_ITSELF, "blocks.0.1")]),
        (("A01", "A02"), [(Code.BLOCK_NEEDS_OWN_SCREEN, "blocks.0.0"), (Code.BLOCK_NEEDS_OWN_SCREEN, "blocks.0.1")]),
    ],
)
def test_a_block_that_does_not_fit_is_told_with_its_place(block, found):
    assert problems(blocks=(block,)) == found


def test_an_item_of_a_module_that_is_not_asked_cannot_stand_in_a_block():
    assert problems(modules=("SCR", "CHOICES"), blocks=(("B04", "B05"),)) == [
        (Code.REFERENCE_UNKNOWN, "blocks.0.0"),
        (Code.REFERENCE_UNKNOWN, "blocks.0.1"),
    ]


@pytest.mark.parametrize(
    ("stages", "found"),
    [
        (({"code": "S09"},), [(Code.REFERENCE_UNKNOWN, "stages.0.code")]),
        (({"code": "S01"}, {"code": "S01"}), [(Code.ID_TWICE, "stages.1.code")]),
        (({"code": "S01", "day_from": 3, "day_to": 2},), [(Code.WINDOW_REVERSED, "stages.0")]),
        (({"code": "S01", "day_from": 3},), []),
    ],
)
def test_stages_that_do_not_fit_are_told(stages, found):
    assert problems(stages=stages) == found


@pytest.mark.parametrize("waves", [0, 41, "many"])
def test_a_number_of_waves_that_cannot_be_is_told(waves):
    with pytest.raises(ProblemsFound) as found:
        problems(waves=waves)

    assert [one.where for one in found.value.problems] == ["waves"]
