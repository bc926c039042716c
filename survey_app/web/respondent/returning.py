"""Come back: agree again where the wording has changed, begin a further wave, see what was taken over."""

from collections.abc import Iterable

from flask import request
from werkzeug.wrappers import Response

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import Consent
from survey_app.core.questionnaire.model import Edition
from survey_app.services import responding
from survey_app.services.responding import Participation
from survey_app.web.respondent.fields import fields_of
from survey_app.web.respondent.pages import Setting, desk, go_to, held_here, in_study, page, sent_strings
from survey_app.web.respondent.problems import problem_texts
from survey_app.web.respondent.record import in_parts, lines_of

MODE = "mode"


def welcome(study_id: str, language: str) -> Response:
    """Where somebody goes who comes back with a code; begins a further wave where there can be one."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    if held.is_draft:
        return go_to("resume", study_id=study_id, language=language)
    if not held.next_modes or held.newest_edition is None or language not in held.newest.languages:
        return go_to("answers", study_id=study_id, language=language)
    if request.method == "GET":
        return _welcome_page(held, held.newest_edition, language)
    raw = sent_strings()
    try:
        after = responding.begin_wave(desk(), held.code, language=language, mode=_mode(held, raw), raw=raw)
    except ProblemsFound as found:
        return _welcome_page(held, held.newest_edition, language, raw=raw, found=found)
    begun = after is not None and after.is_draft
    return go_to("carried" if begun else "answers", study_id=study_id, language=language)


def renew(study_id: str, language: str) -> Response:
    """Ask again for agreements whose wording has changed since they were given."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    changed = responding.consents_to_renew(held, language) if held.is_draft else ()
    if not changed:
        return go_to("welcome", study_id=study_id, language=language)
    if request.method == "GET":
        return _renew_page(held, changed, language)
    raw = sent_strings()
    try:
        responding.renew_consents(desk(), held.code, raw, language=language)
    except ProblemsFound as found:
        return _renew_page(held, changed, language, raw=raw, found=found)
    return go_to("resume", study_id=study_id, language=language)


def carried(study_id: str, language: str) -> Response:
    """What was taken over from the wave before, each with a way to change it."""
    held = held_here(study_id, language)
    if not isinstance(held, Participation):
        return held
    stays = [item.id for item in held.plan.items.values() if item.carried]
    lines = lines_of(held, language, only=stays) if held.wave > 1 else []
    if not lines or not held.is_draft:
        return go_to("resume", study_id=study_id, language=language)
    setting = in_study(held.study, held.edition, language)
    return page("carried.html", setting, study_id=study_id, held=held, parts=in_parts(lines))


def asks_again(held: Participation, language: str) -> Response | None:
    """The way to the page of changed agreements, None where there are none."""
    if held.is_draft and responding.consents_to_renew(held, language):
        return go_to("renew", study_id=held.study.id, language=language)
    return None


def _mode(held: Participation, raw: responding.Raw) -> str:
    """The recall mode that was chosen, or the only one.

    Raises:
        ProblemsFound: none of those that can begin now.
    """
    chosen = next(iter(raw.get(MODE, ())), "")
    if len(held.next_modes) == 1:
        return held.next_modes[0]
    if chosen not in held.next_modes:
        raise ProblemsFound([Problem(code=Code.ANSWER_REQUIRED, where=MODE)])
    return chosen


def _welcome_page(
    held: Participation,
    edition: Edition,
    language: str,
    *,
    raw: responding.Raw | None = None,
    found: ProblemsFound | None = None,
) -> Response:
    setting = in_study(held.newest, edition, language)
    changed = responding.consents_to_renew(held, language)
    occasions = [(one, _stage_in_words(held, one.stage, language)) for one in held.occasions]
    return _agreement_page(
        "wave.html",
        setting,
        edition,
        changed,
        raw=raw,
        found=found,
        held=held,
        occasions=occasions,
        modes=held.next_modes,
    )


def _renew_page(
    held: Participation,
    changed: Iterable[Consent],
    language: str,
    *,
    raw: responding.Raw | None = None,
    found: ProblemsFound | None = None,
) -> Response:
    setting = in_study(held.study, held.edition, language)
    before = {item.id: held.record.text_of(item.id) for item in changed}
    return _agreement_page("renew.html", setting, held.edition, changed, raw=raw, found=found, held=held, before=before)


def _agreement_page(
    template: str,
    setting: Setting,
    edition: Edition,
    changed: Iterable[Consent],
    *,
    raw: responding.Raw | None,
    found: ProblemsFound | None,
    **shown: object,
) -> Response:
    fields = [fields_of(edition, setting.language)[item.id] for item in changed]
    problems = problem_texts(found, edition, setting.language) if found else {}
    status = 422 if problems else 200
    return page(template, setting, status=status, fields=fields, given=raw or {}, problems=problems, **shown)


def _stage_in_words(held: Participation, stage: str | None, language: str) -> str | None:
    edition = held.newest_edition or held.edition
    known = stage is not None and stage in edition.questionnaire.stage_codes
    return edition.say(f"stage/{stage}/text", language) if known else None
