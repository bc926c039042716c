"""Invitations at the command line: made into a new file that its owner alone can read, or not at all."""

import csv
import io
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_app.cli import main

STUDY = """\
id: {name}
title: {{en: A study, de: Eine Studie}}
organisation: Example
contact: a@example.org
questionnaire: atmp_burden
version: 0.2.0
modules: [SCR, CJ, DM]
languages: [en, de]
recall_modes: [prospective]
entry: {entry}
"""


class Desk:
    """The command line in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args: object) -> Result:
        return CliRunner().invoke(main, [str(one) for one in args])

    def open(self, name: str, entry: str) -> Result:
        path = self.folder / f"{name}.yaml"
        path.write_text(STUDY.format(name=name, entry=entry), "utf-8")
        return self("study", "open", path)

    def make(self, to: Path, study: str = "asked", address: str = "https://survey.example.org", *more: str) -> Result:
        return self("invitation", "make", study, "--count", 9, "--to", to, "--address", address, *more)

    @property
    def made(self) -> str:
        return self("invitation", "count", "asked").output.splitlines()[0]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("SURVEY_DATA", str(tmp_path / "var"))
    desk = Desk(tmp_path)
    assert desk("migrate").exit_code == 0
    assert desk.open("asked", "invitation").exit_code == 0
    return desk


def test_a_table_of_codes_is_made_that_its_owner_alone_can_read(run: Desk, tmp_path: Path) -> None:
    to = tmp_path / "out" / "codes.csv"

    result = run.make(to, address="https://survey.example.org/")

    assert result.exit_code == 0, result.output
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(to.read_text("utf-8-sig"))))
    assert len({row["code"] for row in rows}) == 9
    assert rows[0]["link_de"].startswith("https://survey.example.org/s/asked/de/invitation#")
    assert rows[0]["code"] not in result.output
    assert run.made == "made: 9"


def test_cards_are_made_in_the_language_that_was_asked_for(run: Desk, tmp_path: Path) -> None:
    to = tmp_path / "cards.pdf"

    assert run.make(to, "asked", "https://survey.example.org", "--language", "de").exit_code == 0
    assert to.read_bytes().startswith(b"%PDF")


def test_links_of_blind_invitations_carry_the_key_that_is_told(run: Desk, tmp_path: Path) -> None:
    run.open("blind", "blind invitation")
    told = [run.make(tmp_path / name, "blind").output.splitlines()[-1] for name in ("one.csv", "two.csv")]
    assert told[0] == told[1]
    seal = told[0].rpartition(" ")[2].replace("-", "")
    rows = csv.DictReader(io.StringIO((tmp_path / "two.csv").read_text("utf-8-sig")))
    assert {row["link_en"].rpartition(".")[2] for row in rows} == {seal}
    assert run.make(tmp_path / "cards.pdf", "blind").exit_code == 0


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_made(run: Desk, tmp_path: Path) -> None:
    to = tmp_path / "codes.txt"
    to.write_text("mine")

    result = run.make(to, "asked", "survey.example.org", "--language", "ar")

    assert result.exit_code == 1
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [
        "--to",
        "--to",
        "--address",
        "--language",
    ]
    assert to.read_text() == "mine"
    assert run.made == "made: 0"


def test_where_the_file_cannot_be_written_no_code_opens_anything(run: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    result = run.make(tmp_path / "file" / "codes.csv")

    assert (result.exit_code, "cannot be written" in result.stderr) == (1, True)
    assert run.made == "made: 0"


def test_a_study_that_everybody_can_begin_gets_no_invitations(run: Desk, tmp_path: Path) -> None:
    run.open("everybody", "open")

    result = run.make(tmp_path / "codes.csv", "everybody")

    assert (result.exit_code, "entry: invitation" in result.stderr) == (1, True)
    assert run("invitation", "count", "everybody").exit_code == 1
    assert run.make(tmp_path / "codes.csv", "unknown").exit_code == 1


def test_a_wrong_word_for_the_entry_is_told_with_its_line(run: Desk) -> None:
    result = run.open("wrong", "invitations")

    assert result.exit_code == 1
    assert "wrong.yaml:10" in result.stderr


def test_how_people_come_in_cannot_change(run: Desk, tmp_path: Path) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(STUDY.format(name="asked", entry="open"), "utf-8")

    result = run("study", "revise", path)

    assert (result.exit_code, "entry" in result.stderr) == (1, True)


def test_in_production_a_study_with_invitations_needs_their_key(
    run: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SURVEY_ENVIRONMENT", "production")
    for name in ("SECRET", "PSEUDONYM", "RECORD", "KEY_ENCRYPTION", "TEXT"):
        monkeypatch.setenv(f"SURVEY_{name}_KEY", name * 40)

    assert "SURVEY_INVITATION_KEY" in run.open("other", "invitation").stderr
    assert "SURVEY_INVITATION_KEY" in run.make(tmp_path / "codes.csv").stderr
    monkeypatch.setenv("SURVEY_INVITATION_KEY", "i" * 40)
    assert run.make(tmp_path / "codes.csv").exit_code == 0


def test_the_count_tells_nothing_that_grows_while_people_answer(run: Desk, tmp_path: Path) -> None:
    run.make(tmp_path / "codes.csv")

    told = run("invitation", "count", "asked").output

    assert told.splitlines()[0] == "made: 9"
    assert "nothing yet" in told
