"""Answers made small for the way: brotli where the browser takes it, gzip otherwise.

A page is compressed once for its one reader, a file that never changes once for all readers (`web.assets`).
"""

import gzip
from functools import lru_cache

import brotli
from flask import Flask, Request, Response, request

ENCODINGS = ("br", "gzip")  # the smaller first
SMALLEST_BYTES = 300  # less than this and the headers outweigh what is saved
PAGE_QUALITY = 5  # of 11: a tenth of the time of the best, for six per cent more bytes
BEST_QUALITY = 11
GZIP_LEVEL = 6
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")
UNCHANGED = ("same-origin", "none")


def compress_answers(app: Flask) -> None:
    """Compress what `app` answers. Call it before other functions that look at finished answers are registered."""

    @app.after_request
    def _compress(response: Response) -> Response:
        if not _may_shrink(response):
            return response
        response.vary.add("Accept-Encoding")
        encoding = encoding_for(request)
        if encoding is None or reveals_length(request):
            return response
        fixed = request.endpoint == "static"
        response.direct_passthrough = False  # read the file, so that there is something to compress
        content = response.get_data()
        if len(content) < SMALLEST_BYTES:
            return response
        response.set_data(squeezed_file(content, encoding) if fixed else squeezed(content, encoding))
        response.headers["Content-Encoding"] = encoding
        etag, _ = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)  # the same content in other bytes
        return response


def encoding_for(asked: Request) -> str | None:
    """The encoding that the browser likes best, brotli before gzip; None to send the bytes as they are."""
    accepted = asked.accept_encodings
    best = max(ENCODINGS, key=accepted.quality)
    return best if accepted.quality(best) > 0 else None


def reveals_length(asked: Request) -> bool:
    """Tell whether another site makes this browser ask with its cookie.

    Such a site could guess a secret on the page by watching how long the compressed answer is (BREACH).
    The respondent's cookie never goes with such a request (SameSite=Strict); this also holds where a browser does not
    keep to that, for sibling hosts, and for staff.
    """
    site = asked.headers.get("Sec-Fetch-Site")
    return bool(asked.cookies) and site is not None and site not in UNCHANGED


def squeezed(content: bytes, encoding: str, *, best: bool = False) -> bytes:
    """`content` in `encoding` (`br` or `gzip`), at the quality for one page, or the best there is."""
    if encoding == "br":
        return bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=BEST_QUALITY if best else PAGE_QUALITY))
    return gzip.compress(content, 9 if best else GZIP_LEVEL, mtime=0)


@lru_cache(maxsize=64)
def squeezed_file(content: bytes, encoding: str) -> bytes:
    """`content` at the best quality; the work is done once in each process."""
    return squeezed(content, encoding, best=True)


def _may_shrink(response: Response) -> bool:
    """Tell whether this is a whole body of text that nobody has compressed."""
    status_fits = response.status_code == 200 or response.status_code >= 400
    kind_fits = (response.mimetype or "").startswith(COMPRESSIBLE)
    untouched = "Content-Encoding" not in response.headers
    return status_fits and kind_fits and untouched and (not response.is_streamed or response.direct_passthrough)
