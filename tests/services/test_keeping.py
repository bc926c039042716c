"""Facts about backups of the keyring: they can be used, are kept for 30 days, and what belongs to nothing is swept."""

import stat
from dataclasses import replace
from datetime import date

import pytest

from survey_app.services import responding
from survey_app.services.keeping import backup_keyring
from survey_app.store import responses
from survey_app.store.database import databases_of, make_sessions, open_database
from tests.services.desk_builders import begin, open_small

DAY = date(2026, 11, 25)


@pytest.fixture
def desk(sessions, tmp_path):
    return open_small(sessions, tmp_path / "q")


@pytest.fixture
def one_desk(sqlite_sessions, tmp_path):
    return open_small(sqlite_sessions, tmp_path / "q")


def backup(desk, folder, day=DAY, **changes):
    return backup_keyring(databases_of(desk.sessions), folder, today=day, **changes)


def seen_with(desk, keyring_file):
    """The responses that open with the main database as it is and a keyring of before."""
    keyring = open_database(f"sqlite:///{keyring_file}")
    with make_sessions(replace(databases_of(desk.sessions), keyring=keyring)).begin() as db:
        found = list(responses.read_all(db))
    keyring.dispose()
    return found


def test_a_backup_can_be_used_as_keyring(desk, tmp_path):
    begin(desk)
    begin(desk)

    kept = backup(desk, tmp_path / "kept")

    assert len(seen_with(desk, kept.file)) == 2


def test_a_backup_is_one_file_that_only_its_owner_can_read(one_desk, tmp_path):
    begin(one_desk)

    kept = backup(one_desk, tmp_path / "kept")

    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert {path.name for path in kept.file.parent.iterdir()} == {"keyring-2026-11-25.db", "keys-without-row.json"}


def test_backups_older_than_thirty_days_are_deleted(one_desk, tmp_path):
    folder = tmp_path / "kept"
    for day in (date(2026, 10, 25), date(2026, 10, 26), date(2026, 11, 24)):
        backup(one_desk, folder, day)

    kept = backup(one_desk, folder, DAY)

    assert kept.deleted == 1
    assert [path.name for path in sorted(folder.glob("*.db"))] == [
        "keyring-2026-10-26.db",
        "keyring-2026-11-24.db",
        "keyring-2026-11-25.db",
    ]


@pytest.mark.parametrize("days", [0, 31])
def test_nobody_can_keep_them_for_longer(one_desk, tmp_path, days):
    with pytest.raises(ValueError, match="30 days"):
        backup(one_desk, tmp_path / "kept", days=days)


def test_a_key_without_row_is_swept_the_second_time_it_is_seen(desk, tmp_path):
    folder, vault = tmp_path / "kept", databases_of(desk.sessions).make_vault()
    begin(desk)
    (left,) = vault.make_keys(1)

    first = backup(desk, folder)
    assert (first.swept, left.ref in vault.all_refs()) == (0, True)
    assert backup(desk, folder).swept == 0, "not on the same day: its row may be on its way"
    second = backup(desk, folder, date(2026, 11, 26))

    assert (second.swept, left.ref in vault.all_refs(), len(vault.all_refs())) == (1, False, 1)


def test_what_was_erased_opens_with_a_keyring_of_before_and_with_no_later_one(desk, tmp_path):
    code = begin(desk)
    before = backup(desk, tmp_path / "kept")
    assert len(seen_with(desk, before.file)) == 1

    responding.delete(desk, code)
    after = backup(desk, tmp_path / "kept")

    assert after.file == before.file
    keyring = open_database(f"sqlite:///{after.file}")
    assert replace(databases_of(desk.sessions), keyring=keyring).make_vault().all_refs() == frozenset()
    keyring.dispose()
