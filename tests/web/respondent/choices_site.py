"""The respondents' wing with a small study that has one of every kind of question."""

from pathlib import Path
from typing import Any

from flask import Flask

from survey_app.services.catalogue import open_study
from survey_app.store.database import Sessions
from survey_app.web.errors import register_errors
from survey_app.web.respondent import create_respondent_blueprint
from tests.builders import some_settings
from tests.choices_questionnaire import TEXT
from tests.services.desk_builders import a_study, add_version
from tests.web.respondent.walker import Walker

MODULES = ("SCR", "MAIN", "CHOICES")


def choices_app(sessions: Sessions, folder: Path, text: str = TEXT, **changes: Any) -> Flask:
    """The application; `changes` are those of the study."""
    catalogue = add_version(folder, "1.0.0", text)
    with sessions.begin() as db:
        open_study(db, a_study(**({"modules": MODULES} | changes)), catalogue, folder, quarter="2026-Q4")
    app = Flask("survey_app.app", static_folder="static", template_folder="web/templates")
    app.testing = True
    settings = some_settings(data=folder, questionnaires=folder)
    app.extensions.update(settings=settings, sessions=sessions, catalogue=catalogue)
    register_errors(app)
    app.register_blueprint(create_respondent_blueprint())
    return app


def at(app: Flask, screen: str = "", *, language: str = "en", mode: str = "prospective", stage: str = "S01") -> Walker:
    """Somebody who has told role and stage, in front of a screen."""
    walker = Walker(app.test_client())
    walker.get(f"/s/small/{language}/consent/{mode}")
    walker.send({"A01": ["yes"]})
    walker.follow("/go")
    walker.send({"A03": ["patient"]})
    if stage:
        walker.send({"A04": [stage]})
    if screen:
        walker.get(f"/s/small/{language}/q/{screen}")
    return walker
