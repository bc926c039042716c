"""Sign in, sign out, and where each role begins."""

from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission, Role
from survey_app.core.problems import Code, Problem
from survey_app.services import staffing
from survey_app.web.context import begin, current_sessions
from survey_app.web.rate_limit import RateLimit
from survey_app.web.staff.account import current_account, find_account, needs, open_to_everybody, start_session
from survey_app.web.staff.forms import SignInForm

pages = Blueprint("sign_in", __name__)

FIRST_PAGE = {
    Role.COORDINATOR: "staff.releases.show",
    Role.RESEARCHER: "staff.bundles.show",
    Role.REDACTOR: "staff.desk.show",
}
LIMIT = "staff_sign_in_limit"
MOST_FAILURES = 30  # from one address: a hospital may share one; each account has its own, lower limit
LIMIT_SECONDS = 15 * 60


@pages.get("/")
@needs(Permission.HAVE_ACCOUNT)
def begin_here() -> ResponseReturnValue:
    """Go to the first page of the role."""
    return redirect(url_for(FIRST_PAGE[current_account().role]), 303)


@pages.get("/sign-in")
@open_to_everybody
def show() -> ResponseReturnValue:
    """Show the form, or go on when signed in already."""
    if find_account() is not None:
        return redirect(url_for("staff.sign_in.begin_here"), 303)
    return render_template("staff/sign_in.html", form=SignInForm(), problem=None)


@pages.post("/sign-in")
@open_to_everybody
def sign_in() -> ResponseReturnValue:
    """Begin a session, or say that name or password is wrong."""
    form, limit = SignInForm(), sign_in_limit()
    if limit.is_reached(request.remote_addr):
        return _refuse(form, Problem(code=Code.SIGN_IN_TOO_OFTEN, values={"minutes": limit.minutes}), 429)
    if not form.validate():
        return render_template("staff/sign_in.html", form=form, problem=None), 422
    account = staffing.sign_in(
        current_sessions(), name=form.name.data or "", password=form.password.data or "", now=datetime.now(UTC)
    )
    if account is None:
        limit.count_failure(request.remote_addr)
        return _refuse(form, Problem(code=Code.SIGN_IN_WRONG), 422)
    start_session(account)
    return redirect(url_for(FIRST_PAGE[account.role]), 303)


@pages.post("/sign-out")
@needs(Permission.HAVE_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End all sessions of the account."""
    with begin() as db:
        staffing.sign_out(db, current_account())
    session.clear()
    return redirect(url_for("staff.sign_in.show"), 303)


def sign_in_limit() -> RateLimit:
    """The counter of failures of this process."""
    made = RateLimit(failures=MOST_FAILURES, seconds=LIMIT_SECONDS)
    return cast("RateLimit", current_app.extensions.setdefault(LIMIT, made))


def _refuse(form: SignInForm, problem: Problem, status: int) -> ResponseReturnValue:
    return render_template("staff/sign_in.html", form=form, problem=problem), status
