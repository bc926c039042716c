"""Commands about releases: propose, show, decide, list, attack, tables; and the audit trail."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_app.commanding import (
    account_of,
    sessions_of,
    speaks_for_somebody,
    tell_progress,
    tells_problems,
    today,
    write_whole,
)
from survey_app.core.approval import CLAIM, Deed, State
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.services import approving, catalogue, proposing, published, recording
from survey_app.settings import Settings, read_settings
from survey_app.store.releases import ReleaseRow
from survey_app.store.trail import TrailRow

if TYPE_CHECKING:
    from survey_app.services.releasing import Order

POLITENESS = 10  # what people wait for goes first


@click.group()
def release() -> None:
    """Propose, decide, list and attack releases."""


@release.command()
@click.argument("study_id")
@speaks_for_somebody
@tells_problems
def create(study_id: str, name: str, password: str) -> None:
    """Propose a release of a study: freeze, protect, attack and seal. Nothing leaves before another person approves."""
    from survey_app.services import making  # noqa: PLC0415  # pandas is loaded only where it is needed

    settings = read_settings()
    sessions = sessions_of(settings)
    account = account_of(sessions, name, password)
    begun = proposing.begin(sessions, study_id, by=account, today=today(), files=settings.data / "files")
    if begun.life is None:
        raise ProblemsFound([Problem(code=Code.MAKING_WORKING, where=study_id, values={"given": study_id})])
    with begun.life:
        made = making.carry_out(sessions, begun.id, _order(settings), progress=tell_progress)
    click.echo(f"{made.release}: proposed by {account.name}, {made.rules.tier}, sha256 {made.sha256}")
    click.echo(f"Another person decides: survey-app release approve {made.release} --as NAME")


@release.command(hidden=True)
@click.argument("making_id")
@tells_problems
def work(making_id: str) -> None:
    """Make the release that was asked for on the pages; the server starts this."""
    from survey_app.services import making  # noqa: PLC0415  # pandas is loaded only where it is needed

    os.nice(POLITENESS)
    settings = read_settings()
    making.carry_out(sessions_of(settings), making_id, _order(settings))


@release.command()
@click.argument("release_id")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@tells_problems
def show(release_id: str, *, as_json: bool) -> None:
    """Show the record of a release: who proposed and decided, the finding, and the audit it was sealed with."""
    with sessions_of(read_settings()).begin() as db:
        row = published.sealed_row(db, release_id)
    record = _record(row)
    if as_json:
        click.echo(json.dumps(record | {"audit": published.audit_of(row)}, ensure_ascii=False, indent=2))
        return
    for name, value in record.items():
        click.echo(f"{name.replace('_', ' ')}: {value or '-'}")
    click.echo(f"\n{published.audit_words(row)}")


@release.command()
@click.argument("release_id")
@speaks_for_somebody
@click.option(
    "--finding", prompt="Your finding (recital 26)", help="What you find about identifiability, for the record."
)
@click.option("--audit-read", is_flag=True, help="You have read the audit: survey-app release show RELEASE_ID.")
@tells_problems
def approve(release_id: str, name: str, password: str, finding: str, *, audit_read: bool) -> None:
    """Approve a release that another person proposed, after reading its audit."""
    settings = read_settings()
    sessions = sessions_of(settings)
    account = account_of(sessions, name, password)
    with sessions.begin() as db:
        approving.approve(
            db,
            release_id,
            by=account,
            finding=finding,
            audit_read=audit_read,
            today=today(),
            files=settings.data / "files",
        )
    click.echo(f"approved: {release_id}, by {account.name}")


@release.command()
@click.argument("release_id")
@speaks_for_somebody
@click.option("--reason", default="", help="Why, for the record.")
@tells_problems
def reject(release_id: str, name: str, password: str, reason: str) -> None:
    """Reject a release that another person proposed. It never leaves; later ones are still judged against it."""
    sessions = sessions_of(read_settings())
    account = account_of(sessions, name, password)
    with sessions.begin() as db:
        approving.reject(db, release_id, by=account, finding=reason, today=today())
    click.echo(f"rejected: {release_id}, by {account.name}")


@release.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@tells_problems
def list_(*, as_json: bool) -> None:
    """List the releases; of those that are not approved, no number is told."""
    with sessions_of(read_settings()).begin() as db:
        rows = [published.sealed_row(db, one.id) for one in published.list_releases(db)]
        people = {row.id: published.load_cube(db, row.id).persons for row in rows if row.state == State.APPROVED}
    if as_json:
        found = [_record(row) | {"persons": people.get(row.id)} for row in rows]
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for row in rows:
        told = f"about {people[row.id]} people" if row.id in people else f"{row.state}, not to be given out"
        click.echo(f"{row.id}  {row.study_id}  {row.quarter}  {told}  {row.cube_sha256[:12]}")


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
    with sessions_of(settings).begin() as db:
        found = auditing.audit_release(
            db, release_id, editions=editions, files=settings.data / "files", progress=tell_progress
        )
    click.echo(as_audit.to_json(release_id, found) if as_json else as_audit.to_text(release_id, found))
    if found.findings:
        sys.exit(1)


@release.command()
@click.argument("release_id")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@tells_problems
def tables(release_id: str, output: Path) -> None:
    """Write every published cell of an approved release as long CSV."""
    from survey_app.outputs import as_tables_csv  # noqa: PLC0415  # the hot start needs none of it

    with sessions_of(read_settings()).begin() as db:
        cube = published.load_cube(db, release_id)
        recording.record(db, Deed.TABLES, release_id, who=recording.COMMAND_LINE, today=today())
    write_whole(output, as_tables_csv.text_of(cube).encode())
    click.echo(f"written: {output}")


@release.command()
@click.argument("study_id")
@click.argument("file", type=click.Path(path_type=Path))
@speaks_for_somebody
@click.option("--yes", "agreed", is_flag=True, help="Keep it; without this it is only shown what was understood.")
@tells_problems
def external(study_id: str, file: Path, name: str, password: str, *, agreed: bool) -> None:
    """Enter what others (a sponsor, a clinic) published about the same people. Later releases are judged with it."""
    from survey_app.core.protection.external_file import lines_of  # noqa: PLC0415  # needed here only
    from survey_app.services import noting  # noqa: PLC0415  # pandas is loaded only where it is needed

    settings = read_settings()
    sessions = sessions_of(settings)
    account = account_of(sessions, name, password)
    written = noting.read_external(file)
    editions = catalogue.read_catalogue(settings.questionnaires)
    with sessions.begin() as db:
        found = noting.understand(db, study_id, written, editions, today=today())
        for line in lines_of(found):
            click.echo(line)
        if not agreed:
            click.echo("Nothing was kept. If this is what was published, give the command again with --yes.")
            return
        number = noting.note(db, study_id, found, by=account, today=today())
    click.echo(f"kept: publication {number} of others about {study_id}")


@click.command("audit-trail")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@tells_problems
def audit_trail(*, as_json: bool) -> None:
    """Print who proposed, decided and took out what, on which day; refused when a line was changed or taken out."""
    with sessions_of(read_settings()).begin() as db:
        rows = recording.read_trail(db)
    if as_json:
        click.echo(json.dumps([_line(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo(f"{row.day}  {row.who or '-'}  {row.deed}  {row.subject}  {recording.detail_words(row)}".rstrip())
    click.echo(f"{len(rows)} entries, the chain of hashes is whole", err=True)


def _order(settings: Settings) -> "Order":
    from survey_app.core.protection.policy import Adjustments  # noqa: PLC0415  # the hot start needs none of it
    from survey_app.services.releasing import Order  # noqa: PLC0415  # pandas is loaded only where it is needed

    return Order(
        study_id="",
        proposed_by="",
        editions=catalogue.read_catalogue(settings.questionnaires).editions,
        today=today(),
        files=settings.data / "files",
        adjustments=Adjustments(private_epsilon=settings.private_epsilon),
        record_key=settings.record_key.get_secret_value().encode(),
        text_key=settings.text_key.get_secret_value().encode(),
    )


def _record(row: ReleaseRow) -> dict[str, object]:
    return {
        "release": row.id,
        "study": row.study_id,
        "quarter": row.quarter,
        "tier": row.tier,
        "sha256": row.cube_sha256,
        "state": row.state,
        "proposed_by": row.proposed_by,
        "decided_by": row.decided_by,
        "decided_on": row.decided_on.isoformat() if row.decided_on else None,
        "claim": CLAIM,
        "finding": row.finding,
    }


def _line(row: TrailRow) -> dict[str, object]:
    names = ("sequence", "who", "deed", "subject", "detail", "previous_hash", "hash")
    return {"day": row.day.isoformat()} | {name: getattr(row, name) for name in names}
