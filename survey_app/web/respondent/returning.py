"""With a return code: go on, see, download, delete; and leave a device."""

import json

from flask import abort, make_response, request
from werkzeug.wrappers import Response

from survey_app.core.participation.codes import RANDOM_SYMBOLS, read_code
from survey_app.core.problems import Code
from survey_app.core.response.routing import asked, screens
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.fields import fields_of, words_of
from survey_app.web.respondent.identity import forget_code
from survey_app.web.respondent.pages import (
    Setting,
    chosen_language,
    desk,
    go_to,
    guesses,
    held_participation,
    in_study,
    page,
    remember,
)
from survey_app.web.respondent.sending import answer_parts
from survey_app.web.respondent.texts import LANGUAGES, texts_in

NO_CODE = "0" * RANDOM_SYMBOLS + "1"  # its check symbol is wrong: nobody ever gets it


def enter(language: str) -> Response:
    """Type in a return code. A wrong code and an unknown one get the same answer after the same work."""
    setting = _outside(language, switch_saves=True)
    if request.method == "GET":
        return page("enter.html", setting, problem=None, typed="")
    typed = request.form.get("code", "")
    other = chosen_language(request.form.get("go", ""), setting)
    if other:
        return page("enter.html", _outside(other, switch_saves=True), problem=None, typed=typed)
    limit, texts = guesses(), texts_in(language)
    if limit.is_reached(request.remote_addr):
        problem = texts[f"problem_{Code.CODE_TOO_OFTEN.name}"].format(minutes=limit.minutes)
        return page("enter.html", setting, status=429, problem=problem, typed=typed)
    held = responding.load(desk(), read_code(typed) or NO_CODE)
    if held is None:
        limit.count_failure(request.remote_addr)
        problem = texts[f"problem_{Code.CODE_WRONG.name}"]
        return page("enter.html", setting, status=422, problem=problem, typed=typed)
    spoken = language if language in held.study.languages else held.language
    return remember(go_to("resume", study_id=held.study.id, language=spoken), held.code)


def left(language: str) -> Response:
    """Let this browser forget the code."""
    setting = _outside(language)
    if request.method == "POST":
        response = go_to("left", language=language)
        forget_code(response)
        return response
    return page("left.html", setting)


def answers(study_id: str, language: str) -> Response:
    """Every question with its answer as it was shown."""
    held = _held(study_id, language)
    if not isinstance(held, Participation):
        return held
    setting = in_study(held.study, held.edition, language)
    parts = answer_parts(held, language)
    past = held.plan.mode == "retrospective"
    return page("answers.html", setting, parts=parts, study_id=study_id, is_draft=held.is_draft, past=past)


def download(study_id: str, language: str) -> Response:
    """One's own answers as JSON."""
    held = _held(study_id, language)
    if not isinstance(held, Participation):
        return held
    response = make_response(json.dumps(_own_copy(held, language), ensure_ascii=False, indent=2))
    response.content_type = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{held.study.id}-answers.json"'
    return response


def delete_answers(study_id: str, language: str) -> Response:
    """Delete one's own answers, after asking once."""
    held = _held(study_id, language)
    if not isinstance(held, Participation):
        return held
    if request.method == "GET":
        setting = in_study(held.study, held.edition, language)
        return page("delete.html", setting, study_id=study_id, is_draft=held.is_draft)
    responding.delete(desk(), held.code)
    response = go_to("deleted", language=language)
    forget_code(response)
    return response


def deleted(language: str) -> Response:
    """All is gone."""
    return page("deleted.html", _outside(language))


def _outside(language: str, *, switch_saves: bool = False) -> Setting:
    if language not in LANGUAGES:
        abort(404)
    return Setting(language=language, switch_saves=switch_saves)


def _held(study_id: str, language: str) -> Participation | Response:
    held = held_participation()
    fits = held is not None and held.study.id == study_id and language in held.study.languages
    return held if held is not None and fits else go_to("enter", language=language)


def _own_copy(held: Participation, language: str) -> dict[str, object]:
    fields = fields_of(held.edition, language)
    stored = held.answers.to_document()
    shown = [item for screen in screens(held.plan) for item in asked(held.plan, screen, held.answers)]
    return {
        "study": held.study.id,
        "questionnaire": held.edition.questionnaire.id,
        "version": held.edition.questionnaire.version,
        "language": held.language,
        "recall_mode": held.plan.mode,
        "status": held.status,
        "answers": [
            {
                "id": item.id,
                "question": fields[item.id].text_past if held.plan.mode == "retrospective" else fields[item.id].text,
                "answer": words_of(fields[item.id], held.answers, language),
                "value": stored[item.id],
            }
            for item in shown
            if item.id in stored
        ],
    }
