"""Make a release: close the batch, count persons, protect, freeze, seal. The only way from answers to numbers."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.analysis.written import Words, words_of
from survey_app.core.attack.insider import Progress, in_silence
from survey_app.core.problems import ProblemsFound
from survey_app.core.protection.cell_keys import RecordKey
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.material import NOTHING_WITHHELD, History, Withheld
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.people import People
from survey_app.core.protection.policy import (
    ALL_DEFENCES,
    AS_RULED,
    MOST_PRIVATE,
    Adjustments,
    Defences,
    Policy,
    loosened,
    policy_for,
    spacing_problems,
    too_few,
)
from survey_app.core.protection.private_noise import Account
from survey_app.core.protection.sticky import Entry
from survey_app.core.protection.tables import Protected, protect
from survey_app.core.protection.variables import variables_of
from survey_app.services import auditing
from survey_app.services.gathering import Closing, Editions, closing_of, people_in, pooled, read_parts
from survey_app.services.published import damaged, load_cube
from survey_app.services.revising import expire_drafts
from survey_app.services.sealing import facts_of, seal
from survey_app.services.taking_in import take_in
from survey_app.services.text_keys import TextKeys
from survey_app.store import releases, snapshots, studies


def create_release(  # noqa: PLR0913  # that many things differ between one release and the next
    db: Session,
    study_id: str,
    *,
    editions: Editions,
    today: date,
    files: Path,
    adjustments: Adjustments = AS_RULED,
    record_key: bytes | None = None,
    text_key: bytes | None = None,
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
        text_key: the secret that encrypts texts at the desk; None to leave texts where they are.
        progress: told how far the attacks are, and what is given up.

    Raises:
        ProblemsFound: no such study, too early, too few people, too few new ones, rules looser than before, an earlier
            release is damaged, the record key is missing or another one than before, the budget of differential
            privacy is spent or its library not there, or the attacks on the release find something.
    """
    with db.begin_nested():
        closing = closing_of(db, study_id, editions, today)
        expire_drafts(db, study_id, today=today)
        snapshots.put_into_batch(db, study_id, closing.batches[-1].id)
        people, words = _read(db, closing)
        history = _history(db, closing)
        policy = _with_budget(db, closing, _policy(closing, people, history, adjustments), adjustments)
        key = RecordKey(record_key) if record_key else None
        make = partial(_protect, closing, people, history, policy, defences=adjustments.defences, record_key=key)
        attacked = adjustments.defences == ALL_DEFENCES
        past = auditing.past_of(db, study_id)
        protected = auditing.withstanding(make, past, progress=progress)[0] if attacked else make(NOTHING_WITHHELD)
        seal(db, closing, people, protected, files)
        studies.close_batch(db, closing.batches[-1], quarter=closing.quarter)
        if text_key:
            kinds, keys = people.kinds(closing.batches[-1].number), TextKeys.of(text_key)
            take_in(db, words, kinds, study_id=study_id, release_id=protected.cube.release, keys=keys)
    return protected.cube


def _read(db: Session, closing: Closing) -> tuple[People, Words]:
    """The people behind all responses, and what they wrote since the batch was opened."""
    parts = read_parts(db, closing)
    return people_in(closing, pooled(closing, parts)), words_of(parts, closing.batches[-1].number)


def _policy(closing: Closing, people: People, history: History, adjustments: Adjustments) -> Policy:
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


def _with_budget(db: Session, closing: Closing, policy: Policy, adjustments: Adjustments) -> Policy:
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


def _history(db: Session, closing: Closing) -> History:
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
    closing: Closing,
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
        facts_of(closing),
        people,
        variables,
        history,
        policy,
        defences=defences,
        record_key=record_key,
        withheld=withheld,
    )
