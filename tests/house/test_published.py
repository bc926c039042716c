"""What is published stays as it was published."""

import re
from pathlib import Path

from survey_app.core.problems import Code
from survey_app.inputs.questionnaire_files import read_lock
from survey_app.services.catalogue import read_catalogue

PROJECT = Path(__file__).parents[2]
QUESTIONNAIRES = PROJECT / "questionnaires"


def test_every_version_is_sound_and_no_published_one_has_changed():
    assert read_catalogue(QUESTIONNAIRES).editions


def test_every_published_version_is_still_there():
    there = {f"{name}/{version}" for name, version in read_catalogue(QUESTIONNAIRES).editions}

    assert set(read_lock(QUESTIONNAIRES)) <= there


def test_every_problem_that_can_be_told_is_told_somewhere():
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (PROJECT / "survey_app").rglob("*.py")
        if path.name != "problems.py" or path.parent.name != "core"
    )

    assert [code.name for code in Code if not re.search(rf"\bCode\.{code.name}\b", sources)] == []
