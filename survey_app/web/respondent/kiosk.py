"""A device that many people use one after another: it forgets each of them and begins anew.

A cookie of the device names the study. It holds nothing about a person and stays until the kiosk is ended.
"""

from flask import request
from werkzeug.wrappers import Response

from survey_app.services import responding
from survey_app.web.respondent.identity import PATH, forget_everything
from survey_app.web.respondent.pages import cookies_secure, desk, go_to, in_study, page, stop_unless_spoken

COOKIE = "kiosk"
SECONDS = 31_536_000
DONE = ("sent", "left", "deleted", "ended")
"""How the person before has come to an end."""


def kiosk(study_id: str, language: str) -> Response:
    """Make this device a kiosk of the study, or end that."""
    study = stop_unless_spoken(responding.study_offered(desk(), study_id), language)
    if request.method == "GET":
        edition = desk().editions[study.questionnaire, study.version]
        return page("kiosk.html", in_study(study, edition, language), study=study, is_on=kiosk_study() == study_id)
    begins = request.form.get("go") == "begin"
    response = go_to("information" if begins else "kiosk", study_id=study_id, language=language)
    if begins:
        response.set_cookie(
            COOKIE, study_id, max_age=SECONDS, path=PATH, httponly=True, samesite="Strict", secure=cookies_secure()
        )
    else:
        response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict")
    forget_everything(response)
    return response


def kiosk_study() -> str | None:
    """The id of the study whose kiosk this device is, None if it is none."""
    return request.cookies.get(COOKIE) or None


def next_person(language: str, done: str) -> Response | None:
    """On a kiosk: forget this person and go to the beginning of the study. None on other devices."""
    study = responding.study_offered(desk(), kiosk_study() or "")
    if study is None:
        return None
    spoken = language if language in study.languages else study.languages[0]
    response = go_to("information", study_id=study.id, language=spoken, done=done)
    forget_everything(response)
    return response
