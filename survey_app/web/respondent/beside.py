"""Pages beside the questions, from which one comes back: display, help and support."""

import re

from flask import abort, current_app, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from survey_app.web.respondent.display import chosen_display, keep_display
from survey_app.web.respondent.pages import Setting, held_participation, page
from survey_app.web.respondent.safety import IN_GRIEF, TO_TALK, country_of, lines_today
from survey_app.web.respondent.texts import LANGUAGES

WAY_BACK = re.compile(r"/(s/[A-Za-z0-9_./?=&%~-]*|\?language=[a-z]{2,3})?")


def display(language: str) -> Response:
    """Choose how the pages look; “as on this device again” forgets the choice."""
    setting = _outside(language)
    if request.method == "GET":
        return page("display.html", setting, back=_way_back(language))
    given = {} if request.form.get("go") == "reset" else request.form
    response = redirect(_way_back(language), code=303)
    keep_display(response, chosen_display(given), secure=current_app.extensions["settings"].cookies_secure)
    return response


def help_and_support(language: str) -> Response:
    """Where help is, for everyone, whatever was answered."""
    setting, held = _outside(language), held_participation()
    country = country_of(held.plan, held.answers) if held else None
    return page(
        "help.html",
        setting,
        back=_way_back(language),
        talk=lines_today(country, language, TO_TALK),
        grief=lines_today(country, language, IN_GRIEF),
    )


def _way_back(language: str) -> str:
    """The page of ours that the person came from."""
    given = request.args.get("to", "")
    return given if WAY_BACK.fullmatch(given) and "//" not in given else url_for("respondent.start", language=language)


def _outside(language: str) -> Setting:
    if language not in LANGUAGES:
        abort(404)
    return Setting(language=language)
