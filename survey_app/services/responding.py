"""Begin, save, send, see and delete a response; a return code opens it and nothing else does.

Every function that changes something has committed when it returns.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from survey_app.core.participation.codes import ALPHABET, RANDOM_SYMBOLS, code_hmac, make_code, person_tag
from survey_app.core.questionnaire.items import Consent, Note
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, Screen, asked, plan_of, prune, route_of
from survey_app.core.response.validation import Entries, read_item, read_screen
from survey_app.services.catalogue import study_of
from survey_app.store import responses, studies
from survey_app.store.database import Sessions
from survey_app.store.responses import StoredResponse
from survey_app.store.studies import StudyRow

Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Participation:
    """A response as its respondent sees it. `code` is known only here and in the browser, never in the store."""

    code: str
    study: Study
    edition: Edition
    plan: Plan
    language: str
    status: str
    study_open: bool
    answers: Answers

    @property
    def is_draft(self) -> bool:
        """Tell whether it can still be changed."""
        return self.status == "draft"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the functions here work with.

    editions: every published version, by id and version.
    code_key, person_key: 32 bytes each; two different keys.
    draw: gives a random whole number from 0 to below its argument.
    """

    sessions: Sessions
    editions: Mapping[tuple[str, str], Edition]
    code_key: bytes
    person_key: bytes
    draw: Callable[[int], int] = secrets.randbelow


def studies_offered(desk: Desk) -> tuple[Study, ...]:
    """The studies that people can answer now."""
    with desk.sessions.begin() as db:
        return tuple(study_of(row) for row in studies.open_studies(db))


def study_offered(desk: Desk, study_id: str) -> Study | None:
    """The open study of that id, None if there is none."""
    return next((study for study in studies_offered(desk) if study.id == study_id), None)


def plan_for(desk: Desk, study: Study, mode: str) -> Plan:
    """What a new response of `study` is asked from."""
    edition = desk.editions[study.questionnaire, study.version]
    return plan_of(edition.questionnaire, study.modules, mode, 1)


def consent_screen(plan: Plan) -> Screen:
    """The page on which a person agrees, before anything is stored."""
    return next(screen for screen in plan.screens if any(isinstance(item, Consent) for item in screen.items))


def open_response(desk: Desk, study: Study, *, language: str, mode: str, raw: Raw) -> str:
    """Begin a response with the consents sent; return its new return code.

    Raises:
        ProblemsFound: a required consent is missing.
    """
    plan = plan_for(desk, study, mode)
    entries = read_screen(plan, consent_screen(plan), Answers(), raw)
    edition = desk.editions[study.questionnaire, study.version]
    code = make_code([desk.draw(len(ALPHABET)) for _ in range(RANDOM_SYMBOLS)])
    values = {
        "id": str(uuid.uuid4()),
        "study_id": study.id,
        "code_hmac": code_hmac(desk.code_key, code),
        "person_tag": person_tag(desk.person_key, study.id, code),
        "wave": plan.wave,
        "questionnaire": study.questionnaire,
        "questionnaire_version": study.version,
        "language": language,
        "recall_mode": mode,
        "status": "draft",
        "batch_id": None,
        "wording": {language: edition.translations[language].revision},
        "answers": Answers(entries).to_document(),
    }
    with desk.sessions.begin() as db:
        responses.add_response(db, values)
    return code


def load(desk: Desk, code: str) -> Participation | None:
    """The response that `code` opens, None if there is none. One statement."""
    with desk.sessions.begin() as db:
        stored = responses.read_response(db, code_hmac(desk.code_key, code))
    return None if stored is None else _participation(desk, code, stored)


def save_screen(
    desk: Desk, code: str, screen_id: str, raw: Raw, *, language: str, partly: bool = False
) -> Participation | None:
    """Save what was sent for one screen; return the response as it is then, None if there is none to change.

    Answers merge item by item under a lock, so that two tabs do not lose each other's. Answers that
    logic now hides are removed. Where the answers lead to an ending, the response is deleted, and
    `ending_of` tells which. Two statements.

    partly: only what was filled in is saved; an empty item stays as it was (going back, pausing).

    Raises:
        ProblemsFound: something cannot be read; nothing was saved.
    """
    with desk.sessions.begin() as db:
        stored = responses.lock_response(db, code_hmac(desk.code_key, code))
        if stored is None or stored.status != "draft":
            return None
        before = _participation(desk, code, stored)
        screen = before.plan.screens[before.plan.place[screen_id]]
        entries = (_filled if partly else read_screen)(before.plan, screen, before.answers, raw)
        answers = prune(before.plan, before.answers.with_entries(entries))
        after = _with(before, answers, language)
        if ending_of(after, screen_id):
            responses.delete_response(db, stored.id)
            return after
        wording = {**stored.wording, language: before.edition.translations[language].revision}
        values = {"answers": answers.to_document(), "language": language, "wording": wording}
        responses.change_response(db, stored.id, values)
    return after


def ending_of(participation: Participation, screen_id: str) -> str | None:
    """The ending to which the answers of a screen lead, None to go on."""
    plan = participation.plan
    return route_of(plan, plan.screens[plan.place[screen_id]], participation.answers)


def submit(desk: Desk, code: str, *, whole: bool) -> Participation | None:
    """Send the response: whole at the end, or in part (stop here, send what there is). None if there is no draft."""
    with desk.sessions.begin() as db:
        stored = responses.lock_response(db, code_hmac(desk.code_key, code))
        if stored is None or stored.status != "draft":
            return None
        before = _participation(desk, code, stored)
        status = "whole" if whole else "part"
        answers = prune(before.plan, before.answers)
        responses.change_response(db, stored.id, {"status": status, "answers": answers.to_document()})
    return load(desk, code)


def delete(desk: Desk, code: str) -> bool:
    """Delete the response with all its answers; tell whether there was one."""
    with desk.sessions.begin() as db:
        stored = responses.lock_response(db, code_hmac(desk.code_key, code))
        if stored is None:
            return False
        responses.delete_response(db, stored.id)
    return True


def _filled(plan: Plan, screen: Screen, answers: Answers, raw: Raw) -> Entries:
    return {
        item.id: read_item(plan, item, raw[item.id])
        for item in asked(plan, screen, answers)
        if not isinstance(item, Note) and any(text.strip() for text in raw.get(item.id, ()))
    }


def _participation(desk: Desk, code: str, stored: StoredResponse) -> Participation:
    # A response keeps its version: it is read with that one, also when the study has gone on to another.
    edition = desk.editions[stored.questionnaire, stored.questionnaire_version]
    study = study_of(StudyRow(definition=stored.study_definition))
    return Participation(
        code=code,
        study=study,
        edition=edition,
        plan=plan_of(edition.questionnaire, study.modules, stored.recall_mode, stored.wave),
        language=stored.language,
        status=stored.status,
        study_open=stored.study_state == "open",
        answers=Answers.from_document(stored.answers),
    )


def _with(before: Participation, answers: Answers, language: str) -> Participation:
    return Participation(**{**vars(before), "answers": answers, "language": language})
