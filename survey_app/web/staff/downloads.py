"""A file as an answer."""

from flask import Response
from werkzeug.utils import secure_filename


def download(content: bytes, *, name: str, kind: str) -> Response:
    """Answer with a file that the browser saves under `name`."""
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=secure_filename(name))
    return response
