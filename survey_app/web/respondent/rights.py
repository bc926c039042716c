"""With the code and no account: see every answer as it was asked, take a copy, delete."""

import json

from flask import make_response, request
from werkzeug.wrappers import Response

from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.entering import outside
from survey_app.web.respondent.identity import forget_everything
from survey_app.web.respondent.kiosk import next_person
from survey_app.web.respondent.pages import (
    asked_wave,
    desk,
    draw_page,
    go_to,
    held_code,
    held_here,
    in_study,
    page,
)
from survey_app.web.respondent.record import in_parts, lines_of, own_copy, waves_of


def answers(study_id: str, language: str) -> Response:
    """Every answer of one wave, with the question as it was read."""
    latest = held_here(study_id, language)
    if not isinstance(latest, Participation):
        return latest
    held = responding.load_wave(desk(), latest.code, asked_wave()) or latest
    lines = lines_of(held, language)
    return page(
        "answers.html",
        in_study(held.study, held.edition, language),
        study_id=study_id,
        held=held,
        is_latest=held.wave == latest.wave,
        parts=in_parts(lines),
        all_as_read=all(line.as_read for line in lines),
    )


def download(study_id: str, language: str) -> Response:
    """One's own answers of all waves for a program to read."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    text = json.dumps(own_copy(waves_of(held), language), ensure_ascii=False, indent=2)
    return _as_file(text, "application/json", f"{held.study.id}-answers.json")


def copy_to_read(study_id: str, language: str) -> Response:
    """One's own answers of all waves as one page that needs nothing else."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    waves = [(one, in_parts(lines_of(one, language))) for one in waves_of(held)]
    html = draw_page(
        "copy.html", in_study(held.study, held.edition, language), switch=[], waves=waves, study=held.study
    )
    return _as_file(html, "text/html", f"{held.study.id}-answers.html")


def delete_answers(study_id: str, language: str) -> Response:
    """Delete one's own answers of all waves, after asking once."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    if request.method == "GET":
        setting = in_study(held.study, held.edition, language)
        is_frozen = not all(one.can_correct for one in waves_of(held))
        return page("delete.html", setting, study_id=study_id, held=held, is_frozen=is_frozen)
    responding.delete(desk(), held.code)
    response = next_person(language, "deleted") or go_to("deleted", language=language)
    forget_everything(response)
    return response


def deleted(language: str) -> Response:
    """All is gone. A device that still knows a code is told at the entrance what that one opens."""
    setting = outside(language)
    return page("deleted.html", setting) if held_code() is None else go_to("enter", language=language)


def _as_file(text: str, kind: str, name: str) -> Response:
    response = make_response(text)
    response.content_type = f"{kind}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
