"""Rows that are only added, each sealed by a hash over its content and the hash of the row before it.

Who changes, removes or slips in a row breaks the chain there. Who writes all of it anew does not: the last hash is to
be kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

from sqlalchemy.orm import Mapped

from survey_app.store.database import Hash

FIRST_HASH = "0" * 64
"""Stands before the first row of a chain."""


class Chained:
    """Of a table whose rows are a chain. previous_hash: of the row before. hash: of this one."""

    previous_hash: Mapped[Hash]
    hash: Mapped[Hash]

    @property
    def content(self) -> Mapping[str, Any]:
        """What the hash is over, beside the hash before; every table says it for itself."""
        raise NotImplementedError

    @property
    def is_whole(self) -> bool:
        """Whether the row is what was written, whatever stands before it."""
        return self.hash == chain_hash(self.previous_hash, self.content)

    def chained_to(self, previous: Self | None) -> Self:
        """Seal this row behind another one, or as the first."""
        self.previous_hash = previous.hash if previous is not None else FIRST_HASH
        self.hash = chain_hash(self.previous_hash, self.content)
        return self


Row = TypeVar("Row", bound=Chained)


def first_broken(rows: Iterable[Row]) -> Row | None:
    """Return the first row at which a chain breaks, the oldest row first; None if it is whole."""
    previous = FIRST_HASH
    for row in rows:
        if row.previous_hash != previous or not row.is_whole:
            return row
        previous = row.hash
    return None


def chain_hash(previous: str, content: Mapping[str, Any]) -> str:
    """The hash of a row: SHA-256 of the hash before it and of its own content in canonical form."""
    return text_hash(f"{previous}{canonical(content)}")


def canonical(document: Mapping[str, Any]) -> str:
    """A document as JSON: the same document is the same text."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def text_hash(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
