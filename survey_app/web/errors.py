"""Problem -> HTTP answer, in the one place; and calm pages for what goes wrong.

Respondents read them in their language, staff in English.
"""

import logging
import traceback
from collections.abc import Callable
from functools import partial

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from survey_app.core.problems import ProblemsFound
from survey_app.web.respondent.mishaps import mishap, mishap_of_problems
from survey_app.web.security import STAFF_PATH

LOG = logging.getLogger("survey_app")

# status -> what it is, and what to do
SENTENCES: dict[int, tuple[str, str]] = {
    400: ("This request could not be understood", "Please go back and try once more."),
    403: ("This page is not for you", "Your account does not open it. Sign in with another one, or go back."),
    404: ("There is no such page", "Please check the address, or begin at the start page."),
    405: ("This page cannot be used like this", "Please go back and try once more."),
    413: ("That was too long", "Please go back and enter less."),
    429: ("Too many tries", "Please wait a quarter of an hour and try again."),
    503: ("The database does not answer", "Nothing that was saved is lost. Please try again in a few minutes."),
    500: ("Something went wrong on our side", "Nothing that was saved is lost. Please try again in a few minutes."),
}
FORM_TOO_OLD = (
    "This form was open for too long",
    "Nothing was changed. Please go back, load the page again and retry.",
)


def register_errors(app: Flask) -> None:
    """Answer every problem and fault of `app` with a page, never with a traceback."""
    app.register_error_handler(ProblemsFound, show_problems)
    app.register_error_handler(CSRFError, show_old_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)


def show_problems(found: ProblemsFound) -> ResponseReturnValue:
    """Bad input: all its problems at once."""
    if not _is_staff():
        return _or_plainly(lambda: mishap_of_problems(found.problems), lambda: _problems(found))
    return _problems(found)


def show_old_form(_error: CSRFError) -> ResponseReturnValue:
    """A form without a valid token: too old, or not from our page."""
    return _page(400, *FORM_TOO_OLD)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Whatever HTTP has a number for. Redirects made by the router pass unchanged."""
    code = error.code or 500
    if code < 400:
        return error.get_response()
    response = current_app.make_response(_told(code))
    for name in ("Allow", "Retry-After"):
        if name in error.get_response().headers:
            response.headers[name] = error.get_response().headers[name]
    return response


def show_fault(error: Exception) -> ResponseReturnValue:
    """A fault of ours; 503 where the database does not answer.

    The log gets the kind of the fault and where it happened. It does not get the message, the address or the request:
    any of them may hold an answer, a name or a code.
    """
    places = " < ".join(f"{frame.name} {frame.filename}:{frame.lineno}" for frame in _frames(error))
    LOG.error("%s in %s", type(error).__name__, places)
    return _told(503 if isinstance(error, OperationalError) else 500)


def _told(status: int) -> ResponseReturnValue:
    plainly = partial(_page, status, *SENTENCES.get(status, SENTENCES[400 if status < 500 else 500]))
    return plainly() if _is_staff() else _or_plainly(lambda: mishap(status), plainly)


def _is_staff() -> bool:
    return request.path.startswith(STAFF_PATH)


def _or_plainly(
    kindly: Callable[[], ResponseReturnValue], plainly: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    """The page of a respondent; where that is what fails, the plain one in English."""
    try:
        return kindly()
    except Exception:  # noqa: BLE001  # whatever it is, nobody is to see it
        return plainly()


def _frames(error: Exception) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(error.__traceback__)[::-1]


def _problems(found: ProblemsFound) -> ResponseReturnValue:
    return render_template("problems.html", problems=found.problems), 422


def _page(status: int, title: str, advice: str) -> ResponseReturnValue:
    # Not render_template: what it adds to a page may be what has just failed.
    return current_app.jinja_env.get_template("error.html").render(title=title, advice=advice), status
