"""One question per page: shown, saved, and the way on."""

from importlib import import_module

from flask import abort, request
from werkzeug.wrappers import Response

from survey_app.core.problems import ProblemsFound
from survey_app.core.response.routing import (
    Screen,
    asked,
    first_open_screen,
    progress,
    screen_after,
    screen_before,
    screen_by_id,
    screens,
    stage_of,
)
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.fields import fields_of, strings_of
from survey_app.web.respondent.identity import forget_code
from survey_app.web.respondent.pages import (
    chosen_language,
    desk,
    go_to,
    held_code,
    held_participation,
    in_study,
    page,
    sent_strings,
)
from survey_app.web.respondent.problems import problem_texts
from survey_app.web.respondent.safety import boxes_of

REVIEW = "review"


def resume(study_id: str, language: str) -> Response:
    """Go to the first question not yet seen."""
    held = held_participation()
    if held is None or held.study.id != study_id:
        return go_to("enter", language=language)
    if not held.is_draft:
        return go_to("answers", study_id=held.study.id, language=language)
    return _go_to_screen(held.study.id, language, first_open_screen(held.plan, held.answers))


def question(study_id: str, language: str, screen_id: str) -> Response:
    """Show a question, or save what was sent for it."""
    if request.method == "POST":
        return _save(study_id, language, screen_id)
    held = held_participation()
    if held is None or held.study.id != study_id:
        return go_to("enter", language=language)
    if not held.is_draft:
        return go_to("answers", study_id=study_id, language=language)
    screen = screen_by_id(held.plan, screen_id)
    if screen is None or language not in held.study.languages:
        abort(404)
    if not asked(held.plan, screen, held.answers):
        return _go_to_screen(study_id, language, screen_after(held.plan, screen_id, held.answers))
    return _question_page(held, screen, language)


def _save(study_id: str, language: str, screen_id: str) -> Response:
    code, action, raw = held_code(), request.form.get("go", "next"), sent_strings()
    if code is None:
        return go_to("enter", language=language)
    partly = action not in {"next", "skip"}
    sent = {} if action == "skip" else raw
    try:
        held = responding.save_screen(desk(), code, screen_id, sent, language=language, partly=partly)
    except KeyError:
        abort(404)
    except ProblemsFound as found:
        return _problem_page(screen_id, language, raw, found)
    if held is None:
        return go_to("resume", study_id=study_id, language=language)
    ending = responding.ending_of(held, screen_id)
    if ending:
        response = go_to("ending", study_id=study_id, language=language, ending=ending)
        forget_code(response)
        return response
    return _way_on(held, screen_id, language, action)


def _way_on(held: Participation, screen_id: str, language: str, action: str) -> Response:
    study_id, from_review = held.study.id, request.args.get("from") == REVIEW
    other = chosen_language(action, in_study(held.study, held.edition, language))
    if other:
        back_to = REVIEW if from_review else None
        return go_to("question", study_id=study_id, language=other, screen_id=screen_id, **{"from": back_to})
    if action in {"pause", "stop"}:
        return go_to(action, study_id=study_id, language=language, at=screen_id)
    if action == "back" and not from_review:
        return _go_to_screen(study_id, language, screen_before(held.plan, screen_id, held.answers))
    if from_review:
        return _go_to_screen(study_id, language, first_open_screen(held.plan, held.answers))
    return _go_to_screen(study_id, language, screen_after(held.plan, screen_id, held.answers))


def _go_to_screen(study_id: str, language: str, screen: Screen | None) -> Response:
    if screen is None:
        return go_to("review", study_id=study_id, language=language)
    return go_to("question", study_id=study_id, language=language, screen_id=screen.id)


def _problem_page(screen_id: str, language: str, raw: dict[str, list[str]], found: ProblemsFound) -> Response:
    held = held_participation()
    screen = screen_by_id(held.plan, screen_id) if held else None
    if held is None or screen is None:
        return go_to("enter", language=language)
    return _question_page(held, screen, language, raw=raw, found=found)


def _question_page(
    held: Participation,
    screen: Screen,
    language: str,
    *,
    raw: dict[str, list[str]] | None = None,
    found: ProblemsFound | None = None,
) -> Response:
    edition, plan, answers = held.edition, held.plan, held.answers
    shown = asked(plan, screen, answers)
    fields = [fields_of(edition, language)[item.id] for item in shown]
    given = {field.id: strings_of(answers, field.id) if raw is None else raw.get(field.id, ()) for field in fields}
    headings = [
        edition.heading(item, stage=stage_of(plan, answers), mode=plan.mode, language=language) for item in shown
    ]
    problems = problem_texts(found, edition, language) if found else {}
    number, count = progress(plan, screen.id, answers)
    module = screen.module
    opens_module = next(other for other in screens(plan) if asked(plan, other, answers) and other.module == module)
    return page(
        "question.html",
        in_study(held.study, edition, language, switch_saves=True),
        status=422 if problems else 200,
        screen_id=screen.id,
        state=_state(held, screen, language),
        fields=fields,
        given=given,
        problems=problems,
        past=plan.mode == "retrospective",
        heading=next((heading for heading in headings if heading), None),
        module_title=edition.say(f"module/{module.id}/title", language),
        intro=edition.say(f"module/{module.id}/intro", language)
        if module.intro and opens_module.id == screen.id
        else None,
        number=number,
        count=count,
        boxes=boxes_of(held, screen, shown, language),
        has_back=request.args.get("from") == REVIEW or screen_before(plan, screen.id, answers) is not None,
        may_skip=not any(field.required or field.kind in {"note", "consent"} for field in fields),
    )


def _state(held: Participation, screen: Screen, language: str) -> dict[str, object] | None:
    """What JavaScript needs to know, None until there is such a part."""
    try:
        delivery = import_module("survey_app.web.respondent.delivery")
    except ModuleNotFoundError:
        return None
    state: dict[str, object] | None = delivery.state_of(held, screen, language)
    return state
