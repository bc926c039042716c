"""The keys of what people wrote: how a text is encrypted, found again for erasure, and counted once per person."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, as NIST SP 800-38D asks for
STEP = 1024  # bytes: the length of a ciphertext tells how long a text is to this step only
MOST_PLACES = 64
"""Texts of one response; the question pages of a study have a handful."""


class TextUnreadable(Exception):
    """The key is another one than the text was encrypted with, or the text was changed."""


@dataclass(frozen=True, slots=True, repr=False)
class TextKeys:
    """Three keys derived from SURVEY_TEXT_KEY, each for one purpose; 32 bytes."""

    cipher: bytes
    owner: bytes
    person: bytes

    @classmethod
    def of(cls, secret: bytes) -> "TextKeys":
        """Derive the keys from the setting."""
        return cls(*(hmac.digest(secret, purpose, hashlib.sha256) for purpose in (b"cipher", b"owner", b"person")))

    def encrypt(self, content: Mapping[str, Any], *, about: str) -> bytes:
        """Encrypt a document (AES-256-GCM, fresh nonce), padded; about: study and id, which it is bound to."""
        plain = json.dumps(content, ensure_ascii=False).encode()
        padded = plain + b" " * (-len(plain) % STEP)
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self.cipher).encrypt(nonce, padded, about.encode())

    def decrypt(self, ciphertext: bytes, *, about: str) -> dict[str, Any]:
        """Read what `encrypt` made.

        Raises:
            TextUnreadable: another key, another row, or changed bytes.
        """
        try:
            plain = AESGCM(self.cipher).decrypt(ciphertext[:NONCE], ciphertext[NONCE:], about.encode())
        except InvalidTag as fault:
            raise TextUnreadable from fault
        found: dict[str, Any] = json.loads(plain)
        return found

    def owner_tag(self, person_tag: str, wave: int, place: int) -> str:
        """By which the person's return code finds one text: each text has another, so that tags link no texts."""
        return hmac.new(self.owner, f"{person_tag}|{wave}|{place}".encode(), hashlib.sha256).hexdigest()

    def owner_tags(self, person_tag: str, wave: int) -> Iterator[str]:
        """Every tag that a text of this response can have."""
        return (self.owner_tag(person_tag, wave, place) for place in range(MOST_PLACES))

    def person_in(self, study_id: str, person_tag: str) -> str:
        """By which texts of one person count as one person's, within the study."""
        return hmac.new(self.person, f"{study_id}|{person_tag}".encode(), hashlib.sha256).hexdigest()
