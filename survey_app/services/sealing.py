"""Seal a release: freeze its rows, store what it says under its hash, append to the ledger."""

from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.protection.material import Facts
from survey_app.core.protection.people import People
from survey_app.core.protection.tables import Protected
from survey_app.services.gathering import Closing
from survey_app.store import releases, snapshots
from survey_app.store.releases import ReleaseRow


def facts_of(closing: Closing) -> Facts:
    """Return what a release says about itself."""
    study, edition = closing.study, closing.edition
    questionnaire = edition.questionnaire
    return Facts(
        release=_release_id(closing),
        study=study.id,
        title=dict(study.title),
        organisation=study.organisation,
        questionnaire=questionnaire.id,
        questionnaire_version=questionnaire.version,
        questionnaire_sha256=edition.sha256,
        questionnaire_status=questionnaire.status,
        quarter=closing.quarter,
        first_quarter=closing.batches[0].opened_quarter,
        synthetic=study.synthetic,
        languages=study.languages,
        translation_states={language: edition.translations[language].state for language in study.languages},
    )


def seal(db: Session, closing: Closing, people: People, protected: Protected, files: Path) -> None:
    """Store a release and append it to the ledger; its rows are frozen in a file of `files`."""
    cube = protected.cube
    names = [one.id for one in people.populations]
    published = [names.index(name) for name in protected.entry.populations]
    row = ReleaseRow(
        id=cube.release,
        study_id=closing.study.id,
        number=len(closing.earlier) + 1,
        quarter=cube.quarter,
        made_on=closing.today,
        tier=cube.rules.tier,
        snapshot_sha256=snapshots.write_snapshot(people.rows_in(published), files),
        cube_sha256=cube.sha256,
        cube=cube.to_json(),
    )
    db.add(row)
    db.flush()
    releases.save_menu(db, closing.study.id, protected.menu.to_document())
    releases.append_to_ledger(db, cube.release, protected.entry.to_document())


def _release_id(closing: Closing) -> str:
    wanted = f"{closing.study.id}-{closing.quarter.lower().replace('-', '')}"
    same = sum(row.quarter == closing.quarter for row in closing.earlier)
    return f"{wanted}-{same + 1}" if same else wanted
