"""Facts about staff accounts, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from survey_app.core.access import Role
from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import staffing
from survey_app.services.staffing import MOST_FAILURES, Account
from survey_app.store.accounts import find_staff
from survey_app.store.database import Sessions
from tests.builders import CHEAP

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PASSWORD = "a long enough password"


class CountingHasher(PasswordHasher):
    """Counts how often a password was looked at."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002  # the library's name
        self.verified += 1
        return super().verify(hash, password)


@pytest.fixture
def cora(sessions: Sessions) -> Account:
    with sessions.begin() as db:
        return staffing.add_staff(db, name="cora", role="coordinator", password=PASSWORD, hasher=CHEAP)


def enter(sessions: Sessions, password: str = PASSWORD, *, name: str = "cora", now: datetime = NOW) -> Account | None:
    return staffing.sign_in(sessions, name=name, password=password, now=now)


def test_the_right_password_opens_the_account(sessions: Sessions, cora: Account):
    assert enter(sessions) == cora


def test_an_account_has_the_role_it_was_made_with(cora: Account):
    assert cora.role is Role.COORDINATOR


def test_blanks_around_a_name_do_not_matter(sessions: Sessions, cora: Account):
    assert enter(sessions, name=" cora ") == cora


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper(), PASSWORD * 100])
def test_another_password_opens_nothing(sessions: Sessions, cora: Account, password: str):
    assert enter(sessions, password) is None


def test_the_store_does_not_hold_the_password(sessions: Sessions, cora: Account):
    with sessions.begin() as db:
        stored = find_staff(db, "cora").password_hash

    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.parametrize("name", ["cora", "nobody"])
def test_an_unknown_name_costs_the_same_work_as_a_known_one(sessions: Sessions, cora: Account, name: str):
    hasher = CountingHasher()

    staffing.sign_in(sessions, name=name, password="wrong", now=NOW, hasher=hasher)

    assert hasher.verified == 1


def test_after_too_many_failures_the_right_password_opens_nothing(sessions: Sessions, cora: Account):
    for _ in range(MOST_FAILURES):
        enter(sessions, "wrong")

    assert enter(sessions) is None


def test_one_failure_fewer_does_not_lock(sessions: Sessions, cora: Account):
    for _ in range(MOST_FAILURES - 1):
        enter(sessions, "wrong")

    assert enter(sessions) == cora


def test_a_locked_account_opens_again_after_a_quarter_of_an_hour(sessions: Sessions, cora: Account):
    for _ in range(MOST_FAILURES):
        enter(sessions, "wrong")

    assert enter(sessions, now=NOW + timedelta(minutes=15)) == cora


def test_tries_while_locked_do_not_make_the_lock_longer(sessions: Sessions, cora: Account):
    for _ in range(MOST_FAILURES * 2):
        enter(sessions, "wrong")

    assert enter(sessions, now=NOW + timedelta(minutes=15)) == cora


def test_a_right_password_forgets_the_failures_before_it(sessions: Sessions, cora: Account):
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            enter(sessions, "wrong")
        enter(sessions)

    assert enter(sessions) == cora


def test_failures_of_one_account_do_not_lock_another(sessions: Sessions, cora: Account):
    for _ in range(MOST_FAILURES):
        enter(sessions, "wrong", name="nobody")

    assert enter(sessions) == cora


def test_a_session_speaks_for_its_account(sessions: Sessions, cora: Account):
    with sessions.begin() as db:
        assert staffing.account_of(db, cora.id, cora.session_key) == cora


def test_signing_out_ends_every_session(sessions: Sessions, cora: Account):
    with sessions.begin() as db:
        staffing.sign_out(db, cora)

        assert staffing.account_of(db, cora.id, cora.session_key) is None


def test_a_disabled_account_ends_its_sessions_and_opens_no_more(sessions: Sessions, cora: Account):
    with sessions.begin() as db:
        staffing.disable(db, name="cora")

        assert staffing.account_of(db, cora.id, cora.session_key) is None
    assert enter(sessions) is None


def test_disabling_an_unknown_account_is_told(sessions: Sessions):
    with pytest.raises(ProblemsFound, match="nobody"), sessions.begin() as db:
        staffing.disable(db, name="nobody")


def test_a_taken_name_and_a_short_password_are_told_together(sessions: Sessions, cora: Account):
    with pytest.raises(ProblemsFound) as found, sessions.begin() as db:
        staffing.add_staff(db, name="cora", role="researcher", password="short", hasher=CHEAP)

    assert [one.code for one in found.value.problems] == [Code.STAFF_NAME_TAKEN, Code.STAFF_PASSWORD_SHORT]


def test_a_password_costs_a_thief_at_least_what_is_recommended():
    """OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 rounds, or more."""
    assert staffing.HASHER.memory_cost >= 19 * 1024
    assert staffing.HASHER.time_cost >= 2
