"""The deployment's own lists of words that point to people: a folder of plain text files, one word or name a line.

`hospitals.txt` counts in every language, `names.de.txt` in German only. The part before the first dot is what the desk
calls the list; words of `titles` stand before a name (Sister, Dr). Empty lines and lines that begin with # are ignored.
"""

from functools import lru_cache
from pathlib import Path

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.redaction.lists import EVERY_LANGUAGE, Lists

_SUFFIX = ".txt"
_Stamp = tuple[tuple[Path, int, int], ...]


def read_lists(folder: Path) -> Lists:
    """Read all lists of a folder; none where there is no such folder. Read again only when a file has changed.

    Raises:
        ProblemsFound: files that are not UTF-8 text, all at once.
    """
    paths = sorted(path for path in folder.glob(f"*{_SUFFIX}") if path.is_file()) if folder.is_dir() else []
    return _read(tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths))


@lru_cache(maxsize=4)
def _read(files: _Stamp) -> Lists:
    words: dict[tuple[str, str], frozenset[str]] = {}
    problems = []
    for path, _, _ in files:
        kind, _, language = path.name.removesuffix(_SUFFIX).partition(".")
        try:
            lines = path.read_text("utf-8-sig").splitlines()
        except UnicodeDecodeError:
            problems.append(Problem(code=Code.FILE_NOT_TEXT, where=str(path)))
            continue
        found = {line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")}
        words[kind, language or EVERY_LANGUAGE] = frozenset(found)
    if problems:
        raise ProblemsFound(problems)
    return Lists(words)
