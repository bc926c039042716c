"""When something goes wrong: a calm page in the language of the person, or JSON for the door of JavaScript."""

from collections.abc import Iterable

from flask import jsonify, request
from werkzeug.wrappers import Response

from survey_app.core.problems import Code, Problem
from survey_app.web.respondent.pages import Setting, language_of_the_browser, page
from survey_app.web.respondent.texts import LANGUAGES, texts_in

API = "/s/api/"
KNOWN = (400, 403, 404, 405, 413, 414, 415, 429, 500, 503)
GONE = "version_gone"


def mishap(status: int, reason: str | None = None) -> Response:
    """Say what is wrong, what to do, and that what was kept stays kept.

    reason: names the sentences where a status alone says too little; see the texts `error_…`.
    """
    language, name = language_here(), reason or str(_known(status))
    texts = texts_in(language)
    if request.path.startswith(API):
        response: Response = jsonify(code=name, sentence=texts[f"error_{name}_h"], do=texts[f"error_{name}"])
        response.status_code = status
        return response
    # No language switch: it would need an address that exists.
    setting = Setting(language=language, languages=())
    return page("error.html", setting, status=status, heading=texts[f"error_{name}_h"], advice=texts[f"error_{name}"])


def mishap_of_problems(problems: Iterable[Problem]) -> Response:
    """The page for problems that no form shows beside a field."""
    if any(problem.code is Code.VERSION_GONE for problem in problems):
        return mishap(503, GONE)
    return mishap(422)


def language_here() -> str:
    """The language of the address, else the one asked for, else the browser's."""
    steps = request.path.split("/")
    named = [*steps[3:4], request.args.get("language", "")] if steps[1:2] == ["s"] else [request.args.get("language")]
    return next((language for language in named if language in LANGUAGES), None) or language_of_the_browser()


def _known(status: int) -> int:
    return status if status in KNOWN else 400 if status < 500 else 500
