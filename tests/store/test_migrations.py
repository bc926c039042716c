"""Facts about the migrations: they build what the tables say, up and down, on both databases."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services.migrating import (
    IDENTITY,
    KEYRING,
    MAIN,
    migrate,
    migrate_all,
    migrate_back,
    require_all_current,
    require_current,
)
from survey_app.services.published import checked_ledger, frozen_menu, load_cube, sealed_row
from survey_app.services.recording import read_trail
from survey_app.store.chains import FIRST_HASH, chain_hash
from survey_app.store.database import (
    Base,
    Databases,
    IdentityBase,
    KeyringBase,
    Sessions,
    databases_of,
    make_sessions,
    open_databases,
)
from survey_app.store.responses import add_responses, read_all
from survey_app.store.studies import DefinitionRow
from tests.builders import a_cube, some_settings, values_of
from tests.tables import import_tables

import_tables()


def build(connection: Connection) -> dict[str, object]:
    """Everything that the database says of its tables, in an order of its own."""
    inspector = inspect(connection)
    kinds = ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "check_constraints", "indexes")
    return {
        f"{table} {kind}": sorted(_plain(getattr(inspector, f"get_{kind}")(table)))
        for table in inspector.get_table_names()
        if table != "alembic_version"
        for kind in kinds
    }


def _plain(told: object) -> list[str]:
    return [
        str({key: _words(value) for key, value in one.items()}) for one in (told if isinstance(told, list) else [told])
    ]


def _words(value: object) -> str:
    return str({key: str(one) for key, one in value.items()} if isinstance(value, dict) else value)


@pytest.fixture(params=[(MAIN, Base), (KEYRING, KeyringBase), (IDENTITY, IdentityBase)], ids=lambda one: one[0])
def one_chain(request: pytest.FixtureRequest, databases: Databases) -> tuple[Engine, str, MetaData]:
    """Each of the three databases, the chain that made it and what its tables say."""
    chain, base = request.param
    engines = {MAIN: databases.main, KEYRING: databases.keyring, IDENTITY: databases.identity}
    return engines[chain], chain, base.metadata


def test_the_migrations_build_what_the_tables_say(one_chain):
    engine, _, metadata = one_chain
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_constraints_and_indexes_are_those_of_the_tables(one_chain):
    engine, chain, metadata = one_chain
    with engine.connect() as connection:
        migrated = build(connection)
    migrate_back(engine, chain=chain)
    metadata.create_all(engine)

    with engine.connect() as connection:
        assert build(connection) == migrated


def test_migrations_go_back_to_an_empty_database(one_chain):
    engine, chain, _ = one_chain
    migrate_back(engine, chain=chain)

    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_a_database_can_go_back_and_forward_again(one_chain):
    engine, chain, _ = one_chain
    migrate_back(engine, chain=chain)
    migrate(engine, chain=chain)

    require_current(engine, chain=chain)


def test_no_table_stands_in_two_databases():
    tables = [table for base in (Base, KeyringBase, IdentityBase) for table in base.metadata.tables]

    assert len(tables) == len(set(tables))


def test_all_databases_are_brought_up_together(databases: Databases):
    migrate_back(databases.main)
    with pytest.raises(ProblemsFound):
        require_all_current(databases)

    migrate_all(databases)

    require_all_current(databases)


def test_migrating_twice_changes_nothing(database: Engine):
    migrate(database)

    require_current(database)


def test_rows_survive_migrating_again(database: Engine):
    staff = "('s', 'Ada', 'researcher', 'hash', 'key', false, 0, NULL)"
    with database.begin() as connection:
        connection.execute(text(f"INSERT INTO staff VALUES {staff}"))

    migrate(database)

    with database.connect() as connection:
        assert connection.scalar(text("SELECT name FROM staff")) == "Ada"


def test_an_empty_database_is_refused_with_the_command_that_helps(empty_database: Engine):
    with pytest.raises(ProblemsFound, match="survey-app migrate") as found:
        require_current(empty_database)

    assert found.value.problems[0].code is Code.DATABASE_NOT_MIGRATED


def test_a_database_from_a_later_program_is_refused(database: Engine):
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(ProblemsFound, match="9999"):
        require_current(database)


def test_a_migration_that_fails_half_way_leaves_nothing(empty_database: Engine):
    with empty_database.begin() as connection:
        connection.execute(text("CREATE TABLE staff (id INTEGER)"))  # in the way of the last table

    with pytest.raises(Exception, match="staff"):
        migrate(empty_database)

    with empty_database.connect() as connection:
        assert inspect(connection).get_table_names() == ["staff"]


OLD_ROWS = (
    "INSERT INTO study VALUES ('s', 'q', '1.0.0', 'open', false, '{\"id\": \"s\"}')",
    "INSERT INTO batch VALUES ('s-1', 's', 1, '2026-Q4', NULL)",
    (
        "INSERT INTO response VALUES ('r1', 's', 'h1', 'p1', 1, 'q', '1.0.0', 'de', 'prospective', 'draft', NULL, "
        '\'{"de": "rev1", "en": "rev2"}\', \'{"A01": true, "A02": {"missing": "prefer_not"}}\')'
    ),
    (
        "INSERT INTO response VALUES ('r2', 's', 'h2', 'p2', 1, 'q', '1.0.0', 'en', 'retrospective', 'whole', 's-1', "
        "'{\"en\": \"rev2\"}', '{}')"
    ),
)


def old_rows(connection: Connection) -> list[tuple[object, ...]]:
    answers = {row.id: row for row in connection.execute(text("SELECT * FROM response"))}
    return [
        (key, row.code_hmac, row.status, row.batch_id, json_of(row.wording), json_of(row.answers))
        for key, row in sorted(answers.items())
    ]


def json_of(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value


def open_old(databases: Databases, *more: str) -> None:
    """The main database as it was in the days of the second migration, with these rows."""
    migrate(databases.main, "0002")
    with databases.main.begin() as connection:
        for statement in (*OLD_ROWS, *more):
            connection.exec_driver_sql(statement)


def test_responses_of_the_older_form_are_kept_and_go_back(empty_databases: Databases):
    open_old(empty_databases)
    with empty_databases.main.begin() as connection:
        before = old_rows(connection)
    migrate(empty_databases.main, "0006")
    with empty_databases.main.begin() as connection:
        connection.exec_driver_sql("UPDATE response SET received = '{\"phone\": 2}' WHERE id = 'r2'")

    migrate_all(empty_databases)

    with make_sessions(empty_databases).begin() as db:
        first, second = read_all(db)
        assert second.received == {"phone": 2}
        assert first.wording == {"texts": [["de", "rev1"], ["en", "rev2"]], "seen": {}}
        assert first.answers == {"A01": True, "A02": {"missing": "prefer_not"}}
        assert (first.definition, first.draw, first.received, len(first.last_month or "")) == (1, 0, {}, 7)
        assert (second.batch_id, second.last_month) == ("s-1", None)
        assert (first.person_tag, first.language, first.recall_mode) == ("p1", "de", "prospective")
        assert (second.person_tag, second.language, second.recall_mode) == ("p2", "en", "retrospective")
        assert db.get(DefinitionRow, ("s", 1)).definition == {"id": "s"}

    migrate_back(empty_databases.main, "0002", vault=empty_databases.make_vault())

    with empty_databases.main.connect() as connection:
        assert old_rows(connection) == before


def test_going_back_keeps_the_latest_wave_of_each_person(empty_databases: Databases):
    open_old(empty_databases)
    migrate_all(empty_databases)
    with make_sessions(empty_databases).begin() as db:
        row = next(one for one in read_all(db) if one.id == "r2")
        add_responses(db, [values_of(row) | {"id": "r3", "wave": 2, "batch_id": None}])

    migrate_back(empty_databases.main, "0002", vault=empty_databases.make_vault())

    with empty_databases.main.connect() as connection:
        assert list(connection.scalars(text("SELECT id FROM response ORDER BY id"))) == ["r1", "r3"]


def test_many_responses_are_all_kept(empty_databases: Databases):
    many = (
        "INSERT INTO response SELECT 'm' || n, 's', 'm' || n, 'p', 1, 'q', '1.0.0', 'de', 'prospective', 'part', "
        "NULL, '{}', '{}' FROM (WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1203) "
        "SELECT n FROM c) AS numbers"
    )
    open_old(empty_databases, many)

    migrate_all(empty_databases)

    with make_sessions(empty_databases).begin() as db:
        assert len({one.id for one in read_all(db)}) == 1205


def test_responses_are_not_touched_where_the_keyring_is_not_at_hand(empty_databases: Databases):
    open_old(empty_databases)
    with empty_databases.main.begin() as connection:
        before = old_rows(connection)

    with pytest.raises(RuntimeError, match="keyring"):
        migrate(empty_databases.main)

    with empty_databases.main.connect() as connection:
        assert old_rows(connection) == before


def test_nothing_of_an_older_response_is_left_in_plain_in_the_files(sqlite_template: Path, tmp_path: Path):
    said = "words that nobody else would ever write"
    opened = open_databases(some_settings(data=tmp_path))
    open_old(opened, f'UPDATE response SET answers = \'{{"A01": "{said}"}}\'')
    assert any(said.encode() in path.read_bytes() for path in tmp_path.iterdir())

    migrate_all(opened)
    opened.dispose()

    assert not [path.name for path in tmp_path.iterdir() if said.encode() in path.read_bytes()]


def test_a_keyring_made_with_another_key_is_refused(sqlite_sessions: Sessions):
    databases = databases_of(sqlite_sessions)
    databases.make_vault().make_keys(1)
    require_all_current(databases)

    with pytest.raises(ProblemsFound) as found:
        require_all_current(replace(databases, key_encryption_key=b"another" * 8))

    assert [problem.code for problem in found.value.problems] == [Code.KEYRING_OTHER]


def test_releases_that_went_out_before_count_as_approved_and_are_marked_so(empty_databases: Databases):
    cube = a_cube("s-2026q3", study="s", quarter="2026-Q3")
    values = {"cube": cube.to_json(), "sha": cube.sha256, "entry": "{}", "none": "0" * 64, "day": "2026-08-01"}
    migrate(empty_databases.main, "0005")
    with empty_databases.main.begin() as connection:
        connection.exec_driver_sql(OLD_ROWS[0])
        for statement in (
            "INSERT INTO release VALUES ('s-2026q3', 's', 1, '2026-Q3', :day, 'T1', :none, :sha, :cube)",
            "INSERT INTO menu VALUES ('s', :entry)",
            "INSERT INTO ledger (release_id, entry, previous_hash, hash) VALUES ('s-2026q3', :entry, :none, :hash)",
        ):
            connection.execute(text(statement), values | {"hash": chain_hash(FIRST_HASH, {})})

    migrate_all(empty_databases)

    with make_sessions(empty_databases).begin() as db:
        assert load_cube(db, "s-2026q3").release == "s-2026q3"
        assert [row.release_id for row in checked_ledger(db, "s")] == ["s-2026q3"]
        assert frozen_menu(db, "s") == {}
        assert [(row.who, row.deed) for row in read_trail(db)] == [("", "carried over")]
        row = sealed_row(db, "s-2026q3")
    assert (row.state, row.proposed_by, row.decided_by) == ("approved", None, None)
