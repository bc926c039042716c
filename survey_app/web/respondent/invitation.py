"""Come in with an invitation code, where a study asks for one. Wrong, used and unknown codes look and cost the same."""

from flask import request
from werkzeug.wrappers import Response

from survey_app.core.problems import Code
from survey_app.core.questionnaire.study import BLIND, Study
from survey_app.services import inviting, responding
from survey_app.web.respondent.identity import forget_admission
from survey_app.web.respondent.kiosk import kiosk_study
from survey_app.web.respondent.pages import (
    FROM,
    INFORMATION,
    Setting,
    admit,
    chosen_language,
    desk,
    go_to,
    held_admission,
    held_participation,
    in_study,
    invitation_guesses,
    page,
)
from survey_app.web.respondent.permit import brought_back, permit_page
from survey_app.web.respondent.texts import LANGUAGES, texts_in


def invitation(study_id: str, language: str) -> Response:
    """Type in an invitation code, or have it filled in from behind the “#” of the address."""
    study = responding.study_offered(desk(), study_id)
    if study is None or language not in study.languages:
        return page("closed.html", Setting(language=language if language in LANGUAGES else "en"), status=404)
    if study.entry == "open":
        return go_to("information", study_id=study_id, language=language)
    if request.method == "GET":
        return _form(study, language)
    if study.entry == BLIND:
        return _bring_back(study, language)
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
    name = "permit_wrong" if study.entry == BLIND else f"problem_{Code.INVITATION_WRONG.name}"
    problem = texts_in(language)[name]
    response = _form(study, language, status=422, problem=problem)
    forget_admission(response)
    return response


def _come_in(study: Study, language: str, typed: str) -> Response:
    texts, wait = texts_in(language), invitation_guesses().minutes_to_wait(request.remote_addr)
    if wait:
        return _wait(study, language, wait, typed=typed)
    admission = inviting.admit(desk(), study, typed)
    if admission is None:
        invitation_guesses().count_failure(request.remote_addr)
        return _form(study, language, status=422, problem=texts[f"problem_{Code.INVITATION_WRONG.name}"], typed=typed)
    return _admitted(study, language, admission)


def _bring_back(study: Study, language: str) -> Response:
    texts, wait = texts_in(language), invitation_guesses().minutes_to_wait(request.remote_addr)
    if wait:
        return _wait(study, language, wait)
    admission = brought_back(study)
    if admission is None:
        invitation_guesses().count_failure(request.remote_addr)
        return _form(study, language, status=422, problem=texts["permit_wrong"])
    return _admitted(study, language, admission)


def _admitted(study: Study, language: str, admission: inviting.Admission) -> Response:
    # Whoever comes by a picture or a link has not read yet what the study is.
    has_read = request.args.get(FROM) == INFORMATION or kiosk_study() == study.id
    return admit(go_to("time" if has_read else "information", study_id=study.id, language=language), admission)


def _wait(study: Study, language: str, minutes: int, *, typed: str = "") -> Response:
    problem = texts_in(language)[f"problem_{Code.CODE_TOO_OFTEN.name}"].format(minutes=minutes)
    response = _form(study, language, status=429, problem=problem, typed=typed)
    response.headers["Retry-After"] = str(minutes * 60)
    return response


def _setting(study: Study, language: str) -> Setting:
    edition = desk().editions[study.questionnaire, study.version]
    return in_study(study, edition, language, switch_saves=True)


def _form(study: Study, language: str, *, status: int = 200, problem: str | None = None, typed: str = "") -> Response:
    if study.entry == BLIND:
        return permit_page(study, language, status=status, problem=problem)
    come_from = {FROM: INFORMATION} if request.args.get(FROM) == INFORMATION else {}
    setting = _setting(study, language)
    return page("invitation.html", setting, status=status, problem=problem, typed=typed, come_from=come_from)
