"""Values with defaults, for tests: what a test does not name does not matter to it."""

import hashlib
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session

from survey_app.core.access import Role
from survey_app.core.approval import Deed, State
from survey_app.core.protection.cube import ProtectedCube, Rules
from survey_app.services import approving
from survey_app.services.recording import record
from survey_app.services.staffing import Account
from survey_app.settings import Settings
from survey_app.store.chains import canonical, text_hash
from survey_app.store.database import Databases
from survey_app.store.releases import ReleaseRow
from survey_app.store.responses import StoredResponse
from survey_app.store.studies import StudyRow

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # a test need not wait as a thief must


def some_settings(*, data: Path, **changes: object) -> Settings:
    """Settings of a test: keys of its own, everything in `data`."""
    given = {
        "data": data,
        "database_url": f"sqlite:///{data}/survey.db",
        "keyring_database_url": f"sqlite:///{data}/keyring.db",
        "identity_database_url": f"sqlite:///{data}/identity.db",
        "secret_key": "secret-" * 8,
        "pseudonym_key": "pseudonym-" * 8,
        "record_key": "record-" * 8,
        "key_encryption_key": "key-encryption-" * 8,
        "text_key": "text-" * 8,
        "invitation_key": "invitation-" * 8,
        "workers": 1,
    }
    return Settings.model_validate(given | changes)


def settings_beside(database_url: str, **changes: object) -> Settings:
    """Settings of a test on one database and the two that belong to it.

    Beside a SQLite file the two are files in its folder; in a PostgreSQL database they are schemas of it.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return some_settings(data=Path(str(url.database)).parent, database_url=database_url, **changes)
    beside = {
        f"{name}_database_url": url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(
            hide_password=False
        )
        for name in ("keyring", "identity")
    }
    return some_settings(data=Path("nowhere"), database_url=database_url, **beside, **changes)


def one_for_all(engine: Engine) -> Databases:
    """One database in the place of all three."""
    return Databases(main=engine, keyring=engine, identity=engine, key_encryption_key=b"k" * 32)


def a_cube(release: str = "demo-1", **changes: Any) -> ProtectedCube:
    """A sealed release with nothing in it."""
    given: dict[str, Any] = {
        "release": release,
        "study": "demo",
        "title": {"en": "Living with gene therapy"},
        "organisation": "Example Patients",
        "questionnaire": "atmp_burden",
        "questionnaire_version": "0.1.0",
        "questionnaire_sha256": "0" * 64,
        "questionnaire_status": "draft",
        "quarter": "2026-Q4",
        "first_quarter": "2026-Q4",
        "synthetic": True,
        "languages": ("en", "de"),
        "translation_states": {"en": "source", "de": "draft"},
        "rules": Rules(tier="T1", smallest_base=10, rounding_base=5, delta=10),
        "persons": 100,
        "flow": {},
        "held_back": (),
        "populations": (),
        "groups": (),
        "variables": (),
        "tables": (),
    }
    return ProtectedCube(**(given | changes))


def an_account(name: str, role: Role = Role.COORDINATOR) -> Account:
    """Somebody who is signed in."""
    return Account(id=name, name=name, role=role, session_key="")


def approved(session: Session, cube: ProtectedCube, files: Path) -> ProtectedCube:
    """Let a second person approve a release that was just made; return it."""
    approving.approve(
        session, cube.release, by=an_account("a second person"), finding="Invented people.", audit_read=True,
        today=date(2026, 11, 25), files=files,
    )  # fmt: skip
    return cube


def values_of(response: StoredResponse) -> dict[str, Any]:
    """What `add_responses` needs to store the same again."""
    left_out = ("key_ref", "study_state", "newest_definition")
    return {one.name: getattr(response, one.name) for one in fields(response) if one.name not in left_out}


def store_cube(
    session: Session, cube: ProtectedCube, number: int = 1, *, state: State = State.APPROVED, audit: str = ""
) -> None:
    """Store a release as if it had been made and decided by two people, with its study if that is not there yet."""
    if session.get(StudyRow, cube.study) is None:
        names = {"questionnaire": cube.questionnaire, "questionnaire_version": cube.questionnaire_version}
        definition = {
            "id": cube.study, "title": dict(cube.title), "organisation": cube.organisation, "contact": "a@example.org",
            "questionnaire": cube.questionnaire, "version": cube.questionnaire_version, "modules": ["SCR", "CJ"],
            "languages": ["en"], "recall_modes": ["prospective"], "synthetic": cube.synthetic,
        }  # fmt: skip
        session.add(StudyRow(id=cube.study, state="open", synthetic=cube.synthetic, definition=definition, **names))
        session.flush()
    decided, day = state is not State.PROPOSED, date(2026, 11, 25)
    row = ReleaseRow(
        id=cube.release,
        study_id=cube.study,
        number=number,
        quarter=cube.quarter,
        made_on=day,
        tier=cube.rules.tier,
        snapshot_sha256=hashlib.sha256(b"").hexdigest(),
        cube_sha256=cube.sha256,
        cube=cube.to_json(),
        state=state.value,
        proposed_by="petra",
        decided_by="dora" if decided else None,
        decided_on=day if decided else None,
        finding="Nobody can be found." if decided else "",
        audit=audit,
    )
    session.add(row)
    session.flush()
    hashes = {
        "cube": row.cube_sha256,
        "snapshot": row.snapshot_sha256,
        "audit": text_hash(audit),
        "menu": text_hash(canonical({})),
    }
    record(session, Deed.PROPOSED, row.id, who="petra", today=day, **hashes)
    if decided:
        record(session, Deed(state.value), row.id, who="dora", today=day, finding=text_hash(row.finding))
