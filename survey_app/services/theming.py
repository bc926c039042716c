"""The themes of a study: what several texts are about, in the words of the study team."""

import re
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.redaction.suggest import direct
from survey_app.services.catalogue import known_study
from survey_app.services.desking import Worker, languages_of, note_deed
from survey_app.store import free_texts
from survey_app.store.free_texts import ThemeRow

LONGEST_LABEL = 80
_CODE = re.compile(r"[a-z0-9-]{2,40}")


def list_themes(db: Session, study_id: str) -> Sequence[ThemeRow]:
    """Return the themes of a study, by short name.

    Raises:
        ProblemsFound: there is no such study.
    """
    known_study(db, study_id)
    return free_texts.themes_of(db, study_id)


def add_theme(db: Session, study_id: str, code: str, labels: Mapping[str, str], *, worker: Worker) -> None:
    """Add a theme.

    Raises:
        ProblemsFound: the short name is taken or cannot be used, or a name is missing, too long or points to somebody.
    """
    problems = _faults(labels, languages_of(db, study_id, worker), worker.desk_language)
    if not _CODE.fullmatch(code):
        problems.insert(0, Problem(code=Code.THEME_CODE_WRONG, values={"given": code[:60]}))
    elif any(theme.code == code for theme in free_texts.themes_of(db, study_id)):
        problems.insert(0, Problem(code=Code.THEME_TWICE, values={"given": code}))
    if problems:
        raise ProblemsFound(problems)
    row = ThemeRow(id=str(uuid.uuid4()), study_id=study_id, code=code, labels=_kept(labels))
    free_texts.save_theme(db, row)
    note_deed(db, study_id, code, "theme_added", worker)


def name_theme(db: Session, study_id: str, code: str, labels: Mapping[str, str], *, worker: Worker) -> None:
    """Give a theme other names, as long as no release has printed it.

    Raises:
        ProblemsFound: there is no such theme, it was printed, or a name is missing, too long or points to somebody.
    """
    row = next((theme for theme in free_texts.themes_of(db, study_id) if theme.code == code), None)
    if row is None:
        raise ProblemsFound([Problem(code=Code.THEME_UNKNOWN, values={"given": code})])
    problems = _faults(labels, languages_of(db, study_id, worker), worker.desk_language)
    if any(code in voices.counts for voices in free_texts.voices_of(db, study_id)):
        problems.append(Problem(code=Code.THEME_SEALED, values={"given": code}))
    if problems:
        raise ProblemsFound(problems)
    row.labels = _kept(labels)
    note_deed(db, study_id, code, "theme_renamed", worker)


def _faults(labels: Mapping[str, str], languages: Sequence[str], needed: str) -> list[Problem]:
    problems = []
    if not labels.get(needed, "").strip():
        problems.append(Problem(code=Code.THEME_LABEL_MISSING, values={"given": needed}))
    for language, label in labels.items():
        if language not in languages:
            values = {"given": language, "known": ", ".join(languages)}
            problems.append(Problem(code=Code.TEXT_LANGUAGE_UNKNOWN, values=values))
        elif len(label.strip()) > LONGEST_LABEL or direct(label, language):
            wrong: dict[str, str | int] = {"given": language, "limit": LONGEST_LABEL}
            problems.append(Problem(code=Code.THEME_LABEL_WRONG, values=wrong))
    return problems


def _kept(labels: Mapping[str, str]) -> dict[str, str]:
    return {language: label.strip() for language, label in labels.items() if label.strip()}
