"""Commands about invitations: make codes for a study, and tell how many were made."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import SystemRandom

import click

from survey_app.commanding import sessions_of, tells_problems
from survey_app.core.approval import State
from survey_app.core.participation.permits import fingerprint, in_groups
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.study import BLIND, Study
from survey_app.services import inviting, permitting, published
from survey_app.settings import read_settings

Sheet = Callable[[Sequence[str]], bytes]


@click.group()
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

    Each code lets one person begin, once. They stand in that file and nowhere else. Hand them out in any order, and
    keep no list of who got which: see docs/invitations.md.
    """
    settings = read_settings()
    sessions = sessions_of(settings)
    study = inviting.invited_study(sessions, study_id)
    key = inviting.needed_key(settings.invitation_key_for("invitation"), study)
    inviting.require_sheet(study, to=str(to), is_there=to.exists(), address=address, language=language)
    seal = fingerprint(permitting.blind_key(sessions, study, key).public) if study.entry == BLIND else ""
    sheet = _sheet_of(study, to, address, language, seal=seal)
    codes = inviting.new_invitations(count, draw=SystemRandom().randrange)
    content = sheet(codes)
    inviting.store_invitations(sessions, study, codes, key=key, hand_over=lambda: _write_private(to, content))
    click.echo(f"made: {count} for {study_id}, written to {to}. The codes are shown nowhere else.")
    if seal:
        click.echo(f"key of the study, to be published: {in_groups(seal)}")


@invitation.command("count")
@click.argument("study_id")
@tells_problems
def count_(study_id: str) -> None:
    """Tell how many codes were made. How many people have answered is told by releases alone, rounded."""
    sessions = sessions_of(read_settings())
    click.echo(f"made: {inviting.count_made(sessions, study_id)}")
    with sessions.begin() as db:
        released = [
            one.id for one in published.list_releases(db) if one.study_id == study_id and one.state == State.APPROVED
        ]
        last = published.load_cube(db, released[-1]) if released else None
    told = f"about {last.persons} people in {last.release}" if last else "nothing yet, there is no release"
    click.echo(f"answered: {told}. More is not told: a number that grows tells who has just answered.")


def _sheet_of(study: Study, to: Path, address: str, language: str | None, *, seal: str) -> Sheet:
    """What writes codes into a file of the kind of `to`."""
    from survey_app.outputs import as_invitations  # noqa: PLC0415  # loads the library of PDF files
    from survey_app.web.respondent.texts import direction, texts_in  # noqa: PLC0415  # only this command needs them

    addresses = {one: f"{address.rstrip('/')}/s/{study.id}/{one}/invitation" for one in study.languages}
    if to.suffix == ".csv":
        return lambda codes: as_invitations.to_csv(codes, addresses, seal)
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
        key=texts["card_key"].format(key=in_groups(seal)) if seal else None,
    )
    return lambda codes: as_invitations.to_cards(codes, words, seal)


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
