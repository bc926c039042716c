"""The vault: keys of what is encrypted, wrapped in the keyring, and the sealing and opening of contents with them.

Contents are sealed by AES-256-GCM (NIST SP 800-38D) under a key of their own, each time with a fresh random nonce of 96
bits. The keys are wrapped by AES-KW (RFC 3394) under the key-encryption key, which is in no database. Where a key is
gone, the contents are gone: that is how they are erased from backups too.
"""

import secrets
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from sqlalchemy import Engine, Table, delete, insert, select
from sqlalchemy.orm import Mapped

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.store.bases import Key, KeyringBase, Sealed

KEY_BYTES = 32
NONCE_BYTES = 12
PURPOSE = b"survey-app: wraps the keys of the keyring"
MOST_KEPT = 5000
"""Unwrapped keys that a process keeps in memory: those used last."""
KEYS_AT_ONCE = 1000


class DataKeyRow(KeyringBase):
    """The key of one sealed thing.

    ref: its name, random. wrapped: the key, encrypted by the key-encryption key.
    """

    __tablename__ = "data_key"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy's own way of saying it
    ref: Mapped[Key]
    wrapped: Mapped[Sealed]


_KEYS = cast("Table", DataKeyRow.__table__)


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one sealed thing. ref: its name in the keyring."""

    ref: str
    cipher: AESGCM

    def seal(self, content: bytes, about: str) -> bytes:
        """Encrypt `content`; it opens only for the same `about`. 28 bytes longer: nonce, content, tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self.cipher.encrypt(nonce, content, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypt what `seal` made.

        Raises:
            ProblemsFound: it was changed, or sealed about something else, or with another key.
        """
        try:
            return self.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
        except (InvalidTag, ValueError) as fault:
            raise ProblemsFound([Problem(code=Code.SEALED_DAMAGED)]) from fault


class Vault:
    """The keys of an installation; one per process.

    Works on the keyring in short transactions of its own: a new key is durable before anything is sealed with it.
    """

    def __init__(self, keyring: Engine, secret: bytes) -> None:
        self._keyring = keyring
        self._wrapping = HKDF(SHA256(), KEY_BYTES, salt=None, info=PURPOSE).derive(secret)
        self._kept: OrderedDict[str, DataKey] = OrderedDict()
        self._lock = Lock()

    def make_keys(self, number: int) -> Sequence[DataKey]:
        """Make keys and store them; they are durable when this returns. One statement."""
        made: list[DataKey] = []
        rows: list[dict[str, str | bytes]] = []
        for _ in range(number):
            key, ref = secrets.token_bytes(KEY_BYTES), secrets.token_hex(16)
            made.append(DataKey(ref, AESGCM(key)))
            rows.append({"ref": ref, "wrapped": aes_key_wrap(self._wrapping, key)})
        rows.sort(key=lambda row: row["ref"])  # so that not even here an order tells which came first
        if rows:
            with self._keyring.begin() as connection:
                connection.execute(insert(_KEYS), rows)
        self._keep(made)
        return made

    def find(self, refs: Collection[str]) -> Mapping[str, DataKey]:
        """Return the keys of these names; one that is gone is missing. No statement for those in memory, else one.

        Raises:
            ProblemsFound: the key-encryption key is not the one with which they were wrapped.
        """
        with self._lock:
            found = {ref: self._kept[ref] for ref in refs if ref in self._kept}
            for ref in found:
                self._kept.move_to_end(ref)
        missing = [ref for ref in refs if ref not in found]
        for start in range(0, len(missing), KEYS_AT_ONCE):
            read = self._read(missing[start : start + KEYS_AT_ONCE])
            self._keep(read)
            found.update((key.ref, key) for key in read)
        return found

    def forget(self, refs: Iterable[str]) -> None:
        """Remove keys for good: what was sealed with them can be read by nobody any more."""
        gone = list(refs)
        with self._lock:
            for ref in gone:
                self._kept.pop(ref, None)
        for start in range(0, len(gone), KEYS_AT_ONCE):
            with self._keyring.begin() as connection:
                connection.execute(delete(_KEYS).where(_KEYS.c.ref.in_(gone[start : start + KEYS_AT_ONCE])))

    def require_own_keyring(self) -> None:
        """Refuse a keyring that was made with another key-encryption key. One statement.

        Raises:
            ProblemsFound: it was.
        """
        with self._keyring.begin() as connection:
            row = connection.execute(select(_KEYS.c.ref, _KEYS.c.wrapped).limit(1)).one_or_none()
        if row is not None:
            self._unwrapped(row.ref, row.wrapped)

    def all_refs(self) -> frozenset[str]:
        """Return the names of all keys that there are. One statement."""
        with self._keyring.begin() as connection:
            return frozenset(connection.scalars(select(_KEYS.c.ref)))

    def _read(self, refs: Sequence[str]) -> list[DataKey]:
        with self._keyring.begin() as connection:
            rows = connection.execute(select(_KEYS.c.ref, _KEYS.c.wrapped).where(_KEYS.c.ref.in_(refs))).all()
        return [self._unwrapped(ref, wrapped) for ref, wrapped in rows]

    def _unwrapped(self, ref: str, wrapped: bytes) -> DataKey:
        try:
            return DataKey(ref, AESGCM(aes_key_unwrap(self._wrapping, wrapped)))
        except (InvalidUnwrap, ValueError) as fault:
            raise ProblemsFound([Problem(code=Code.KEYRING_OTHER)]) from fault

    def _keep(self, keys: Sequence[DataKey]) -> None:
        with self._lock:
            for key in keys[-MOST_KEPT:]:
                self._kept[key.ref] = key
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
