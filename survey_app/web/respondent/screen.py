"""What stands on the page of one screen: the questions, what was answered, how far it is, where help is."""

from collections.abc import Mapping, Sequence

from survey_app.core.problems import ProblemsFound
from survey_app.core.questionnaire.items import Item
from survey_app.core.response.pacing import minutes_left
from survey_app.core.response.routing import Screen, asked, progress, role_of, screens, stage_of
from survey_app.services.responding import Participation
from survey_app.web.respondent.fields import shown_fields, strings_of
from survey_app.web.respondent.pages import paces
from survey_app.web.respondent.problems import problem_texts
from survey_app.web.respondent.safety import boxes_of, country_of, lines_today
from survey_app.web.respondent.windows import minutes_in_words

Strings = Mapping[str, Sequence[str]]


def screen_values(
    held: Participation,
    screen: Screen,
    language: str,
    *,
    raw: Strings | None = None,
    found: ProblemsFound | None = None,
) -> dict[str, object]:
    """All that the template `question.html` needs to draw `screen`.

    Args:
        held: the response.
        screen: the screen.
        language: of the page.
        raw: what was sent and could not be saved, to stand there again; None to show what is stored.
        found: what is wrong with it.
    """
    shown = asked(held.plan, screen, held.answers)
    number, count = progress(held.plan, screen.id, held.answers)
    fields = shown_fields(held.edition, held.study, held.plan, held.answers, shown, language, draw=held.draw)
    lines = lines_today(country_of(held.plan, held.answers), language)
    return {
        "screen_id": screen.id,
        "fields": fields,
        "given": standing(held, shown) if raw is None else raw,
        "problems": problem_texts(found, held.edition, language) if found else {},
        "number": number,
        "count": count,
        "time_left": time_left(held, language),
        "boxes": boxes_of(held, screen, shown, language, lines=lines),
        "may_skip": not any(field.required or field.kind in {"note", "consent"} for field in fields),
        **_headings(held, screen, shown, language),
    }


def standing(held: Participation, items: tuple[Item, ...]) -> dict[str, Sequence[str]]:
    """What is stored for `items`, by form name."""
    return {name: strings for item in items for name, strings in strings_of(held.answers, item).items()}


def time_left(held: Participation, language: str) -> str | None:
    """About how long the rest takes, None when nothing is left."""
    minutes = minutes_left(held.edition, held.plan, held.answers, paces().measured(held.edition))
    return None if minutes is None else minutes_in_words(minutes, language)


def _headings(held: Participation, screen: Screen, shown: tuple[Item, ...], language: str) -> dict[str, str | None]:
    """Title of the part, its introduction on the first page of it, and the time that the questions are about."""
    edition, plan, answers, module = held.edition, held.plan, held.answers, screen.module
    stage, role = stage_of(plan, answers), role_of(plan, answers)
    headings = [edition.heading(item, stage=stage, mode=plan.mode, language=language, role=role) for item in shown]
    opens = next(one for one in screens(plan) if one.module == module and asked(plan, one, answers)).id == screen.id
    return {
        "heading": next((heading for heading in headings if heading), None),
        "module_title": edition.say(f"module/{module.id}/title", language),
        "intro": edition.say(f"module/{module.id}/intro", language) if module.intro and opens else None,
    }
