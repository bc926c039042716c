"""Serve the application with a production server: several processes, one replaced when it dies."""

import os

from granian import Granian
from granian.constants import Interfaces

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store.database import databases_of

STOP_SECONDS = 5


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM; requests that have begun are finished.

    One request at a time in each process (`SURVEY_WORKERS`). There is no access log: it would put addresses and
    exact times beside answers.

    Raises:
        ProblemsFound: the application cannot start with these settings; told here once, not by every process.
    """
    databases_of(create_app(settings).extensions["sessions"]).dispose()
    os.environ.update(settings.to_environment())  # the processes read their settings from there
    Granian(
        target="survey_app.app:create_from_environment",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=1,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
    ).serve()
