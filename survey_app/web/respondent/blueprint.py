"""All addresses of the respondents' wing."""

from collections.abc import Callable

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from survey_app.web.respondent import (
    beginning,
    beside,
    delivery,
    entering,
    invitation,
    kiosk,
    offline,
    permit,
    questions,
    return_code,
    returning,
    rights,
    sending,
)
from survey_app.web.respondent.doorway import refuse_the_unreadable
from survey_app.web.respondent.pages import KEEP_STYLE, STYLE

STUDY = "/s/<study_id>/<language>"

Rules = tuple[tuple[str, str, Callable[..., Response]], ...]


def _css(name: str) -> Response:
    found = next((style for style in (STYLE, KEEP_STYLE) if f"{name}.css" == style.name), None)
    return found.respond(request) if found else abort(404)


SHOWN: Rules = (
    ("/", "start", beginning.start),
    ("/s/<name>.css", "css", _css),
    ("/s/<name>.js", "js", offline.script),
    ("/s/sw.js", "worker", offline.worker),
    ("/s/<name>.html", "shell", offline.shell),
    ("/s/pack/<name>.json", "pack", offline.pack),
    ("/s/help/<language>", "help", beside.help_and_support),
    ("/s/deleted/<language>", "deleted", rights.deleted),
    (f"{STUDY}/", "information", beginning.information),
    (f"{STUDY}/carried", "carried", returning.carried),
    (f"{STUDY}/time", "time", beginning.time),
    (f"{STUDY}/code", "code", return_code.code),
    (f"{STUDY}/code.txt", "code_file", return_code.code_file),
    (f"{STUDY}/code/print", "code_print", return_code.code_print),
    (f"{STUDY}/end/<ending>", "ending", beginning.ending),
    (f"{STUDY}/rest", "rest", questions.rest),
    (f"{STUDY}/go", "resume", questions.resume),
    (f"{STUDY}/pause", "pause", sending.pause),
    (f"{STUDY}/thanks", "thanks", sending.thanks),
    (f"{STUDY}/answers", "answers", rights.answers),
    (f"{STUDY}/answers.json", "download", rights.download),
    (f"{STUDY}/answers.html", "copy", rights.copy_to_read),
)
"""Pages that are only read: address, name, view."""
FORMS: Rules = (
    ("/s/code/<language>", "enter", entering.enter),
    ("/s/display/<language>", "display", beside.display),
    ("/s/left/<language>", "left", entering.left),
    (f"{STUDY}/welcome", "welcome", returning.welcome),
    (f"{STUDY}/renew", "renew", returning.renew),
    (f"{STUDY}/kiosk", "kiosk", kiosk.kiosk),
    (f"{STUDY}/invitation", "invitation", invitation.invitation),
    (f"{STUDY}/consent/<mode>", "consent", beginning.consent),
    (f"{STUDY}/q/<screen_id>", "question", questions.question),
    (f"{STUDY}/stop", "stop", sending.stop),
    (f"{STUDY}/review", "review", sending.review),
    (f"{STUDY}/delete", "delete", rights.delete_answers),
)
"""Pages that also take a form."""


def create_respondent_blueprint() -> Blueprint:
    """Make the blueprint `respondent`.

    Needs `app.extensions`: `settings`, `sessions`, `catalogue` (with `editions` by id and version).
    """
    wing = Blueprint("respondent", __name__)
    wing.before_request(refuse_the_unreadable)
    wing.after_request(_keep_to_itself)
    for address, endpoint, view in SHOWN:
        wing.add_url_rule(address, endpoint, view)
    for address, endpoint, view in FORMS:
        wing.add_url_rule(address, endpoint, view, methods=["GET", "POST"])
    wing.add_url_rule(f"{STUDY}/permit", "permit", permit.permit, methods=["POST"])
    wing.add_url_rule("/s/api/saves", "saves", delivery.saves, methods=["POST"])
    return wing


def _keep_to_itself(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    # With no-referrer, browsers would send "Origin: null" with our own forms too.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
