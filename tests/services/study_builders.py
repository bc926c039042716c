"""The demo study in a database, filled with invented people."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.inputs.questionnaire_files import load_edition
from survey_app.services import catalogue, simulating
from survey_app.store import studies
from survey_app.store.responses import StoredResponse, add_responses, read_all
from survey_app.store.studies import BatchRow, StudyRow
from tests.builders import values_of

FOLDER = Path(__file__).parents[2] / "questionnaires"


@cache
def demo_study() -> Study:
    return catalogue.read_study(FOLDER / "studies" / "demo.yaml")


VERSION = (demo_study().questionnaire, demo_study().version)


@cache
def editions() -> dict[tuple[str, str], Edition]:
    return {VERSION: load_edition(FOLDER / "/".join(VERSION))}


def open_demo(db: Session) -> Study:
    """The demo study, open since the first quarter of 2026."""
    study = demo_study()
    definition = study.model_dump(mode="json")
    row = StudyRow(
        id=study.id, questionnaire=study.questionnaire, questionnaire_version=study.version, state="open",
        synthetic=True, definition=definition,
    )  # fmt: skip
    studies.add_study(db, row)
    db.add(BatchRow(id=f"{study.id}-1", study_id=study.id, number=1, opened_quarter="2026-Q1"))
    db.flush()
    return study


def add_people(db: Session, people: int, *, seed: int = 1) -> None:
    """Invented people who answer to the end, and a few more who stop on the way. Nobody comes again by themselves."""
    once = demo_study().model_copy(update={"waves": 1})
    simulating.fill_study(
        db, once, editions()[VERSION], batch_id=None, people=people, random=Random(seed)
    )  # fmt: skip


def add_later_wave(db: Session, people: Sequence[StoredResponse], *, seed: int, wave: int = 2) -> None:
    """These people come again: what each says now is what another of the same kind said."""
    random = Random(seed)
    for row in people:
        same = [one for one in people if one.recall_mode == row.recall_mode]
        own = {"id": f"again-{seed}-{row.id}"[:64], "wave": wave, "batch_id": None}
        add_responses(db, [values_of(row) | own | {"answers": random.choice(same).answers}])


def responses(db: Session) -> list[StoredResponse]:
    return list(read_all(db))
