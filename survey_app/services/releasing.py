"""Make a release: close the batch, count persons, protect, freeze, seal. The only way from answers to numbers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from survey_app.core.analysis.scoring import score_scales
from survey_app.core.analysis.written import Words, words_of
from survey_app.core.attack.audit import Audit
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
from survey_app.services.gathering import (
    Closing,
    Editions,
    closing_of,
    parts_of,
    people_in,
    pooled,
    read_rows,
    seen_of,
)
from survey_app.services.noting import externals_of
from survey_app.services.planning import keep_first
from survey_app.services.published import checked_ledger, frozen_menu, load_sealed
from survey_app.services.revising import expire_drafts
from survey_app.services.sealing import facts_of, seal
from survey_app.services.taking_in import take_in
from survey_app.services.text_keys import TextKeys
from survey_app.store import responses, snapshots, studies


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a release is to be made of, and how.

    study_id: the study.
    proposed_by: name of the account that asks for it.
    editions: questionnaire versions by id and version.
    today: the day; only its quarter leaves the house.
    files: folder of frozen rows.
    adjustments: what the administrator raised; and, in tests of the attacks, which defences are down.
    record_key: the secret that decides the noise, needed from 5,000 people on.
    text_key: the secret that encrypts texts at the desk; None to leave texts where they are.
    """

    study_id: str
    proposed_by: str
    editions: Editions
    today: date
    files: Path
    adjustments: Adjustments = AS_RULED
    record_key: bytes | None = None
    text_key: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gathered:
    """Everything that a release is made from.

    words: what people wrote since the batch was opened.
    authors: person and wave -> id of the response, of those who wrote.
    seen: what is told apart of each response in it.
    """

    closing: Closing
    people: People
    words: Words
    authors: Mapping[tuple[str, int], str]
    history: History
    policy: Policy
    past: auditing.Past
    seen: Mapping[str, str]


def create_release(
    db: Session,
    study_id: str,
    *,
    proposed_by: str = "command line",
    progress: Progress = in_silence,
    **given: Any,  # noqa: ANN401  # the fields of `Order`
) -> ProtectedCube:
    """Propose a release of a study in one transaction and return what it says. Refused, it leaves nothing changed.

    Until the transaction ends, nobody else can write where the database lets one write at a time;
    `making` therefore takes the three steps below in transactions of their own.

    Args:
        db: the transaction.
        study_id: the study.
        proposed_by: who asks for it.
        progress: told how far the attacks are, and what is given up.
        given: the fields of `Order`.

    Raises:
        ProblemsFound: no such study, too early, too few people, too few new ones, rules looser than before, an earlier
            release is damaged, the record key is missing or another one than before, the budget of differential
            privacy is spent or its library not there, or the attacks on the release find something.
    """
    order = Order(study_id=study_id, proposed_by=proposed_by, **given)
    with db.begin_nested():
        gathered = gather(db, order)
        protected, audit = protect_and_attack(order, gathered, progress)
        keep(db, order, gathered, protected, audit)
    return protected.cube


def gather(db: Session, order: Order, *, but: Collection[str] = ()) -> Gathered:
    """Close the batch, read all answers, decide by which rules they are published.

    Args:
        db: the transaction.
        order: what is wanted.
        but: ids of responses that wait for the next batch.

    Raises:
        ProblemsFound: by the rules there is no release today, or what is stored is damaged.
    """
    closing = closing_of(db, order.study_id, order.editions, order.today)
    expire_drafts(db, order.study_id, today=order.today)
    snapshots.put_into_batch(db, order.study_id, closing.batches[-1].id, but=but)
    rows = read_rows(db, closing)
    parts = parts_of(db, closing, rows)
    people = people_in(closing, pooled(closing, parts))
    words = words_of(parts, closing.batches[-1].number)
    wrote = {(one.person, one.wave) for one in words.texts}
    history = _history(db, closing)
    policy = _with_budget(db, closing, _policy(closing, people, history, order.adjustments), order.adjustments)
    return Gathered(
        closing=closing,
        people=people,
        words=words,
        authors={key: row.id for row, _ in rows if (key := (row.person_tag, row.wave)) in wrote},
        history=history,
        policy=policy,
        past=auditing.past_of(db, order.study_id),
        seen=seen_of(rows),
    )


def gathered_again(db: Session, order: Order, gathered: Gathered) -> Gathered | None:
    """Close the batch with the same answers as before; None when any of them was changed or deleted since.

    What was sent in the meantime waits for the next batch.
    """
    closing = closing_of(db, order.study_id, order.editions, order.today)
    before = gathered.closing
    if (closing.batches[-1].id, len(closing.earlier)) != (before.batches[-1].id, len(before.earlier)):
        return None
    expire_drafts(db, order.study_id, today=order.today)
    late = [one for one in snapshots.waiting_ids(db, order.study_id) if one not in gathered.seen]
    snapshots.put_into_batch(db, order.study_id, closing.batches[-1].id, but=late)
    if seen_of(read_rows(db, closing)) != gathered.seen:
        return None
    return replace(gathered, closing=closing)


def protect_and_attack(
    order: Order, gathered: Gathered, progress: Progress = in_silence
) -> tuple[Protected, Audit | None]:
    """Protect, attack, give up what tells too much. Needs no database. No audit where a defence is down.

    Raises:
        ProblemsFound: the record key is missing or another one, or the attacks find something.
    """
    defences = order.adjustments.defences
    key = RecordKey(order.record_key) if order.record_key else None
    make = partial(_protect, gathered, defences=defences, record_key=key)
    if defences != ALL_DEFENCES:
        return make(NOTHING_WITHHELD), None
    return auditing.withstanding(make, gathered.past, edition=gathered.closing.edition, progress=progress)


def keep(db: Session, order: Order, gathered: Gathered, protected: Protected, audit: Audit | None) -> None:
    """Seal the release as proposed, and open the next batch; in the transaction of `gather` or `gathered_again`."""
    closing, people = gathered.closing, gathered.people
    seal(db, closing, people, protected, audit, by=order.proposed_by, files=order.files)
    keep_first(db, closing.study.id, closing.plan, by=order.proposed_by, today=closing.today)
    studies.close_batch(db, closing.batches[-1], quarter=closing.quarter)
    if order.text_key:
        kinds, keys = people.kinds(closing.batches[-1].number), TextKeys.of(order.text_key)
        # Who deletes their answers in this very moment waits, and finds the texts; who was faster left none to take.
        there = responses.hold_responses(db, gathered.authors.values())
        kinds = {key: kinds[key] for key, one in gathered.authors.items() if one in there and key in kinds}
        take_in(db, gathered.words, kinds, study_id=order.study_id, release_id=protected.cube.release, keys=keys)


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
        problems = [too_few()]
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
    spent = tuple(load_sealed(db, row.id).rules.epsilon for row in closing.earlier if row.tier == MOST_PRIVATE)
    account = Account(budget=adjustments.private_epsilon, spent=spent).spend()
    return replace(policy, epsilon=account.spent[-1])


def _new_persons(people: People, batch: int) -> int:
    """People who sent nothing in any batch before this one."""
    frame = people.responses.frame
    known = set(frame["person"][(frame["status"] != "draft") & (frame["batch"] < batch)])
    return sum(person not in known for person in people.dataset.frame["person"])


def _history(db: Session, closing: Closing) -> History:
    entries = checked_ledger(db, closing.study.id)
    if not closing.earlier:
        return History(externals=externals_of(db, closing.study.id))
    return History(
        externals=externals_of(db, closing.study.id),
        menu=Menu.from_document(frozen_menu(db, closing.study.id)),
        entries=tuple(Entry.from_document(row.entry) for row in entries),
        cube=load_sealed(db, closing.earlier[-1].id),
    )


def _protect(gathered: Gathered, withheld: Withheld, *, defences: Defences, record_key: RecordKey | None) -> Protected:
    closing, people = gathered.closing, gathered.people
    questionnaire = closing.edition.questionnaire
    scores = score_scales(questionnaire, people.dataset)
    variables = variables_of(questionnaire, closing.study.modules, people.dataset, scores)
    return protect(
        facts_of(closing),
        people,
        variables,
        gathered.history,
        gathered.policy,
        defences=defences,
        record_key=record_key,
        withheld=withheld,
        plan=closing.plan,
    )
