"""A site for measuring: `survey-app serve` as people get it, with a temporary database and an open study."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from uuid import uuid4

from tests import postgres

PROJECT = Path(__file__).parent.parent
STUDY = Path("questionnaires/studies/demo.yaml")
PATIENCE_SECONDS = 60
PROGRAM = [sys.executable, "-c", "from survey_app.cli import main; main()"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@dataclass
class Site:
    """A running server. environ: its settings; folder: its data; the server can be killed and started again."""

    environ: dict[str, str]
    port: int
    folder: Path
    command: list[str] = field(default_factory=lambda: [*PROGRAM, "serve"])
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_url(self) -> str:
        """Its database."""
        return self.environ["SURVEY_DATABASE_URL"]

    def run(self, *told: str) -> None:
        """Run a command of the program with the same settings."""
        subprocess.run([*PROGRAM, *told], cwd=PROJECT, env=self.environ, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=PROJECT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError, HTTPException), closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as asked:
                asked.request("GET", "/")
                asked.getresponse().read()
                return
            time.sleep(0.05)
        raise TimeoutError((self.folder / "server.log").read_text()[-2000:])

    def kill(self) -> None:
        """Kill the server with all its processes at once, as a power cut would."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE_SECONDS)
            self.process = None

    def stop(self) -> None:
        """Let the server end in order."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
            self.kill()


@contextmanager
def site(database: str = "sqlite", *, study: Path = STUDY, more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """A server with the study open; database: `sqlite` or `postgresql`. All is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="site-") as name, _address(database, Path(name)) as url:
        port = free_port()
        environ = {
            "PATH": os.environ["PATH"],
            "SURVEY_DATA": name,
            "SURVEY_DATABASE_URL": url,
            "SURVEY_PORT": str(port),
            **(more or {}),
        }
        made = Site(environ, port, Path(name))
        made.run("migrate")
        made.run("study", "open", str(study))
        made.start()
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def floor() -> Iterator[Site]:
    """The same server with an application that does nothing: what nobody can go below."""
    with tempfile.TemporaryDirectory(prefix="floor-") as name:
        port = free_port()
        made = Site(
            {"PATH": os.environ["PATH"], "FLOOR_PORT": str(port)},
            port,
            Path(name),
            command=[sys.executable, "-m", "benchmarks.floor"],
        )
        made.start()
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def _address(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'survey.db'}"
        return
    with postgres.cluster(durable=True) as address:
        name = f"site_{uuid4().hex}"
        with postgres.connection(address) as connected:
            connected.execute(f"CREATE DATABASE {name}".encode())
        yield address.format(name)
