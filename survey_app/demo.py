"""The demonstration: everything from an empty folder to sealed reports, with invented people only."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random, SystemRandom

from survey_app.core.approval import Deed
from survey_app.core.problems import ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.policy import Adjustments, quarter_of
from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.outputs import as_tables_csv
from survey_app.services import approving, bundling, catalogue, migrating, releasing, reporting, simulating, staffing
from survey_app.services.recording import record
from survey_app.services.staffing import Account
from survey_app.settings import Settings, read_settings
from survey_app.store.database import Sessions, make_sessions, open_databases

FOLDER = Path("var/demo")
STUDY_FILE = Path("studies/demo.yaml")
SEED = 20261
PURPOSE = "Demonstration with invented people"
FINDING = "The people are invented: nobody can be identified."
RECIPIENT = "Example University"

Say = Callable[[str], object]


def demo_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of the demonstration: as given, in a data folder of its own."""
    return read_settings({"SURVEY_DATA": str(FOLDER), **environ})


def run(settings: Settings, *, people: int, say: Say) -> None:
    """Build the demonstration anew in the data folder and tell where everything is.

    Raises:
        ProblemsFound: a questionnaire is broken. Too few people for a release is told, not raised.
    """
    _empty(settings.data)
    databases = open_databases(settings)
    migrating.migrate_all(databases)
    sessions = make_sessions(databases)
    editions = catalogue.read_catalogue(settings.questionnaires)
    study = catalogue.read_study(settings.questionnaires / STUDY_FILE)
    edition = editions.edition_of(study)
    _open(settings, sessions, editions, study)
    sent = _fill(sessions, study, edition, people)
    say(f"SYNTHETIC: {sent} invented people have sent their answers.")
    staff = _staff(sessions)
    _publish(settings, sessions, editions, study, (staff[0][0], staff[1][0]), say)
    address = f"http://{settings.host}:{settings.port}"
    for account, password in staff:
        say(f"sign in as {account.role}: {address}/staff/ with the name {account.name} and the password {password}")
    say(f"answer as a patient: {address}/")
    databases.dispose()


def _publish(  # two people take part in it
    settings: Settings,
    sessions: Sessions,
    editions: catalogue.Catalogue,
    study: Study,
    people: tuple[Account, Account],
    say: Say,
) -> None:
    """Release, approval, reports, tables and rows; what the gate refuses is told, and the rest goes on."""
    try:
        cube = _release(settings, sessions, editions, study, *people)
    except ProblemsFound as refused:
        say(f"No release: {refused}")
        return
    say(f"release {cube.release}: about {cube.persons} people, tier {cube.rules.tier},")
    say(f"  proposed by {people[0].name}, approved by {people[1].name}")
    for path in (*_reports(settings, cube, editions.edition_of(study)), _tables(settings, cube)):
        say(f"  {path}")
    with sessions.begin() as db:
        for language in cube.languages:
            record(db, Deed.REPORT, cube.release, who=people[0].name, today=_today(), language=language)
        record(db, Deed.TABLES, cube.release, who=people[0].name, today=_today())
    try:
        say(f"  {_bundle(settings, sessions, editions, cube)}")
    except ProblemsFound as refused:
        say(f"No file of rows: {refused}")


def _empty(folder: Path) -> None:
    """Remove what an earlier demonstration left, the keys too."""
    if folder.name == FOLDER.name and folder.exists():
        for left in folder.iterdir():
            if left.name != "keys.json":
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def _open(settings: Settings, sessions: Sessions, editions: catalogue.Catalogue, study: Study) -> None:
    folder = settings.questionnaires
    catalogue.publish(folder, folder / study.questionnaire / study.version)
    with sessions.begin() as db:
        catalogue.open_study(db, study, editions, folder, quarter=_quarter())


def _fill(sessions: Sessions, study: Study, edition: Edition, people: int) -> int:
    with sessions.begin() as db:
        random = Random(SEED)  # noqa: S311  # invented people need no secrets
        month = f"{_today():%Y-%m}"
        return simulating.fill_study(db, study, edition, batch_id=None, people=people, random=random, month=month)


def _release(  # two people take part in it
    settings: Settings,
    sessions: Sessions,
    editions: catalogue.Catalogue,
    study: Study,
    one: Account,
    other: Account,
) -> ProtectedCube:
    files = settings.data / "files"
    with sessions.begin() as db:
        cube = releasing.create_release(
            db,
            study.id,
            proposed_by=one.name,
            editions=editions.editions,
            today=_today(),
            files=files,
            adjustments=Adjustments(private_epsilon=settings.private_epsilon),
            record_key=settings.record_key.get_secret_value().encode(),
            text_key=settings.text_key.get_secret_value().encode(),
        )
    with sessions.begin() as db:
        approving.approve(db, cube.release, by=other, finding=FINDING, audit_read=True, today=_today(), files=files)
    return cube


def _reports(settings: Settings, cube: ProtectedCube, edition: Edition) -> list[Path]:
    made = reporting.render_many(cube, edition, cube.languages, files=settings.data / "files")
    paths = []
    for language, content in made.items():
        path = settings.data / f"report-{language}.pdf"
        path.write_bytes(content)
        paths.append(path)
    return paths


def _tables(settings: Settings, cube: ProtectedCube) -> Path:
    path = settings.data / "tables.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        as_tables_csv.write(cube, stream)
    return path


def _bundle(settings: Settings, sessions: Sessions, editions: catalogue.Catalogue, cube: ProtectedCube) -> Path:
    path = settings.data / "bundle.zip"
    with sessions.begin() as db:
        made = bundling.create_bundle(
            db,
            cube.release,
            editions=editions.editions,
            files=settings.data / "files",
            recipient=RECIPIENT,
            purpose=PURPOSE,
            today=_today(),
            random=SystemRandom(),
            by="coordinator",
        )
    path.write_bytes(made.content)
    return path


def _staff(sessions: Sessions) -> list[tuple[Account, str]]:
    """Create the accounts of this demonstration: two coordinators, who decide, a researcher, two redactors."""
    accounts = [
        ("coordinator", "coordinator"),
        ("colleague", "coordinator"),
        ("researcher", "researcher"),
        ("redactor", "redactor"),
        ("second", "redactor"),
    ]
    made = []
    with sessions.begin() as db:
        for name, role in accounts:
            password = secrets.token_urlsafe(9)
            made.append((staffing.add_staff(db, name=name, role=role, password=password), password))
    return made


def _today() -> date:
    return datetime.now(UTC).date()


def _quarter() -> str:
    return quarter_of(_today())
