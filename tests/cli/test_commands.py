"""The command line: what is asked is done, what cannot be done is told, and nothing ends in a traceback."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_app import cli
from survey_app.cli import main
from survey_app.core.approval import State
from survey_app.settings import read_settings
from survey_app.store.chains import canonical
from survey_app.store.database import make_sessions, open_databases
from tests.builders import a_cube, store_cube
from tests.small_questionnaire import TEXT, write_small


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("SURVEY_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("SURVEY_QUESTIONNAIRES", str(tmp_path / "questionnaires"))
    shutil.copytree("questionnaires", tmp_path / "questionnaires")
    (tmp_path / "var").mkdir()
    return lambda *args: CliRunner().invoke(main, [str(one) for one in args])


@pytest.fixture
def opened(run, tmp_path):
    assert run("migrate").exit_code == 0
    assert run("study", "open", tmp_path / "questionnaires/studies/demo.yaml").exit_code == 0
    return run


def test_sound_files_end_with_0(run, tmp_path):
    result = run("check", tmp_path / "questionnaires")

    assert (result.exit_code, "no problems" in result.output) == (0, True)


def test_a_broken_file_ends_with_1_and_names_line_and_cure(run, tmp_path):
    folder = write_small(tmp_path / "broken", TEXT.replace("show_if: B01 >= 1", "show_if: B05 >= 1"))

    result = run("check", folder)

    assert result.exit_code == 1
    assert "questionnaire.yaml:" in result.output
    assert "Move one of the two" in result.output


def test_problems_can_be_had_as_json(run, tmp_path):
    folder = write_small(tmp_path / "broken", TEXT.replace("id: B10", "id: B01", 1))

    listed = json.loads(run("check", "--json", folder).stdout)

    assert [one["code"] for one in listed] == ["ID_TWICE"]


def test_wrong_usage_ends_with_2(run):
    assert run("release", "tables").exit_code == 2


@pytest.mark.parametrize(
    "args",
    [
        ("study", "close", "nothing"),
        ("release", "create", "nothing", "--as", "maria", "--password", "wrong"),
        ("release", "show", "nothing"),
        ("release", "approve", "nothing", "--as", "maria", "--password", "wrong", "--finding", "x", "--audit-read"),
        ("release", "reject", "nothing", "--as", "maria", "--password", "wrong"),
        ("release", "audit", "nothing"),
        ("release", "tables", "nothing", "--output", "x.csv"),
        ("report", "nothing", "--language", "en", "--output", "x.pdf"),
        ("bundle", "nothing", "--output", "x"),
        ("staff", "disable", "nobody"),
        ("staff", "add", "maria", "--role", "coordinator", "--password", "short"),
        ("publish", "nowhere"),
        ("study", "open", "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence_and_ends_with_1(opened, args):
    result = opened(*args)

    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.strip()


def test_a_study_is_opened_once(opened, tmp_path):
    again = opened("study", "open", tmp_path / "questionnaires/studies/demo.yaml")

    assert (again.exit_code, "open already" in again.stderr) == (1, True)


PHRASE = "a long pass phrase"


@pytest.fixture
def staffed(opened):
    for name in ("maria", "nora"):
        opened("staff", "add", name, "--role", "coordinator", "--password", PHRASE)
    return opened


def test_a_study_without_answers_gets_no_release_and_the_reason(staffed):
    result = staffed("release", "create", "demo", "--as", "maria", "--password", PHRASE)

    assert result.exit_code == 1
    assert "Fewer than 20 people" in result.stderr


def test_the_day_after_nobody_looks_again(staffed):
    staffed("release", "create", "demo", "--as", "maria", "--password", PHRASE)

    result = staffed("release", "create", "demo", "--as", "nora", "--password", PHRASE)

    assert (result.exit_code, "looked at once in 30 days" in result.stderr) == (1, True)


def test_a_release_needs_the_name_and_the_password_of_somebody(staffed):
    assert staffed("release", "create", "demo").exit_code == 2
    assert "not right" in staffed("release", "create", "demo", "--as", "maria", "--password", "guess").stderr


@pytest.fixture
def proposed(staffed, tmp_path):
    databases = open_databases(read_settings())
    files = tmp_path / "var/files/snapshots"
    files.mkdir(parents=True)
    (files / f"{EMPTY}.sealed").write_bytes(b"")
    with make_sessions(databases).begin() as db:
        cube = a_cube("demo-1")
        store_cube(db, cube, state=State.PROPOSED, audit=canonical({"words": "What was tried.", "document": {}}))
    databases.dispose()
    return staffed


EMPTY = hashlib.sha256(b"").hexdigest()


def approve(run, name="nora", *more):
    return run("release", "approve", "demo-1", "--as", name, "--password", PHRASE, "--finding", "Nobody.", *more)


def test_what_is_not_approved_is_neither_written_nor_counted(proposed, tmp_path):
    for args in (
        ("release", "tables", "demo-1", "--output", tmp_path / "x.csv"),
        ("report", "demo-1", "--language", "en", "--output", tmp_path / "x.html"),
        ("bundle", "demo-1", "--output", tmp_path / "x"),
    ):
        result = proposed(*args)
        assert (result.exit_code, "is proposed" in result.stderr) == (1, True)
    assert not list(tmp_path.glob("x*"))
    assert "100" not in proposed("release", "list").output
    assert json.loads(proposed("release", "list", "--json").stdout)[0]["persons"] is None


def test_another_person_approves_and_then_it_leaves(proposed, tmp_path):
    assert "What was tried." in proposed("release", "show", "demo-1").output
    assert "was not confirmed as read" in approve(proposed).stderr
    assert approve(proposed, "nora", "--audit-read").output == "approved: demo-1, by nora\n"

    assert proposed("release", "tables", "demo-1", "--output", tmp_path / "x.csv").exit_code == 0
    shown = json.loads(proposed("release", "show", "demo-1", "--json").stdout)
    assert (shown["state"], shown["proposed_by"], shown["decided_by"], shown["finding"]) == (
        "approved", "petra", "nora", "Nobody.",
    )  # fmt: skip
    lines = proposed("audit-trail").stdout.splitlines()
    assert [line.split("  ")[1:] for line in lines] == [
        ["petra", "proposed", "demo-1"],
        ["nora", "approved", "demo-1"],
        ["command line", "tables", "demo-1"],
    ]


def test_nobody_approves_their_own_on_the_command_line_either(proposed):
    proposed("staff", "add", "petra", "--role", "coordinator", "--password", PHRASE)

    assert "Another person decides" in approve(proposed, "petra", "--audit-read").stderr


def test_a_rejected_release_never_leaves(proposed, tmp_path):
    told = proposed(
        "release", "reject", "demo-1", "--as", "nora", "--password", PHRASE, "--reason", "A wrong question."
    )

    assert told.output == "rejected: demo-1, by nora\n"
    assert "is rejected" in proposed("release", "tables", "demo-1", "--output", tmp_path / "x.csv").stderr


def test_no_release_is_an_empty_list(opened):
    assert json.loads(opened("release", "list", "--json").stdout) == []


def test_an_account_is_made_once(opened):
    opened("staff", "add", "maria", "--role", "coordinator", "--password", "a long pass phrase")

    again = opened("staff", "add", "maria", "--role", "researcher", "--password", "a long pass phrase")

    assert (again.exit_code, "already" in again.stderr) == (1, True)


def test_a_template_for_a_new_language_names_every_text(run):
    result = run("template", Path("questionnaires/atmp_burden/0.1.0"))

    assert 'msgctxt "item/CJ01/text"' in result.stdout


# -- a study goes on ---------------------------------------------------------------------------------


def study_file(tmp_path, old="", new=""):
    path = tmp_path / "questionnaires/studies/demo.yaml"
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    return path


def test_a_study_is_revised_and_the_questions_are_compared(opened, tmp_path):
    result = opened("study", "revise", study_file(tmp_path, "contact: survey@", "contact: help@"))

    assert result.exit_code == 0
    assert "revised: demo" in result.output
    assert "every question stays comparable" in result.output


STUDY = """\
id: {name}
title: {{en: A study}}
organisation: Example
contact: a@example.org
questionnaire: atmp_burden
version: {version}
modules: [{modules}]
languages: [en]
recall_modes: [prospective]
"""


def test_a_study_is_revised_to_another_version_and_told_what_stays_comparable(run, tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(STUDY.format(name="two", version="0.1.0", modules="SCR, CJ, DM"), "utf-8")
    assert run("migrate").exit_code == 0
    assert run("study", "open", path).exit_code == 0
    path.write_text(STUDY.format(name="two", version="0.2.0", modules="SCR, CJ, DM, WM"), "utf-8")

    result = run("study", "revise", path)

    assert (result.exit_code, "0.1.0 -> 0.2.0" in result.output) == (0, True), result.output
    new = next(line for line in result.output.splitlines() if "new:" in line)
    assert "WM01a" in new
    assert "CJ01" not in new


def test_a_revision_that_is_refused_ends_with_1_and_changes_nothing(opened, tmp_path):
    path = study_file(tmp_path, "organisation: Example", "organisation: Another")

    result = opened("study", "revise", path)

    assert (result.exit_code, "organisation" in result.output) == (1, True)


def test_expired_drafts_are_told_rounded(opened):
    result = opened("study", "expire", "demo")

    assert (result.exit_code, result.output) == (0, "deleted: no drafts of demo\n")
    assert [cli._roughly(number) for number in (1, 9, 14, 148)] == [
        "fewer than 10 drafts", "fewer than 10 drafts", "about 10 drafts", "about 150 drafts",
    ]  # fmt: skip


def test_expiry_of_an_unknown_study_is_told(opened):
    result = opened("study", "expire", "nothing")

    assert (result.exit_code, "no study nothing" in result.output) == (1, True)
