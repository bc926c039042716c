"""Voices are made in one place, and what people wrote is kept from everything that leaves."""

import ast
from pathlib import Path

from tests.house.test_contracts import contract

PROJECT = Path(__file__).parents[2]
MAKER = "survey_app/core/protection/voices.py"


def makers(name: str) -> set[str]:
    """Files that call a class of that name."""
    return {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "survey_app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }


def test_voices_and_quotes_are_made_in_one_file():
    assert makers("Voices") == makers("Quote") == {MAKER}


def test_reports_and_files_are_kept_from_what_people_wrote():
    door = contract("What people wrote")

    assert {"survey_app.outputs", "survey_app.core.report", "survey_app.services.bundling"} <= set(
        door["source_modules"]
    )
    assert {"survey_app.services.desking", "survey_app.core.analysis.written"} <= set(door["forbidden_modules"])
