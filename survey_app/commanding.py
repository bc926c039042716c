"""What the commands have in common: problems told, the day, the databases, who it is, files written whole."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.services import staffing
from survey_app.services.staffing import Account
from survey_app.settings import Settings
from survey_app.store.database import Sessions, make_sessions, open_databases

P = ParamSpec("P")
R = TypeVar("R")


def tells_problems(deed: Callable[P, R]) -> Callable[P, R]:
    """Print the problems of bad input, one a line, and end with exit code 1."""

    @wraps(deed)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return deed(*args, **kwargs)
        except ProblemsFound as found:
            print_problems(found.problems)
            sys.exit(1)

    return told


def speaks_for_somebody(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options `--as` and `--password`: deeds of two people need two accounts, here too."""
    name = click.option("--as", "name", required=True, help="Name of the staff account that does it.")
    password = click.option("--password", prompt=True, hide_input=True, help="Asked for when not given.")
    return name(password(command))


def account_of(sessions: Sessions, name: str, password: str) -> Account:
    """Return the account of that name and password.

    Raises:
        ProblemsFound: one of them is wrong, or the account rests after too many tries.
    """
    account = staffing.sign_in(sessions, name=name, password=password, now=datetime.now(UTC))
    if account is None:
        raise ProblemsFound([Problem(code=Code.SIGN_IN_WRONG)])
    return account


def print_problems(problems: Iterable[Problem]) -> None:
    """Print problems, one a line, where errors go."""
    for problem in problems:
        click.echo(str(problem), err=True)


def tell_progress(what: str, done: int, total: int) -> None:
    """Print how far the attacks are, beside what the command prints."""
    click.echo(f"attacks: {what}" + (f" {done}/{total}" if total > 1 else ""), err=True)


def today() -> date:
    """The day, in UTC."""
    return datetime.now(UTC).date()


def sessions_of(settings: Settings) -> Sessions:
    """Sessions of the databases of an installation."""
    return make_sessions(open_databases(settings))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)
