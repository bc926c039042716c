"""Move an open study on, and let go of drafts that nobody came back to."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.menu import trees_of
from survey_app.core.questionnaire.compare import comparable_items
from survey_app.core.questionnaire.items import Item, Note, Role, StageItem
from survey_app.core.questionnaire.model import Questionnaire
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
from survey_app.store import releases, responses, studies

WHO_ANSWERS = "who_answers"
"""Construct of the item that tells whether someone else answers for the patient."""


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
    if study.publish != before.publish and releases.releases_of(session, study.id):
        problems.append(Problem(code=Code.MENU_FROZEN, where="publish", values={"given": study.id}))
    if problems:
        raise ProblemsFound(problems)
    if study == before:
        raise ProblemsFound([Problem(code=Code.STUDY_SAME, values={"given": study.id})])
    require_fit(study, catalogue, folder)
    _require_same_groups(before, study, catalogue)
    row.questionnaire_version = study.version
    studies.add_definition(session, row, definition_document(study))
    keep_wordings(session, catalogue)
    return before


def comparison_lines(before: Study, after: Study, catalogue: Catalogue) -> list[str]:
    """Say which questions of `after` may be counted together with those of `before`, for a person to read."""
    old = catalogue.editions.get((before.questionnaire, before.version))
    if old is None or before.version == after.version:
        return ["same version: every question stays comparable"]
    new = catalogue.edition_of(after).questionnaire
    alike = comparable_items(old.questionnaire, new)
    asked = [key for key in _asked(new, after) if not isinstance(new.items[key], Note)]
    known = frozenset(_asked(old.questionnaire, before))
    groups = {
        "stay comparable": [key for key in asked if key in known and key in alike],
        "asked in another way, not counted together": [key for key in asked if key in known and key not in alike],
        "new": [key for key in asked if key not in known],
        "no longer asked": [key for key in _asked(old.questionnaire, before) if key not in asked],
    }
    return [f"{what}: {len(keys)} ({', '.join(keys)})" if keys else f"{what}: none" for what, keys in groups.items()]


def _asked(questionnaire: Questionnaire, study: Study) -> list[str]:
    return [item.id for module in questionnaire.modules if module.id in study.modules for item in module.items]


def _require_same_groups(before: Study, after: Study, catalogue: Catalogue) -> None:
    """Refuse a version that asks in another way for what groups are made of.

    Raises:
        ProblemsFound: who answers, the stage, country, age or sex mean something else there.
    """
    old = catalogue.editions.get((before.questionnaire, before.version))
    if old is None or before.version == after.version:
        return
    alike = comparable_items(old.questionnaire, catalogue.edition_of(after).questionnaire)
    trees = {tree.column for tree in trees_of(old.questionnaire, before.modules)}
    changed = [
        key
        for key in _asked(old.questionnaire, before)
        if (key in trees or _tells_who(old.questionnaire.items[key])) and key not in alike
    ]
    if changed:
        values = {"given": ", ".join(changed)}
        raise ProblemsFound([Problem(code=Code.STUDY_GROUPS_CHANGED, where="version", values=values)])


def _tells_who(item: Item) -> bool:
    return isinstance(item, Role | StageItem) or item.construct_name == WHO_ANSWERS


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
