"""Gather what a release is made of: the study whose batch is being closed, its answers, the people behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.analysis.versions import VERSION, Part, pooled_dataset, unlike_items
from survey_app.core.dataset import Dataset, ResponseRecord, columns_of
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.menu import trees_of
from survey_app.core.protection.people import People, people_of, populations_of
from survey_app.core.protection.plan import Plan
from survey_app.core.protection.policy import quarter_of
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.services.catalogue import known_study, study_from, study_of
from survey_app.services.planning import plan_in_force
from survey_app.services.published import damaged, sealed_row
from survey_app.store import releases, snapshots, studies
from survey_app.store.chains import canonical, text_hash
from survey_app.store.releases import ReleaseRow
from survey_app.store.responses import StoredResponse
from survey_app.store.studies import BatchRow

Editions = Mapping[tuple[str, str], Edition]
Rows = Sequence[tuple[StoredResponse, int]]
"""Responses with the number of their batch."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Closing:
    """A study whose open batch is being closed.

    editions: questionnaire versions by id and version.
    plan: what it publishes at most.
    """

    study: Study
    edition: Edition
    editions: Editions
    batches: tuple[BatchRow, ...]
    earlier: tuple[ReleaseRow, ...]
    plan: Plan
    today: date

    @property
    def quarter(self) -> str:
        return quarter_of(self.today)


def closing_of(db: Session, study_id: str, editions: Editions, today: date) -> Closing:
    """Return what is known of a study before its open batch is closed.

    Raises:
        ProblemsFound: no such study, its questionnaire version is no longer there, or its menu is damaged.
    """
    study = study_of(known_study(db, study_id))
    return Closing(
        study=study,
        edition=edition_of(editions, study.questionnaire, study.version),
        editions=editions,
        batches=tuple(studies.batches_of(db, study_id)),
        earlier=tuple(releases.releases_of(db, study_id)),
        plan=plan_in_force(db, study),
        today=today,
    )


def read_rows(db: Session, closing: Closing) -> Rows:
    """Return all responses of the study, each with the number of its batch, 0 for drafts."""
    return list(snapshots.read_responses(db, closing.study.id))


def seen_of(rows: Rows) -> dict[str, str]:
    """Return what is told apart of each response in a batch: a hash that changes with its answers."""
    return {row.id: text_hash(canonical(row.answers)) for row, batch in rows if batch}


def parts_of(db: Session, closing: Closing, rows: Rows) -> list[Part]:
    """Return all responses, put together by the version and the modules that they were asked."""
    wanted = {(row.study_id, row.definition) for row, _ in rows}
    modules = {
        number: study_from(definition).modules
        for (_, number), definition in studies.read_definitions(db, wanted).items()
    }
    asked: dict[tuple[str, tuple[str, ...]], list[ResponseRecord]] = {}
    for row, batch in rows:
        asked.setdefault((row.questionnaire_version, modules[row.definition]), []).append(_record(row, batch))
    return [
        Part(
            questionnaire=edition_of(closing.editions, closing.study.questionnaire, version).questionnaire,
            modules=chosen,
            records=records,
        )
        for (version, chosen), records in sorted(asked.items())
    ]


def pooled(closing: Closing, parts: Sequence[Part]) -> Dataset:
    """Return all responses as a table, each read with the version and the modules that it was asked."""
    return pooled_dataset(closing.edition.questionnaire, closing.study.modules, parts)


def people_in(closing: Closing, dataset: Dataset) -> People:
    """Return the people behind the responses, one row each, in populations that are never mixed."""
    questionnaire = closing.edition.questionnaire
    populations = populations_of([role.code for role in questionnaire.roles], closing.study.recall_modes)
    return people_of(dataset, populations, trees_of(questionnaire, closing.study.modules, closing.plan.hierarchies))


def load_dataset(
    db: Session, release_id: str, *, edition: Edition, files: Path, editions: Editions | None = None
) -> Dataset:
    """Return the frozen rows of a release, one per person; `person` is a row number.

    Args:
        db: the transaction.
        release_id: the release.
        edition: that of the release.
        files: folder of frozen rows.
        editions: questionnaire versions by id and version, where some people may have answered another one.

    Raises:
        ProblemsFound: there is no such release, or its file is gone or changed.
    """
    row = sealed_row(db, release_id)
    frame = snapshots.read_snapshot(db, files, row.snapshot_sha256)
    study = studies.find_study(db, row.study_id)
    if frame is None or study is None:
        raise damaged(release_id)
    columns = columns_of(edition.questionnaire, study_of(study).modules)
    versions = set(frame[VERSION]) if VERSION in frame else set()
    others = {
        version: edition_of(editions or {}, edition.questionnaire.id, version).questionnaire
        for version in versions - {edition.questionnaire.version}
    }
    # The study may have got modules since then.
    there = {name: column for name, column in columns.items() if name in frame}
    return Dataset(frame=frame, columns=there, unlike=unlike_items(edition.questionnaire, others))


def edition_of(editions: Editions, questionnaire: str, version: str) -> Edition:
    """Return the edition of that version.

    Raises:
        ProblemsFound: it is no longer among the questionnaires.
    """
    found = editions.get((questionnaire, version))
    if found is None:
        name = f"{questionnaire}/{version}"
        raise ProblemsFound([Problem(code=Code.VERSION_GONE, where=name, values={"given": name})])
    return found


def _record(row: StoredResponse, batch: int) -> ResponseRecord:
    return ResponseRecord(
        person=row.person_tag,
        wave=row.wave,
        batch=batch,
        status=row.status,  # type: ignore[arg-type]  # the database has a check for it
        language=row.language,
        recall_mode=row.recall_mode,  # type: ignore[arg-type]  # the database has a check for it
        questionnaire_version=row.questionnaire_version,
        answers=Answers.from_document(row.answers),
    )
