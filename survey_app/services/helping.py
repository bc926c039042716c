"""Give the help lines that are good today, and tell which are not."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from survey_app.core.help_lines import HelpLine, Kind, lines_for
from survey_app.core.problems import Problem, ProblemsFound
from survey_app.inputs import help_lines as files


def help_lines(
    folder: Path, *, country: str | None, language: str, today: date, kinds: tuple[Kind, ...] = ()
) -> tuple[HelpLine, ...]:
    """Return the help lines for a page; a changed file holds at once, a file broken meanwhile shows none.

    Args:
        folder: the folder of questionnaires, in which the file lies.
        country: where the person lives, as told; None if not told: then the page names the country of each line.
        language: of the page.
        today: the day in UTC.
        kinds: only these; all if empty.
    """
    path = folder / files.FILE
    changed = path.stat().st_mtime_ns if path.exists() else 0
    lines = _read(folder, changed)
    return lines_for(lines, country=country, language=language, today=today, kinds=kinds)


def check_help_lines(paths: Sequence[Path], today: date) -> list[tuple[Path, list[Problem], list[Problem]]]:
    """Return, for each file of help lines among or in `paths`, its problems and its warnings: lines not shown today."""
    found: list[tuple[Path, list[Problem], list[Problem]]] = []
    for path in paths:
        folder = path.parent if path.name == files.FILE else path
        if not (folder / files.FILE).is_file():
            continue
        try:
            found.append((folder / files.FILE, [], files.help_line_warnings(folder, today)))
        except ProblemsFound as broken:
            found.append((folder / files.FILE, list(broken.problems), []))
    return found


@lru_cache(maxsize=4)
def _read(folder: Path, _changed: int) -> tuple[HelpLine, ...]:
    try:
        return files.read_help_lines(folder)
    except ProblemsFound:
        return ()
