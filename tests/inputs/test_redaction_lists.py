"""Lists of the deployment: plain files, one word a line."""

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.inputs.redaction_lists import read_lists


def test_lists_are_read_by_kind_and_language(tmp_path):
    (tmp_path / "hospitals.txt").write_text("# ours\nCharité\n\n  Sankt Vinzenz \n", "utf-8")
    (tmp_path / "names.de.txt").write_text("\ufeffUte\n", "utf-8")
    (tmp_path / "notes.md").write_text("not a list", "utf-8")

    assert read_lists(tmp_path).words == {
        ("hospitals", ""): frozenset({"Charité", "Sankt Vinzenz"}),
        ("names", "de"): frozenset({"Ute"}),
    }


def test_a_changed_list_is_read_again(tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("Ute\n", "utf-8")
    read_lists(tmp_path)
    path.write_text("Ute\nAnna\n", "utf-8")

    assert read_lists(tmp_path).words["names", ""] == {"Ute", "Anna"}


def test_no_folder_is_no_list(tmp_path):
    assert read_lists(tmp_path / "none").words == {}


def test_all_files_that_are_no_text_are_told_at_once(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"\xff\xfe\xff")

    with pytest.raises(ProblemsFound) as found:
        read_lists(tmp_path)
    assert [(one.code, one.where) for one in found.value.problems] == [
        (Code.FILE_NOT_TEXT, str(tmp_path / name)) for name in ("a.txt", "b.txt")
    ]
