"""What it costs that responses are sealed, when a release reads all of them: beside the same work without sealing.

    python -m benchmarks.sealed [RESPONSES] [sqlite] [postgresql]

Responses of half a kilobyte of answers to sixty questions, each with something delivered. Seconds of this process; the
figures for a million are this many times more. The floor reads the same rows and the same JSON, in plain.
"""

import json
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from survey_app.services.migrating import migrate_all
from survey_app.store.contents import CONTENTS
from survey_app.store.database import Databases, make_sessions, open_databases
from survey_app.store.erasing import rewrite_all
from survey_app.store.responses import add_responses, read_all
from survey_app.store.snapshots import put_into_batch
from survey_app.store.studies import BatchRow, StudyRow, add_study
from tests import postgres
from tests.builders import settings_beside

MILLION = 1_000_000


def a_response(number: int) -> dict[str, object]:
    """Somebody who has answered."""
    answers = {f"QU{item:02}": ("never", "often", "always")[(number + item) % 3] for item in range(60)}
    return {
        "id": str(uuid.uuid4()), "study_id": "s", "code_hmac": uuid.uuid4().hex, "person_tag": uuid.uuid4().hex,
        "wave": 1, "questionnaire": "q", "questionnaire_version": "1.0.0", "language": "de", "definition": 1,
        "recall_mode": "prospective", "status": "whole", "batch_id": None, "draw": 0, "answers": answers,
        "wording": {"texts": [["de", "0" * 64]], "seen": dict.fromkeys(answers, 0)}, "received": {"phone": 3},
        "last_month": None,
    }  # fmt: skip


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """Three empty databases of a kind."""
    with tempfile.TemporaryDirectory(prefix="sealed-") as folder:
        if kind == "sqlite":
            yield _migrated(f"sqlite:///{folder}/survey.db")
            return
        with postgres.cluster(durable=True) as address:
            with postgres.connection(address) as connected:
                for name in ("keyring", "identity"):
                    connected.execute(f"CREATE SCHEMA {name}".encode())
            made = _migrated(address.format("postgres"))
            yield made
            made.dispose()


def _migrated(url: str) -> Databases:
    opened = open_databases(settings_beside(url))
    migrate_all(opened)
    return opened


def told(name: str, count: int, deed: Callable[[], object]) -> None:
    """Do it once and print what it took."""
    wall, processor = time.perf_counter(), time.process_time()
    deed()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    million = MILLION / count
    whole = f"a million: {wall * million:6.0f} s, {processor * million:6.0f} s CPU"
    print(f"  {name:38} {wall:7.2f} s, {processor:6.2f} s CPU; {whole}")


def measure(kind: str, count: int) -> None:
    """All figures on one kind of database."""
    print(f"{kind}, {count} responses")
    with databases(kind) as opened:
        sessions = make_sessions(opened)
        with sessions.begin() as db:
            names = {"questionnaire": "q", "questionnaire_version": "1.0.0"}
            add_study(db, StudyRow(id="s", state="open", synthetic=True, definition={}, **names))
            db.add(BatchRow(id="s-1", study_id="s", number=1, opened_quarter="2026-Q4"))
        rows = [a_response(number) for number in range(count)]
        with sessions.begin() as db:
            db.execute(text("CREATE TABLE plain (id VARCHAR(64) PRIMARY KEY, contents TEXT)"))
            plain = [{"id": row["id"], "contents": json.dumps({name: row[name] for name in CONTENTS})} for row in rows]
            db.execute(text("INSERT INTO plain VALUES (:id, :contents)"), plain)
        with sessions.begin() as db:
            told("store", count, lambda: add_responses(db, rows))

        def in_plain() -> None:
            with sessions.begin() as db:
                for row in db.execute(text("SELECT id, contents FROM plain ORDER BY id")):
                    json.loads(row.contents)

        def sealed() -> None:
            with make_sessions(opened).begin() as db:  # a process that has no key in memory
                assert sum(1 for _ in read_all(db)) == count

        told("floor: read all, in plain", count, in_plain)
        told("read all, sealed", count, sealed)
        with sessions() as db:
            told("close the batch", count, lambda: put_into_batch(db, "s", "s-1"))
            db.rollback()
        told("write all anew", count, lambda: rewrite_all(opened))
        opened.dispose()


def main() -> None:
    """Measure what was asked for."""
    given = sys.argv[1:]
    counts = [int(one) for one in given if one.isdigit()] or [50_000]
    for kind in [one for one in given if not one.isdigit()] or ["sqlite", "postgresql"]:
        measure(kind, counts[0])


if __name__ == "__main__":
    main()
