"""Permits: blind RSA signatures, so that whoever signs a permit never sees it and cannot know it again.

The signer's half of RSABSSA-SHA384-PSS-Randomized. A browser blinds a message and has it signed for an invitation code;
what it makes of the answer is an ordinary RSA-PSS signature of a message that the signer has never seen.

Sources: F. Denis, F. Jacobs, C. A. Wood, RSA Blind Signatures, RFC 9474; base blinding: P. Kocher, Timing attacks on
implementations of Diffie-Hellman, RSA, DSS and other systems (1996).

Python's `pow` does not take the same time for all numbers. Every private operation is therefore done on a number that
was multiplied with another one by chance, so that what is raised is not known to whoever sent it.
"""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA384

from survey_app.core.participation.codes import grouped

SALT_BYTES = 48
PERMIT_BYTES = 64
"""Of the message: 32 random bytes before 32 random bytes, as the randomized variant prepares it."""
FINGERPRINT_DIGITS = 20
GROUP = 4


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of one study. numbers: of RSA, with two primes."""

    numbers: RSAPrivateNumbers

    @property
    def public(self) -> RSAPublicNumbers:
        """What everybody may know."""
        return self.numbers.public_numbers

    @property
    def size(self) -> int:
        """Bytes of a signature."""
        return size_of(self.public)

    def sign_blinded(self, blinded: bytes, mask: int) -> bytes:
        """Sign a blinded message without seeing it.

        Args:
            blinded: `size` bytes, a number below the modulus.
            mask: a number by chance from 1 to below the modulus, for this signature alone.

        Raises:
            ValueError: another length, a number that is too large, or one that cannot be masked.
            ArithmeticError: the signature does not hold; it is given to nobody.
        """
        modulus, exponent = self.public.n, self.public.e
        number = int.from_bytes(blinded)
        if len(blinded) != self.size or not 0 < number < modulus:
            raise ValueError("a blinded message is a number below the modulus, as long as it")
        masked = number * pow(mask, exponent, modulus) % modulus
        signed = self._raise(masked) * pow(mask, -1, modulus) % modulus
        if pow(signed, exponent, modulus) != number:
            raise ArithmeticError("a signature went wrong")  # a fault in one half would give the primes away
        return signed.to_bytes(self.size)

    def _raise(self, number: int) -> int:
        """`number` to the private exponent, by the Chinese remainder theorem."""
        key = self.numbers
        first, second = pow(number, key.dmp1, key.p), pow(number, key.dmq1, key.q)
        return second + (first - second) * key.iqmp % key.p * key.q


def is_signed(public: RSAPublicNumbers, message: bytes, signature: bytes) -> bool:
    """Tell whether a permit was signed with the private key that belongs to `public`."""
    try:
        public.public_key().verify(signature, message, PSS(MGF1(SHA384()), SALT_BYTES), SHA384())
    except InvalidSignature:
        return False
    return True


def permit_hash(message: bytes) -> str:
    """What is kept of a permit that was used, 64 hexadecimal digits."""
    return hashlib.sha256(message).hexdigest()


def size_of(public: RSAPublicNumbers) -> int:
    """Bytes of the modulus."""
    return (public.n.bit_length() + 7) // 8


def modulus_text(public: RSAPublicNumbers) -> str:
    """The modulus as in a JSON Web Key: base64url without padding."""
    return _base64url(public.n.to_bytes(size_of(public)))


def fingerprint(public: RSAPublicNumbers) -> str:
    """The first 80 bits of the thumbprint of a public key, 20 hexadecimal digits. Source: RFC 7638."""
    exponent = _base64url(public.e.to_bytes((public.e.bit_length() + 7) // 8))
    canonical = f'{{"e":"{exponent}","kty":"RSA","n":"{modulus_text(public)}"}}'
    return hashlib.sha256(canonical.encode()).hexdigest()[:FINGERPRINT_DIGITS]


def in_groups(digits: str) -> str:
    """A fingerprint as it is compared by eye: 1a2b-3c4d-…"""
    return grouped(digits, GROUP)


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
