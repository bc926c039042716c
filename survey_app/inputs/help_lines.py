"""questionnaires/help_lines.yaml -> help lines, or every problem of the file with its line."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from survey_app.core.help_lines import HelpLine, parse_help_lines, warnings_of
from survey_app.core.problems import Problem, ProblemsFound
from survey_app.inputs.yaml_text import YamlText, read_yaml

FILE = "help_lines.yaml"


def read_help_lines(folder: Path) -> tuple[HelpLine, ...]:
    """Read the help lines that lie in a folder of questionnaires; none where there is no such file.

    Raises:
        ProblemsFound: everything that is wrong with the file.
    """
    path = folder / FILE
    if not path.exists():
        return ()
    text = read_yaml(path)
    try:
        return parse_help_lines(text.value)
    except ProblemsFound as found:
        raise ProblemsFound(_placed(text, found.problems)) from None


def help_line_warnings(folder: Path, today: date) -> list[Problem]:
    """Return which help lines of a folder are not shown today, and why. The file must be sound."""
    lines = read_help_lines(folder)
    return _placed(read_yaml(folder / FILE), warnings_of(lines, today)) if lines else []


def _placed(text: YamlText, problems: Sequence[Problem]) -> list[Problem]:
    return [Problem(code=one.code, where=text.place(one.where), values=one.values) for one in problems]
