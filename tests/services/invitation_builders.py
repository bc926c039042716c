"""A small study that people begin with invitation codes."""

from pathlib import Path
from random import Random
from typing import Any

from survey_app.core.participation.codes import code_hmac
from survey_app.core.participation.invitations import invitation_hmac
from survey_app.core.questionnaire.study import Study
from survey_app.services import inviting, responding
from survey_app.services.catalogue import open_study
from survey_app.services.recalling import Desk
from survey_app.store.database import Sessions
from survey_app.store.responses import read_waves
from tests.services.desk_builders import AGREED, a_desk, a_study, add_version

KEY = b"i" * 32


def open_invited(sessions: Sessions, folder: Path, **changes: Any) -> tuple[Desk, Study]:
    """The small study, open to whoever is invited, and a desk to answer it at."""
    catalogue = add_version(folder, "1.0.0")
    study = a_study(**{"entry": "invitation", **changes})
    with sessions.begin() as db:
        open_study(db, study, catalogue, folder, quarter="2026-Q4")
    return a_desk(sessions, catalogue, invitation_key=KEY), study


def invite(sessions: Sessions, study: Study, count: int, *, seed: int = 1, key: bytes = KEY) -> tuple[str, ...]:
    """Invitation codes, ungrouped."""
    codes = inviting.new_invitations(count, draw=Random(seed).randrange)
    inviting.store_invitations(sessions, study, codes, key=key, hand_over=lambda: None)
    return codes


def admitted(desk: Desk, study: Study, typed: str) -> inviting.Admission:
    admission = inviting.admit(desk, study, typed)
    assert admission is not None
    return admission


def begin(desk: Desk, study: Study, admission: inviting.Admission, **changes: Any) -> str:
    given: dict[str, Any] = {"language": "en", "mode": "prospective", "raw": AGREED}
    inviting.begin_invited(desk, study, admission, **(given | changes))
    return admission.code


def opens(desk: Desk, code: str) -> bool:
    return responding.load(desk, code) is not None


def response_ids(desk: Desk, code: str) -> list[str]:
    with desk.sessions.begin() as db:
        return [row.id for row in read_waves(db, code_hmac(desk.code_key, code))]


def hash_of(study: Study, code: str) -> str:
    return invitation_hmac(KEY, study.id, code)
