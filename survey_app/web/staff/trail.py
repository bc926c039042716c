"""The audit trail: who decided, and who took out what."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission
from survey_app.services import recording
from survey_app.web.context import begin
from survey_app.web.staff.account import needs

pages = Blueprint("trail", __name__, url_prefix="/trail")


@pages.get("/")
@needs(Permission.SEE_TRAIL)
def show() -> ResponseReturnValue:
    """Show the whole trail, the newest first; a problem instead when a line was changed or taken out."""
    with begin() as db:
        rows = [(row, recording.detail_words(row)) for row in recording.read_trail(db)]
    return render_template("staff/trail.html", rows=rows[::-1])
