"""Make a release: close the batch, count persons, protect, freeze, seal. The only way from answers to numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.analysis.versions import VERSION, Part, pooled_dataset, unlike_items
from survey_app.core.attack.insider import Progress, in_silence
from survey_app.core.dataset import Dataset, ResponseRecord, columns_of
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.material import NOTHING_WITHHELD, Facts, History, Withheld
from survey_app.core.protection.menu import Menu, trees_of
from survey_app.core.protection.people import People, people_of, populations_of
from survey_app.core.protection.policy import (
    ALL_DEFENCES,
    AS_RULED,
    MOST_PRIVATE,
    Adjustments,
    Defences,
    Policy,
    loosened,
    policy_for,
    quarter_of,
    spacing_problems,
    too_few,
)
from survey_app.core.protection.private_noise import Account
from survey_app.core.protection.sticky import Entry
from survey_app.core.protection.tables import Protected, protect
from survey_app.core.protection.variables import variables_of
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.services import auditing
from survey_app.services.catalogue import known_study, study_from, study_of
from survey_app.services.published import damaged, load_cube
from survey_app.services.revising import expire_drafts
from survey_app.store import releases, snapshots, studies
from survey_app.store.releases import ReleaseRow
from survey_app.store.responses import ResponseRow
from survey_app.store.studies import BatchRow

Editions = Mapping[tuple[str, str], Edition]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Closing:
    """A study whose open batch is being closed."""

    study: Study
    edition: Edition
    editions: Editions
    batches: tuple[BatchRow, ...]
    earlier: tuple[ReleaseRow, ...]
    today: date

    @property
    def quarter(self) -> str:
        return quarter_of(self.today)


def create_release(  # noqa: PLR0913  # that many things differ between one release and the next
    db: Session,
    study_id: str,
    *,
    editions: Editions,
    today: date,
    files: Path,
    adjustments: Adjustments = AS_RULED,
    record_key: bytes | None = None,
    progress: Progress = in_silence,
) -> ProtectedCube:
    """Make a release of a study and return what it says. Refused, it leaves nothing changed.

    Args:
        db: the transaction.
        study_id: the study.
        editions: questionnaire versions by id and version.
        today: the day; only its quarter leaves the house.
        files: folder of frozen rows.
        adjustments: what the administrator raised; and, in tests of the attacks, which defences are down.
        record_key: the secret that decides the noise, needed from 5,000 people on.
        progress: told how far the attacks are, and what is given up.

    Raises:
        ProblemsFound: no such study, too early, too few people, too few new ones, rules looser than before, an earlier
            release is damaged, the record key is missing or another one than before, the budget of differential
            privacy is spent or its library not there, or the attacks on the release find something.
    """
    with db.begin_nested():
        closing = _closing(db, study_id, editions, today)
        expire_drafts(db, study_id, today=today)
        snapshots.put_into_batch(db, study_id, closing.batches[-1].id)
        people = _people(closing, _dataset(db, closing))
        history = _history(db, closing)
        policy = _with_budget(db, closing, _policy(closing, people, history, adjustments), adjustments)
        key = RecordKey(record_key) if record_key else None
        make = partial(_protect, closing, people, history, policy, defences=adjustments.defences, record_key=key)
        attacked = adjustments.defences == ALL_DEFENCES
        past = auditing.past_of(db, study_id)
        protected = auditing.withstanding(make, past, progress=progress)[0] if attacked else make(NOTHING_WITHHELD)
        _seal(db, closing, people, protected, files)
        studies.close_batch(db, closing.batches[-1], quarter=closing.quarter)
    return protected.cube


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
    row = releases.find_release(db, release_id)
    if row is None:
        raise ProblemsFound([Problem(code=Code.RELEASE_UNKNOWN, where=release_id, values={"given": release_id})])
    frame = snapshots.read_snapshot(files, row.snapshot_sha256)
    study = studies.find_study(db, row.study_id)
    if frame is None or study is None:
        raise damaged(release_id)
    columns = columns_of(edition.questionnaire, study_of(study).modules)
    versions = set(frame[VERSION]) if VERSION in frame else set()
    others = {
        version: _edition(editions or {}, edition.questionnaire.id, version).questionnaire
        for version in versions - {edition.questionnaire.version}
    }
    # The study may have got modules since then.
    there = {name: column for name, column in columns.items() if name in frame}
    return Dataset(frame=frame, columns=there, unlike=unlike_items(edition.questionnaire, others))


def _closing(db: Session, study_id: str, editions: Editions, today: date) -> _Closing:
    study = study_of(known_study(db, study_id))
    return _Closing(
        study=study,
        edition=_edition(editions, study.questionnaire, study.version),
        editions=editions,
        batches=tuple(studies.batches_of(db, study_id)),
        earlier=tuple(releases.releases_of(db, study_id)),
        today=today,
    )


def _edition(editions: Editions, questionnaire: str, version: str) -> Edition:
    """The edition of that version.

    Raises:
        ProblemsFound: it is no longer among the questionnaires.
    """
    found = editions.get((questionnaire, version))
    if found is None:
        name = f"{questionnaire}/{version}"
        raise ProblemsFound([Problem(code=Code.VERSION_GONE, where=name, values={"given": name})])
    return found


def _dataset(db: Session, closing: _Closing) -> Dataset:
    """All responses, each read with the version and the modules that it was asked."""
    rows = list(snapshots.read_responses(db, closing.study.id))
    wanted = {(row.study_id, row.definition) for row, _ in rows}
    modules = {
        number: study_from(definition).modules
        for (_, number), definition in studies.read_definitions(db, wanted).items()
    }
    asked: dict[tuple[str, tuple[str, ...]], list[ResponseRecord]] = {}
    for row, batch in rows:
        asked.setdefault((row.questionnaire_version, modules[row.definition]), []).append(_record(row, batch))
    parts = [
        Part(
            questionnaire=_edition(closing.editions, closing.study.questionnaire, version).questionnaire,
            modules=chosen,
            records=records,
        )
        for (version, chosen), records in sorted(asked.items())
    ]
    return pooled_dataset(closing.edition.questionnaire, closing.study.modules, parts)


def _record(row: ResponseRow, batch: int) -> ResponseRecord:
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


def _people(closing: _Closing, dataset: Dataset) -> People:
    questionnaire = closing.edition.questionnaire
    populations = populations_of([role.code for role in questionnaire.roles], closing.study.recall_modes)
    return people_of(dataset, populations, trees_of(questionnaire, closing.study.modules))


def _policy(closing: _Closing, people: People, history: History, adjustments: Adjustments) -> Policy:
    """The rules of this release.

    Raises:
        ProblemsFound: by these rules there is none today, or they are looser than those before.
    """
    last = closing.earlier[-1] if closing.earlier else None
    persons = len(people.population)
    policy = policy_for(persons, before=last.tier if last else "T0", raised=adjustments.raised)
    problems = spacing_problems(
        policy,
        persons=persons,
        new_persons=_new_persons(people, closing.batches[-1].number),
        made_on=last.made_on if last else None,
        today=closing.today,
    )
    largest = max(people.sizes.values(), default=0)
    if not problems and largest < policy.smallest_base:
        problems = [too_few(largest)]
    if not problems and history.cube:
        problems = loosened(policy, history.cube.rules)
    if problems and (adjustments.defences.batches or not last):
        raise ProblemsFound(problems)
    return policy


def _with_budget(db: Session, closing: _Closing, policy: Policy, adjustments: Adjustments) -> Policy:
    """The rules with what this release takes from the study's budget of differential privacy, if it has one.

    Raises:
        ProblemsFound: the budget is spent.
    """
    if policy.tier != MOST_PRIVATE or not adjustments.private_epsilon:
        return policy
    spent = tuple(load_cube(db, row.id).rules.epsilon for row in closing.earlier if row.tier == MOST_PRIVATE)
    account = Account(budget=adjustments.private_epsilon, spent=spent).spend()
    return replace(policy, epsilon=account.spent[-1])


def _new_persons(people: People, batch: int) -> int:
    """People who sent nothing in any batch before this one."""
    frame = people.responses.frame
    known = set(frame["person"][(frame["status"] != "draft") & (frame["batch"] < batch)])
    return sum(person not in known for person in people.dataset.frame["person"])


def _history(db: Session, closing: _Closing) -> History:
    broken = releases.broken_link(db)
    if broken:
        raise damaged(broken)
    if not closing.earlier:
        return History()
    return History(
        menu=Menu.from_document(releases.find_menu(db, closing.study.id) or {}),
        entries=tuple(Entry.from_document(row.entry) for row in releases.ledger_of(db, closing.study.id)),
        cube=load_cube(db, closing.earlier[-1].id),
    )


def _protect(  # noqa: PLR0913  # that many things make a release
    closing: _Closing,
    people: People,
    history: History,
    policy: Policy,
    withheld: Withheld,
    *,
    defences: Defences,
    record_key: RecordKey | None,
) -> Protected:
    questionnaire = closing.edition.questionnaire
    scores = score_scales(questionnaire, people.dataset)
    variables = variables_of(questionnaire, closing.study.modules, people.dataset, scores)
    return protect(
        _facts(closing),
        people,
        variables,
        history,
        policy,
        defences=defences,
        record_key=record_key,
        withheld=withheld,
    )


def _facts(closing: _Closing) -> Facts:
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


def _release_id(closing: _Closing) -> str:
    wanted = f"{closing.study.id}-{closing.quarter.lower().replace('-', '')}"
    same = sum(row.quarter == closing.quarter for row in closing.earlier)
    return f"{wanted}-{same + 1}" if same else wanted


def _seal(db: Session, closing: _Closing, people: People, protected: Protected, files: Path) -> None:
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
