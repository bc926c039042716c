from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from survey_app.core.questionnaire.study import Study
from survey_app.services.catalogue import Catalogue, open_study, read_catalogue, read_study
from survey_app.store.database import Sessions, databases_of
from survey_app.web.respondent import create_respondent_blueprint
from tests.builders import some_settings
from tests.web.respondent.walker import Walker

QUESTIONNAIRES = Path("questionnaires")


@cache
def catalogue() -> Catalogue:
    return read_catalogue(QUESTIONNAIRES)


@cache
def demo_study() -> Study:
    return read_study(QUESTIONNAIRES / "studies" / "demo.yaml")


def make_app(sessions: Sessions, folder: Path) -> Flask:
    """An app with nothing but the respondents' wing, and the demo study open."""
    with sessions.begin() as db:
        open_study(db, demo_study(), catalogue(), QUESTIONNAIRES, quarter="2026-Q4")
    app = Flask("respondents")
    app.testing = True
    app.extensions.update(settings=some_settings(data=folder), sessions=sessions, catalogue=catalogue())
    app.register_blueprint(create_respondent_blueprint())
    return app


@pytest.fixture
def app(sqlite_sessions: Sessions, tmp_path: Path) -> Flask:
    return make_app(sqlite_sessions, tmp_path)


@pytest.fixture
def visitor(app: Flask) -> Callable[[], Walker]:
    """Makes visitors, each with a browser of their own."""
    return lambda: Walker(app.test_client())


@pytest.fixture
def app_on_each(sessions: Sessions, tmp_path: Path) -> tuple[Flask, Engine]:
    return make_app(sessions, tmp_path), databases_of(sessions).main
