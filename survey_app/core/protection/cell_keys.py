"""Record keys and cell keys: the same people get the same noise, in every table and every release.

Each person has a record key, a keyed hash of the tag that links their responses. A cell's key is the
sum of the record keys of its people, modulo 2 ** 64: evenly spread, and the same for the same people.
So noise cannot be averaged away by asking for one set of people in many tables.

Record keys are worked out when they are needed and stored nowhere. The key behind them is stored
outside the database and never changed within a study, since all noise would change with it: of the
key the study keeps a fingerprint alone.

Source: Fraser and Wooton (2006), "A proposed method for confidentialising tabular output to protect
against differencing"; Handbook on Statistical Disclosure Control, 2nd edition, 5.4.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from survey_app.core.problems import Code, Problem

Integers = NDArray[np.int64]
Keys = NDArray[np.uint64]

SHORTEST = 32
_FINGERPRINT = b"fingerprint of the record key"
_KEY_BYTES = 8


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The secret behind the record keys, at least 32 bytes. It does not print."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST:
            message = f"the record key has fewer than {SHORTEST} bytes"
            raise ValueError(message)

    @property
    def fingerprint(self) -> str:
        """What a study keeps of the key to notice another one: the key does not follow from it. 64 hex digits."""
        return hmac.new(self.secret, _FINGERPRINT, hashlib.sha256).hexdigest()

    def of(self, persons: Iterable[str]) -> Keys:
        """The record key of each person, by the tag that links their responses."""
        digests = b"".join(hmac.digest(self.secret, person.encode(), "sha256")[:_KEY_BYTES] for person in persons)
        return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def cell_keys(cell: Integers, keys: Keys, cells: int) -> Keys:
    """Return the key of each of `cells` cells: the record keys of its people summed up modulo 2 ** 64.

    Args:
        cell: the cell of each person, 0 to `cells` - 1.
        keys: the record key of each person.
        cells: how many there are.
    """
    found = np.zeros(cells, dtype=np.uint64)
    np.add.at(found, cell, keys)
    return found


def key_problems(key: RecordKey | None, kept: str) -> list[Problem]:
    """Return why this key cannot be used in a study that keeps the fingerprint `kept`, empty before its first noise."""
    if key is None:
        return [Problem(code=Code.RECORD_KEY_MISSING)]
    if kept and not hmac.compare_digest(kept, key.fingerprint):
        return [Problem(code=Code.RECORD_KEY_CHANGED)]
    return []
