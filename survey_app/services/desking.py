"""Work on what people wrote: one person redacts and translates, another one confirms. Nothing leaves without both."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.study import Study
from survey_app.core.redaction.suggest import direct
from survey_app.services.catalogue import known_study, study_of
from survey_app.services.taking_in import about
from survey_app.services.text_keys import TextKeys, TextUnreadable
from survey_app.store import free_texts
from survey_app.store.accounts import get_staff
from survey_app.store.free_texts import CONFIRMED, TO_CONFIRM, TO_REDACT, USED, DeedRow, FreeTextRow
from survey_app.store.studies import all_studies

Use = Literal["quote", "theme", "never"]
USES: tuple[Use, ...] = get_args(Use)
LONGEST_QUOTE = 300
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Who works at the desk, and with what.

    staff_id: None for a command. name: for the audit trail. today: only the day of a deed is kept.
    """

    staff_id: str | None
    name: str = ""
    keys: TextKeys
    today: date
    desk_language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What becomes of a text. texts: its words as they may be printed, by language. themes: codes."""

    use: str
    texts: Mapping[str, str] = field(default_factory=dict)
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskText:
    """A text as the desk sees it. person, population: never shown. version: changes with every work on it."""

    id: str
    study: str
    release: str
    state: str
    redacted_by: str | None
    version: str
    item: str
    language: str
    text: str
    person: str
    population: str
    work: Work
    note: str


def study_at_desk(db: Session, study_id: str) -> Study:
    """Return a study.

    Raises:
        ProblemsFound: there is none of that name.
    """
    return study_of(known_study(db, study_id))


def languages_of(db: Session, study_id: str, worker: Worker) -> tuple[str, ...]:
    """Languages in which a quote of a study can be written: that of the desk first, then those of the study."""
    offered = study_of(known_study(db, study_id)).languages
    return (worker.desk_language, *(one for one in offered if one != worker.desk_language))


def studies_at_desk(db: Session) -> list[tuple[Study, dict[str, int]]]:
    """Return the studies that have texts at the desk, with how many are in each state.

    The numbers are those of closed batches: nothing of an open batch is at the desk.
    """
    found = ((row, free_texts.count_by_state(db, row.id)) for row in all_studies(db))
    return [(study_of(row), counts) for row, counts in found if any(counts.values())]


def waiting(db: Session, study_id: str) -> dict[str, list[tuple[str, str | None]]]:
    """Return, for each state but `used`, id and who redacted of the texts in it, in the order of random ids.

    Raises:
        ProblemsFound: there is no such study.
    """
    known_study(db, study_id)
    return {state: list(free_texts.ids_in(db, study_id, state)) for state in (TO_REDACT, TO_CONFIRM, CONFIRMED)}


def read_text(db: Session, study_id: str, text_id: str, keys: TextKeys) -> DeskText:
    """Return a text, locked until the transaction ends.

    Raises:
        ProblemsFound: it is gone, or the key does not fit.
    """
    row = free_texts.find_text(db, study_id, text_id)
    if row is None:
        raise _refused(Code.TEXT_GONE)
    return text_of(row, keys)


def text_of(row: FreeTextRow, keys: TextKeys) -> DeskText:
    """Return what a row holds.

    Raises:
        ProblemsFound: the key does not fit.
    """
    content = _content(row, keys)
    work = content.get("work") or {"use": "", "texts": {}, "themes": []}
    return DeskText(
        id=row.id,
        study=row.study_id,
        release=row.release_id,
        state=row.state,
        redacted_by=row.redacted_by,
        version=hashlib.sha256(row.ciphertext).hexdigest()[:16],
        item=content.get("item", ""),
        language=content.get("language", ""),
        text=content.get("text", ""),
        person=content["person"],
        population=content["population"],
        work=Work(use=work["use"], texts=work["texts"], themes=tuple(work["themes"])),
        note=content.get("note", ""),
    )


def propose(db: Session, study_id: str, text_id: str, work: Work, *, version: str, worker: Worker) -> None:
    """Save what shall become of a text; it waits for another person then.

    Raises:
        ProblemsFound: it is gone or used, somebody has worked on it meanwhile, or the work is not complete.
    """
    found = _workable(db, study_id, text_id, version, worker)
    problems = _faults(db, study_id, work, worker)
    if problems:
        raise ProblemsFound(problems)
    texts = {language: text.strip() for language, text in work.texts.items() if text.strip()}
    kept = {"use": work.use, "texts": texts if work.use == "quote" else {}, "themes": sorted(set(work.themes))}
    if work.use == "never":
        kept["themes"] = []
    _store(db, found, worker, state=TO_CONFIRM, redacted_by=worker.staff_id, content={"work": kept, "note": ""})
    note_deed(db, study_id, text_id, "proposed", worker)


def confirm(db: Session, study_id: str, text_id: str, *, version: str, worker: Worker) -> None:
    """Confirm what another person proposed. A text that shall never be shown is removed for good.

    Raises:
        ProblemsFound: it is gone or does not wait for this, somebody has worked on it meanwhile, or the same person.
    """
    found = _workable(db, study_id, text_id, version, worker)
    if found.state != TO_CONFIRM:
        raise _refused(Code.TEXT_NOT_WAITING)
    if worker.staff_id is None or found.redacted_by == worker.staff_id:
        raise _refused(Code.TEXT_SAME_PERSON)
    row = free_texts.find_text(db, study_id, text_id)
    assert row is not None
    if found.work.use == "never":
        free_texts.delete_text(db, row)
        note_deed(db, study_id, text_id, "removed", worker)
        return
    row.state = CONFIRMED
    note_deed(db, study_id, text_id, "confirmed", worker)


def send_back(db: Session, study_id: str, text_id: str, note: str, *, version: str, worker: Worker) -> None:
    """Send a text back to be worked on again, with a note; what was proposed stays in the form.

    Raises:
        ProblemsFound: it is gone, used, or not proposed yet, somebody has worked on it meanwhile, or there is no note.
    """
    found = _workable(db, study_id, text_id, version, worker)
    if found.state == TO_REDACT:
        raise _refused(Code.TEXT_NOT_WAITING)
    if not 0 < len(note.strip()) <= LONGEST_NOTE:
        raise _refused(Code.TEXT_NOTE_MISSING, limit=LONGEST_NOTE)
    _store(db, found, worker, state=TO_REDACT, redacted_by=None, content={"note": note.strip()})
    note_deed(db, study_id, text_id, "sent_back", worker)


def use_up(db: Session, text: DeskText, worker: Worker) -> None:
    """Mark a text as used by a release: of it stay its themes, and by whom it counts; the words are gone."""
    row = free_texts.find_text(db, text.study, text.id)
    assert row is not None
    kept = {"use": "theme", "texts": {}, "themes": list(text.work.themes)}
    content = {"person": text.person, "population": text.population, "work": kept}
    row.ciphertext = worker.keys.encrypt(content, about=about(text.study, text.id))
    row.state = USED


def note_deed(db: Session, study_id: str, subject: str, deed: str, worker: Worker) -> None:
    """Note who did what, and on which day."""
    row = DeedRow(
        id=str(uuid.uuid4()), study_id=study_id, subject=subject, deed=deed, staff_id=worker.staff_id, day=worker.today
    )
    free_texts.add_deed(db, row)


def deed_lines(db: Session, study_id: str) -> list[tuple[str, str, str, str]]:
    """Return day, name, deed and subject of everything that was done at the desk of a study, by day.

    Raises:
        ProblemsFound: there is no such study.
    """
    known_study(db, study_id)
    found = free_texts.deeds_of(db, study_id)
    names = {one: row.name if (row := get_staff(db, one)) else one for one in {deed.staff_id for deed in found} if one}
    return [(str(one.day), names.get(one.staff_id or "", "command line"), one.deed, one.subject) for one in found]


def _workable(db: Session, study_id: str, text_id: str, version: str, worker: Worker) -> DeskText:
    found = read_text(db, study_id, text_id, worker.keys)
    if found.state == USED:
        raise _refused(Code.TEXT_USED)
    if found.version != version:
        raise _refused(Code.TEXT_CHANGED)
    return found


def _faults(db: Session, study_id: str, work: Work, worker: Worker) -> list[Problem]:
    """All that is wrong with a proposal."""
    if work.use not in USES:
        return [Problem(code=Code.TEXT_USE_MISSING)]
    known = {theme.code for theme in free_texts.themes_of(db, study_id)}
    strange = [one for one in work.themes if one not in known]
    problems = [Problem(code=Code.THEME_UNKNOWN, values={"given": one}) for one in strange]
    if work.use == "theme" and not work.themes:
        problems.append(Problem(code=Code.TEXT_THEME_MISSING))
    if work.use == "quote":
        problems += _quote_faults(work.texts, languages_of(db, study_id, worker), worker.desk_language)
    return problems


def _quote_faults(texts: Mapping[str, str], languages: Sequence[str], needed: str) -> list[Problem]:
    problems = []
    if not texts.get(needed, "").strip():
        problems.append(Problem(code=Code.TEXT_TRANSLATION_MISSING, values={"given": needed}))
    for language, text in texts.items():
        length = len(text.strip())
        if language not in languages:
            values = {"given": language, "known": ", ".join(languages)}
            problems.append(Problem(code=Code.TEXT_LANGUAGE_UNKNOWN, values=values))
        if length > LONGEST_QUOTE:
            long: dict[str, str | int] = {"given": language, "length": length, "limit": LONGEST_QUOTE}
            problems.append(Problem(code=Code.TEXT_TOO_LONG, values=long))
        kinds = sorted({mark.kind.value for mark in direct(text, language)})
        problems += [Problem(code=Code.TEXT_POINTS, values={"given": language, "value": kind}) for kind in kinds]
    return problems


def _store(
    db: Session, text: DeskText, worker: Worker, *, state: str, redacted_by: str | None, content: Mapping[str, Any]
) -> None:
    row = free_texts.find_text(db, text.study, text.id)
    assert row is not None
    whole = {**_content(row, worker.keys), **content}
    row.ciphertext = worker.keys.encrypt(whole, about=about(text.study, text.id))
    row.state, row.redacted_by = state, redacted_by
    db.flush()


def _content(row: FreeTextRow, keys: TextKeys) -> dict[str, Any]:
    try:
        return keys.decrypt(row.ciphertext, about=about(row.study_id, row.id))
    except TextUnreadable:
        raise _refused(Code.TEXT_UNREADABLE) from None


def _refused(code: Code, **values: str | int) -> ProblemsFound:
    return ProblemsFound([Problem(code=code, values=values)])
