"""Facts about erasing: row and key go, the files forget them, and what has no key counts as erased everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import responding
from survey_app.services.revising import expire_drafts
from survey_app.store import responses
from survey_app.store.database import databases_of
from survey_app.store.responses import ResponseRow
from survey_app.store.snapshots import read_responses
from survey_app.store.vault import MOST_KEPT, DataKeyRow
from tests.services.desk_builders import TODAY, a_desk, begin, open_small


@pytest.fixture
def desk(sessions, tmp_path):
    return open_small(sessions, tmp_path / "q")


@pytest.fixture
def one_desk(sqlite_sessions, tmp_path):
    return open_small(sqlite_sessions, tmp_path / "q")


def stored(desk) -> tuple[bytes, bytes]:
    """What is stored of the only response: its contents, and its key as it is wrapped."""
    with desk.sessions.begin() as db:
        return db.scalars(select(ResponseRow.sealed)).one(), db.scalars(select(DataKeyRow.wrapped)).one()


def keys(desk) -> int:
    return len(databases_of(desk.sessions).make_vault().all_refs())


def anew(desk):
    """The desk of another process, which has no key in memory."""
    from survey_app.store.database import make_sessions  # noqa: PLC0415

    return a_desk(make_sessions(databases_of(desk.sessions)), desk)


def lose_the_key(desk):
    with desk.sessions.begin() as db:
        db.execute(delete(DataKeyRow))
    return anew(desk)


def files(folder: Path) -> Iterator[bytes]:
    return (path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_deleting_deletes_row_and_key(desk):
    code, other = begin(desk), begin(desk)
    assert keys(desk) == 2

    responding.delete(desk, code)

    assert (responding.load(desk, code), keys(desk)) == (None, 1)
    assert responding.load(desk, other) is not None


def test_nothing_of_what_was_erased_is_left_in_any_file(one_desk, tmp_path):
    code = begin(one_desk)
    seen = [stored(one_desk)]
    for value in ("sometimes", "always"):
        responding.save_screen(one_desk, code, "B01", {"B01": [value]}, language="en")
        seen.append(stored(one_desk))
    assert any(seen[-1][0][-64:] in content for content in files(tmp_path))
    assert any(seen[-1][1] in content for content in files(tmp_path))

    responding.delete(one_desk, code)

    left = [part for both in seen for part in (both[0][:64], both[0][-64:], both[1])]
    assert not [part for part in left if any(part in content for content in files(tmp_path))]


def test_drafts_that_expire_take_their_keys_along(desk):
    begin(desk)
    with desk.sessions.begin() as db:
        expire_drafts(db, "small", today=TODAY.replace(year=2028))

    assert keys(desk) == 0


def test_a_deletion_that_is_taken_back_leaves_the_key(desk):
    code = begin(desk)
    with desk.sessions.begin() as db:
        part = db.begin_nested()
        expire_drafts(db, "small", today=TODAY.replace(year=2028))
        part.rollback()
        db.execute(text("SELECT 1"))

    assert keys(desk) == 1
    assert responding.load(anew(desk), code) is not None


def test_a_response_that_could_not_be_stored_leaves_none_behind(desk):
    code = begin(desk)
    row = responding.load(desk, code).stored
    with pytest.raises(Exception, match=r"UNIQUE|unique"), desk.sessions.begin() as db:
        responses.add_response(db, {name: getattr(row, name) for name in row.__slots__ if name in FIELDS})

    assert responding.load(anew(desk), code) is not None


FIELDS = set(ResponseRow.__table__.columns.keys()) - {"key_ref", "sealed"} | set(responses.CONTENTS)


def test_a_response_without_key_counts_as_erased_everywhere(desk):
    code = begin(desk)
    there = lose_the_key(desk)

    assert responding.load(there, code) is None
    assert responding.save_screen(there, code, "B01", {"B01": ["never"]}, language="en") is None
    assert responding.submit(there, code, whole=True) is None
    assert responding.begin_wave(there, code, language="en", mode="prospective", raw={}) is None
    assert not responding.delete(there, code)
    with there.sessions.begin() as db:
        assert list(read_responses(db, "small")) == []
        assert db.scalars(select(ResponseRow.id)).all() == [], "deleting took the row along"


def test_a_row_in_the_place_of_another_is_refused_without_telling_whose(desk):
    first, second = begin(desk), begin(desk)
    with desk.sessions.begin() as db:
        one, two = db.scalars(select(ResponseRow))
        one.sealed, two.sealed = two.sealed, one.sealed

    with pytest.raises(ProblemsFound) as found:
        responding.load(desk, first)

    assert [problem.code for problem in found.value.problems] == [Code.SEALED_DAMAGED]
    assert first not in str(found.value)
    assert second not in str(found.value)


def test_an_answer_cannot_be_told_from_the_length_of_what_is_stored(one_desk):
    code = begin(one_desk)
    lengths = set()
    for value in ("never", "sometimes", "always"):
        responding.save_screen(one_desk, code, "B01", {"B01": [value]}, language="en")
        lengths.add(len(stored(one_desk)[0]))

    assert len(lengths) == 1


def test_a_process_keeps_no_more_than_so_many_keys_in_memory(one_desk):
    vault = databases_of(one_desk.sessions).make_vault()
    made = vault.make_keys(MOST_KEPT + 10)

    assert len(vault._kept) == MOST_KEPT
    assert len(vault.find([key.ref for key in made])) == MOST_KEPT + 10
