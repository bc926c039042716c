"""The command line: put the parts together for one deed and say what came of it.

Exit codes: 0 done, 1 a problem was told, 2 wrong usage.
"""

import json
import os
import sys
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from random import SystemRandom
from zipfile import ZipFile

import click

from survey_app import cli_desk, cli_invitations, cli_menu, cli_releases
from survey_app.commanding import print_problems, sessions_of, tells_problems, today, write_whole
from survey_app.core.access import Role
from survey_app.core.approval import Deed
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.report.model import Extent
from survey_app.inputs.questionnaire_files import load_edition, write_template
from survey_app.services import (
    asking,
    catalogue,
    helping,
    inviting,
    keeping,
    migrating,
    published,
    recording,
    revising,
    sealed_voices,
    staffing,
)
from survey_app.settings import read_settings
from survey_app.store.database import make_sessions, open_databases

DEMO_PEOPLE = 389


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
            print_problems(problems)
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
    from survey_app.services import resealing  # noqa: PLC0415  # pandas is loaded only where it is needed

    settings = read_settings()
    databases = open_databases(settings)
    migrating.migrate_all(databases)
    with make_sessions(databases).begin() as db:
        sealed = resealing.seal_open_snapshots(db, settings.data / "files")
    for path in sealed:
        path.unlink()
    click.echo("the databases are up to date")


@main.command()
@tells_problems
def serve() -> None:
    """Serve the web application with a production server."""
    from survey_app.serving import serve as run  # noqa: PLC0415  # only this command needs the server

    run(read_settings())


@main.group()
def keyring() -> None:
    """The keys of everything that is stored encrypted."""


@keyring.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--days",
    type=click.IntRange(1, keeping.MOST_DAYS),
    default=keeping.MOST_DAYS,
    show_default=True,
    help="How long backups are kept: for so long erased answers could be restored.",
)
@tells_problems
def backup(folder: Path, days: int) -> None:
    """Write a backup of the keyring to FOLDER and delete those that are too old.

    To be run once a day, by a timer of the system. Also takes away keys that belong to nothing any more.
    """
    databases = open_databases(read_settings())
    migrating.require_all_current(databases)
    kept = keeping.backup_keyring(databases, folder, today=today(), days=days)
    click.echo(f"written: {kept.file}")
    click.echo(f"deleted: {_count(kept.deleted, 'older backup')}, {_count(kept.swept, 'key')} of nothing")


@main.group()
def study() -> None:
    """Open, revise and close studies."""


@study.command("open")
@click.argument("file", type=click.Path(path_type=Path))
@tells_problems
def open_(file: Path) -> None:
    """Open the study of a study file: from now on people can answer it."""
    settings = read_settings()
    with sessions_of(settings).begin() as db:
        opened = catalogue.read_study(file)
        inviting.needed_key(settings.invitation_key_for("invitation"), opened)
        editions = catalogue.read_catalogue(settings.questionnaires)
        catalogue.open_study(db, opened, editions, settings.questionnaires, quarter=_quarter(today()))
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
    with sessions_of(settings).begin() as db:
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
    with sessions_of(read_settings()).begin() as db:
        gone = revising.expire_drafts(db, study_id, today=today())
    click.echo(f"deleted: {_roughly(gone)} of {study_id}")


@study.command()
@click.argument("study_id")
@tells_problems
def close(study_id: str) -> None:
    """Close a study: nobody can begin any more."""
    with sessions_of(read_settings()).begin() as db:
        catalogue.close_study(db, study_id)
    click.echo(f"closed: {study_id}")


main.add_command(cli_invitations.invitation)
main.add_command(cli_menu.menu)
main.add_command(cli_releases.release)
main.add_command(cli_releases.audit_trail)
main.add_command(cli_desk.desk)


@main.command()
@click.argument("release_id")
@click.argument("path", type=click.Path(path_type=Path))
@tells_problems
def asks(release_id: str, path: Path) -> None:
    """Keep what the organisation asks for (a YAML file, see docs/reports.md) for the reports of a release."""
    with sessions_of(read_settings()).begin() as db:
        kept = asking.write_asks(db, release_id, path, who=recording.COMMAND_LINE, today=today())
    click.echo(f"kept: {len(kept.asks)}; they stand on the first page of every report of {release_id} from now on")


@main.command()
@click.argument("release_id")
@click.option("--language", required=True, help="Language of the report, for example de.")
@click.option("--extent", type=click.Choice(["short", "standard", "full"]), default="standard", show_default=True)
@click.option("--country", default="", help="One page about this country alone, for example FR.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@tells_problems
def report(release_id: str, language: str, extent: str, country: str, output: Path) -> None:
    """Write the report of a release.

    The ending of the file decides: .pdf; .html for one web page; .pptx for slides of the first page; .zip for picture
    cards of the findings.
    """
    from survey_app.services import reporting  # noqa: PLC0415  # WeasyPrint is loaded only here

    settings = read_settings()
    make = reporting.RENDER.get(output.suffix.lstrip("."))
    if make is None:
        raise ProblemsFound([Problem(code=Code.REPORT_ENDING, where=output.name, values={"given": output.suffix})])
    with sessions_of(settings).begin() as db:
        cube = published.load_cube(db, release_id)
        form = reporting.Form(
            extent=Extent(extent),
            country=reporting.known_country(cube, country),
            voices=sealed_voices.load_voices(db, cube),
            asks=asking.load_asks(db, cube),
        )
        recording.record(db, Deed.REPORT, release_id, who=recording.COMMAND_LINE, today=today(), language=language)
    edition = catalogue.read_catalogue(settings.questionnaires).editions[cube.questionnaire, cube.questionnaire_version]
    write_whole(output, make(cube, edition, language, form))
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
    with sessions_of(settings).begin() as db:
        made = bundling.create_bundle(
            db,
            release_id,
            editions=editions,
            files=settings.data / "files",
            recipient=recipient,
            purpose=purpose,
            today=today(),
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
    with sessions_of(read_settings()).begin() as db:
        staffing.add_staff(db, name=name, role=role, password=password)
    click.echo(f"added: {name} ({role})")


@staff.command()
@click.argument("name")
@tells_problems
def disable(name: str) -> None:
    """Close an account and end its sessions."""
    with sessions_of(read_settings()).begin() as db:
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


def _roughly(drafts: int) -> str:
    """How many drafts, so that nobody can tell from it whether a certain person was among them."""
    if drafts == 0:
        return "no drafts"
    return "fewer than 10 drafts" if drafts < 10 else f"about {round(drafts, -1)} drafts"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number or 'no'} {word}s"


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
