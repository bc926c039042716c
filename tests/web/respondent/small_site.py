"""The respondents' wing with a small study in English and German that people may answer three times."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from survey_app.core.participation.codes import code_hmac, read_code
from survey_app.services.catalogue import keep_wordings, open_study, read_catalogue
from survey_app.store.database import Sessions
from survey_app.store.responses import StoredResponse, read_waves
from survey_app.store.snapshots import put_into_batch
from survey_app.store.studies import BatchRow
from survey_app.web.errors import register_errors
from survey_app.web.respondent import create_respondent_blueprint
from tests.builders import some_settings
from tests.services.desk_builders import a_study, add_version, german, write_german
from tests.web.respondent.walker import Walker

WAY = {"A03": ["patient"], "A04": ["S01"], "B01": ["sometimes"], "B13": ["always"], "B05": ["7"]}


class SmallSite:
    """The application, and what happens to it while people answer."""

    def __init__(self, sessions: Sessions, folder: Path, **changes: Any) -> None:
        self.folder, self.sessions = folder / "questionnaires", sessions
        catalogue = add_version(self.folder, "1.0.0")
        with sessions.begin() as db:
            open_study(db, a_study(**changes), catalogue, self.folder, quarter="2026-Q4")
        self.app = Flask("survey_app.app", static_folder="static", template_folder="web/templates")
        self.app.testing = True
        self.app.extensions.update(settings=some_settings(data=folder), sessions=sessions, catalogue=catalogue)
        register_errors(self.app)
        self.app.register_blueprint(create_respondent_blueprint())

    def visitor(self) -> Walker:
        return Walker(self.app.test_client())

    def revise_german(self, changed: dict[str, str]) -> None:
        """Somebody reworks these German texts, and the program starts anew."""
        write_german(self.folder / "small" / "1.0.0", lambda text: changed.get(text, german(text)))
        catalogue = read_catalogue(self.folder)
        with self.sessions.begin() as db:
            keep_wordings(db, catalogue)
        self.app.extensions["catalogue"] = catalogue
        self.app.extensions.pop("respondent_desk")

    def remove_the_version(self) -> None:
        """Somebody takes the questionnaire away while people are answering it."""
        self.app.extensions["catalogue"] = replace(self.app.extensions["catalogue"], editions={})
        self.app.extensions.pop("respondent_desk", None)

    def close_the_batch(self) -> None:
        """A release is made from what was sent so far."""
        with self.sessions.begin() as db:
            put_into_batch(db, "small", db.scalars(select(BatchRow.id)).one())

    def rows(self, code: str) -> list[StoredResponse]:
        hashed = code_hmac(self.app.extensions["settings"].key_for("return-code"), read_code(code) or "")
        with self.sessions.begin() as db:
            return list(read_waves(db, hashed))


def begin(walker: Walker, language: str = "en", mode: str = "prospective") -> str:
    """From the page of agreements to the first question; returns the code."""
    walker.get(f"/s/small/{language}/consent/{mode}")
    walker.send({"A01": ["yes"], "A02": ["yes"]})
    code = walker.page.html.split('<span aria-hidden="true">')[1][:17]
    walker.follow("/go")
    return code


def answer(walker: Walker, **said: str) -> None:
    """Answer what comes until there are no questions left; skip what `said` does not tell."""
    for _ in range(40):
        if walker.question is None:
            return
        names = walker.page.form().names()
        told = {name: [said[name]] if name in said else WAY[name] for name in names if name in {**WAY, **said}}
        may_skip = any(one.value == "skip" for one in walker.page.form().controls)
        walker.send(told, "next" if told or not may_skip else "skip")
        assert walker.status < 400, (walker.address, walker.page.text)
    raise AssertionError("the questions never end")


def send_all(walker: Walker, **said: str) -> None:
    """Answer what comes, look over, send."""
    answer(walker, **said)
    assert walker.address.endswith("/review"), walker.address
    walker.send(button=None)
    assert walker.address.endswith("/thanks"), walker.page.text
