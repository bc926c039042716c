"""The return code as a person keeps it: to read, to say aloud, to print, to save, to point a camera at."""

import re

import segno
from flask import current_app, make_response, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from survey_app.core.participation.codes import grouped
from survey_app.core.questionnaire.study import BLIND
from survey_app.settings import Settings
from survey_app.web.respondent.delivery import state_of
from survey_app.web.respondent.pages import go_to, held_code, held_participation, in_study, page
from survey_app.web.respondent.script import PERMITS
from survey_app.web.respondent.texts import LANGUAGES, texts_in

# Source: International Civil Aviation Organization, Annex 10, volume II. A code has no I, L, O and U.
WORDS = """
Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliett Kilo Mike November
Papa Quebec Romeo Sierra Tango Victor Whiskey X-ray Yankee Zulu
"""
SPOKEN = {word[0]: word for word in WORDS.split()}
QUIET_ZONE = 4  # in modules, as ISO/IEC 18004 asks


def code(study_id: str, language: str) -> Response:
    """Show the return code."""
    return _code_page("code.html", study_id, language)


def code_print(study_id: str, language: str) -> Response:
    """The return code on a page to print."""
    return _code_page("print.html", study_id, language)


def code_file(study_id: str, language: str) -> Response:
    """The return code as a text file."""
    held = held_code()
    if held is None or language not in LANGUAGES:
        return go_to("enter", language=language)
    texts = texts_in(language)
    lines = (grouped(held), "", texts["code_file"], entrance(language), "", texts["code_warn"], "")
    response = make_response("\n".join(lines))
    response.content_type = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{re.sub("[^A-Za-z0-9_]", "", study_id)}-code.txt"'
    return response


def said(code: str) -> tuple[str, ...]:
    """Each group of five as it is said over the telephone: “Kilo, 7, Mike …”."""
    return tuple(", ".join(SPOKEN.get(symbol, symbol) for symbol in group) for group in grouped(code).split("-"))


def entrance(language: str) -> str:
    """The full address of the page where a code is entered."""
    settings: Settings = current_app.extensions["settings"]
    secure = {"_scheme": "https"} if settings.cookies_secure else {}
    return url_for("respondent.enter", language=language, _external=True, **secure)


def picture(code: str, language: str) -> Markup:
    """A QR code of the entrance with the code behind “#”: browsers never send that part to a server."""
    drawn = segno.make(f"{entrance(language)}#{code}", error="m", micro=False)
    return Markup(  # noqa: S704  # digits and shapes alone
        drawn.svg_inline(border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None)
    )


def _code_page(template: str, study_id: str, language: str) -> Response:
    held = held_participation()
    if held is None or held.study.id != study_id or language not in held.study.languages:
        return go_to("enter", language=language)
    return page(
        template,
        in_study(held.study, held.edition, language),
        code=grouped(held.code),
        said=said(held.code),
        picture=picture(held.code, language),
        address=entrance(language),
        study=held.study,
        permits_name=PERMITS.name if held.study.entry == BLIND else None,
        study_id=study_id,
        state=state_of(held, None, language) if template == "code.html" else None,
    )
