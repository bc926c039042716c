"""See, save, send and delete a response; a return code opens it and nothing else does.

Every function that changes something has committed when it returns. Beginning is in `joining`, what devices kept
while they were offline comes in through `delivering`, and what is read back is in `recalling`; all deeds of a
respondent can be had here.
"""

from dataclasses import replace

from survey_app.core.participation.codes import code_hmac
from survey_app.core.questionnaire.items import Note
from survey_app.core.response.routing import Plan, Screen, asked, prune, route_of
from survey_app.core.response.validation import Entries, Raw, names_of, read_item, read_screen, refuse_strangers
from survey_app.services.delivering import Delivery, How, Save, deliver
from survey_app.services.forgetting import forget_texts
from survey_app.services.joining import (
    begin_again,
    begin_wave,
    consent_screen,
    consents_to_renew,
    open_response,
    plan_for,
    renew_consents,
    studies_offered,
    study_offered,
)
from survey_app.services.recalling import (
    Desk,
    Occasion,
    Participation,
    participation_of,
    remember_wordings,
    worked_in,
)
from survey_app.store import responses

__all__ = [
    "Delivery",
    "Desk",
    "How",
    "Occasion",
    "Participation",
    "Raw",
    "Save",
    "begin_again",
    "begin_wave",
    "consent_screen",
    "consents_to_renew",
    "delete",
    "deliver",
    "ending_of",
    "load",
    "load_wave",
    "open_response",
    "plan_for",
    "renew_consents",
    "save_screen",
    "studies_offered",
    "study_offered",
    "submit",
]


def load(desk: Desk, code: str) -> Participation | None:
    """The latest response that `code` opens, None if there is none.

    One statement; one more each when this process meets a definition or an old wording for the first time.

    Raises:
        ProblemsFound: the questionnaire version it was begun on is gone.
    """
    return load_wave(desk, code, None)


def load_wave(desk: Desk, code: str, wave: int | None) -> Participation | None:
    """Like `load`, for one wave; None if there is none of that number."""
    with desk.sessions.begin() as db:
        rows = responses.read_waves(db, code_hmac(desk.code_key, code))
        found = participation_of(db, desk, rows, wave=wave, code=code)
        if found is not None:
            remember_wordings(db, desk, [found.stored])
    return found


def save_screen(  # noqa: PLR0913  # each stands in the form or in its address
    desk: Desk, code: str, screen_id: str, raw: Raw, *, language: str, partly: bool = False, wave: int | None = None
) -> Participation | None:
    """Save what was sent for one screen; return the response as it is then, None if there is none to change.

    Works on drafts, and on responses that were sent for as long as no release was made from them. Answers merge item
    by item under a lock, so that two tabs do not lose each other's. Answers that logic now hides are removed. Where
    the answers lead to an ending, the response is deleted, and `ending_of` tells which. Two statements.

    partly: only what was filled in is saved; an empty item stays as it was (going back, pausing). What leads to an
        ending is not saved before the person goes on.
    wave: None for the latest.

    Raises:
        ProblemsFound: something cannot be read; nothing was saved.
        KeyError: there is no such screen.
    """
    with desk.sessions.begin() as db:
        rows = responses.lock_waves(db, code_hmac(desk.code_key, code))
        before = participation_of(db, desk, rows, wave=wave, code=code)
        if before is None or not before.can_correct:
            return None
        screen = before.plan.screens[before.plan.place[screen_id]]
        after = _saved(before, screen, raw, language, partly=partly)
        if ending_of(after, screen_id):
            if partly:
                return before
            responses.delete_response(db, before.stored.id)
            return after
        values = {
            "answers": after.answers.to_document(),
            "language": language,
            "wording": after.record.wording.to_document(),
            "last_month": f"{desk.today():%Y-%m}" if after.is_draft else None,
        }
        responses.change_response(db, before.stored, values)
    return after


def ending_of(participation: Participation, screen_id: str) -> str | None:
    """The ending to which the answers of a screen lead, None to go on."""
    plan = participation.plan
    return route_of(plan, plan.screens[plan.place[screen_id]], participation.answers)


def submit(desk: Desk, code: str, *, whole: bool) -> Participation | None:
    """Send the response: whole at the end, or in part (stop here, send what there is). None if there is no draft."""
    with desk.sessions.begin() as db:
        rows = responses.lock_waves(db, code_hmac(desk.code_key, code))
        before = participation_of(db, desk, rows, code=code)
        if before is None or not before.is_draft:
            return None
        answers = prune(before.plan, before.answers)
        values = {"status": "whole" if whole else "part", "answers": answers.to_document(), "last_month": None}
        responses.change_response(db, before.stored, values)
    return load(desk, code)


def delete(desk: Desk, code: str) -> bool:
    """Delete all responses that a code opens, every wave with all answers; tell whether there was one.

    What the person wrote goes from the desk of texts too, but for what a report has quoted already.
    """
    hashed = code_hmac(desk.code_key, code)
    with desk.sessions.begin() as db:
        waves = responses.lock_waves(db, hashed)
        responses.delete_waves(db, hashed)  # also what can be read by nobody any more
        if desk.text_keys and waves:
            forget_texts(db, desk.text_keys, [(one.person_tag, one.wave) for one in waves])
    return bool(waves)


def _saved(before: Participation, screen: Screen, raw: Raw, language: str, *, partly: bool) -> Participation:
    entries = _filled(before, screen, raw) if partly else _read(before, screen, raw)
    answers, wording = worked_in(before, before.answers, before.record.wording, entries, language)
    record = replace(before.record, wording=wording)
    return replace(before, answers=answers, language=language, record=record)


def _read(before: Participation, screen: Screen, raw: Raw) -> Entries:
    return read_screen(before.plan, screen, before.answers, raw, draw=before.draw)


def _filled(before: Participation, screen: Screen, raw: Raw) -> Entries:
    plan: Plan = before.plan
    shown = asked(plan, screen, before.answers)
    refuse_strangers(shown, raw)
    return {
        item.id: read_item(plan, item, raw, draw=before.draw)
        for item in shown
        if not isinstance(item, Note) and any(text.strip() for name in names_of(item) for text in raw.get(name, ()))
    }
