"""Ask for a release, and see how far its making is. Pages of percent and words; reload them to look again."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission
from survey_app.services import proposing
from survey_app.web.context import begin, current_sessions, current_settings
from survey_app.web.staff.account import current_account, needs

pages = Blueprint("makings", __name__, url_prefix="/makings")


@pages.post("/of/<study_id>")
@needs(Permission.PROPOSE_RELEASES)
def propose(study_id: str) -> ResponseReturnValue:
    """Begin to make a release in a process of its own; a second click leads to the first one's page."""
    settings = current_settings()
    begun = proposing.begin(
        current_sessions(),
        study_id,
        by=current_account(),
        today=datetime.now(UTC).date(),
        files=settings.data / "files",
    )
    proposing.start_worker(settings, begun)
    return redirect(url_for("staff.makings.show", making_id=begun.id), 303)


@pages.get("/<making_id>")
@needs(Permission.PROPOSE_RELEASES)
def show(making_id: str) -> ResponseReturnValue:
    """Show how far it is, or how it ended."""
    with begin() as db:
        proposing.end_dead(db, current_settings().data / "files")
        making = proposing.known_making(db, making_id)
    return render_template("staff/making.html", making=making)
