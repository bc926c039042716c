"""The scripts of the respondents' pages as they are sent: comments and spaces taken out, named by their hash.

Not a minifier that could break them: names stay names, and nothing is rewritten. The sources keep to what makes this
safe: a comment has a line of its own, every statement ends with a semicolon, no text goes over several lines, and no
text holds a quotation mark of its own kind.
"""

import re
from pathlib import Path

from survey_app.web.assets import Asset

STATIC = Path(__file__).parent.parent.parent / "static"
_TEXT_OR_SIGN = re.compile(r"""'[^']*'|`[^`]*`| *([{}();,:?=<>&|!]) *""")
_NEEDLESS_END_OF_LINE = re.compile(r"(?<=[{,;(:?&|])\n|\n(?=[}).?:&|])")


def stripped(source: str) -> str:
    """`source` without lines of comment, and without spaces and ends of lines beside signs, outside of texts.

    Raises:
        ValueError: a text goes over several lines.
    """
    lines = (line.strip() for line in source.splitlines())
    kept = [line for line in lines if line and not line.startswith("//")]
    if any(line.count("`") % 2 or line.count("'") % 2 for line in kept):
        message = "a text goes over several lines"
        raise ValueError(message)
    dense = [_TEXT_OR_SIGN.sub(lambda found: found[1] or found[0], line) for line in kept]
    return _NEEDLESS_END_OF_LINE.sub("", "\n".join(dense)) + "\n"


def _asset(stem: str) -> Asset:
    return Asset(stem, "js", stripped((STATIC / f"{stem}.js").read_text("utf-8")).encode()).ready()


SCRIPT = _asset("survey")
SCREENS = _asset("screens")
"""Loaded once an answer was kept: draws pages when there is no network."""

PERMITS = _asset("blind")
"""For studies whose invitations are blind, on two of their pages."""


def worker_source(*, cached: tuple[str, ...], shell: str, script: str) -> str:
    """The service worker, with the addresses that it keeps for the time without network."""
    source = stripped((STATIC / "sw.js").read_text("utf-8"))
    values = {"CACHED": "|".join(cached), "SHELL": shell, "SCRIPT": script}
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], source)
