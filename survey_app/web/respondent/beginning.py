"""Before the first question: start page, information, time, agreement; and the early endings."""

from collections.abc import Iterable

from flask import abort, request
from werkzeug.wrappers import Response

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.questionnaire.items import Consent
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import BLIND, Study
from survey_app.services import inviting, responding
from survey_app.web.respondent.fields import fields_of
from survey_app.web.respondent.identity import forget_admission, forget_code
from survey_app.web.respondent.invitation import asks_for_invitation, invitation_lost
from survey_app.web.respondent.kiosk import DONE, kiosk_study
from survey_app.web.respondent.pages import (
    Setting,
    chosen_language,
    desk,
    go_to,
    held_admission,
    held_participation,
    in_study,
    language_of_the_browser,
    page,
    remember,
    sent_strings,
)
from survey_app.web.respondent.permit import key_in_groups
from survey_app.web.respondent.problems import problem_texts
from survey_app.web.respondent.safety import IN_GRIEF, lines_today, safety_box
from survey_app.web.respondent.texts import LANGUAGES


def start() -> Response:
    """Languages and open studies."""
    language = request.args.get("language", "")
    if language not in LANGUAGES:
        language = language_of_the_browser()
    offered = responding.studies_offered(desk())
    return page("start.html", Setting(language=language), studies=offered)


def information(study_id: str, language: str) -> Response:
    """Who asks, what for, and what becomes of the answers."""
    study, edition = _offered(study_id, language)
    if study is None or edition is None:
        return page("closed.html", Setting(language=language if language in LANGUAGES else "en"), status=404)
    on_kiosk = kiosk_study() == study.id
    held = None if on_kiosk else held_participation()
    resumes = held is not None and held.study.id == study.id and held.is_draft
    done = request.args.get("done") if on_kiosk else None
    setting = in_study(study, edition, language)
    said = done if done in DONE else None
    seal = key_in_groups(study) if study.entry == BLIND else None
    response = page("information.html", setting, study=study, resumes=resumes, done=said, seal=seal)
    if on_kiosk:
        forget_code(response)  # whoever stands here now may be somebody else
        forget_admission(response)
    return response


def time(study_id: str, language: str) -> Response:
    """Choose between answering for now and looking back, where a study offers both."""
    study, edition = _offered_or_stop(study_id, language)
    elsewhere = asks_for_invitation(study, language)
    if elsewhere:
        return elsewhere
    if len(study.recall_modes) == 1:
        return go_to("consent", study_id=study_id, language=language, mode=study.recall_modes[0])
    return page("time.html", in_study(study, edition, language), study=study)


def consent(study_id: str, language: str, mode: str) -> Response:
    """Agree to each purpose; begins the response."""
    study, edition = _offered_or_stop(study_id, language)
    if mode not in study.recall_modes:
        abort(404)
    elsewhere = asks_for_invitation(study, language)
    return elsewhere or _agree(study, edition, language, mode)


def _agree(study: Study, edition: Edition, language: str, mode: str) -> Response:
    setting = in_study(study, edition, language, switch_saves=True)
    if request.method == "GET":
        return _consent_page(setting, study, mode)  # nothing is ticked beforehand, whatever the address says
    raw = sent_strings()
    other = chosen_language(request.form.get("go", ""), setting)
    if other:
        return _consent_page(in_study(study, edition, other, switch_saves=True), study, mode, ticked=raw)
    try:
        code = _begin(study, language, mode, raw)
    except ProblemsFound as found:
        if any(problem.code is Code.INVITATION_WRONG for problem in found.problems):
            return invitation_lost(study, language)  # used on another device in the meantime
        return _consent_page(setting, study, mode, ticked=raw, found=found)
    response = remember(go_to("code", study_id=study.id, language=language), code)
    if study.entry != "open":
        forget_admission(response)
    return response


def ending(study_id: str, language: str, ending: str) -> Response:
    """A last page for people whom the questionnaire is not for. Nothing of them is stored."""
    study, edition = _offered_or_stop(study_id, language)
    found = edition.questionnaire.endings.get(ending)
    if found is None:
        abort(404)
    setting = in_study(study, edition, language)
    box = None
    if found.safety:
        lines = lines_today(None, language, IN_GRIEF)
        box = safety_box(edition, study, found.safety, language, emphasised=True, lines=lines)
    on_kiosk = kiosk_study() == study_id
    return page(
        "ending.html",
        setting,
        ending=ending,
        edition=edition,
        box=box,
        on_kiosk=on_kiosk,
        invited=study.entry != "open",
    )


def _begin(study: Study, language: str, mode: str, raw: responding.Raw) -> str:
    admission = held_admission(study.id)
    if study.entry != "open" and admission:
        inviting.begin_invited(desk(), study, admission, language=language, mode=mode, raw=raw)
        return admission.code
    held = held_participation()
    if study.entry != "open" and held and held.study.id == study.id:
        responding.begin_again(desk(), held.code, study, language=language, mode=mode, raw=raw)
        return held.code
    if held and held.is_draft and held.study.id == study.id and held.plan.mode == mode:
        screen = responding.consent_screen(held.plan)
        if set(held.answers) <= {item.id for item in screen.items}:
            # The same form sent twice begins one response, not two.
            responding.save_screen(desk(), held.code, screen.id, raw, language=language)
            return held.code
    return responding.open_response(desk(), study, language=language, mode=mode, raw=raw)


def _consent_page(
    setting: Setting, study: Study, mode: str, *, ticked: Iterable[str] = (), found: ProblemsFound | None = None
) -> Response:
    assert setting.edition is not None
    screen = responding.consent_screen(responding.plan_for(desk(), study, mode))
    fields = fields_of(setting.edition, setting.language)
    shown = [fields[item.id] for item in screen.items if isinstance(item, Consent)]
    problems = problem_texts(found, setting.edition, setting.language) if found else {}
    given = {field.id: (("yes",) if field.id in ticked else ()) for field in shown}
    status = 422 if problems else 200
    return page(
        "consent.html", setting, status=status, mode=mode, fields=shown, given=given, problems=problems, past=False
    )


def _offered(study_id: str, language: str) -> tuple[Study | None, Edition | None]:
    study = responding.study_offered(desk(), study_id)
    if study is None:
        return None, None
    if language not in study.languages:
        abort(404)
    return study, desk().editions[study.questionnaire, study.version]


def _offered_or_stop(study_id: str, language: str) -> tuple[Study, Edition]:
    study, edition = _offered(study_id, language)
    if study is None or edition is None:
        abort(404)
    return study, edition
