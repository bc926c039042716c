"""Blind signatures: the test vectors of RFC 9474, and what must never be signed."""

import json
import secrets
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from survey_app.core.participation.permits import SigningKey, fingerprint, is_signed, modulus_text, permit_hash
from tests.blind_client import blind, encoded

VECTORS = Path(__file__).parents[4] / "shared/corpus/disclosure/rfc9474_vectors.json"
NAMES = [
    f"RSABSSA-SHA384-{kind}"
    for kind in ("PSS-Randomized", "PSSZERO-Randomized", "PSS-Deterministic", "PSSZERO-Deterministic")
]


def vector_of(name: str) -> dict[str, Any]:
    if not VECTORS.exists():
        pytest.skip(f"no {VECTORS}")
    return next(one for one in json.loads(VECTORS.read_text()) if one["name"] == name)


def number(vector: dict[str, Any], name: str) -> int:
    return int(vector[name], 16)


def key_of(vector: dict[str, Any]) -> SigningKey:
    p, q, d = (number(vector, name) for name in "pqd")
    public = rsa.RSAPublicNumbers(number(vector, "e"), number(vector, "n"))
    return SigningKey(
        rsa.RSAPrivateNumbers(p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public)
    )


@cache
def a_key() -> SigningKey:
    return SigningKey(rsa.generate_private_key(65_537, 2_048).private_numbers())


def mask() -> int:
    return secrets.randbelow(a_key().public.n - 2) + 2


@pytest.mark.parametrize("name", NAMES)
def test_the_vectors_of_rfc_9474_are_reproduced(name: str) -> None:
    vector = vector_of(name)
    key = key_of(vector)
    salt = bytes.fromhex(vector.get("salt", ""))
    message = bytes.fromhex(vector["prepared_msg"])
    assert vector["prepared_msg"] == vector.get("msg_prefix", "") + vector["msg"]
    assert encoded(message, key.public.n.bit_length() - 1, salt).hex() == vector["encoded_msg"]
    sent = blind(key.public, message, salt, pow(number(vector, "inv"), -1, key.public.n))
    assert sent.sent.hex() == vector["blinded_msg"]
    answer = key.sign_blinded(sent.sent, secrets.randbelow(key.public.n - 2) + 2)
    assert answer.hex() == vector["blind_sig"]
    signature = sent.finalize(answer)
    assert signature.hex() == vector["sig"]
    assert is_signed(key.public, message, signature) == ("PSSZERO" not in name)


def test_what_comes_of_a_blind_signature_is_an_ordinary_one_of_that_message_alone() -> None:
    sent = blind(a_key().public)
    signature = sent.finalize(a_key().sign_blinded(sent.sent, mask()))
    public = a_key().public
    assert is_signed(public, sent.message, signature)
    assert not is_signed(public, sent.message[:-1] + b"?", signature)
    assert not is_signed(public, sent.message, signature[:-1])
    assert not is_signed(public, sent.message, b"")


def test_the_mask_changes_nothing_in_the_signature() -> None:
    sent = blind(a_key().public)
    assert a_key().sign_blinded(sent.sent, mask()) == a_key().sign_blinded(sent.sent, mask())


def test_the_same_message_looks_different_each_time_it_is_blinded() -> None:
    message = secrets.token_bytes(64)
    assert len({blind(a_key().public, message).sent for _ in range(5)}) == 5


@pytest.mark.parametrize("blinded", [b"", b"\0" * 256, b"\1" * 255, b"\xff" * 256, b"\1" * 257])
def test_what_is_no_blinded_message_is_not_signed(blinded: bytes) -> None:
    with pytest.raises(ValueError, match="below the modulus"):
        a_key().sign_blinded(blinded, mask())


def test_a_signature_that_went_wrong_in_one_half_is_given_to_nobody() -> None:
    right = a_key().numbers
    broken = SigningKey(
        rsa.RSAPrivateNumbers(right.p, right.q, right.d, right.dmp1 + 2, right.dmq1, right.iqmp, right.public_numbers)
    )
    with pytest.raises(ArithmeticError):
        broken.sign_blinded(blind(a_key().public).sent, mask())


def test_keys_and_permits_are_named_by_their_hashes() -> None:
    other = rsa.RSAPublicNumbers(65_537, a_key().public.n + 2)
    assert fingerprint(other) != fingerprint(a_key().public)
    assert len(fingerprint(other)) == 20
    assert modulus_text(other) != modulus_text(a_key().public)
    assert permit_hash(b"a") != permit_hash(b"b")
