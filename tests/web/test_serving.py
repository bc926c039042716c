"""The production server: it starts, survives a killed process, and stops when told."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from survey_app.settings import Settings

PROJECT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
START = "from survey_app.serving import serve; from survey_app.settings import read_settings; serve(read_settings())"


@pytest.fixture
def port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture
def server(settings: Callable[..., Settings], port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    told = settings(port=port, workers=2, questionnaires=PROJECT / "questionnaires")
    environ = {"PATH": os.environ["PATH"], **told.to_environment()}
    with (tmp_path / "server.log").open("wb") as log:
        started = subprocess.Popen([sys.executable, "-c", START], cwd=PROJECT, env=environ, stdout=log, stderr=log)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            started.wait(PATIENCE_SECONDS)
        started.kill()


def answer(server: subprocess.Popen[bytes], port: int) -> int:
    """The status of the sign-in page, asked for until it comes."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/staff/sign-in")
            return connection.getresponse().status
        time.sleep(0.1)
    raise TimeoutError(f"no answer on port {port}")


def workers(server: subprocess.Popen[bytes]) -> set[int]:
    """The processes that the server has started and that live."""
    command = ["ps", "-o", "pid=,stat=,args=", "--ppid", str(server.pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, state, args in rows if not state.startswith("Z") and "resource_tracker" not in args}


def test_a_killed_process_is_replaced_and_the_server_goes_on(server: subprocess.Popen[bytes], port: int):
    assert answer(server, port) == 200
    before = workers(server)
    killed = min(before)

    os.kill(killed, signal.SIGKILL)

    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and (killed in workers(server) or len(workers(server)) < len(before)):
        time.sleep(0.1)
    assert len(workers(server)) == len(before)
    assert answer(server, port) == 200


def test_the_server_stops_on_ctrl_c_without_a_traceback(server: subprocess.Popen[bytes], port: int, tmp_path: Path):
    answer(server, port)

    server.send_signal(signal.SIGINT)

    assert server.wait(PATIENCE_SECONDS) == 0
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def test_the_server_writes_no_addresses_of_visitors_and_no_pages(
    server: subprocess.Popen[bytes], port: int, tmp_path: Path
):
    answer(server, port)

    server.send_signal(signal.SIGINT)
    server.wait(PATIENCE_SECONDS)

    assert "sign-in" not in (tmp_path / "server.log").read_text()


def test_a_server_that_cannot_start_says_why_and_ends(settings: Callable[..., Settings], tmp_path: Path):
    told = settings(questionnaires=tmp_path / "nothing")

    ended = subprocess.run(
        [sys.executable, "-c", START], cwd=PROJECT, env={"PATH": os.environ["PATH"], **told.to_environment()},
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip

    assert ended.returncode != 0
    assert "No questionnaire was found" in ended.stderr or "There is no such file" in ended.stderr
