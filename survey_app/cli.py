"""The command line: put the parts together for one deed and say what came of it.

Exit codes: 0 done, 1 a problem was told, 2 wrong usage.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from io import BytesIO
from pathlib import Path
from random import SystemRandom
from typing import ParamSpec, TypeVar
from zipfile import ZipFile

import click

from survey_app.core.access import Role
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.questionnaire.study import Study
from survey_app.inputs.questionnaire_files import load_edition, write_template
from survey_app.services import catalogue, helping, inviting, migrating, published, revising, staffing
from survey_app.settings import Settings, read_settings
from survey_app.store.database import Sessions, make_sessions, open_databases

P = ParamSpec("P")
R = TypeVar("R")
DEMO_PEOPLE = 389


def tells_problems(deed: Callable[P, R]) -> Callable[P, R]:
    """Print the problems of bad input, one a line, and end with exit code 1."""

    @wraps(deed)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return deed(*args, **kwargs)
        except ProblemsFound as found:
            _print_problems(found.problems)
            sys.exit(1)

    return told


@click.group()
@click.version_option(package_name="survey-app")
def main() -> None:
    """Patient-reported experience surveys whose results give nobody away."""


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
@tells_problems
def check(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Tell all problems of questionnaire files and help lines, with line, cause and cure."""
    found = catalogue.check_files(list(files))
    for path, problems, warnings in helping.check_help_lines(files, datetime.now(UTC).date()):
        found.append((path, problems))
        for warning in warnings:
            click.echo(f"warning: {warning}", err=True)
    if as_json:
        listed = [
            {"file": str(folder), "where": one.where, "code": one.code.name, "sentence": one.sentence}
            for folder, problems in found
            for one in problems
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        for folder, problems in found:
            _print_problems(problems)
            click.echo(f"{folder}: {_count(len(problems), 'problem')}")
    if any(problems for _, problems in found):
        sys.exit(1)


@main.command()
@click.argument("version", type=click.Path(path_type=Path))
@tells_problems
def publish(version: Path) -> None:
    """Lock a questionnaire version (its folder, or the questionnaire.yaml in it) by its hash."""
    settings = read_settings()
    folder = version.parent if version.is_file() else version
    click.echo(f"published {catalogue.publish(settings.questionnaires, folder)}")


@main.command()
@click.argument("version", type=click.Path(path_type=Path))
@tells_problems
def template(version: Path) -> None:
    """Print a PO template of all texts of a version, to begin a new language with."""
    click.echo(write_template(load_edition(version, languages=("en",)).questionnaire), nl=False)


@main.command()
@tells_problems
def migrate() -> None:
    """Bring the databases to the form that this program needs."""
    migrating.migrate_all(open_databases(read_settings()))
    click.echo("the databases are up to date")


@main.command()
@tells_problems
def serve() -> None:
    """Serve the web application with a production server."""
    from survey_app.serving import serve as run  # noqa: PLC0415  # only this command needs the server

    run(read_settings())


@main.group()
def study() -> None:
    """Open, revise and close studies."""


@study.command("open")
@click.argument("file", type=click.Path(path_type=Path))
@tells_problems
def open_(file: Path) -> None:
    """Open the study of a study file: from now on people can answer it."""
    settings = read_settings()
    with _sessions(settings).begin() as db:
        opened = catalogue.read_study(file)
        inviting.needed_key(settings.invitation_key_for("invitation"), opened)
        editions = catalogue.read_catalogue(settings.questionnaires)
        catalogue.open_study(db, opened, editions, settings.questionnaires, quarter=_quarter(_today()))
    click.echo(f"open: {opened.id}")


@study.command()
@click.argument("file", type=click.Path(path_type=Path))
@tells_problems
def revise(file: Path) -> None:
    """Move an open study on to what its study file says now, and to another questionnaire version.

    Answers that were begun are finished on the version on which they began. Title, contact, stages and blocks may
    change; languages, modules and waves may grow; the version must be published and not older. Whatever else changes
    is refused, and then nothing is changed. Prints which questions stay comparable between the two versions.
    A server that was started before the version was there must be started again.
    """
    settings = read_settings()
    with _sessions(settings).begin() as db:
        revised = catalogue.read_study(file)
        editions = catalogue.read_catalogue(settings.questionnaires)
        before = revising.revise_study(db, revised, editions, settings.questionnaires)
    click.echo(f"revised: {revised.id} ({before.questionnaire} {before.version} -> {revised.version})")
    for line in revising.comparison_lines(before, revised, editions):
        click.echo(f"  {line}")


@study.command()
@click.argument("study_id")
@tells_problems
def expire(study_id: str) -> None:
    """Delete answers that were begun, not sent, and not touched in this calendar month or the last.

    Every release does the same first. To be run once a month, by a timer of the system.
    """
    with _sessions(read_settings()).begin() as db:
        gone = revising.expire_drafts(db, study_id, today=_today())
    click.echo(f"deleted: {_roughly(gone)} of {study_id}")


@study.command()
@click.argument("study_id")
@tells_problems
def close(study_id: str) -> None:
    """Close a study: nobody can begin any more."""
    with _sessions(read_settings()).begin() as db:
        catalogue.close_study(db, study_id)
    click.echo(f"closed: {study_id}")


@main.group()
def invitation() -> None:
    """Invitation codes, for studies that not everybody can begin."""


@invitation.command()
@click.argument("study_id")
@click.option("--count", type=click.IntRange(1, 1_000_000), required=True, help="How many codes.")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A new .csv or .pdf file.")
@click.option("--address", required=True, help="Address of the server for patients, like https://survey.example.org")
@click.option("--language", help="Language of the cards; the first of the study if left out.")
@tells_problems
def make(study_id: str, count: int, to: Path, address: str, language: str | None) -> None:
    """Make invitation codes: a table for letters and mail (.csv), or cards to print and cut (.pdf).

    Each code lets one person begin, once. They are shown here and never again. Hand them out in any order, and keep no
    list of who got which: see docs/invitations.md.
    """
    settings = read_settings()
    sessions = _sessions(settings)
    study = inviting.invited_study(sessions, study_id)
    key = inviting.needed_key(settings.invitation_key_for("invitation"), study)
    sheet = _sheet_of(study, to, address, language)
    codes = inviting.new_invitations(count, draw=SystemRandom().randrange)
    content = sheet(codes)
    inviting.store_invitations(sessions, study, codes, key=key, hand_over=lambda: _write_private(to, content))
    click.echo(f"made: {_count(count, 'invitation')} to {study_id}, written to {to}. The codes are shown nowhere else.")


@invitation.command("count")
@click.argument("study_id")
@tells_problems
def count_(study_id: str) -> None:
    """Tell how many codes were made. How many people have answered is told by releases alone, rounded."""
    sessions = _sessions(read_settings())
    click.echo(f"made: {inviting.count_made(sessions, study_id)}")
    with sessions.begin() as db:
        released = [one.id for one in published.list_releases(db) if one.study_id == study_id]
        last = published.load_cube(db, released[-1]) if released else None
    told = f"about {last.persons} people in {last.release}" if last else "nothing yet, there is no release"
    click.echo(f"answered: {told}. More is not told: a number that grows tells who has just answered.")


@main.group()
def release() -> None:
    """Freeze, protect and list releases."""


@release.command("create")
@click.argument("study_id")
@tells_problems
def create(study_id: str) -> None:
    """Close the batch of a study and freeze, protect and seal a release."""
    from survey_app.core.protection.policy import Adjustments  # noqa: PLC0415  # the hot start needs none of it
    from survey_app.services import releasing  # noqa: PLC0415  # pandas is loaded only where it is needed

    settings = read_settings()
    editions = catalogue.read_catalogue(settings.questionnaires).editions
    with _sessions(settings).begin() as db:
        made = releasing.create_release(
            db,
            study_id,
            editions=editions,
            today=_today(),
            files=settings.data / "files",
            adjustments=Adjustments(private_epsilon=settings.private_epsilon),
            record_key=settings.record_key.get_secret_value().encode(),
            text_key=settings.text_key.get_secret_value().encode(),
            progress=_tell_progress,
        )
    click.echo(f"{made.release}: {made.persons} people (rounded), {made.rules.tier}, sha256 {made.sha256}")


@release.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@tells_problems
def list_(*, as_json: bool) -> None:
    """List the releases."""
    with _sessions(read_settings()).begin() as db:
        found = [_summary(published.load_cube(db, one.id)) for one in published.list_releases(db)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        seal = str(one["sha256"])[:12]
        click.echo(f"{one['release']}  {one['study']}  {one['quarter']}  about {one['persons']} people  {seal}")


@release.command()
@click.argument("release_id")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@tells_problems
def audit(release_id: str, *, as_json: bool) -> None:
    """Attack a release together with all earlier ones of its study: readers, insiders, coalitions, and its reports."""
    from survey_app.outputs import as_audit  # noqa: PLC0415  # pandas is loaded only where it is needed
    from survey_app.services import auditing  # noqa: PLC0415  # pandas is loaded only where it is needed

    settings = read_settings()
    editions = catalogue.read_catalogue(settings.questionnaires).editions
    with _sessions(settings).begin() as db:
        found = auditing.audit_release(db, release_id, editions=editions, progress=_tell_progress)
    click.echo(as_audit.to_json(release_id, found) if as_json else as_audit.to_text(release_id, found))
    if found.findings:
        sys.exit(1)


@release.command()
@click.argument("release_id")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@tells_problems
def tables(release_id: str, output: Path) -> None:
    """Write every published cell of a release as long CSV."""
    from survey_app.outputs import as_tables_csv  # noqa: PLC0415  # the hot start needs none of it

    _write(output, as_tables_csv.text_of(_cube(read_settings(), release_id)).encode())
    click.echo(f"written: {output}")


@main.command()
@click.argument("release_id")
@click.option("--language", required=True, help="Language of the report, for example de.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@tells_problems
def report(release_id: str, language: str, output: Path) -> None:
    """Write the report of a release, as PDF or (name ending in .html) as one HTML page."""
    from survey_app.services import reporting  # noqa: PLC0415  # WeasyPrint is loaded only here

    settings = read_settings()
    cube = _cube(settings, release_id)
    edition = catalogue.read_catalogue(settings.questionnaires).editions[cube.questionnaire, cube.questionnaire_version]
    make = reporting.render_html if output.suffix == ".html" else reporting.render_report
    _write(output, make(cube, edition, language))
    click.echo(f"written: {output}")


@main.command()
@click.argument("release_id")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), required=True)
@click.option("--recipient", default="", help="Who gets the file: name and institution.")
@click.option("--purpose", default="", help="What the contract allows it to be used for.")
@tells_problems
def bundle(release_id: str, output: Path, recipient: str, purpose: str) -> None:
    """Write protected rows and a codebook for researchers."""
    from survey_app.services import bundling  # noqa: PLC0415  # pandas is loaded only where it is needed

    settings = read_settings()
    editions = catalogue.read_catalogue(settings.questionnaires).editions
    with _sessions(settings).begin() as db:
        made = bundling.create_bundle(
            db,
            release_id,
            editions=editions,
            files=settings.data / "files",
            recipient=recipient,
            purpose=purpose,
            today=_today(),
            random=SystemRandom(),
        )
    with ZipFile(BytesIO(made.content)) as archive:
        archive.extractall(output)
    click.echo(f"written: {output} ({made.id})")


@main.group()
def staff() -> None:
    """Staff accounts."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.password_option(help="Asked for when not given.")
@tells_problems
def add(name: str, role: str, password: str) -> None:
    """Create an account."""
    with _sessions(read_settings()).begin() as db:
        staffing.add_staff(db, name=name, role=role, password=password)
    click.echo(f"added: {name} ({role})")


@staff.command()
@click.argument("name")
@tells_problems
def disable(name: str) -> None:
    """Close an account and end its sessions."""
    with _sessions(read_settings()).begin() as db:
        staffing.disable(db, name=name)
    click.echo(f"disabled: {name}")


@main.command()
@click.option("--respondents", type=click.IntRange(0, 1_000_000), default=DEMO_PEOPLE, show_default=True)
@click.option("--serve/--no-serve", "serves", default=True, help="Serve at the end, or stop before.")
@tells_problems
def demo(respondents: int, *, serves: bool) -> None:
    """Show everything with SYNTHETIC people: study, release, reports, tables, bundle, and serve it."""
    from survey_app import demo as whole  # noqa: PLC0415  # loads the report library

    settings = whole.demo_settings(dict(os.environ))
    whole.run(settings, people=respondents, say=click.echo)
    if serves:
        from survey_app.serving import serve as run  # noqa: PLC0415  # only serving needs the server

        run(settings)


def _print_problems(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


def _roughly(drafts: int) -> str:
    """How many drafts, so that nobody can tell from it whether a certain person was among them."""
    if drafts == 0:
        return "no drafts"
    return "fewer than 10 drafts" if drafts < 10 else f"about {round(drafts, -1)} drafts"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number or 'no'} {word}s"


def _tell_progress(what: str, done: int, total: int) -> None:
    """How far an audit is, beside what the command prints."""
    click.echo(f"attacks: {what}" + (f" {done}/{total}" if total > 1 else ""), err=True)


def _today() -> date:
    return datetime.now(UTC).date()


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _sessions(settings: Settings) -> Sessions:
    return make_sessions(open_databases(settings))


def _cube(settings: Settings, release_id: str) -> ProtectedCube:
    with _sessions(settings).begin() as db:
        return published.load_cube(db, release_id)


def _summary(cube: ProtectedCube) -> dict[str, str | int | bool]:
    return {
        "release": cube.release,
        "study": cube.study,
        "quarter": cube.quarter,
        "persons": cube.persons,
        "tier": cube.rules.tier,
        "synthetic": cube.synthetic,
        "sha256": cube.sha256,
    }


def _sheet_of(study: Study, to: Path, address: str, language: str | None) -> Callable[[Sequence[str]], bytes]:
    """What writes codes into a file of the kind of `to`.

    Raises:
        ProblemsFound: the kind is not known, the file is there, the address is none, the study has no such language.
    """
    from survey_app.outputs import as_invitations  # noqa: PLC0415  # the hot start needs none of it
    from survey_app.web.respondent.texts import direction, texts_in  # noqa: PLC0415  # only this command needs them

    inviting.require_sheet(study, to=str(to), is_there=to.exists(), address=address, language=language)
    addresses = {one: f"{address.rstrip('/')}/s/{study.id}/{one}/invitation" for one in study.languages}
    if to.suffix == ".csv":
        return lambda codes: as_invitations.to_csv(codes, addresses)
    spoken = language or study.languages[0]
    texts = texts_in(spoken)
    words = as_invitations.CardWords(
        language=spoken,
        direction=direction(spoken),
        organisation=study.organisation,
        title=study.title_in(spoken),
        heading=texts["card_heading"],
        how=texts["card_how"],
        once=texts["card_once"],
        address=addresses[spoken],
    )
    return lambda codes: as_invitations.to_cards(codes, words)


def _write_private(path: Path, content: bytes) -> None:
    """Write a new file that its owner alone can read.

    Raises:
        ProblemsFound: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)
    except OSError as fault:
        values = {"given": str(path), "detail": fault.strerror or type(fault).__name__}
        raise ProblemsFound([Problem(code=Code.INVITATION_FILE_UNWRITABLE, where="--to", values=values)]) from fault


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)
