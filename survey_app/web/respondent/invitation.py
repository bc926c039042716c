"""Come in with an invitation code, where a study asks for one. Wrong, used and unknown codes look and cost the same."""

from flask import current_app, request
from werkzeug.wrappers import Response

from survey_app.core.problems import Code
from survey_app.core.questionnaire.study import Study
from survey_app.services import inviting, responding
from survey_app.web.rate_limit import RateLimit
from survey_app.web.respondent.identity import forget_admission
from survey_app.web.respondent.kiosk import kiosk_study
from survey_app.web.respondent.pages import (
    GUESS_SECONDS,
    GUESSES,
    Setting,
    admit,
    chosen_language,
    desk,
    go_to,
    held_admission,
    held_participation,
    in_study,
    page,
)
from survey_app.web.respondent.texts import LANGUAGES, texts_in

FROM = "from"
INFORMATION = "information"
"""Where somebody comes from who has read the page about the study already."""


def invitation(study_id: str, language: str) -> Response:
    """Type in an invitation code, or have it filled in from behind the “#” of the address."""
    study = responding.study_offered(desk(), study_id)
    if study is None or language not in study.languages:
        return page("closed.html", Setting(language=language if language in LANGUAGES else "en"), status=404)
    if study.entry == "open":
        return go_to("information", study_id=study_id, language=language)
    if request.method == "GET":
        return _form(study, language)
    typed = request.form.get("code", "")
    other = chosen_language(request.form.get("go", ""), _setting(study, language))
    return _form(study, other, typed=typed) if other else _come_in(study, language, typed)


def asks_for_invitation(study: Study, language: str) -> Response | None:
    """The way to the page of the invitation code; None where everybody may begin, or this browser may."""
    if study.entry == "open" or held_admission(study.id):
        return None
    held = held_participation()
    if held is not None and held.study.id == study.id and held.is_draft:
        return None
    return go_to("invitation", study_id=study.id, language=language, **{FROM: INFORMATION})


def invitation_lost(study: Study, language: str) -> Response:
    """The page of the invitation code for somebody whose code was used elsewhere while they read."""
    problem = texts_in(language)[f"problem_{Code.INVITATION_WRONG.name}"]
    response = _form(study, language, status=422, problem=problem)
    forget_admission(response)
    return response


def _come_in(study: Study, language: str, typed: str) -> Response:
    limit, texts, who = _guesses(), texts_in(language), request.remote_addr
    wait = limit.minutes_to_wait(who)
    if wait:
        problem = texts[f"problem_{Code.CODE_TOO_OFTEN.name}"].format(minutes=wait)
        response = _form(study, language, status=429, problem=problem, typed=typed)
        response.headers["Retry-After"] = str(wait * 60)
        return response
    admission = inviting.admit(desk(), study, typed)
    if admission is None:
        limit.count_failure(who)
        problem = texts[f"problem_{Code.INVITATION_WRONG.name}"]
        return _form(study, language, status=422, problem=problem, typed=typed)
    # Whoever comes by a picture or a link has not read yet what the study is.
    has_read = request.args.get(FROM) == INFORMATION or kiosk_study() == study.id
    return admit(go_to("time" if has_read else "information", study_id=study.id, language=language), admission)


def _guesses() -> RateLimit:
    """The limit on wrong invitation codes in this app, made once."""
    found: RateLimit = current_app.extensions.setdefault(
        "respondent_invitations", RateLimit(failures=GUESSES, seconds=GUESS_SECONDS)
    )
    return found


def _setting(study: Study, language: str) -> Setting:
    edition = desk().editions[study.questionnaire, study.version]
    return in_study(study, edition, language, switch_saves=True)


def _form(study: Study, language: str, *, status: int = 200, problem: str | None = None, typed: str = "") -> Response:
    come_from = {FROM: INFORMATION} if request.args.get(FROM) == INFORMATION else {}
    setting = _setting(study, language)
    return page("invitation.html", setting, status=status, problem=problem, typed=typed, come_from=come_from)
