"""Commands about the menu: what a study publishes at most, and how two people change it."""

from pathlib import Path

import click

from survey_app.commanding import account_of, sessions_of, speaks_for_somebody, tells_problems, today
from survey_app.services import catalogue, planning
from survey_app.settings import read_settings


@click.group()
def menu() -> None:
    """Show and change what a study publishes at most."""


@menu.command()
@click.argument("study_id")
@tells_problems
def show(study_id: str) -> None:
    """Say in plain words what a study publishes, and what the rules allow of it now."""
    settings = read_settings()
    with sessions_of(settings).begin() as db:
        for line in planning.menu_lines(db, study_id, catalogue.read_catalogue(settings.questionnaires)):
            click.echo(line)


@menu.command()
@click.argument("study_id")
@click.argument("file", type=click.Path(path_type=Path))
@speaks_for_somebody
@tells_problems
def propose(study_id: str, file: Path, name: str, password: str) -> None:
    """Propose another menu: a file with what stands under publish in a study file. Another person approves it."""
    settings = read_settings()
    sessions = sessions_of(settings)
    account = account_of(sessions, name, password)
    publish = catalogue.read_publish(file)
    editions = catalogue.read_catalogue(settings.questionnaires)
    with sessions.begin() as db:
        made = planning.propose_menu(db, study_id, publish, editions, by=account, today=today())
    click.echo(f"proposed: version {made.number} of the menu of {study_id}, sha256 {made.hash}")
    click.echo(f"Another person decides: survey-app menu approve {study_id} --as NAME")


@menu.command()
@click.argument("study_id")
@speaks_for_somebody
@tells_problems
def approve(study_id: str, name: str, password: str) -> None:
    """Approve the menu that another person proposed. From the next release on it is in force."""
    sessions = sessions_of(read_settings())
    account = account_of(sessions, name, password)
    with sessions.begin() as db:
        done = planning.approve_menu(db, study_id, by=account, today=today())
    click.echo(f"approved: version {done.number} of the menu of {study_id}, by {account.name}")
