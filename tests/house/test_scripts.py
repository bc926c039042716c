"""The scripts are plain shell, say what they do, and can be started from anywhere."""

import os
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SCRIPTS = ["demo", "test", "serve", "check", "bench"]


@pytest.mark.parametrize("name", [*SCRIPTS, "prepare"])
def test_a_script_is_posix_shell_that_stops_at_the_first_fault(name: str):
    path = PROJECT / "script" / name

    assert path.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert "\nset -eu\n" in path.read_text(encoding="utf-8")
    assert os.access(path, os.X_OK)
    assert subprocess.run(["sh", "-n", path], check=False).returncode == 0


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_says_in_one_line_what_it_does(name: str):
    lines = (PROJECT / "script" / name).read_text(encoding="utf-8").splitlines()

    assert [line.startswith(f'echo "script/{name}: ') for line in lines].count(True) == 1


@pytest.mark.parametrize("name", [*SCRIPTS, "prepare"])
def test_a_script_names_no_host(name: str):
    text = (PROJECT / "script" / name).read_text(encoding="utf-8").replace("http://127.0.0.1:8000", "")

    assert "http" not in text


def test_what_is_installed_already_is_not_installed_again(tmp_path: Path):
    if not (PROJECT / ".venv/prepared-test").exists():
        pytest.skip("the packages here were not installed by script/prepare")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}

    done = subprocess.run(
        ["sh", PROJECT / "script/prepare", "run"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )

    assert done.stdout + done.stderr == ""


def test_a_machine_without_python_is_told_what_to_install(tmp_path: Path):
    for program in ("sh", "dirname", "id", "uname"):
        where = subprocess.run(["sh", "-c", f"command -v {program}"], capture_output=True, text=True, check=True)
        (tmp_path / program).symlink_to(where.stdout.strip())
    clone = tmp_path / "clone/script"
    clone.mkdir(parents=True)
    (clone / "prepare").write_bytes((PROJECT / "script/prepare").read_bytes())

    done = subprocess.run(
        ["sh", clone / "prepare"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Python 3.11 or newer was not found" in done.stderr
