"""Blind invitations: a code is exchanged for a permit that nobody here has seen, and the permit begins a response.

The exchange uses the invitation up. It is told apart from a second try by the keyed hash of what was signed, so that a
browser whose answer got lost may ask again for the same; that hash is of a number by chance and says nothing about the
permit.
"""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy.exc import IntegrityError

from survey_app.core.participation.permits import PERMIT_BYTES, SigningKey, is_signed, permit_hash
from survey_app.core.questionnaire.study import BLIND, Study
from survey_app.services.inviting import Admission, hash_of, needed_key
from survey_app.services.joining import new_code
from survey_app.services.recalling import Desk
from survey_app.store import invitations, permits
from survey_app.store.database import Sessions

BITS = 3_072
EXPONENT = 65_537


def blind_key(sessions: Sessions, study: Study, key: bytes | None) -> SigningKey:
    """The key of a study whose invitations are blind; made when it is first asked for, and never changed.

    key: of the invitations; what wraps the private half is derived from it.

    Raises:
        ProblemsFound: there is no key of the invitations.
    """
    passphrase = hmac.digest(needed_key(key, study), b"blind key", hashlib.sha256).hex().encode()
    with sessions.begin() as identity:
        wrapped = permits.find_blind_key(identity, study.id)
    if wrapped is None:
        wrapped = _made(sessions, study.id, passphrase)
    private = load_pem_private_key(wrapped.encode(), passphrase)
    assert isinstance(private, RSAPrivateKey)
    return SigningKey(private.private_numbers())


def key_of(desk: Desk, study: Study) -> SigningKey:
    """Like `blind_key`; read once by each process."""
    found = desk.blind_keys.get(study.id)
    if found is None:
        found = desk.blind_keys[study.id] = blind_key(desk.sessions, study, desk.invitation_key)
    return found


def exchange(desk: Desk, study: Study, typed: str, blinded: bytes) -> bytes | None:
    """Sign a blinded permit for an invitation code that nobody has used; None otherwise.

    The same for the same code is signed again, so that a lost answer locks nobody out.

    Raises:
        ValueError: `blinded` is no number below the modulus, as long as it; nothing was used up.
    """
    if study.entry != BLIND:
        return None
    hashed = hash_of(desk, study, typed)
    key = key_of(desk, study)
    request = hmac.digest(needed_key(desk.invitation_key, study), b"blinded\n" + blinded, hashlib.sha256).hex()
    with desk.sessions.begin() as identity:
        if not invitations.hold_invitation(identity, study.id, hashed, blinded=request):
            return None
        signed = key.sign_blinded(blinded, secrets.randbelow(key.public.n - 2) + 2)
        invitations.use_invitation(identity, study.id, hashed, blinded=request)
    invitations.forget_order(desk.sessions)
    return signed


def admit_with_permit(desk: Desk, study: Study, message: bytes, signature: bytes) -> Admission | None:
    """Admit whoever brings a permit that nobody has used; None otherwise, after the same work. One statement."""
    permit = permit_hash(message)
    admission = Admission(study_id=study.id, kind="permit", proof=permit, code=new_code(desk))
    signed = study.entry == BLIND and is_signed(key_of(desk, study).public, message, signature)
    with desk.sessions.begin() as identity:
        unspent = permits.is_unspent(identity, study.id, permit)
    return admission if signed and unspent and len(message) == PERMIT_BYTES else None


def _made(sessions: Sessions, study_id: str, passphrase: bytes) -> str:
    private = generate_private_key(EXPONENT, BITS)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase)).decode()
    try:
        with sessions.begin() as identity:
            permits.add_blind_key(identity, study_id, pem)
    except IntegrityError:  # another process was first; its key is read
        with sessions.begin() as identity:
            return permits.find_blind_key(identity, study_id) or pem
    return pem
