"""Texts at the desk of the demo study, and two people who work there."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.core.analysis.written import Words, Written
from survey_app.services import desking, staffing, theming
from survey_app.services.desking import Work, Worker
from survey_app.services.taking_in import take_in
from survey_app.services.text_keys import TextKeys
from survey_app.store.free_texts import FreeTextRow
from survey_app.store.releases import find_release
from survey_app.store.studies import StudyRow
from tests.builders import CHEAP, a_cube, store_cube
from tests.services.study_builders import demo_study

SECRET = b"text-" * 8
KEYS = TextKeys.of(SECRET)
DAY = date(2026, 11, 25)
PASSWORD = "a long enough password"
LANGUAGES = demo_study().languages


def a_desk_of_texts(db: Session, *releases: str, **changes: object) -> tuple[Worker, Worker]:
    """The demo study with releases (`demo-1`), and two people of the desk."""
    definition = demo_study().model_dump(mode="json")
    for number, release in enumerate(releases or ("demo-1",), start=1):
        if find_release(db, release) is None:
            store_cube(db, a_cube(release, languages=("en", "de"), **changes), number=number)
    db.get(StudyRow, "demo").definition = definition | {"languages": ["en", "de"]}
    db.flush()
    return a_worker(db, "ada"), a_worker(db, "ben")


def a_worker(db: Session, name: str, **changes: object) -> Worker:
    account = staffing.add_staff(db, name=name, role="redactor", password=PASSWORD, hasher=CHEAP)
    return Worker(**({"staff_id": account.id, "keys": KEYS, "today": DAY} | changes))


def written(person: str = "p", **changes: object) -> Written:
    given = {"person": person, "wave": 1, "place": 0, "item": "CJ21", "language": "de", "text": "Es war schwer."}
    return Written(**(given | changes))


def bring(db: Session, *texts: Written, release: str = "demo-1", kind: str = "patient.prospective") -> list[str]:
    """Bring texts to the desk; their ids, in the order of `texts`."""
    kinds = {(one.person, one.wave): kind for one in texts}
    take_in(db, Words(texts=texts, withdrawn={}), kinds, study_id="demo", release_id=release, keys=KEYS)
    tags = {row.owner_tag: row.id for row in db.scalars(select(FreeTextRow))}
    return [tags[KEYS.owner_tag(one.person, one.wave, one.place)] for one in texts]


def add_theme(db: Session, code: str, worker: Worker, **labels: str) -> None:
    theming.add_theme(db, "demo", code, labels or {"en": f"About {code}", "de": f"Über {code}"}, worker=worker)


def version_of(db: Session, text_id: str) -> str:
    return desking.read_text(db, "demo", text_id, KEYS).version


def propose(db: Session, text_id: str, worker: Worker, *, use: str = "quote", **changes: object) -> None:
    texts = changes.pop("texts", {"en": "It was hard.", "de": "Es fiel schwer."} if use == "quote" else {})
    work = Work(use=use, texts=texts, **changes)
    desking.propose(db, "demo", text_id, work, version=version_of(db, text_id), worker=worker)


def confirm(db: Session, text_id: str, worker: Worker) -> None:
    desking.confirm(db, "demo", text_id, version=version_of(db, text_id), worker=worker)


def make_ready(db: Session, text_id: str, first: Worker, second: Worker, **how: object) -> None:
    """Redacted by one person, confirmed by another."""
    propose(db, text_id, first, **how)
    confirm(db, text_id, second)
