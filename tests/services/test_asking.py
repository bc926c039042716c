"""Asks are kept for the reports of an approved release, whole or not at all."""

from datetime import date

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.report import reading
from survey_app.services import asking, recording
from tests.builders import store_cube
from tests.builders_report import a_cube

TODAY = date(2026, 11, 25)


def a_file(path, about, texts):
    lines = "".join(f"      {language}: {text}\n" for language, text in texts.items())
    path.write_text(f"asks:\n  - text:\n{lines}    about: {about}\n", "utf-8")
    return path


def test_asks_are_kept_replaced_and_read_back(sqlite_sessions, tmp_path):
    cube = a_cube()
    population = reading.leading(cube)
    assert population is not None
    about = reading.on_front(cube, reading.whole(cube, population.id)).variables[0]
    with sqlite_sessions.begin() as db:
        store_cube(db, cube)
        for word in ("first", "second"):
            path = a_file(tmp_path / "asks.yaml", about, dict.fromkeys(cube.languages, word))
            asking.write_asks(db, cube.release, path, who="cora", today=TODAY)
    with sqlite_sessions.begin() as db:
        (kept,) = asking.load_asks(db, cube)
        trail = [(row.who, row.deed) for row in recording.read_trail(db)]

    assert (kept.about, set(kept.text.values())) == (about, {"second"})
    assert trail[-2:] == [("cora", "asks written")] * 2


def test_a_wrong_file_is_told_by_line_and_changes_nothing(sqlite_sessions, tmp_path):
    cube = a_cube()
    with sqlite_sessions.begin() as db:
        store_cube(db, cube)
    path = a_file(tmp_path / "asks.yaml", "NOWHERE", {"en": "Only English."})
    with pytest.raises(ProblemsFound) as found, sqlite_sessions.begin() as db:
        asking.write_asks(db, cube.release, path, who="cora", today=TODAY)

    assert {one.code for one in found.value.problems} == {Code.ASK_LANGUAGE_MISSING, Code.ASK_NUMBER_ABSENT}
    assert all("asks.yaml" in one.where and any(sign.isdigit() for sign in one.where) for one in found.value.problems)
    with sqlite_sessions.begin() as db:
        assert asking.load_asks(db, cube) == ()
