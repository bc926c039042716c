"""What coordinators see: releases, their audits, their decisions, their reports and tables."""

from datetime import UTC, date, datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app.core.access import Permission
from survey_app.core.approval import CLAIM, Deed, State, decision_problems
from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.report.model import Extent
from survey_app.core.report.sheet import countries
from survey_app.outputs import as_tables_csv
from survey_app.services import approving, asking, proposing, published, sealed_voices, voicing
from survey_app.services.recording import record
from survey_app.store.releases import ReleaseRow
from survey_app.web.context import begin, current_catalogue, current_settings
from survey_app.web.staff.account import current_account, needs
from survey_app.web.staff.desk import worker
from survey_app.web.staff.downloads import download
from survey_app.web.staff.forms import EXTENTS, ApproveForm, ProposeForm, RejectForm, ReportForm
from survey_app.web.staff.names import country_name, language_name

KINDS = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}

pages = Blueprint("releases", __name__, url_prefix="/releases")


@pages.get("/")
@needs(Permission.SEE_RELEASES)
def show() -> ResponseReturnValue:
    """List the releases, the newest first, and what is being made; of what is not approved, no number is shown."""
    with begin() as db:
        rows = [published.sealed_row(db, one.id) for one in published.list_releases(db)]
        cubes = {row.id: published.load_cube(db, row.id) for row in rows if row.state == State.APPROVED}
        voices = {name: found for name, cube in cubes.items() if (found := sealed_voices.load_voices(db, cube))}
        working = proposing.working(db, current_settings().data / "files")
        studies = proposing.proposable(db)
    return render_template(
        "staff/releases.html",
        rows=rows[::-1],
        cubes=cubes,
        voices=voices,
        reports={name: _report_form(cube) for name, cube in cubes.items()},
        working=working,
        studies=studies,
        form=ProposeForm(),
    )


@pages.get("/<release_id>/")
@needs(Permission.SEE_RELEASES)
def one(release_id: str) -> ResponseReturnValue:
    """Show the record of a release, the audit it was sealed with, and to another person the decision."""
    with begin() as db:
        row = published.sealed_row(db, release_id)
    return _decision_page(row, ApproveForm(), RejectForm())


@pages.post("/<release_id>/approve")
@needs(Permission.DECIDE_RELEASES)
def approve(release_id: str) -> ResponseReturnValue:
    """Approve a release that another person proposed."""
    form = ApproveForm()
    if not form.validate():
        with begin() as db:
            return _decision_page(published.sealed_row(db, release_id), form, RejectForm()), 422
    with begin() as db:
        approving.approve(
            db,
            release_id,
            by=current_account(),
            finding=form.finding.data or "",
            audit_read=bool(form.audit_read.data),
            today=_today(),
            files=current_settings().data / "files",
        )
    return redirect(url_for("staff.releases.one", release_id=release_id), 303)


@pages.post("/<release_id>/reject")
@needs(Permission.DECIDE_RELEASES)
def reject(release_id: str) -> ResponseReturnValue:
    """Reject a release that another person proposed."""
    form = RejectForm()
    if not form.validate():
        with begin() as db:
            return _decision_page(published.sealed_row(db, release_id), ApproveForm(), form), 422
    with begin() as db:
        approving.reject(db, release_id, by=current_account(), finding=form.reason.data or "", today=_today())
    return redirect(url_for("staff.releases.one", release_id=release_id), 303)


@pages.get("/<release_id>/report-<language>.pdf")
@needs(Permission.DOWNLOAD_REPORTS)
def report(release_id: str, language: str) -> ResponseReturnValue:
    """Give out the report of a release in one language."""
    with begin() as db:
        cube = published.load_cube(db, release_id)
        voices, asks = sealed_voices.load_voices(db, cube), asking.load_asks(db, cube)
    if language not in cube.languages:
        abort(404)
    from survey_app.services import reporting  # noqa: PLC0415  # the report library loads when a report is asked for

    edition = current_catalogue().editions[cube.questionnaire, cube.questionnaire_version]
    form = reporting.Form(voices=voices, asks=asks)
    content = reporting.report_file(cube, edition, language, files=current_settings().data / "files", form=form)
    with begin() as db:
        _given_out(db, Deed.REPORT, cube, language=language)
    return download(content, name=f"{cube.release}-{language}.pdf", kind="application/pdf")


@pages.get("/<release_id>/report")
@needs(Permission.DOWNLOAD_REPORTS)
def report_as(release_id: str) -> ResponseReturnValue:
    """Give out the report of a release in another form: shorter, longer, of one country, as page, slides or cards."""
    with begin() as db:
        cube = published.load_cube(db, release_id)
        voices, asks = sealed_voices.load_voices(db, cube), asking.load_asks(db, cube)
    form = _report_form(cube)
    if not form.validate():
        abort(404)
    from survey_app.services import reporting  # noqa: PLC0415  # the report library loads when a report is asked for

    what, ending, language = form.what.data, form.ending.data, form.language.data
    asked = (
        reporting.Form(country=what, ending=ending, voices=voices, asks=asks)
        if what in countries(cube)
        else reporting.Form(extent=Extent(what), ending=ending, voices=voices, asks=asks)
    )
    edition = current_catalogue().editions[cube.questionnaire, cube.questionnaire_version]
    content = reporting.report_file(cube, edition, language, files=current_settings().data / "files", form=asked)
    with begin() as db:
        _given_out(db, Deed.REPORT, cube, language=language, what=what, ending=ending)
    return download(content, name=f"{cube.release}-{language}-{what}.{ending}", kind=KINDS[ending])


def _report_form(cube: ProtectedCube) -> ReportForm:
    form = ReportForm(request.args)
    form.language.choices = {code: language_name(code) for code in cube.languages}
    form.what.choices = EXTENTS | {code: f"one page: {country_name(code)}" for code in countries(cube)}
    return form


@pages.get("/<release_id>/tables.csv")
@needs(Permission.DOWNLOAD_TABLES)
def tables(release_id: str) -> ResponseReturnValue:
    """Give out every published cell of a release."""
    with begin() as db:
        cube = published.load_cube(db, release_id)
        _given_out(db, Deed.TABLES, cube)
    content = as_tables_csv.text_of(cube).encode()
    return download(content, name=f"{cube.release}-tables.csv", kind="text/csv; charset=utf-8")


@pages.post("/<release_id>/voices")
@needs(Permission.SEAL_VOICES)
def seal_voices(release_id: str) -> ResponseReturnValue:
    """Seal the voices of a release."""
    with begin() as db:
        voicing.seal_voices(db, release_id, worker=worker())
    return redirect(url_for("staff.releases.show"), 303)


def _decision_page(row: ReleaseRow, approval: ApproveForm, rejection: RejectForm) -> str:
    may_decide = not decision_problems(
        row.id, state=State(row.state), proposed_by=row.proposed_by or "", by=current_account().name
    )
    return render_template(
        "staff/release.html",
        release=row,
        cube=ProtectedCube.from_json(row.cube),
        audit=published.audit_words(row),
        given_up=published.given_up(row),
        claim=CLAIM,
        may_decide=may_decide,
        approval=approval,
        rejection=rejection,
    )


def _given_out(db: Session, deed: Deed, cube: ProtectedCube, **detail: str) -> None:
    record(db, deed, cube.release, who=current_account().name, today=_today(), **detail)


def _today() -> date:
    return datetime.now(UTC).date()
