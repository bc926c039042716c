"""Pause, stop, look over, send, thank you."""

from flask import request
from werkzeug.wrappers import Response

from survey_app.core.participation.codes import grouped
from survey_app.core.questionnaire.items import Note
from survey_app.core.response.routing import asked, screens
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.delivery import state_of
from survey_app.web.respondent.fields import Field, shown_fields, words_of
from survey_app.web.respondent.kiosk import next_person
from survey_app.web.respondent.pages import desk, go_to, held_here, in_study, page
from survey_app.web.respondent.returning import asks_again

Line = tuple[Field, str | None, str]
"""A question, its answer in words, and the id of its page."""


def pause(study_id: str, language: str) -> Response:
    """Say that everything is kept, and with which code it opens."""
    held = _draft(study_id, language, agreed=False)
    if not isinstance(held, Participation):
        return held
    setting, state = in_study(held.study, held.edition, language), state_of(held, None, language)
    return page("pause.html", setting, code=grouped(held.code), study_id=study_id, state=state)


def stop(study_id: str, language: str) -> Response:
    """Send what there is, after asking once."""
    held = _draft(study_id, language)
    if not isinstance(held, Participation):
        return held
    if request.method == "POST":
        responding.submit(desk(), held.code, whole=False)
        return go_to("thanks", study_id=study_id, language=language)
    setting, state = in_study(held.study, held.edition, language), state_of(held, None, language)
    return page("stop.html", setting, study_id=study_id, state=state)


def review(study_id: str, language: str) -> Response:
    """All answers before they are sent; sends them."""
    held = _draft(study_id, language)
    if not isinstance(held, Participation):
        return held
    if request.method == "POST":
        responding.submit(desk(), held.code, whole=True)
        return go_to("thanks", study_id=study_id, language=language)
    setting, state = in_study(held.study, held.edition, language), state_of(held, None, language)
    return page("review.html", setting, parts=answer_parts(held, language), study_id=study_id, state=state)


def thanks(study_id: str, language: str) -> Response:
    """The answers have been sent."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    if held.is_draft:
        return go_to("welcome", study_id=study_id, language=language)
    on_kiosk = next_person(language, "sent")
    if on_kiosk:
        return on_kiosk
    setting = in_study(held.study, held.edition, language)
    return page("thanks.html", setting, code=grouped(held.code), study_id=study_id, may_return=held.next_wave)


def answer_parts(held: Participation, language: str) -> list[tuple[str, list[Line]]]:
    """Title of each module with its questions and answers, in the order of asking."""
    plan, answers = held.plan, held.answers
    parts: dict[str, list[Line]] = {}
    for screen in screens(held.plan):
        title = held.edition.say(f"module/{screen.module.id}/title", language)
        items = tuple(item for item in asked(plan, screen, answers) if not isinstance(item, Note))
        for field in shown_fields(held.edition, held.study, plan, answers, items, language, draw=held.draw):
            parts.setdefault(title, []).append((field, words_of(field, answers, language), screen.id))
    return list(parts.items())


def _draft(study_id: str, language: str, *, agreed: bool = True) -> Participation | Response:
    """The draft that this browser holds. agreed: ask first where the wording of agreements has changed."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    if not held.is_draft:
        return go_to("answers", study_id=held.study.id, language=language)
    return (asks_again(held, language) if agreed else None) or held
