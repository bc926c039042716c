"""The half of RFC 9474 that browsers do, written for tests in Python: prepare, blind, finalize."""

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from survey_app.core.participation.permits import SALT_BYTES, size_of

HASH_BYTES = 48


def encoded(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017 with SHA-384, for a number of at most `bits` bits."""
    length = (bits + 7) // 8
    hashed = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - HASH_BYTES - 2) + b"\1" + salt
    masked = bytearray(one ^ other for one, other in zip(block, _mask(hashed, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + hashed + b"\xbc"


@dataclass(frozen=True, kw_only=True)
class Blinded:
    """A message on its way to be signed."""

    public: RSAPublicNumbers
    message: bytes
    number: int
    factor: int
    sent: bytes

    def finalize(self, answer: bytes) -> bytes:
        signed = int.from_bytes(answer) * pow(self.factor, -1, self.public.n) % self.public.n
        assert pow(signed, self.public.e, self.public.n) == self.number
        return signed.to_bytes(size_of(self.public))


def blind(
    public: RSAPublicNumbers, message: bytes | None = None, salt: bytes | None = None, factor: int | None = None
) -> Blinded:
    message = secrets.token_bytes(64) if message is None else message
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    factor = factor or secrets.randbelow(public.n - 2) + 2
    number = int.from_bytes(encoded(message, public.n.bit_length() - 1, salt))
    sent = number * pow(factor, public.e, public.n) % public.n
    return Blinded(public=public, message=message, number=number, factor=factor, sent=sent.to_bytes(size_of(public)))


def _mask(seed: bytes, length: int) -> bytes:
    blocks = (hashlib.sha384(seed + count.to_bytes(4)).digest() for count in range(-(-length // HASH_BYTES)))
    return b"".join(blocks)[:length]
