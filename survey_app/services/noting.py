"""Note what others published about the same people, so that releases are judged together with it."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from survey_app.core.access import Permission
from survey_app.core.analysis.scoring import score_scales
from survey_app.core.approval import Deed
from survey_app.core.dataset import dataset_of
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import PublishedVariable
from survey_app.core.protection.external import External
from survey_app.core.protection.external_file import Known, WrittenExternal, parse_external, understood
from survey_app.core.protection.menu import trees_of
from survey_app.core.protection.people import populations_of
from survey_app.core.protection.policy import quarter_of
from survey_app.core.protection.variables import variables_of
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.questionnaire.study import Study
from survey_app.inputs.yaml_text import read_yaml
from survey_app.services.approving import demand
from survey_app.services.catalogue import Catalogue, known_study, study_of
from survey_app.services.planning import plan_in_force
from survey_app.services.published import load_sealed
from survey_app.services.recording import record
from survey_app.services.staffing import Account
from survey_app.store import external_releases, releases
from survey_app.store.chains import first_broken


def read_external(path: Path) -> WrittenExternal:
    """Read a file that says what others published.

    Raises:
        ProblemsFound: all that is wrong with its form, each with file and line.
    """
    text = read_yaml(path)
    try:
        return parse_external(text.value)
    except ProblemsFound as found:
        raise ProblemsFound(
            Problem(code=one.code, where=f"{text.place(one.where)} ({one.where})", values=one.values)
            for one in found.problems
        ) from None


def understand(db: Session, study_id: str, written: WrittenExternal, catalogue: Catalogue, *, today: date) -> External:
    """Return what the gate would know; nothing is kept.

    Raises:
        ProblemsFound: no such study, unknown codes, or numbers that contradict each other or ours.
    """
    study = study_of(known_study(db, study_id))
    questionnaire = catalogue.edition_of(study).questionnaire
    earlier = releases.releases_of(db, study_id)
    roles = [role.code for role in questionnaire.roles]
    printed: dict[str, int | None] = {one.id: None for one in populations_of(roles, study.recall_modes)}
    if earlier:
        shown = {group.id: group.n for group in load_sealed(db, earlier[-1].id).groups}
        printed = {name: shown.get(name) for name in printed}
    known = Known(
        populations=printed,
        trees=trees_of(questionnaire, study.modules, plan_in_force(db, study).hierarchies),
        variables=_variables(questionnaire, study),
        quarters=[one.quarter for one in earlier],
        today=quarter_of(today),
        earlier=externals_of(db, study_id),
    )
    return understood(written, known)


def note(db: Session, study_id: str, external: External, *, by: Account, today: date) -> int:
    """Keep a publication of others for ever; return its number. Every release from now on is judged with it.

    Raises:
        ProblemsFound: not allowed.
    """
    demand(by, Permission.PROPOSE_RELEASES)
    row = external_releases.add_external(db, study_id, external.to_document(), by=by.name, day=today)
    record(db, Deed.EXTERNAL, study_id, who=by.name, today=today, number=str(row.number), sha256=row.hash)
    return row.number


def externals_of(db: Session, study_id: str) -> tuple[External, ...]:
    """Return what others published about the people of a study.

    Raises:
        ProblemsFound: it is not what was entered.
    """
    rows = external_releases.externals_of(db, study_id)
    if first_broken(rows):
        raise ProblemsFound([Problem(code=Code.EXTERNAL_DAMAGED, where=study_id, values={"given": study_id})])
    return tuple(External.from_document(row.document) for row in rows)


def _variables(questionnaire: Questionnaire, study: Study) -> dict[str, PublishedVariable]:
    nobody = dataset_of(questionnaire, [], study.modules)
    found = variables_of(questionnaire, study.modules, nobody, score_scales(questionnaire, nobody))
    return {one.published.id: one.published for one in found}
