"""A desk with a small study in two languages, for tests of what respondents do."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from survey_app.core.participation.codes import code_hmac
from survey_app.core.questionnaire.study import Study
from survey_app.inputs.questionnaire_files import read_questionnaire
from survey_app.services import responding
from survey_app.services.catalogue import Catalogue, open_study, publish, read_catalogue
from survey_app.services.responding import Desk, Save
from survey_app.store.database import Sessions
from tests.small_questionnaire import TEXT, write_small

DESIGN = """\
designs:
  PETS:
    objects:
      - {code: cat, text: A cat}
      - {code: dog, text: A dog}
      - {code: cow, text: A cow}
      - {code: hen, text: A hen}
    versions:
      - [[cat, dog], [cow, hen]]
      - [[cat, cow], [dog, hen]]
      - [[cat, hen], [dog, cow]]
modules:
"""
LATER = """\
      - {id: B12, type: single, text: Still so?, responses: often, show_if: wave >= 2, privacy: P1}
      - {id: B13, type: single, text: Since when?, responses: often, carried: true, privacy: P1}
      - {id: B14, type: best_worst, text: Which?, design: PETS, list: 1, privacy: P1}
      - {id: B15, type: best_worst, text: And here?, design: PETS, list: 2, privacy: P1}
scales:
"""
SMALL = TEXT.replace("modules:\n", DESIGN, 1).replace("scales:\n", LATER, 1)
AGREED = {"A01": ["yes"], "A02": ["yes"]}
TODAY = date(2026, 11, 25)


def german(text: str) -> str:
    return f"DE {text}"


def write_german(folder: Path, say: Callable[[str], str] = german) -> None:
    """Write de.po beside a questionnaire."""
    questionnaire = read_questionnaire(folder / "questionnaire.yaml")
    lines = ['msgid ""', 'msgstr ""', r'"Language: de\n"', r'"X-Translation-State: draft\n"', ""]
    for key, text in questionnaire.texts.items():
        told = [f'msgctxt "{key}"', f"msgid {json.dumps(text)}", f"msgstr {json.dumps(say(text))}", ""]
        lines += told
    (folder / "de.po").write_text("\n".join(lines), "utf-8")


def add_version(folder: Path, version: str, text: str = SMALL) -> Catalogue:
    """Publish a version of the small questionnaire in both languages; return all there are."""
    path = write_small(folder, text.replace("version: 1.0.0", f"version: {version}"), version=version)
    write_german(path)
    publish(folder, path)
    return read_catalogue(folder)


def a_study(**changes: Any) -> Study:
    given: dict[str, Any] = {
        "id": "small",
        "title": {"en": "Small", "de": "Klein"},
        "organisation": "Example",
        "contact": "a@example.org",
        "questionnaire": "small",
        "version": "1.0.0",
        "modules": ("SCR", "MAIN"),
        "languages": ("en", "de"),
        "recall_modes": ("prospective", "retrospective"),
        "waves": 3,
    }
    return Study.model_validate(given | changes)


def a_desk(sessions: Sessions, catalogue: Catalogue, **changes: Any) -> Desk:
    given: dict[str, Any] = {"today": lambda: TODAY}
    return Desk(
        sessions=sessions, editions=catalogue.editions, code_key=b"c" * 32, person_key=b"p" * 32, **(given | changes)
    )


def open_small(sessions: Sessions, folder: Path, **changes: Any) -> Desk:
    """The small study, open, and a desk to answer it at."""
    catalogue = add_version(folder, "1.0.0")
    with sessions.begin() as db:
        open_study(db, a_study(**changes), catalogue, folder, quarter="2026-Q4")
    return a_desk(sessions, catalogue)


def begin(desk: Desk, *, stage: str | None = "S01", role: str = "patient", **changes: Any) -> str:
    """A response begun, with role and stage told; its code."""
    study = responding.study_offered(desk, "small")
    assert study is not None
    given: dict[str, Any] = {"language": "en", "mode": "prospective", "raw": AGREED}
    code = responding.open_response(desk, study, **(given | changes))
    said = {"A03": role, **({"A04": stage} if stage else {})}
    for screen, value in said.items():
        responding.save_screen(desk, code, screen, {screen: [value]}, language=(given | changes)["language"])
    return code


def save(number: int, screen: str, *values: str, how: str = "next", language: str = "en") -> Save:
    raw = {screen: list(values)} if screen else {}
    return Save(number=number, screen=screen, language=language, how=how, raw=raw)  # type: ignore[arg-type]


def deliver(desk: Desk, code: str, *saves: Save, device: str = "device-1", wave: int = 1) -> responding.Delivery:
    made = responding.deliver(desk, code_hmac(desk.code_key, code), wave, device, saves)
    assert made is not None
    return made


def values(desk: Desk, code: str, *items: str, wave: int | None = None) -> list[object]:
    held = responding.load_wave(desk, code, wave)
    assert held is not None
    return [held.answers.entries.get(item) for item in items]
