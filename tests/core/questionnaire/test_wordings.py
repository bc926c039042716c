"""Who is asked in which words: patients and carers, now and looking back."""

from pathlib import Path

import pytest

from survey_app.core.questionnaire.model import Edition
from survey_app.inputs.questionnaire_files import load_edition
from tests.choices_questionnaire import TEXT
from tests.small_questionnaire import write_small


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return load_edition(write_small(tmp_path, TEXT))


@pytest.mark.parametrize(
    ("item", "mode", "role", "text"),
    [
        ("C04", "prospective", None, "In which order now?"),
        ("C04", "prospective", "patient", "In which order now?"),
        ("C04", "retrospective", "patient", "In which order then?"),
        ("C04", "prospective", "caregiver", "In which order for them now?"),
        ("C04", "retrospective", "caregiver", "In which order for them then?"),
        ("C03", "retrospective", "caregiver", "Which two for them?"),
        ("C03", "retrospective", "patient", "Which two?"),
        ("C01", "retrospective", "caregiver", "Best and worst?"),
    ],
)
def test_the_nearest_wording_is_asked(edition: Edition, item: str, mode: str, role: str | None, text: str):
    assert edition.question(edition.questionnaire.items[item], "en", mode=mode, role=role) == text


@pytest.mark.parametrize(
    ("mode", "role", "stage", "text"),
    [
        ("prospective", "patient", "S01", "Think of now."),
        ("prospective", "caregiver", "S01", "Think of now with them."),
        ("prospective", "caregiver", "S02", "Think of today."),
        ("retrospective", "caregiver", "S01", "Think of then."),
        ("prospective", "caregiver", None, None),
    ],
)
def test_the_heading_is_that_for_the_role_where_there_is_one(
    edition: Edition, mode: str, role: str, stage: str | None, text: str | None
):
    item = edition.questionnaire.items["C04"]

    assert edition.heading(item, stage=stage, mode=mode, language="en", role=role) == text


def test_in_the_questionnaire_we_ship_no_carer_is_asked_about_treatment_of_their_own():
    """Every question that a carer is shown and that speaks of getting treatment has a wording for carers."""
    edition = load_edition(Path("questionnaires/atmp_burden/0.2.0"), languages=("en",))
    questionnaire = edition.questionnaire
    asked = [
        item
        for module in questionnaire.modules
        if "caregiver" in module.audience
        for item in module.items
        if "SC07 == 'patient'" not in (item.show_if or "")
    ]
    told = [
        edition.question(item, "en", mode=mode, role="caregiver")
        for item in asked
        for mode in ("prospective", "retrospective")
    ]

    patients = ("you got", "did you get", "you have before", "you in now", "your treatment", "did the study ask you")
    assert [text for text in told if any(words in text.lower() for words in patients)] == []


@pytest.mark.parametrize("mode", ["prospective", "retrospective"])
def test_no_heading_tells_a_carer_of_cells_of_their_own(mode: str):
    edition = load_edition(Path("questionnaires/atmp_burden/0.2.0"), languages=("en",))
    item = edition.questionnaire.items["CA09"]
    headings = [
        edition.heading(item, stage=code, mode=mode, language="en", role="caregiver")
        for code in edition.questionnaire.stage_codes
    ]

    assert all(headings)
    assert [
        text for text in headings if text and ("your cell" in text or "you got" in text or "your first" in text)
    ] == []
