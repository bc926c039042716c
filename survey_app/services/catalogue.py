"""Publish questionnaire versions and open studies with them; what the web works with at run time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.declared import plan_problems
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.publish import Publish, parse_publish
from survey_app.core.questionnaire.study import Study, check_study, parse_study
from survey_app.inputs.help_lines import FILE as HELP_LINES
from survey_app.inputs.help_lines import read_help_lines
from survey_app.inputs.questionnaire_files import (
    check_lock,
    find_versions,
    load_edition,
    read_lock,
    write_lock,
)
from survey_app.inputs.yaml_text import read_yaml
from survey_app.store import studies, wordings
from survey_app.store.studies import BatchRow, StudyRow


@dataclass(frozen=True)
class Catalogue:
    """Every questionnaire version with the languages that are complete; published ones have no others."""

    editions: Mapping[tuple[str, str], Edition]

    def edition_of(self, study: Study) -> Edition:
        """The edition that a study works with."""
        return self.editions[study.questionnaire, study.version]


def check_files(paths: list[Path]) -> list[tuple[Path, list[Problem]]]:
    """Return all problems of the versions at or below `paths`, by folder; an empty list is a sound version."""
    found: list[tuple[Path, list[Problem]]] = []
    for path in paths:
        if path.name == HELP_LINES:
            continue
        try:
            folders = find_versions(path)
        except ProblemsFound as error:
            found.append((path, list(error.problems)))
            continue
        found += [(folder, _problems_of(folder)) for folder in folders]
    return found


def read_catalogue(folder: Path) -> Catalogue:
    """Read every version below `folder`.

    Raises:
        ProblemsFound: a version is broken, or published and changed. Nothing starts on a broken file.
    """
    editions: dict[tuple[str, str], Edition] = {}
    problems: list[Problem] = []
    locked = read_lock(folder)
    for version in find_versions(folder):
        try:
            name = f"{version.parent.name}/{version.name}"
            edition = load_edition(version, unfinished=name not in locked)
        except ProblemsFound as found:
            problems += found.problems
            continue
        problems += check_lock(folder, edition)
        editions[edition.questionnaire.id, edition.questionnaire.version] = edition
    try:
        read_help_lines(folder)
    except ProblemsFound as found:
        problems += found.problems
    if problems:
        raise ProblemsFound(problems)
    return Catalogue(editions)


def publish(folder: Path, version: Path) -> str:
    """Lock the source of a version by its hash; return `ID/VERSION`. Publishing twice changes nothing.

    Raises:
        ProblemsFound: the version is broken, or was published and has changed.
    """
    edition = load_edition(version)
    problems = check_lock(folder, edition)
    if problems:
        raise ProblemsFound(problems)
    name = f"{edition.questionnaire.id}/{edition.questionnaire.version}"
    write_lock(folder, {**read_lock(folder), name: edition.sha256})
    return name


def read_study(path: Path) -> Study:
    """Read a study file.

    Raises:
        ProblemsFound: all that is wrong with it, each with file and line.
    """
    text = read_yaml(path)
    try:
        return parse_study(text.value)
    except ProblemsFound as found:
        raise ProblemsFound(
            Problem(code=one.code, where=f"{text.place(one.where)} ({one.where})", values=one.values)
            for one in found.problems
        ) from None


def read_publish(path: Path) -> Publish:
    """Read a file with what a study publishes at most, as it stands under `publish` in a study file.

    Raises:
        ProblemsFound: all that is wrong with it, each with file and line.
    """
    text = read_yaml(path)
    try:
        return parse_publish(text.value)
    except ProblemsFound as found:
        raise ProblemsFound(
            replace(one, where=f"{text.place(one.where)} ({one.where})") for one in found.problems
        ) from None


def open_study(session: Session, study: Study, catalogue: Catalogue, folder: Path, *, quarter: str) -> None:
    """Open a study: from now on people can answer it.

    Raises:
        ProblemsFound: it is open already, its version is not published, or it wants what the version does not have.
    """
    require_fit(study, catalogue, folder)
    row = session.get(StudyRow, study.id)
    if row is not None and row.state == "open":
        raise ProblemsFound([Problem(code=Code.STUDY_ALREADY_OPEN, where=study.id, values={"given": study.id})])
    if row is None:
        studies.add_study(session, _row(study))
        session.add(BatchRow(id=f"{study.id}-1", study_id=study.id, number=1, opened_quarter=quarter))
    else:
        row.state = "open"
    session.flush()
    keep_wordings(session, catalogue)


def require_fit(study: Study, catalogue: Catalogue, folder: Path) -> None:
    """Refuse a study that cannot be answered.

    Raises:
        ProblemsFound: its version is not published, or it wants what the version does not have.
    """
    edition = catalogue.editions.get((study.questionnaire, study.version))
    name = f"{study.questionnaire}/{study.version}"
    if edition is None or read_lock(folder).get(name) != edition.sha256:
        raise ProblemsFound([Problem(code=Code.NOT_PUBLISHED, where=name, values={"given": f"{folder}/{name}"})])
    problems = check_study(study, edition)
    if study.publish is not None:
        found = plan_problems(study.publish, edition.questionnaire, study.modules)
        problems += [replace(one, where=f"publish.{one.where}") for one in found]
    if problems:
        raise ProblemsFound(problems)


def keep_wordings(session: Session, catalogue: Catalogue) -> None:
    """Keep every text that people may read from now on, so that each answer can be shown as it was read for ever.

    To be called when the program starts and when a study is opened or revised; two statements when nothing is new.
    """
    used = {
        (str(one.get("questionnaire")), str(one.get("version")), language)
        for one in studies.all_definitions(session)
        for language in one.get("languages", ())  # type: ignore[attr-defined]  # a list, as `Study` was stored
    }
    found: dict[str, dict[str, object]] = {}
    for (questionnaire, version), edition in catalogue.editions.items():
        for language, one in edition.translations.items():
            if (questionnaire, version, language) in used:
                about = {"questionnaire": questionnaire, "version": version, "language": language}
                found[one.revision] = {"revision": one.revision, **about, "texts": dict(one.texts)}
    missing = found.keys() - wordings.known_revisions(session, found)
    if missing:
        wordings.add_wordings(session, [found[revision] for revision in sorted(missing)])


def known_study(session: Session, study_id: str) -> StudyRow:
    """The study of that id.

    Raises:
        ProblemsFound: there is none.
    """
    row = studies.find_study(session, study_id)
    if row is None:
        known = ", ".join(one.id for one in studies.all_studies(session)) or "none"
        raise ProblemsFound([Problem(code=Code.STUDY_UNKNOWN, values={"given": study_id, "known": known})])
    return row


def close_study(session: Session, study_id: str) -> None:
    """Close a study: nobody can begin; those who have begun may finish until the next release.

    Raises:
        ProblemsFound: there is no such study, or it is not open.
    """
    row = known_study(session, study_id)
    if row.state != "open":
        raise ProblemsFound([Problem(code=Code.STUDY_CLOSED, values={"given": study_id})])
    row.state = "closed"
    session.flush()


def study_of(row: StudyRow) -> Study:
    """The study that a row holds."""
    return study_from(row.definition)


def study_from(definition: Mapping[str, object]) -> Study:
    """The study that a stored definition describes."""
    return Study.model_validate_json(json.dumps(definition))


def definition_document(study: Study) -> dict[str, object]:
    """The form in which a definition is stored: what `study_from` reads."""
    return study.model_dump(mode="json")


def _row(study: Study) -> StudyRow:
    return StudyRow(
        id=study.id,
        questionnaire=study.questionnaire,
        questionnaire_version=study.version,
        state="open",
        synthetic=study.synthetic,
        definition=definition_document(study),
    )


def _problems_of(folder: Path) -> list[Problem]:
    try:
        edition = load_edition(folder)
    except ProblemsFound as found:
        return list(found.problems)
    return check_lock(folder.parent.parent, edition)
