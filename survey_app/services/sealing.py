"""Seal a release: freeze its rows, store what it says under its hash, append to the ledger."""

from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.approval import Deed, State
from survey_app.core.attack.audit import Audit
from survey_app.core.protection.material import Facts
from survey_app.core.protection.people import People
from survey_app.core.protection.tables import Protected
from survey_app.outputs import as_audit
from survey_app.services.gathering import Closing
from survey_app.services.recording import record
from survey_app.store import releases, snapshots
from survey_app.store.chains import canonical, text_hash
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


def seal(  # noqa: PLR0913  # everything that is sealed together
    db: Session,
    closing: Closing,
    people: People,
    protected: Protected,
    audit: Audit | None,
    *,
    by: str,
    files: Path,
) -> None:
    """Store a release as proposed and append it to ledger and trail, with the hashes of everything it is made of.

    Args:
        db: the transaction.
        closing: the study.
        people: those in it; their rows are frozen in a file.
        protected: what it says.
        audit: what the attacks on it found; None where none were made.
        by: name of the account that proposes it.
        files: folder of frozen rows.
    """
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
        snapshot_sha256=snapshots.write_snapshot(db, people.rows_in(published), files),
        cube_sha256=cube.sha256,
        cube=cube.to_json(),
        state=State.PROPOSED.value,
        proposed_by=by,
        audit=sealed_audit(cube.release, audit) if audit else "",
    )
    db.add(row)
    db.flush()
    menu = protected.menu.to_document()
    releases.save_menu(db, closing.study.id, menu)
    hashes = {
        "cube": row.cube_sha256,
        "snapshot": row.snapshot_sha256,
        "ledger": releases.append_to_ledger(db, cube.release, protected.entry.to_document()),
        "menu": text_hash(canonical(menu)),
        "audit": text_hash(row.audit),
    }
    record(db, Deed.PROPOSED, cube.release, who=by, today=closing.today, **hashes)


def sealed_audit(release: str, audit: Audit) -> str:
    """Return an audit as it is stored: its words for those who decide, and all its figures, as canonical JSON."""
    return canonical({"words": as_audit.to_text(release, audit), "document": audit.to_document()})


def _release_id(closing: Closing) -> str:
    wanted = f"{closing.study.id}-{closing.quarter.lower().replace('-', '')}"
    same = sum(row.quarter == closing.quarter for row in closing.earlier)
    return f"{wanted}-{same + 1}" if same else wanted
