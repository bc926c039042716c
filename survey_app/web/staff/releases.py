"""What coordinators see: releases, their reports and tables."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission
from survey_app.core.protection.cube import ProtectedCube
from survey_app.outputs import as_tables_csv
from survey_app.services import published
from survey_app.web.context import begin, current_catalogue, current_settings
from survey_app.web.staff.account import needs
from survey_app.web.staff.downloads import download

pages = Blueprint("releases", __name__, url_prefix="/releases")


@pages.get("/")
@needs(Permission.SEE_RELEASES)
def show() -> ResponseReturnValue:
    """List the releases, the newest first."""
    with begin() as db:
        cubes = [published.load_cube(db, one.id) for one in published.list_releases(db)]
    return render_template("staff/releases.html", cubes=cubes[::-1])


@pages.get("/<release_id>/report-<language>.pdf")
@needs(Permission.DOWNLOAD_REPORTS)
def report(release_id: str, language: str) -> ResponseReturnValue:
    """Give out the report of a release in one language."""
    cube = _cube(release_id)
    if language not in cube.languages:
        abort(404)
    from survey_app.services import reporting  # noqa: PLC0415  # the report library loads when a report is asked for

    edition = current_catalogue().editions[cube.questionnaire, cube.questionnaire_version]
    content = reporting.report_file(cube, edition, language, files=current_settings().data / "files")
    return download(content, name=f"{cube.release}-{language}.pdf", kind="application/pdf")


@pages.get("/<release_id>/tables.csv")
@needs(Permission.DOWNLOAD_TABLES)
def tables(release_id: str) -> ResponseReturnValue:
    """Give out every published cell of a release."""
    cube = _cube(release_id)
    content = as_tables_csv.text_of(cube).encode()
    return download(content, name=f"{cube.release}-tables.csv", kind="text/csv; charset=utf-8")


def _cube(release_id: str) -> ProtectedCube:
    with begin() as db:
        return published.load_cube(db, release_id)
