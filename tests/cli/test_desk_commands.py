"""The desk from the command line: how far it is, who did what, and sealing with a name and a password."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_app.cli import main
from survey_app.core.protection.cube import Population
from survey_app.services import staffing
from survey_app.store.database import make_sessions, open_databases
from tests.builders import CHEAP, some_settings
from tests.conftest import copy_databases
from tests.services.text_builders import PASSWORD, a_desk_of_texts, bring, make_ready, written

NOW = Population(id="patient.prospective", respondent="patient", recall_mode="prospective")


@pytest.fixture
def command(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command on an installation with one text that is ready; `cora` coordinates, `ada` and `ben` redact."""
    copy_databases(sqlite_template, tmp_path)
    settings = some_settings(data=tmp_path)
    opened = open_databases(settings)
    with make_sessions(opened).begin() as db:
        ada, ben = a_desk_of_texts(db, "demo-1", populations=(NOW,))
        staffing.add_staff(db, name="cora", role="coordinator", password=PASSWORD, hasher=CHEAP)
        first, _ = bring(db, written(), written("q"))
        make_ready(db, first, ada, ben)
    opened.dispose()
    for name, value in settings.to_environment().items():
        monkeypatch.setenv(name, value)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["desk", *words])

    return run


def seal(command, name: str, password: str = PASSWORD) -> Result:
    return command("seal", "demo-1", "--as", name, "--password", password)


def test_the_desk_tells_how_far_it_is_and_no_word_of_anybody(command):
    assert command("status").output == "demo: 1 to redact, 0 to check, 1 ready for a release, 0 used\n"


def test_a_coordinator_seals_once(command):
    assert seal(command, "cora").output.startswith("demo-1: quotes (1) and themes (0), sha256 ")
    again = seal(command, "cora")

    assert again.exit_code == 1
    assert "The voices of demo-1 are sealed already." in again.output


@pytest.mark.parametrize(("name", "password"), [("ada", PASSWORD), ("cora", "a wrong password")])
def test_nobody_else_seals(command, name: str, password: str):
    assert seal(command, name, password).exit_code == 1
    assert command("status").output.endswith("1 ready for a release, 0 used\n")


def test_deeds_are_listed_with_day_and_name(command):
    seal(command, "cora")
    lines = [line.split()[1:3] for line in command("deeds", "demo").output.splitlines()]

    assert sorted(lines) == [["ada", "proposed"], ["ben", "confirmed"], ["cora", "sealed"]]
