"""All addresses of the respondents' wing."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from survey_app.web.respondent import beginning, beside, entering, kiosk, questions, return_code, returning, sending
from survey_app.web.respondent.identity import refuse_other_sites
from survey_app.web.respondent.pages import KEEP_STYLE, STYLE

STUDY = "/s/<study_id>/<language>"


def create_respondent_blueprint() -> Blueprint:
    """Make the blueprint `respondent`.

    Needs `app.extensions`: `settings`, `sessions`, `catalogue` (with `editions` by id and version).
    """
    wing = Blueprint("respondent", __name__)
    wing.before_request(lambda: refuse_other_sites(request))
    wing.after_request(_keep_to_itself)
    both = ["GET", "POST"]
    wing.add_url_rule("/", "start", beginning.start)
    wing.add_url_rule("/s/<name>.css", "css", _css)
    wing.add_url_rule("/s/code/<language>", "enter", entering.enter, methods=both)
    wing.add_url_rule("/s/display/<language>", "display", beside.display, methods=both)
    wing.add_url_rule("/s/help/<language>", "help", beside.help_and_support)
    wing.add_url_rule("/s/left/<language>", "left", entering.left, methods=both)
    wing.add_url_rule("/s/deleted/<language>", "deleted", returning.deleted)
    wing.add_url_rule(f"{STUDY}/", "information", beginning.information)
    wing.add_url_rule(f"{STUDY}/kiosk", "kiosk", kiosk.kiosk, methods=both)
    wing.add_url_rule(f"{STUDY}/welcome", "welcome", returning.welcome)
    wing.add_url_rule(f"{STUDY}/time", "time", beginning.time)
    wing.add_url_rule(f"{STUDY}/consent/<mode>", "consent", beginning.consent, methods=both)
    wing.add_url_rule(f"{STUDY}/code", "code", return_code.code)
    wing.add_url_rule(f"{STUDY}/code.txt", "code_file", return_code.code_file)
    wing.add_url_rule(f"{STUDY}/code/print", "code_print", return_code.code_print)
    wing.add_url_rule(f"{STUDY}/end/<ending>", "ending", beginning.ending)
    wing.add_url_rule(f"{STUDY}/q/<screen_id>", "question", questions.question, methods=both)
    wing.add_url_rule(f"{STUDY}/rest", "rest", questions.rest)
    wing.add_url_rule(f"{STUDY}/go", "resume", questions.resume)
    wing.add_url_rule(f"{STUDY}/pause", "pause", sending.pause)
    wing.add_url_rule(f"{STUDY}/stop", "stop", sending.stop, methods=both)
    wing.add_url_rule(f"{STUDY}/review", "review", sending.review, methods=both)
    wing.add_url_rule(f"{STUDY}/thanks", "thanks", sending.thanks)
    wing.add_url_rule(f"{STUDY}/answers", "answers", returning.answers)
    wing.add_url_rule(f"{STUDY}/answers.json", "download", returning.download)
    wing.add_url_rule(f"{STUDY}/delete", "delete", returning.delete_answers, methods=both)
    return wing


def _css(name: str) -> Response:
    found = next((style for style in (STYLE, KEEP_STYLE) if f"{name}.css" == style.name), None)
    return found.respond(request) if found else abort(404)


def _keep_to_itself(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    # With no-referrer, browsers would send "Origin: null" with our own forms too.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
