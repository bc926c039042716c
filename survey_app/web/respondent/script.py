"""The script of the respondents' pages as it is sent: comments and indentation taken out, named by its hash.

Not a minifier that could break it: only whole lines of comment and space at the ends of lines go. The sources hold no
text over several lines, where that would matter.
"""

import re
from pathlib import Path

from survey_app.web.assets import Asset

STATIC = Path(__file__).parent.parent.parent / "static"


def stripped(source: str) -> str:
    """`source` without lines of comment, empty lines and indentation."""
    lines = (line.strip() for line in source.splitlines())
    kept = [line for line in lines if line and not line.startswith("//")]
    if any(line.count("`") % 2 for line in kept):
        message = "a text in backticks goes over several lines"
        raise ValueError(message)
    return "\n".join(kept) + "\n"


def _asset(stem: str) -> Asset:
    return Asset(stem, "js", stripped((STATIC / f"{stem}.js").read_text("utf-8")).encode()).ready()


SCRIPT = _asset("survey")
SCREENS = _asset("screens")
"""Loaded once an answer was kept: draws pages when there is no network."""


def worker_source(*, cached: tuple[str, ...], shell: str, script: str) -> str:
    """The service worker, with the addresses that it keeps for the time without network."""
    source = stripped((STATIC / "sw.js").read_text("utf-8"))
    values = {"CACHED": "|".join(cached), "SHELL": shell, "SCRIPT": script}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], source)
