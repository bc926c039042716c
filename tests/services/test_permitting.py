"""Blind invitations: one permit for a code, one response for a permit, and no way from the one to the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import func, select

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.questionnaire.study import BLIND, Study
from survey_app.services import inviting, permitting
from survey_app.services.recalling import Desk
from survey_app.store.database import Sessions
from survey_app.store.invitations import InvitationRow
from survey_app.store.permits import BlindKeyRow, SpentPermitRow
from survey_app.store.responses import ResponseRow
from tests.blind_client import Blinded, blind
from tests.services.desk_builders import a_desk
from tests.services.invitation_builders import KEY, begin, invite, open_invited, opens

Opened = tuple[Desk, Study]
PRIVATE = rsa.generate_private_key(65_537, 2_048)  # a short one: tests make many


@pytest.fixture(autouse=True)
def short_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permitting, "BITS", 2_048)


@pytest.fixture
def opened(sqlite_sessions: Sessions, tmp_path: Path) -> Opened:
    return open_invited(sqlite_sessions, tmp_path, entry=BLIND)


def exchanged(desk: Desk, study: Study, code: str) -> tuple[Blinded, bytes]:
    """A permit, and its signature."""
    sent = blind(permitting.key_of(desk, study).public)
    answer = permitting.exchange(desk, study, code, sent.sent)
    assert answer is not None
    return sent, sent.finalize(answer)


def admitted(desk: Desk, study: Study, permit: tuple[Blinded, bytes]) -> inviting.Admission:
    admission = permitting.admit_with_permit(desk, study, permit[0].message, permit[1])
    assert admission is not None
    return admission


def problem_of(deed: Callable[[], object]) -> Code:
    with pytest.raises(ProblemsFound) as found:
        deed()
    return found.value.problems[0].code


def test_a_code_gives_one_permit_and_a_permit_begins_one_response(sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sessions, tmp_path, entry=BLIND)
    first, second = invite(sessions, study, 2)
    permit = exchanged(desk, study, first)
    assert permitting.exchange(desk, study, first, blind(permitting.key_of(desk, study).public).sent) is None
    code = begin(desk, study, admitted(desk, study, permit))
    assert opens(desk, code)
    assert permitting.admit_with_permit(desk, study, permit[0].message, permit[1]) is None
    exchanged(desk, study, second)


def test_a_browser_whose_answer_was_lost_gets_the_same_again(opened: Opened) -> None:
    desk, study = opened
    (code,) = invite(desk.sessions, study, 1)
    sent = blind(permitting.key_of(desk, study).public)
    assert permitting.exchange(desk, study, code, sent.sent) == permitting.exchange(desk, study, code, sent.sent)


def test_what_cannot_be_signed_uses_nothing_up(opened: Opened) -> None:
    desk, study = opened
    (code,) = invite(desk.sessions, study, 1)
    with pytest.raises(ValueError, match="below the modulus"):
        permitting.exchange(desk, study, code, b"\xff" * 256)
    exchanged(desk, study, code)


def test_one_permit_sent_by_two_devices_begins_one_response(sessions: Sessions, tmp_path: Path) -> None:
    desk, study = open_invited(sessions, tmp_path, entry=BLIND)
    permit = exchanged(desk, study, invite(sessions, study, 1)[0])
    admissions = [admitted(desk, study, permit) for _ in range(3)]

    def one(admission: inviting.Admission) -> str:
        try:
            return begin(desk, study, admission)
        except ProblemsFound as found:
            return found.problems[0].code.name

    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(one, admissions))
    assert results.count(Code.INVITATION_WRONG.name) == 2
    with sessions.begin() as db:
        assert db.scalar(select(func.count()).select_from(ResponseRow)) == 1


def test_a_missing_agreement_leaves_the_permit_good(opened: Opened) -> None:
    desk, study = opened
    permit = exchanged(desk, study, invite(desk.sessions, study, 1)[0])
    admission = admitted(desk, study, permit)
    assert problem_of(lambda: begin(desk, study, admission, raw={})) is Code.CONSENT_NEEDED
    begin(desk, study, admission)
    assert begin(desk, study, admission) == admission.code


def test_a_permit_of_ones_own_making_opens_nothing(opened: Opened) -> None:
    desk, study = opened
    sent, signature = exchanged(desk, study, invite(desk.sessions, study, 1)[0])
    for message, signed in ((sent.message, b""), (b"\1" * 64, signature), (sent.message[:-1], signature), (b"", b"")):
        assert permitting.admit_with_permit(desk, study, message, signed) is None
    other = permitting.SigningKey(PRIVATE.private_numbers())
    forged = blind(other.public)
    assert permitting.admit_with_permit(desk, study, forged.message, other.sign_blinded(forged.sent, 7)) is None


def test_codes_of_blind_invitations_open_no_plain_way_in(opened: Opened) -> None:
    desk, study = opened
    (code,) = invite(desk.sessions, study, 1)
    assert inviting.admit(desk, study, code) is None
    plain = study.model_copy(update={"entry": "invitation"})
    assert permitting.exchange(desk, plain, code, b"\1") is None


def test_every_process_signs_with_the_same_key_which_is_stored_encrypted(opened: Opened) -> None:
    desk, study = opened
    first = permitting.key_of(desk, study)
    with desk.sessions.begin() as identity:
        stored = identity.scalars(select(BlindKeyRow.wrapped)).one()
    assert "ENCRYPTED" in stored
    assert permitting.blind_key(desk.sessions, study, KEY).public == first.public
    with pytest.raises(ValueError, match=r"."):
        permitting.blind_key(desk.sessions, study, b"another key")


def test_every_permit_could_have_come_of_every_code(opened: Opened) -> None:
    """Whoever signed and whoever kept everything that was sent cannot tell which belongs to which: all pairs fit."""
    desk, study = opened
    seen, kept = [], []
    for code in invite(desk.sessions, study, 3):
        permit = exchanged(desk, study, code)
        seen.append(int.from_bytes(permit[0].sent))
        kept.append((permit[0].number, int.from_bytes(permit[1])))
        begin(desk, study, admitted(desk, study, permit))
    key = permitting.key_of(desk, study)
    modulus, exponent, private = key.public.n, key.public.e, key.numbers.d
    for sent in seen:
        for number, signature in kept:
            factor = pow(sent, private, modulus) * pow(signature, -1, modulus) % modulus
            assert number * pow(factor, exponent, modulus) % modulus == sent


def test_what_is_stored_of_permits_is_stored_of_no_invitation(opened: Opened) -> None:
    desk, study = opened
    for code in invite(desk.sessions, study, 4):
        begin(desk, study, admitted(desk, study, exchanged(desk, study, code)))
    with desk.sessions.begin() as identity:
        spent = set(identity.scalars(select(SpentPermitRow.permit_hash)))
        codes = identity.execute(select(InvitationRow.invitation_hmac, InvitationRow.blinded_hmac)).all()
    assert len(spent) == 4
    assert not spent & {str(value) for row in codes for value in row}


def test_without_the_key_of_invitations_there_is_no_way_in(opened: Opened) -> None:
    desk, study = opened
    bare = a_desk(desk.sessions, type("Catalogue", (), {"editions": desk.editions})())
    assert problem_of(lambda: permitting.key_of(bare, study)) is Code.INVITATION_KEY_MISSING
