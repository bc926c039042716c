"""What is left after a whole study, searched as a thief of the disk would: no words, no codes, no addresses."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest

from survey_app.app import create_app
from survey_app.core.protection.policy import Adjustments, Defences
from survey_app.services import simulating
from survey_app.services.catalogue import open_study
from survey_app.services.keeping import backup_keyring
from survey_app.services.releasing import create_release
from survey_app.store.database import databases_of
from survey_app.store.responses import read_all
from tests.builders import some_settings
from tests.conftest import copy_databases, leave_attacks_out
from tests.web.respondent.conftest import QUESTIONNAIRES, catalogue, demo_study
from tests.web.respondent.person import Person
from tests.web.respondent.walker import Walker

ADDRESS, BROWSER = "203.0.113.77", "Telltale/9.1"
WORDS = {
    "en": "my daughter Ottilie plays the viola",
    "de": "meine Großmutter züchtet Kakteen",
    "ar": "ابنتي تعزف على العود كل مساء",
}
AFTER = date(2027, 4, 15)
UNATTACKED = Adjustments(defences=Defences(sticky=False))  # quick: attacks do not change what is stored


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class After:
    """A study that is over. folder: all that the program has written; codes: of those who took part, by language."""

    def __init__(self, folder: Path, lines: Lines) -> None:
        self.folder, self.lines = folder, lines
        self.settings = some_settings(data=folder)
        self.app = create_app(self.settings)
        self.sessions = self.app.extensions["sessions"]
        with self.sessions.begin() as db:
            open_study(db, demo_study(), catalogue(), QUESTIONNAIRES, quarter="2026-Q4")
            study = demo_study()
            edition = catalogue().editions[study.questionnaire, study.version]
            simulating.fill_study(db, study, edition, batch_id=None, people=60, random=Random(3), month="2027-04")
        self.codes = {language: self._answer(language) for language in WORDS}
        self._withdraw(self.codes["de"])
        with self.sessions.begin() as db:
            self.cube = create_release(
                db, "demo", editions=catalogue().editions, today=AFTER, files=folder / "files", adjustments=UNATTACKED
            )
        backup_keyring(databases_of(self.sessions), folder / "kept", today=AFTER)

    def _walker(self) -> Walker:
        walker = Walker(self.app.test_client())
        walker.client.environ_base.update(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=BROWSER)
        return walker

    def _answer(self, language: str) -> str:
        walker = self._walker()
        code = walker.begin(language)
        walker.answer_until(Person(4, CJ21=[WORDS[language]]))
        walker.send(button=None)
        return code

    def _withdraw(self, code: str) -> None:
        walker = self._walker()
        for typed in ("7ZZZZ-ZZZZZ-ZZZZZ", code):
            walker.get("/s/code/de")
            walker.send({"code": [typed]})
        walker.get("/s/demo/de/delete")
        walker.send(button=None)

    def files(self) -> dict[str, bytes]:
        found = {
            str(path.relative_to(self.folder)): path.read_bytes() for path in self.folder.rglob("*") if path.is_file()
        }
        return found | {"log": "\n".join(self.lines.lines).encode()}


@pytest.fixture(scope="module")
def after(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[After]:
    folder = tmp_path_factory.mktemp("after")
    copy_databases(sqlite_template, folder)
    root, lines = logging.getLogger(), Lines()
    before, most = root.level, pytest.MonkeyPatch()
    leave_attacks_out(most)
    root.addHandler(lines)
    root.setLevel(logging.DEBUG)
    played = After(folder, lines)
    yield played
    root.removeHandler(lines)
    root.setLevel(before)
    most.undo()
    databases_of(played.sessions).dispose()


def test_the_study_was_played(after: After):
    with after.sessions.begin() as db:
        said = [one.answers.get("CJ21") for one in read_all(db)]
    assert [words in said for words in WORDS.values()] == [True, False, True]
    assert after.cube.persons >= 20
    names = set(after.files())
    assert {"survey.db", "keyring.db", "identity.db", "kept/keyring-2027-04-15.db"} <= names
    assert any(name.startswith("files/snapshots/") for name in names)


def test_no_file_holds_words_codes_addresses_or_browsers(after: After):
    codes = [form for code in after.codes.values() for form in (code, code.replace("-", ""), code.lower())]
    clues = [*codes, *WORDS.values(), ADDRESS, BROWSER]
    escaped = [words.encode("ascii", "backslashreplace").decode() for words in WORDS.values()]

    assert not [
        (name, clue)
        for name, content in after.files().items()
        for clue in (*clues, *escaped)
        for coding in ("utf-8", "utf-16-le")
        if clue.encode(coding) in content
    ]


def test_no_file_holds_answers_by_the_names_of_their_questions(after: After):
    """The published numbers, the questionnaire's texts and times of questions name items; answers of people do not."""
    with after.sessions.begin() as db:
        person = next(one for one in read_all(db) if one.answers.get("CJ21") == WORDS["en"])
    pairs = [f'"{item}":"{value}"' for item, value in person.answers.items() if isinstance(value, str)]
    assert len(pairs) > 20
    spaced = [pair.replace(":", ": ") for pair in pairs]

    assert not [
        (name, pair)
        for name, content in after.files().items()
        for pair in (*pairs, *spaced)
        if pair.encode() in content
    ]


def test_no_secret_stands_in_a_file(after: After):
    secrets = [
        after.settings.key_encryption_key, after.settings.pseudonym_key, after.settings.record_key,
        after.settings.secret_key,
    ]  # fmt: skip

    assert not [
        name for name, content in after.files().items() for one in secrets if one.get_secret_value().encode() in content
    ]
