"""Begin: the first response of a person, and each further wave; consents read again when their text has changed."""

import math
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.core.participation.codes import ALPHABET, RANDOM_SYMBOLS, code_hmac, make_code, person_tag
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.compare import comparable_items
from survey_app.core.questionnaire.items import Consent, Item
from survey_app.core.questionnaire.model import Edition, Questionnaire
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.core.response.record import Record, Wording
from survey_app.core.response.routing import Plan, Screen, prune
from survey_app.core.response.validation import Entries, Raw, read_item, read_screen
from survey_app.services.catalogue import study_of
from survey_app.services.recalling import (
    Desk,
    Participation,
    definition_of,
    edition_of,
    participation_of,
    plan_for_wave,
    remember_wordings,
)
from survey_app.store import responses, studies

DRAWS = 2**31
"""Draws are whole numbers from 0 to below this."""


def studies_offered(desk: Desk) -> tuple[Study, ...]:
    """The studies that people can answer now. One whose questionnaire version is gone is not offered."""
    with desk.sessions.begin() as db:
        found = [study_of(row) for row in studies.open_studies(db)]
    return tuple(study for study in found if (study.questionnaire, study.version) in desk.editions)


def study_offered(desk: Desk, study_id: str) -> Study | None:
    """The open study of that id, None if there is none."""
    return next((study for study in studies_offered(desk) if study.id == study_id), None)


def plan_for(desk: Desk, study: Study, mode: str) -> Plan:
    """What a first response of `study` is asked from."""
    return plan_for_wave(desk, study, edition_of(desk, study.questionnaire, study.version), mode, (), wave=1)


def consent_screen(plan: Plan) -> Screen:
    """The page on which a person agrees, before anything is stored."""
    return next(screen for screen in plan.screens if any(isinstance(item, Consent) for item in screen.items))


def new_code(desk: Desk) -> str:
    """A return code that nobody has."""
    return make_code([desk.draw(len(ALPHABET)) for _ in range(RANDOM_SYMBOLS)])


def open_response(  # each stands in the form or in its address
    desk: Desk, study: Study, *, language: str, mode: str, raw: Raw, code: str | None = None
) -> str:
    """Begin a response with the consents sent; return its return code: `code`, or a new one. Two statements.

    Raises:
        ProblemsFound: a required consent is missing, or the study is no longer there.
    """
    code = code or new_code(desk)
    with desk.sessions.begin() as db:
        responses.add_response(db, _first_row(db, desk, code, study, language, mode, raw))
    return code


def begin_again(  # each stands in the form or in its address
    desk: Desk, code: str, study: Study, *, language: str, mode: str, raw: Raw
) -> bool:
    """Begin a response anew that has begun under `code`; tell whether one has.

    Where more than consents was answered, nothing is changed.

    Raises:
        ProblemsFound: a required consent is missing, or the study is no longer there; nothing was changed.
    """
    with desk.sessions.begin() as db:
        before = participation_of(db, desk, responses.lock_waves(db, code_hmac(desk.code_key, code)), code=code)
        if before is None:
            return False
        consents = {item.id for item in consent_screen(before.plan).items}
        if before.is_draft and before.wave == 1 and set(before.answers) <= consents:
            row = _first_row(db, desk, code, study, language, mode, raw)
            responses.delete_response(db, before.stored.id)
            responses.add_response(db, row)
    return True


def consents_to_renew(participation: Participation, language: str) -> tuple[Consent, ...]:
    """The consents whose text has changed since this person read it, and those that are new.

    Of a draft: against its own version. Of a response that was sent: against that on which a further wave begins.
    A translation that was read keeps its consent for as long as that translation stays the same, whatever `language`
    the person reads now.
    """
    edition = participation.edition if participation.is_draft else participation.newest_edition
    study = participation.study if participation.is_draft else participation.newest
    if edition is None or language not in edition.translations:
        return ()
    asked = (
        item
        for module in edition.questionnaire.modules
        if module.id in study.modules
        for item in module.items
        if isinstance(item, Consent)
    )
    return tuple(item for item in asked if not _is_read(participation, item, edition))


def renew_consents(desk: Desk, code: str, raw: Raw, *, language: str) -> Participation | None:
    """Read the consents of a draft again that are to be renewed; None if there is no draft. Two statements.

    Raises:
        ProblemsFound: a required consent is missing; nothing was changed.
    """
    with desk.sessions.begin() as db:
        rows = responses.lock_waves(db, code_hmac(desk.code_key, code))
        before = participation_of(db, desk, rows, code=code)
        if before is None or not before.is_draft:
            return None
        remember_wordings(db, desk, rows)
        entries = _read_items(before.plan, consents_to_renew(before, language), raw)
        revision = before.edition.translations[language].revision
        answers = before.answers.with_entries(entries)
        wording = before.record.wording.with_seen(entries, language, revision)
        values = {
            "answers": answers.to_document(),
            "wording": wording.to_document(),
            "last_month": f"{desk.today():%Y-%m}",
        }
        responses.change_response(db, before.stored, values)
    return replace(before, answers=answers, record=replace(before.record, wording=wording))


def begin_wave(desk: Desk, code: str, *, language: str, mode: str, raw: Raw) -> Participation | None:
    """Begin a further wave of the person whom `code` names. Begun twice at the same moment, it is one wave.

    Consents still read as they were are taken over; those that are to be renewed are read from `raw`, and so is the
    stage when it is there. Answers of carried items are taken over too. When a draft is open already, that one is
    returned. None when the code opens nothing or the study allows no further wave in this recall mode.

    Raises:
        ProblemsFound: a required consent is missing, or the stage is not offered; nothing was changed.
    """
    hashed = code_hmac(desk.code_key, code)
    try:
        with desk.sessions.begin() as db:
            rows = responses.lock_waves(db, hashed)
            before = participation_of(db, desk, rows, code=code)
            if before is None or before.is_draft:
                return before
            if mode not in before.next_modes:
                return None
            remember_wordings(db, desk, rows)
            responses.add_response(db, _next_row(desk, code, before, mode, language, raw))
    except IntegrityError:
        pass  # another tab began it in the same moment
    with desk.sessions.begin() as db:
        return participation_of(db, desk, responses.read_waves(db, hashed), code=code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beginning:
    """What a new response is, before anything is answered.

    draw: that of the wave before, so that carried choices stand among the lists they were made from; None to draw.
    """

    study: Study
    number: int
    mode: str
    language: str
    wave: int
    draw: int | None = None


def _first_row(  # noqa: PLR0913, PLR0917  # each stands in the form or in its address
    db: Session, desk: Desk, code: str, study: Study, language: str, mode: str, raw: Raw
) -> Mapping[str, Any]:
    number = studies.newest_definition(db, study.id)
    if not number:
        raise ProblemsFound([Problem(code=Code.STUDY_CLOSED, values={"given": study.id})])
    now = definition_of(db, desk, study.id, number)
    plan = plan_for(desk, now, mode)
    entries = read_screen(plan, consent_screen(plan), Answers(), raw)
    beginning = _Beginning(study=now, number=number, mode=mode, language=language, wave=1)
    edition = edition_of(desk, now.questionnaire, now.version)
    wording = Wording().with_seen(entries, language, edition.translations[language].revision)
    return _new_row(desk, code, beginning, Answers(entries), wording)


def _next_row(desk: Desk, code: str, before: Participation, mode: str, language: str, raw: Raw) -> Mapping[str, Any]:
    study, edition = before.newest, edition_of(desk, before.newest.questionnaire, before.newest.version)
    earlier = tuple((one.mode, one.stage) for one in before.occasions)
    wave = before.occasions[-1].wave + 1
    plan = plan_for_wave(desk, study, edition, mode, earlier, wave=wave)
    renewed = consents_to_renew(before, language)
    carried = [item.id for item in plan.items.values() if _stays(item) and item not in renewed]
    alike = _alike(before.edition, edition)
    taken = {key: before.answers.entries[key] for key in carried if key in before.answers and key in alike}
    read = _read_items(plan, [*renewed, *_stage_if_sent(plan, raw)], raw)
    wording = Wording()
    for key in taken:
        seen = before.record.wording.of(key)
        wording = wording.with_seen([key], *seen) if seen else wording
    wording = wording.with_seen(read, language, edition.translations[language].revision)
    number = before.stored.newest_definition
    draw = before.stored.draw
    beginning = _Beginning(study=study, number=number, mode=mode, language=language, wave=wave, draw=draw)
    return _new_row(desk, code, beginning, prune(plan, Answers({**taken, **read})), wording)


def _alike(before: Edition, now: Edition) -> frozenset[str]:
    """Items whose answers mean the same in both versions."""
    if before.questionnaire.version == now.questionnaire.version:
        return frozenset(now.questionnaire.items)
    return comparable_items(before.questionnaire, now.questionnaire)


def _stays(item: Item) -> bool:
    return item.carried or isinstance(item, Consent)


def _stage_if_sent(plan: Plan, raw: Raw) -> list[Item]:
    stage = plan.stage_item
    return [plan.items[stage]] if stage and any(raw.get(stage, ())) else []


def _read_items(plan: Plan, items: Iterable[Item], raw: Raw) -> Entries:
    entries: Entries = {}
    problems: list[Problem] = []
    for item in items:
        try:
            entries[item.id] = read_item(plan, item, raw)
        except ProblemsFound as found:
            problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return entries


def _new_row(desk: Desk, code: str, beginning: _Beginning, answers: Answers, wording: Wording) -> Mapping[str, Any]:
    study, draw = beginning.study, beginning.draw
    if draw is None:
        edition = edition_of(desk, study.questionnaire, study.version)
        draw = _draw(desk, study.id, beginning.language, edition.questionnaire)
    return {
        "id": str(uuid.uuid4()),
        "study_id": study.id,
        "code_hmac": code_hmac(desk.code_key, code),
        "person_tag": person_tag(desk.person_key, study.id, code),
        "wave": beginning.wave,
        "questionnaire": study.questionnaire,
        "questionnaire_version": study.version,
        "language": beginning.language,
        "recall_mode": beginning.mode,
        "status": "draft",
        "batch_id": None,
        "draw": draw,
        "definition": beginning.number,
        "wording": wording.to_document(),
        "answers": answers.to_document(),
        "received": {},
        "last_month": f"{desk.today():%Y-%m}",
    }


def _draw(desk: Desk, study_id: str, language: str, questionnaire: Questionnaire) -> int:
    """A random draw whose version comes from a shuffled block of all versions, so that they stay balanced.

    Blocks are per study and language, in the memory of the process: nothing of the order is stored.
    """
    versions = math.lcm(*(len(design.versions) for design in questionnaire.designs.values()))
    if versions == 1:
        return desk.draw(DRAWS)
    block = desk.blocks.setdefault((study_id, language, versions), [])
    try:
        version = block.pop()
    except IndexError:
        fresh = _shuffled(desk, versions)
        version = fresh.pop()
        block.extend(fresh)
    return version + versions * desk.draw((DRAWS - version - 1) // versions + 1)


def _shuffled(desk: Desk, size: int) -> list[int]:
    left = list(range(size))
    return [left.pop(desk.draw(len(left))) for _ in range(size)]


def _is_read(participation: Participation, item: Consent, edition: Edition) -> bool:
    """Tell whether the person read this consent as it reads in `edition` now, in the language in which they read it."""
    if item.id not in participation.answers:
        return False
    then, wording = participation.record, participation.record.wording
    if not isinstance(then.edition.questionnaire.items.get(item.id), Consent):
        return False
    return Record(edition=edition, wording=wording, kept=_texts_then(then, item)).is_as_now(item.id)


def _texts_then(record: Record, item: Item) -> Mapping[str, Mapping[str, str]]:
    """The texts in which `item` was read, by their revision."""
    then, seen = record.edition_of(item.id), record.wording.of(item.id)
    return {seen[1]: then.translations[seen[0]].texts} if then and seen else {}
