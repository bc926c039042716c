"""Facts about the migrations: they build what the tables say, up and down, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services.migrating import migrate, migrate_back, require_current
from survey_app.store.database import Base
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
        str({key: str(value) for key, value in one.items()}) for one in (told if isinstance(told, list) else [told])
    ]


def test_the_migrations_build_what_the_tables_say(database: Engine):
    with database.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_constraints_and_indexes_are_those_of_the_tables(database: Engine):
    with database.connect() as connection:
        migrated = build(connection)
    migrate_back(database)
    Base.metadata.create_all(database)

    with database.connect() as connection:
        assert build(connection) == migrated


def test_migrations_go_back_to_an_empty_database(database: Engine):
    migrate_back(database)

    with database.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_a_database_can_go_back_and_forward_again(database: Engine):
    migrate_back(database)
    migrate(database)

    require_current(database)


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
