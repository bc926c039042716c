"""Come in with a return code; leave a device so that it knows nothing any more."""

from flask import abort, request
from werkzeug.wrappers import Response

from survey_app.core.participation.codes import RANDOM_SYMBOLS, read_code
from survey_app.core.problems import Code
from survey_app.services import responding
from survey_app.web.respondent.identity import forget_code, forget_everything
from survey_app.web.respondent.kiosk import next_person
from survey_app.web.respondent.pages import (
    Setting,
    chosen_language,
    desk,
    go_to,
    guesses,
    held_code,
    page,
    remember,
)
from survey_app.web.respondent.texts import LANGUAGES, texts_in

NO_CODE = "0" * RANDOM_SYMBOLS + "1"  # its check symbol is wrong: nobody ever gets it


def enter(language: str) -> Response:
    """Type in a return code. A wrong code and an unknown one get the same answer after the same work."""
    setting = outside(language, switch_saves=True)
    if request.method == "GET":
        return _entrance(setting)
    typed = request.form.get("code", "")
    other = chosen_language(request.form.get("go", ""), setting)
    if other:
        return _form(outside(other, switch_saves=True), typed=typed)
    return _open(setting, typed)


def left(language: str) -> Response:
    """Let this browser forget the code and all that was kept in it; before that, a page with the button."""
    setting = outside(language)
    if request.method == "GET":
        return page("left.html", setting, is_known=held_code() is not None)
    response = next_person(language, "left") or go_to("left", language=language)
    forget_everything(response)
    return response


def outside(language: str, *, switch_saves: bool = False) -> Setting:
    """The setting of a page that belongs to no study. Stops with 404 when there is no such language."""
    if language not in LANGUAGES:
        abort(404)
    return Setting(language=language, switch_saves=switch_saves)


def _entrance(setting: Setting) -> Response:
    code = held_code()
    if code is None:
        return _form(setting)
    held = responding.load(desk(), code)
    if held is not None:
        spoken = setting.language if setting.language in held.study.languages else held.language
        return _form(setting, open_study=held.study, spoken=spoken)
    # Deleted on another device, or never sent and grown too old.
    response = _form(setting, is_gone=True)
    forget_code(response)
    return response


def _open(setting: Setting, typed: str) -> Response:
    limit, texts, who = guesses(), texts_in(setting.language), request.remote_addr
    wait = limit.minutes_to_wait(who)
    if wait:
        problem = texts[f"problem_{Code.CODE_TOO_OFTEN.name}"].format(minutes=wait)
        response = _form(setting, status=429, problem=problem, typed=typed)
        response.headers["Retry-After"] = str(wait * 60)
        return response
    held = responding.load(desk(), read_code(typed) or NO_CODE)
    if held is None:
        limit.count_failure(who)
        return _form(setting, status=422, problem=texts[f"problem_{Code.CODE_WRONG.name}"], typed=typed)
    spoken = setting.language if setting.language in held.study.languages else held.language
    return remember(go_to("welcome", study_id=held.study.id, language=spoken), held.code)


def _form(setting: Setting, *, status: int = 200, **shown: object) -> Response:
    nothing = {"problem": None, "typed": "", "is_gone": False, "open_study": None, "spoken": setting.language}
    return page("enter.html", setting, status=status, **{**nothing, **shown})
