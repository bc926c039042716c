"""Facts about what is left in the file of a database when something was deleted."""

from pathlib import Path

from sqlalchemy import text

from survey_app.store.database import open_database


def test_what_is_deleted_is_overwritten_in_the_file(tmp_path: Path) -> None:
    said = "a word that nobody else would ever use"
    engine = open_database(f"sqlite:///{tmp_path}/one.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (words TEXT)"))
        connection.execute(text("INSERT INTO note VALUES (:said)"), {"said": said})
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    assert said.encode() in (tmp_path / "one.db").read_bytes()

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM note"))
    engine.dispose()

    assert not any(said.encode() in file.read_bytes() for file in tmp_path.iterdir())
