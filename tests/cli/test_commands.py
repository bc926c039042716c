"""The command line: what is asked is done, what cannot be done is told, and nothing ends in a traceback."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_app import cli
from survey_app.cli import main
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
        ("release", "create", "nothing"),
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


def test_a_study_without_answers_gets_no_release_and_the_reason(opened):
    result = opened("release", "create", "demo")

    assert result.exit_code == 1
    assert "needed" in result.stderr


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
