"""The project speaks of itself alone, and its log of nobody."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
BINARY = {".ttf", ".png", ".pdf", ".parquet", ".zip", ".jpg", ".woff2"}
FOREIGN = {
    "a path on the machine of whoever wrote it": r"(?<![\w.])/(?:work|home|root|Users)/",
    "an issue or a session that is told elsewhere": r"\b(?:issue #?\d|session \d|helper session)",
    "a key of the operating kind": r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY",
}
LOGGERS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def own_files() -> list[Path]:
    """Files under version control that are text, this one left out."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("the project is not under version control here")
    paths = [PROJECT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.suffix not in BINARY and path.is_file() and path != Path(__file__)]


@pytest.mark.parametrize("pattern", FOREIGN.values(), ids=FOREIGN.keys())
def test_no_file_speaks_of(pattern: str):
    found = [
        f"{path.relative_to(PROJECT)}:{number}: {line.strip()}"
        for path in own_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(pattern, line)
    ]

    assert found == []


def test_there_are_no_files_that_are_named_for_everything():
    names = {path.stem for path in (PROJECT / "survey_app").rglob("*.py")}

    assert names & {"utils", "helpers", "common", "misc", "manager"} == set()


def test_only_the_page_of_errors_writes_to_the_log():
    """What is logged cannot hold an answer, because one place logs, and its own tests say what."""
    writers = {
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "survey_app").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _logs(node)
    }

    assert writers == {"survey_app/web/errors.py"}


def _logs(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = ast.unparse(node.func.value).lower()
        return node.func.attr in LOGGERS and bool(re.search(r"\b(?:log|logger|logging)\b", owner))
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "print"
