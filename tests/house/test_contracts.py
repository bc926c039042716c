"""The contracts between the floors stand where they are read, and name modules that exist."""

import importlib.util
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def contract(beginning: str) -> dict[str, object]:
    return next(one for one in CONTRACTS if one["name"].startswith(beginning))


def test_pages_and_files_are_kept_from_unprotected_data():
    door = contract("One door out")

    assert {"survey_app.outputs", "survey_app.core.report", "survey_app.core.charts", "survey_app.web"} <= set(
        door["source_modules"]
    )
    assert {"survey_app.core.dataset", "survey_app.core.analysis"} <= set(door["forbidden_modules"])


def test_staff_pages_are_kept_from_responses():
    assert "survey_app.store.responses" in contract("Staff pages")["forbidden_modules"]


def test_every_module_that_a_contract_guards_exists():
    named = {
        module
        for one in CONTRACTS
        for key in ("source_modules", "modules", "forbidden_modules")
        for module in one.get(key, [])
        if module.startswith("survey_app")
    }

    assert [module for module in sorted(named) if importlib.util.find_spec(module) is None] == []


def test_the_two_commands_are_what_runs_the_checks():
    test = (PROJECT / "script/test").read_text(encoding="utf-8")

    assert [
        tool for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "pytest") if tool not in test
    ] == []
    assert "script/test" in (PROJECT / ".ci/run").read_text(encoding="utf-8")
