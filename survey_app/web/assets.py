"""Files that are the same for everybody and never change under their name: style, script, packs of questions.

The name holds the hash of the content, so a browser keeps the file for good and never asks again.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from flask import Request
from werkzeug.wrappers import Response

from survey_app.web.compression import encoding_for, squeezed

KEPT_SECONDS = 31_536_000
CONTENT_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """One file. stem, ending: `survey` and `css` make `survey.0123456789abcdef.css`."""

    stem: str
    ending: str
    content: bytes = field(repr=False)

    @cached_property
    def name(self) -> str:
        """The file name, with the hash of the content."""
        return f"{self.stem}.{hashlib.sha256(self.content).hexdigest()[:16]}.{self.ending}"

    @cached_property
    def brotli(self) -> bytes:
        """Compressed once, as small as it goes."""
        return squeezed(self.content, "br", best=True)

    @cached_property
    def gzip(self) -> bytes:
        """Compressed once, as small as it goes."""
        return squeezed(self.content, "gzip", best=True)

    def ready(self) -> "Asset":
        """Do the work of compressing now, and not while somebody waits."""
        _ = self.brotli, self.gzip
        return self

    def respond(self, asked: Request) -> Response:
        """The answer that holds this file in the encoding that the browser takes."""
        encoding = encoding_for(asked)
        content = {"br": self.brotli, "gzip": self.gzip}[encoding] if encoding else self.content
        response = Response(content, content_type=CONTENT_TYPES[self.ending])
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
        response.vary.add("Accept-Encoding")
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response
