"""Move an open study on, and let go of drafts that nobody came back to."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.revision import check_revision
from survey_app.core.questionnaire.study import Study
from survey_app.services.catalogue import (
    Catalogue,
    definition_document,
    keep_wordings,
    known_study,
    require_fit,
    study_of,
)
from survey_app.store import responses, studies


def revise_study(session: Session, study: Study, catalogue: Catalogue, folder: Path) -> Study:
    """Give an open study another definition; return the one it had.

    Responses that are open finish on the definition and the questionnaire version on which they began; those that
    begin from now on, further waves too, begin on this one.

    Raises:
        ProblemsFound: no such study, or not open; the version is not published or does not fit; something changes
            that must stay; nothing changes at all.
    """
    row = known_study(session, study.id)
    if row.state != "open":
        raise ProblemsFound([Problem(code=Code.STUDY_CLOSED, values={"given": study.id})])
    before = study_of(row)
    problems = check_revision(before, study)
    if problems:
        raise ProblemsFound(problems)
    if study == before:
        raise ProblemsFound([Problem(code=Code.STUDY_SAME, values={"given": study.id})])
    require_fit(study, catalogue, folder)
    row.questionnaire_version = study.version
    studies.add_definition(session, row, definition_document(study))
    keep_wordings(session, catalogue)
    return before


def expire_drafts(session: Session, study_id: str, *, today: date) -> int:
    """Delete the drafts of a study not touched in this calendar month or the last; return how many.

    Raises:
        ProblemsFound: there is no such study.
    """
    known_study(session, study_id)
    return responses.delete_drafts(session, study_id, before=month_before(today))


def month_before(day: date) -> str:
    """The calendar month before that of `day`, like `2026-10`."""
    return f"{day.year - 1}-12" if day.month == 1 else f"{day.year}-{day.month - 1:02}"
