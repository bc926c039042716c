"""One question per page: shown, saved, and the way on."""

from typing import Any

from flask import abort, request, url_for
from werkzeug.wrappers import Response

from survey_app.core.problems import ProblemsFound
from survey_app.core.response.routing import (
    Screen,
    asked,
    first_open_screen,
    screen_after,
    screen_before,
    screen_by_id,
)
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.delivery import state_of
from survey_app.web.respondent.display import display_of
from survey_app.web.respondent.identity import forget_code
from survey_app.web.respondent.pages import (
    asked_wave,
    chosen_language,
    desk,
    go_to,
    held_code,
    held_participation,
    in_study,
    page,
    sent_strings,
)
from survey_app.web.respondent.returning import asks_again
from survey_app.web.respondent.screen import screen_values

REVIEW = "review"
BESIDE = frozenset({"display", "help"})
"""Pages that one visits from a question, after what stands there was saved."""


def resume(study_id: str, language: str) -> Response:
    """Go to the first question not yet seen."""
    held = held_participation()
    if held is None or held.study.id != study_id:
        return go_to("enter", language=language)
    if not held.is_draft:
        return go_to("answers", study_id=held.study.id, language=language)
    again = asks_again(held, language)
    screen = first_open_screen(held.plan, held.answers)
    if again or screen is None or not display_of(request).quiet:
        return again or _go_to_screen(study_id, language, screen)
    return go_to("question", study_id=study_id, language=language, screen_id=screen.id, rested=1)  # it was a rest


def question(study_id: str, language: str, screen_id: str) -> Response:
    """Show a question, or save what was sent for it."""
    if request.method == "POST":
        return _save(study_id, language, screen_id)
    held = _changeable(study_id, language)
    if not isinstance(held, Participation):
        return held
    screen = screen_by_id(held.plan, screen_id)
    if screen is None:
        abort(404)
    if not asked(held.plan, screen, held.answers):
        return _go_to_screen(study_id, language, screen_after(held.plan, screen_id, held.answers))
    if display_of(request).quiet and not _has_rested() and _begins_a_part(held, screen):
        return go_to("rest", study_id=study_id, language=language, at=screen_id)
    return _question_page(held, screen, language)


def rest(study_id: str, language: str) -> Response:
    """Between two parts, for people who have asked for a quiet page: rest, send what there is, or go on."""
    held = _changeable(study_id, language)
    if not isinstance(held, Participation):
        return held
    screen = screen_by_id(held.plan, request.args.get("at", ""))
    resumed = url_for("respondent.resume", study_id=study_id, language=language)
    onward = _address(screen, study_id, language, rested=True) if screen else resumed
    return page("break.html", in_study(held.study, held.edition, language), study_id=study_id, onward=onward)


def _changeable(study_id: str, language: str) -> Participation | Response:
    """The response that this browser holds, of the wave asked for, as long as its answers can be changed."""
    held = held_participation(asked_wave())
    if held is None or held.study.id != study_id:
        return go_to("enter", language=language)
    if language not in held.study.languages:
        abort(404)
    if not held.can_correct:
        return go_to("answers", study_id=study_id, language=language, wave=asked_wave())
    return held


def _save(study_id: str, language: str, screen_id: str) -> Response:
    code, action, raw = held_code(), request.form.get("go", "next"), sent_strings()
    if code is None:
        return go_to("enter", language=language)
    sent: dict[str, list[str]] = {} if action == "skip" else raw
    partly = action not in {"next", "skip"}
    try:
        held = responding.save_screen(
            desk(), code, screen_id, sent, language=language, partly=partly, wave=asked_wave()
        )
    except KeyError:
        abort(404)
    except ProblemsFound as found:
        return _problem_page(study_id, language, screen_id, raw, found)
    if held is None:
        return go_to("resume", study_id=study_id, language=language)
    ending = responding.ending_of(held, screen_id)
    if ending:
        response = go_to("ending", study_id=study_id, language=language, ending=ending)
        forget_code(response)
        return response
    return _way_on(held, screen_id, language, action)


def _way_on(held: Participation, screen_id: str, language: str, action: str) -> Response:
    """Where the button leads that was pressed."""
    study_id, back_to = held.study.id, _back_to()
    other = chosen_language(action, in_study(held.study, held.edition, language))
    if other:
        more = {"from": back_to, "wave": asked_wave(), "rested": request.args.get("rested")}
        return go_to("question", study_id=study_id, language=other, screen_id=screen_id, **more)
    if action in BESIDE:
        return go_to(action, language=language, to=request.full_path.rstrip("?"))
    if action in {"pause", "stop"}:
        return go_to(action, study_id=study_id, language=language, at=screen_id)
    if not held.is_draft:
        return go_to("answers", study_id=study_id, language=language, wave=asked_wave())
    if back_to:
        return _go_to_screen(study_id, language, first_open_screen(held.plan, held.answers))
    move = screen_before if action == "back" else screen_after
    return _go_to_screen(study_id, language, move(held.plan, screen_id, held.answers))


def _begins_a_part(held: Participation, screen: Screen) -> bool:
    """Tell whether a part was finished before this screen and nothing of its own has been seen yet."""
    before = screen_before(held.plan, screen.id, held.answers)
    new = not any(item.id in held.answers for item in screen.items)
    return new and before is not None and before.module != screen.module


def _go_to_screen(study_id: str, language: str, screen: Screen | None) -> Response:
    if screen is None:
        return go_to("review", study_id=study_id, language=language)
    return go_to("question", study_id=study_id, language=language, screen_id=screen.id)


def _problem_page(
    study_id: str, language: str, screen_id: str, raw: dict[str, list[str]], found: ProblemsFound
) -> Response:
    """The page again with what is wrong; the question to answer now, when this one is not asked."""
    held = _changeable(study_id, language)
    if not isinstance(held, Participation):
        return held
    screen = screen_by_id(held.plan, screen_id)
    if screen is None:
        abort(404)
    if asked(held.plan, screen, held.answers):
        return _question_page(held, screen, language, raw=raw, found=found)
    other = first_open_screen(held.plan, held.answers) or screen_before(held.plan, screen_id, held.answers)
    return _question_page(held, other or held.plan.screens[0], language, found=found)


def _question_page(
    held: Participation,
    screen: Screen,
    language: str,
    *,
    raw: dict[str, list[str]] | None = None,
    found: ProblemsFound | None = None,
) -> Response:
    return page(
        "question.html",
        in_study(held.study, held.edition, language, switch_saves=True),
        status=422 if found else 200,
        action=_address(screen, held.study.id, language, rested="rested" in request.args),
        state=state_of(held, screen, language),
        has_back=_back_to() is not None or screen_before(held.plan, screen.id, held.answers) is not None,
        **screen_values(held, screen, language, raw=raw, found=found),
    )


def _address(screen: Screen, study_id: str, language: str, *, rested: bool) -> str:
    more: dict[str, Any] = {"from": _back_to(), "wave": asked_wave(), "rested": 1 if rested else None}
    return url_for("respondent.question", study_id=study_id, language=language, screen_id=screen.id, **more)


def _back_to() -> str | None:
    """Whether the person came from looking over the answers."""
    return REVIEW if request.args.get("from") == REVIEW else None


def _has_rested() -> bool:
    """Tell whether no rest is to be offered: there was one, or the person came to change an answer."""
    return "rested" in request.args or _back_to() is not None
