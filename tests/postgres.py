"""A PostgreSQL of our own for the tests: in a temporary folder, on a socket there, gone at the end."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

START_SECONDS = 60
ADVICE = (
    "The tests run on PostgreSQL too and found no initdb. Install it, on Debian: apt-get install postgresql. "
    "To leave these tests out: SURVEY_TEST_POSTGRES=off"
)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster and yield the address of its databases, with a gap for the name: `….format(name)`.

    It listens on a socket in its own folder only, so that no port has to be free and nobody else gets in. Files are
    not forced to the disk unless told (`durable`): the tests do not switch the machine off.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    account = _account()
    if account:
        shutil.chown(folder, **account)
    run = {"cwd": folder, **account, **({"extra_groups": []} if account else {})}
    try:
        initdb = [programs / "initdb", "-D", folder / "data", "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*initdb, "--locale=C"], check=True, stdout=subprocess.DEVNULL, **run)
        switches = [
            "-c",
            "listen_addresses=",
            "-c",
            f"fsync={'on' if durable else 'off'}",
            "-c",
            "max_connections=50",
            "-c",
            "shared_buffers=32MB",
        ]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", folder / "data", "-k", folder, *switches],
                stdout=log,
                stderr=log,
                **run,
            )
        try:
            _wait(server, folder)
            yield f"postgresql+psycopg://tests@/{{}}?host={folder}"
        finally:
            server.send_signal(2)  # SIGINT: close connections and stop
            server.wait(timeout=START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def connection(address: str, database: str = "postgres") -> Iterator[psycopg.Connection]:
    """Connect to one database of a cluster, outside any transaction."""
    plain = address.format(database).replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connected:
        yield connected


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    folders += [Path("/opt/homebrew/opt/postgresql/bin"), Path("/usr/pgsql/bin")]
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError(ADVICE)


def _account() -> dict[str, str]:
    # initdb refuses root; the account comes with the system's package.
    return {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(psycopg.OperationalError), connection(f"postgresql://tests@/{{}}?host={folder}"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")
