"""Commands about the desk of texts: how far it is, who did what, and sealing."""

import click

from survey_app.commanding import account_of, sessions_of, speaks_for_somebody, tells_problems, today
from survey_app.core.access import Permission
from survey_app.services import approving, desking
from survey_app.services.desking import Worker
from survey_app.services.text_keys import TextKeys
from survey_app.settings import read_settings

STATES = {"to_redact": "to redact", "to_confirm": "to check", "confirmed": "ready for a release", "used": "used"}


@click.group()
def desk() -> None:
    """What people wrote: how far the desk is, who did what, and sealing quotes and themes."""


@desk.command()
@tells_problems
def status() -> None:
    """Tell how many texts of closed batches are in each state, study by study."""
    with sessions_of(read_settings()).begin() as db:
        listed = desking.studies_at_desk(db)
    for study, counts in listed:
        click.echo(f"{study.id}: " + ", ".join(f"{counts[state]} {words}" for state, words in STATES.items()))
    if not listed:
        click.echo("no texts")


@desk.command()
@click.argument("study_id")
@tells_problems
def deeds(study_id: str) -> None:
    """List who did what with which text, theme or release, and on which day."""
    with sessions_of(read_settings()).begin() as db:
        for day, who, deed, subject in desking.deed_lines(db, study_id):
            click.echo(f"{day}  {who}  {deed}  {subject}")


@desk.command()
@click.argument("release_id")
@click.option(
    "--language",
    "languages",
    multiple=True,
    help="Language of reports that shall have quotes, again for each; all of the study when none is given.",
)
@speaks_for_somebody
@tells_problems
def seal(release_id: str, languages: tuple[str, ...], name: str, password: str) -> None:
    """Seal the quotes and themes of a release that the desk has made ready. This can be done once."""
    from survey_app.services import voicing  # noqa: PLC0415  # numpy is loaded only where it is needed

    settings = read_settings()
    sessions = sessions_of(settings)
    account = account_of(sessions, name, password)
    approving.demand(account, Permission.SEAL_VOICES)
    worker = Worker(
        staff_id=account.id,
        name=account.name,
        keys=TextKeys.of(settings.text_key.get_secret_value().encode()),
        today=today(),
        desk_language=settings.desk_language,
    )
    with sessions.begin() as db:
        made = voicing.seal_voices(db, release_id, worker=worker, languages=languages)
    click.echo(f"{release_id}: quotes ({len(made.quotes)}) and themes ({len(made.themes)}), sha256 {made.sha256}")
