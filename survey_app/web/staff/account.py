"""Who is signed in, and what each view of this wing needs."""

import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, g, redirect, session, url_for
from flask.typing import ResponseReturnValue

from survey_app.core.access import Permission, may
from survey_app.services import staffing
from survey_app.services.staffing import Account
from survey_app.web.context import begin
from survey_app.web.security import SESSION_LENGTH

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]

PERMISSION = "needed_permission"  # the attribute of a view that tests read
EVERYBODY = "everybody"


def needs(permission: Permission) -> Callable[[View[P]], View[P]]:
    """Open a view to accounts that hold `permission`: others get 403, people not signed in the sign-in page."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            account = find_account()
            if account is None:
                return redirect(url_for("staff.sign_in.show"), 303)
            if not may(account.role, permission):
                abort(403)
            return view(*args, **kwargs)

        setattr(guarded, PERMISSION, permission)
        return guarded

    return decorate


def open_to_everybody(view: View[P]) -> View[P]:
    """Mark a view as meant for people who are not signed in."""
    setattr(view, PERMISSION, EVERYBODY)
    return view


def find_account() -> Account | None:
    """The account that this browser is signed in with, looked up once per request."""
    if "account" not in g:
        g.account = _look_up()
    found: Account | None = g.account
    return found


def current_account() -> Account:
    """The account of a view that has `needs`."""
    account = find_account()
    if account is None:
        abort(403)
    return account


def start_session(account: Account) -> None:
    """Begin a new session; nothing of the one before stays, and it ends by itself after its fixed time."""
    session.clear()
    session.permanent = True
    session["id"] = account.id
    session["key"] = account.session_key
    session["began"] = int(time.time())


def _look_up() -> Account | None:
    staff_id, key = session.get("id"), session.get("key")
    if not (isinstance(staff_id, str) and isinstance(key, str)) or _is_over(session.get("began")):
        return None
    with begin() as db:
        return staffing.account_of(db, staff_id, key)


def _is_over(began: object) -> bool:
    return not isinstance(began, int) or time.time() - began >= SESSION_LENGTH.total_seconds()
