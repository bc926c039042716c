"""What researchers see: the files of protected rows that were made."""

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission
from survey_app.core.approval import Deed
from survey_app.services import bundles, published
from survey_app.services.recording import record
from survey_app.web.context import begin, current_settings
from survey_app.web.staff.account import current_account, needs
from survey_app.web.staff.downloads import download

pages = Blueprint("bundles", __name__, url_prefix="/bundles")


@pages.get("/")
@needs(Permission.SEE_BUNDLES)
def show() -> ResponseReturnValue:
    """List the bundles, the newest first."""
    with begin() as db:
        listed = bundles.list_bundles(db)
        cubes = {release: published.load_cube(db, release) for release in {one.release_id for one in listed}}
    return render_template("staff/bundles.html", bundles=listed[::-1], cubes=cubes)


@pages.get("/<bundle_id>.zip")
@needs(Permission.DOWNLOAD_BUNDLES)
def file(bundle_id: str) -> ResponseReturnValue:
    """Give out one bundle."""
    with begin() as db:
        content = bundles.read_bundle(db, bundle_id, files=current_settings().data / "files")
        record(db, Deed.BUNDLE, bundle_id, who=current_account().name, today=datetime.now(UTC).date())
    return download(content, name=f"{bundle_id}.zip", kind="application/zip")
