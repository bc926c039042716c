"""Facts about what files and tables tell of the order in which people came, once a batch is closed: nothing."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr
from sqlalchemy import Engine, text

from survey_app.store.database import Databases, Sessions, databases_of
from survey_app.store.responses import add_responses, read_all
from survey_app.store.snapshots import put_into_batch
from survey_app.store.studies import BatchRow, StudyRow, add_study

PEOPLE, AT_ONCE = 2000, 50
MOST = 0.15
"""By chance alone the correlation of 2,000 pairs has a standard deviation of 0.022: this is nearly seven of them."""


def a_person(number: int) -> dict[str, object]:
    return {
        "id": str(uuid.uuid4()), "study_id": "s", "code_hmac": uuid.uuid4().hex, "person_tag": "p", "wave": 1,
        "questionnaire": "q", "questionnaire_version": "1.0.0", "language": "de", "recall_mode": "prospective",
        "status": "whole", "batch_id": None, "draw": 0, "definition": 1, "wording": {}, "answers": {"A": number},
        "received": {"phone": 3}, "last_month": None,
    }  # fmt: skip


def come(sessions: Sessions, count: int) -> Mapping[str, int]:
    """People come one after the other; return id -> how many came before."""
    with sessions.begin() as db:
        add_study(db, StudyRow(id="s", questionnaire="q", questionnaire_version="1.0.0", state="open",
                               synthetic=True, definition={}))  # fmt: skip
        db.add(BatchRow(id="s-1", study_id="s", number=1, opened_quarter="2026-Q4"))
    people = [a_person(number) for number in range(count)]
    for start in range(0, count, AT_ONCE):
        with sessions.begin() as db:
            add_responses(db, people[start : start + AT_ONCE])
    return {str(one["id"]): number for number, one in enumerate(people)}


def close_the_batch(sessions: Sessions) -> None:
    with sessions.begin() as db:
        put_into_batch(db, "s", "s-1")


def orders(databases: Databases) -> Mapping[str, Sequence[str]]:
    """Ids of responses in every order in which the databases hold them, or their keys."""
    with databases.main.begin() as connection:
        ids = {row.key_ref: row.id for row in connection.execute(text("SELECT id, key_ref FROM response"))}
    if databases.main.dialect.name == "sqlite":
        found = {"id": ids.values(), "page": on_disk(databases.main, "SELECT id, sealed FROM response")}
        found["ref"] = [ids[ref] for ref in sorted(ids)]
        found["key"] = [ids[ref] for ref in on_disk(databases.keyring, "SELECT ref, wrapped FROM data_key")]
        return {name: list(order) for name, order in found.items()}
    places = {}
    for place in ("ctid", "xmin::text::bigint", "cmin::text::bigint"):
        places[place] = read(databases.main, f"SELECT id FROM response ORDER BY {place}, id")
        keys = read(databases.keyring, f"SELECT ref FROM data_key ORDER BY {place}, ref")
        places[f"key {place}"] = [ids[ref] for ref in keys]
    return places


def read(engine: Engine, statement: str) -> Sequence[str]:
    with engine.begin() as connection:
        return connection.scalars(text(statement)).all()


def on_disk(engine: Engine, statement: str) -> list[str]:
    """Names of rows in the order in which the ends of their contents stand in the file."""
    with engine.begin() as connection:
        rows = connection.execute(text(statement)).all()
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    written = np.frombuffer(Path(str(engine.url.database)).read_bytes(), dtype=np.uint8)
    words = np.lib.stride_tricks.sliding_window_view(written, 8).copy().view(np.uint64)[:, 0]  # from every byte on
    names = {int.from_bytes(content[-8:], "little"): name for name, content in rows}
    wanted = np.sort(np.array(list(names), dtype=np.uint64))
    nearest = wanted[np.searchsorted(wanted, words).clip(max=len(wanted) - 1)]
    places = np.flatnonzero(nearest == words)
    return [names[int(words[place])] for place in places]


def correlation(order: Sequence[str], came: Mapping[str, int]) -> float:
    assert sorted(order) == sorted(came)
    return abs(float(spearmanr(range(PEOPLE), [came[one] for one in order]).statistic))


def test_no_order_of_the_databases_is_that_in_which_people_came(sessions: Sessions):
    came = come(sessions, PEOPLE)
    before = {name: correlation(order, came) for name, order in orders(databases_of(sessions)).items()}
    assert max(before.values()) > 0.9, "until the batch is closed the place of a row tells: this test can fail"

    close_the_batch(sessions)

    after = {name: correlation(order, came) for name, order in orders(databases_of(sessions)).items()}
    assert {name: value for name, value in after.items() if value > MOST} == {}


def test_closing_keeps_every_answer_and_forgets_what_devices_delivered(sessions: Sessions):
    came = come(sessions, 30)
    close_the_batch(sessions)

    with sessions.begin() as db:
        found = list(read_all(db))
    assert {one.id: one.answers["A"] for one in found} == came
    assert {(one.batch_id, len(one.received)) for one in found} == {("s-1", 0)}
