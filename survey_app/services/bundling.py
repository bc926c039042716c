"""Make a file of rows for researchers from a sealed release. The second way out, next to the tables."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.approval import Deed
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.microdata import protect_rows
from survey_app.core.protection.rows import Chance, Edition, Recoding, edition_for, split_rows
from survey_app.outputs.as_bundle import BundleFacts, write_bundle
from survey_app.services.gathering import Editions, load_dataset
from survey_app.services.published import load_cube
from survey_app.services.recording import COMMAND_LINE, record
from survey_app.store import bundles
from survey_app.store.bundles import RecodingRow
from survey_app.store.releases import BundleRow

EVERYONE = "everyone"
ENGLISH = "en"
ID_BITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A file of rows that was made. content: the ZIP. rows: how many people are in it, exactly."""

    id: str
    content: bytes
    sha256: str
    path: Path
    rows: int


def create_bundle(  # noqa: PLR0913  # everything that decides about the file is named
    db: Session,
    release_id: str,
    *,
    editions: Editions,
    files: Path,
    recipient: str,
    purpose: str,
    today: date,
    random: Chance,
    by: str = COMMAND_LINE,
) -> Bundle:
    """Make, store and return a file of rows. Refused, it leaves nothing changed.

    Args:
        db: the transaction.
        release_id: the release whose people are in it.
        editions: questionnaire versions by id and version.
        files: folder of frozen rows and finished files.
        recipient: who receives it, with institution; needed below 1,000 people.
        purpose: what the contract allows; needed below 1,000 people.
        today: the day, for the record of who received what.
        random: order and ids; `random.SystemRandom()` outside of tests.
        by: who makes it, for the audit trail.

    Raises:
        ProblemsFound: no such release, not approved, damaged, too few people, no contract, or no coarsening meets the
            rules.
    """
    cube = load_cube(db, release_id)
    edition = editions[cube.questionnaire, cube.questionnaire_version]
    dataset = load_dataset(db, release_id, edition=edition, files=files, editions=editions)
    kind = edition_for(len(dataset.frame), recipient=recipient, purpose=purpose)
    frozen = bundles.find_recoding(db, cube.study)
    rows = protect_rows(
        dataset,
        edition.questionnaire,
        published=frozenset(one.id for one in cube.populations if one.id != EVERYONE),
        chance=random,
        frozen=Recoding.from_document(frozen) if frozen else None,
    )
    facts = _facts(
        cube, kind, f"rows-{random.getrandbits(ID_BITS):0{ID_BITS // 4}x}", recipient.strip(), purpose.strip()
    )
    parts = split_rows(rows, random) if kind == "registered" else {}
    content = write_bundle(rows, parts, facts, edition)
    row = BundleRow(
        id=facts.bundle,
        release_id=release_id,
        sha256=bundles.write_file(files, content),
        recipient=facts.recipient,
        purpose=facts.purpose,
        made_on=today,
    )
    db.add(row)
    if frozen is None:
        db.add(RecodingRow(study_id=cube.study, document=rows.recoding.to_document()))
    db.flush()
    record(
        db,
        Deed.BUNDLE_MADE,
        row.id,
        who=by,
        today=today,
        release=release_id,
        recipient=row.recipient,
        sha256=row.sha256,
    )
    return Bundle(
        id=row.id,
        content=content,
        sha256=row.sha256,
        path=bundles.bundle_path(files, row.sha256),
        rows=len(rows.frame),
    )


def _facts(cube: ProtectedCube, kind: Edition, bundle: str, recipient: str, purpose: str) -> BundleFacts:
    return BundleFacts(
        bundle=bundle,
        release=cube.release,
        cube_sha256=cube.sha256,
        title=cube.title.get(ENGLISH) or next(iter(cube.title.values())),
        organisation=cube.organisation,
        quarter=cube.quarter,
        languages=cube.languages,
        synthetic=cube.synthetic,
        draft=cube.questionnaire_status != "tested",
        edition=kind,
        recipient=recipient,
        purpose=purpose,
    )
