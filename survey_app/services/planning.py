"""What a study publishes at most: as it declared, and as two people changed it since."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from survey_app.core.access import Permission
from survey_app.core.approval import Deed
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.declared import plan_of, plan_problems
from survey_app.core.protection.groups import split
from survey_app.core.protection.hierarchies import hierarchy_problems
from survey_app.core.protection.menu import Menu, trees_of
from survey_app.core.protection.plan import MOST_WAYS, Plan
from survey_app.core.protection.policy import Policy, fewest_for, policy_for
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.publish import Publish
from survey_app.core.questionnaire.study import Study
from survey_app.services.approving import demand
from survey_app.services.catalogue import Catalogue, known_study, study_of
from survey_app.services.published import frozen_menu
from survey_app.services.recording import record
from survey_app.services.staffing import Account
from survey_app.store import menus, releases
from survey_app.store.chains import first_broken
from survey_app.store.menus import MenuVersionRow


def plan_in_force(db: Session, study: Study) -> Plan:
    """Return what a study publishes at most: its newest approved version, before the first release what it declares.

    Raises:
        ProblemsFound: the stored versions are not what was written.
    """
    row = _in_force(db, study.id)
    return plan_of(study.publish) if row is None else Plan.from_document(row.document)


def keep_first(db: Session, study_id: str, plan: Plan, *, by: str, today: date) -> None:
    """Keep the plan of a first release as version 1; the release itself is what a second person agrees to."""
    if not menus.versions_of(db, study_id):
        row = menus.add_version(db, study_id, plan.to_document(), by=by, day=today)
        record(db, Deed.MENU_DECLARED, study_id, who=by, today=today, version=str(row.number), sha256=row.hash)


def propose_menu(
    db: Session, study_id: str, publish: Publish, catalogue: Catalogue, *, by: Account, today: date
) -> MenuVersionRow:
    """Propose another menu. Nothing is published by it before another person approves, and the next release is made.

    Raises:
        ProblemsFound: not allowed, no such study, no release yet, or the menu has faults; then nothing is changed.
    """
    demand(by, Permission.PROPOSE_RELEASES)
    study = study_of(known_study(db, study_id))
    earlier = releases.releases_of(db, study_id)
    if not earlier:
        raise ProblemsFound([Problem(code=Code.MENU_NO_RELEASE, where=study_id, values={"given": study_id})])
    questionnaire = catalogue.edition_of(study).questionnaire
    plan = plan_of(publish)
    problems = plan_problems(publish, questionnaire, study.modules, ways=MOST_WAYS)
    trees = trees_of(questionnaire, study.modules, plan.hierarchies)
    problems += hierarchy_problems(trees, Menu.from_document(frozen_menu(db, study_id))) if not problems else []
    problems += list(_beyond(plan, policy_for(0, before=earlier[-1].tier)))
    if not problems and plan == plan_in_force(db, study):
        problems = [Problem(code=Code.MENU_SAME, where=study_id)]
    if problems:
        raise ProblemsFound(problems)
    row = menus.add_version(db, study_id, plan.to_document(), by=by.name, day=today)
    record(db, Deed.MENU_PROPOSED, study_id, who=by.name, today=today, version=str(row.number), sha256=row.hash)
    return row


def approve_menu(db: Session, study_id: str, *, by: Account, today: date) -> MenuVersionRow:
    """Approve the menu that was proposed last; from the next release on it is in force.

    Raises:
        ProblemsFound: not allowed, no such study, nothing was proposed, or it is one's own proposal.
    """
    demand(by, Permission.DECIDE_RELEASES)
    known_study(db, study_id)
    waiting = waiting_version(db, study_id)
    if waiting is None:
        raise ProblemsFound([Problem(code=Code.MENU_NOTHING_PROPOSED, where=study_id, values={"given": study_id})])
    if waiting.proposed_by == by.name:
        raise ProblemsFound([Problem(code=Code.MENU_OWN, where=study_id, values={"given": by.name})])
    menus.add_approval(db, waiting, by=by.name, day=today)
    record(db, Deed.MENU_APPROVED, study_id, who=by.name, today=today, version=str(waiting.number), sha256=waiting.hash)
    return waiting


def waiting_version(db: Session, study_id: str) -> MenuVersionRow | None:
    """Return the version that waits for another person, None when there is none; a newer one replaces an older one."""
    versions = _whole_versions(db, study_id)
    approved = menus.approvals_of(db, study_id)
    last = versions[-1] if versions else None
    return last if last is not None and last.number > 1 and last.number not in approved else None


def menu_lines(db: Session, study_id: str, catalogue: Catalogue) -> Iterator[str]:
    """Say in plain words what a study publishes, what the rules allow of it now, and what waits for approval.

    Raises:
        ProblemsFound: no such study, or the stored versions are not what was written.
    """
    study = study_of(known_study(db, study_id))
    questionnaire = catalogue.edition_of(study).questionnaire
    earlier = releases.releases_of(db, study_id)
    row = _in_force(db, study_id)
    if row is None:
        yield f"{study_id}: as the study file declares; frozen at the first release."
    else:
        yield f"{study_id}: version {row.number}, proposed by {row.proposed_by}, sha256 {row.hash[:12]}"
    policy = policy_for(0, before=earlier[-1].tier) if earlier else None
    yield from _told(plan_in_force(db, study), questionnaire, study, policy)
    waiting = waiting_version(db, study_id)
    if waiting is not None:
        yield f"Waiting for another person: version {waiting.number}, proposed by {waiting.proposed_by}:"
        plan = Plan.from_document(waiting.document)
        yield from (f"  {line}" for line in _told(plan, questionnaire, study, policy))


def _told(plan: Plan, questionnaire: Questionnaire, study: Study, policy: Policy | None) -> Iterator[str]:
    trees = trees_of(questionnaire, study.modules, plan.hierarchies)
    items = "all that may be published" if plan.items is None else ", ".join(plan.items) or "none"
    yield f"Items and scales: {items}."
    for tree in trees:
        if tree.dimension in plan.dimensions:
            own = "of the study file" if tree.dimension in plan.hierarchies else "of the questionnaire"
            groups = ", ".join(branch.code.partition(":")[2] or branch.code for branch in tree.branches)
            broader = f"{own}: {groups}" if groups else "none"
            yield f"By {tree.dimension}: {len(tree.leaves)} categories; broader groups {broader}."
    for one in plan.crossings:
        about = ", ".join(one.items) if one.items else "all items that are told by groups"
        yield f"By {' and '.join(one.by)} at once: {about}; from {fewest_for(len(one.by)):,} people on."
    if not plan.crossings:
        yield "By two at once: nothing."
    if policy is None:
        yield "The rules follow from the number of people at the first release."
        return
    allowed = {0: "whole populations only", 1: "one at a time", 2: "two at once", 3: "three at once"}[policy.ways]
    crossed = f", {policy.base_of('a*b')} for two at once" if policy.ways > 1 else ""
    yield f"Rules now: {policy.tier}, {allowed}; smallest base {policy.smallest_base}{crossed}."


def _beyond(plan: Plan, policy: Policy) -> Iterator[Problem]:
    """Crossings of more dimensions than the rules allow now."""
    for dimension in plan.crossed(MOST_WAYS):
        ways = len(split(dimension))
        if ways > policy.ways:
            values: dict[str, str | int] = {"given": " and ".join(split(dimension)), "needed": fewest_for(ways)}
            yield Problem(code=Code.MENU_TIER, where="crossings", values=values)


def _in_force(db: Session, study_id: str) -> MenuVersionRow | None:
    versions = _whole_versions(db, study_id)
    approved = menus.approvals_of(db, study_id)
    return next((row for row in reversed(versions) if row.number == 1 or row.number in approved), None)


def _whole_versions(db: Session, study_id: str) -> list[MenuVersionRow]:
    versions = list(menus.versions_of(db, study_id))
    if first_broken(versions):
        raise ProblemsFound([Problem(code=Code.MENU_DAMAGED, where=study_id, values={"given": study_id})])
    return versions
