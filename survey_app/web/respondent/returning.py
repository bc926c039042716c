"""With a return code: go on, see, download, delete."""

import json

from flask import make_response, request
from werkzeug.wrappers import Response

from survey_app.core.response.routing import asked, screens
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.entering import outside
from survey_app.web.respondent.fields import fields_of, words_of
from survey_app.web.respondent.identity import forget_everything
from survey_app.web.respondent.kiosk import next_person
from survey_app.web.respondent.pages import desk, go_to, held_participation, in_study, page
from survey_app.web.respondent.sending import answer_parts


def welcome(study_id: str, language: str) -> Response:
    """Where somebody goes who comes back with a code."""
    held = _held(study_id, language)
    if not isinstance(held, Participation):
        return held
    return go_to("resume" if held.is_draft else "answers", study_id=study_id, language=language)


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
    response = next_person(language, "deleted") or go_to("deleted", language=language)
    forget_everything(response)
    return response


def deleted(language: str) -> Response:
    """All is gone."""
    return page("deleted.html", outside(language))


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
