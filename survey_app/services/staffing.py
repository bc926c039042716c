"""Add and disable staff accounts; sign in and out."""

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session

from survey_app.core.access import Role
from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.store.accounts import StaffRow, find_staff, get_staff
from survey_app.store.database import Sessions

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000  # longer ones only cost work
MOST_FAILURES = 10
LOCKED = timedelta(minutes=15)
HASHER = PasswordHasher()
NOBODY = HASHER.hash(secrets.token_urlsafe())  # what the password of an unknown name is compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who is signed in. `session_key` is the key that the session must show."""

    id: str
    name: str
    role: Role
    session_key: str


def add_staff(session: Session, *, name: str, role: str, password: str, hasher: PasswordHasher = HASHER) -> Account:
    """Create an account.

    Raises:
        ProblemsFound: the name is taken or the password is short.
    """
    trimmed = name.strip()
    problems = []
    if find_staff(session, trimmed) is not None:
        problems.append(Problem(code=Code.STAFF_NAME_TAKEN, values={"given": trimmed}))
    if len(password) < SHORTEST_PASSWORD:
        problems.append(Problem(code=Code.STAFF_PASSWORD_SHORT, values={"limit": SHORTEST_PASSWORD}))
    if problems:
        raise ProblemsFound(problems)
    row = StaffRow(
        id=str(uuid.uuid4()),
        name=trimmed,
        role=Role(role).value,
        password_hash=hasher.hash(password),
        session_key=secrets.token_urlsafe(),
        disabled=False,
        failed_attempts=0,
        locked_until=None,
    )
    session.add(row)
    session.flush()
    return _account(row)


def sign_in(
    sessions: Sessions, *, name: str, password: str, now: datetime, hasher: PasswordHasher = HASHER
) -> Account | None:
    """Return the account if name and password are right, else None; which of the two was wrong cannot be told.

    A password is hashed in every case, outside any transaction, so that nobody else waits for it. The try is counted
    before the password is looked at: many tries at the same moment get no further than one after the other.
    """
    with sessions.begin() as db:
        stored, is_open = _count_try(db, name.strip(), now)
    is_right = len(password) <= LONGEST_PASSWORD and _verify(hasher, stored, password)
    if not (is_right and is_open):
        return None
    with sessions.begin() as db:
        row = find_staff(db, name.strip())
        if row is None or row.disabled:
            return None
        row.failed_attempts = 0
        row.locked_until = None
        return _account(row)


def sign_out(session: Session, account: Account) -> None:
    """End all sessions of the account."""
    row = get_staff(session, account.id)
    if row is not None:
        row.session_key = secrets.token_urlsafe()


def disable(session: Session, *, name: str) -> None:
    """Close an account and end its sessions.

    Raises:
        ProblemsFound: there is no such account.
    """
    row = find_staff(session, name.strip())
    if row is None:
        raise ProblemsFound([Problem(code=Code.STAFF_UNKNOWN, values={"given": name.strip()})])
    row.disabled = True
    row.session_key = secrets.token_urlsafe()


def account_of(session: Session, staff_id: str, session_key: str) -> Account | None:
    """Return the account that a session speaks for; None when it was ended or the account disabled."""
    row = get_staff(session, staff_id)
    if row is None or row.disabled or not hmac.compare_digest(row.session_key, session_key):
        return None
    return _account(row)


def _count_try(session: Session, name: str, now: datetime) -> tuple[str, bool]:
    row = find_staff(session, name)
    if row is None:
        return NOBODY, False
    if row.disabled or (row.locked_until is not None and now < row.locked_until):
        return row.password_hash, False
    row.failed_attempts += 1
    if row.failed_attempts >= MOST_FAILURES:
        row.failed_attempts = 0
        row.locked_until = now + LOCKED
    return row.password_hash, True


def _verify(hasher: PasswordHasher, stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except VerificationError:
        return False


def _account(row: StaffRow) -> Account:
    return Account(id=row.id, name=row.name, role=Role(row.role), session_key=row.session_key)
