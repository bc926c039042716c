"""What is refused before any page looks at it: forms of other sites, in other encodings, or too long."""

from urllib.parse import unquote_to_bytes

from flask import current_app, request
from werkzeug.wrappers import Response

from survey_app.web.respondent.identity import refuse_other_sites
from survey_app.web.respondent.mishaps import API, mishap

LONGEST_ADDRESS = 4_000
FORM = "application/x-www-form-urlencoded"


def refuse_the_unreadable() -> Response | None:
    """Answer with a page what no form of ours sends; None lets the request in.

    The door of JavaScript checks for itself what it takes.
    """
    if len(request.full_path) > LONGEST_ADDRESS:
        return mishap(414)
    if (request.content_length or 0) > (current_app.config["MAX_CONTENT_LENGTH"] or float("inf")):
        return mishap(413)
    if request.content_length is None and "Transfer-Encoding" in request.headers:
        return mishap(411)  # browsers say how long a form is; the server would read nothing of this
    if request.method != "POST" or request.path.startswith(API):
        return None
    refuse_other_sites(request)
    return _refuse_body()


def _refuse_body() -> Response | None:
    body = request.get_data()
    if not body:
        return None
    if request.mimetype != FORM:
        return mishap(415)
    try:
        text = unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        return mishap(400, "encoding")
    return mishap(400, "encoding") if "\0" in text else None
