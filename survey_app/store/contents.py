"""The form of what is sealed of a response: JSON, padded so that its length tells little."""

import json
from collections.abc import Mapping
from typing import Any

CONTENTS = ("person_tag", "language", "recall_mode", "draw", "answers", "wording")
"""What is sealed of a response.

person_tag: keyed hash, with another key than `code_hmac`, that links the responses of one person within one study.
language: in which the person answered last. recall_mode: prospective or retrospective.
draw: random number that decides the lists of best-worst choices; says nothing about order or time.
answers: the document of `core.response.answers`.
wording: {"texts": [[language, revision], …], "seen": {item id: position in texts}}: how each item was read.
"""
BLOCK_BYTES = 1024
SMALL_BLOCK_BYTES = 256

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def to_bytes(contents: Mapping[str, Any], block: int = BLOCK_BYTES) -> bytes:
    """Write contents, padded with spaces to whole blocks."""
    plain = _encode(contents).encode()
    return plain.ljust(-(-len(plain) // block) * block)


def from_bytes(content: bytes) -> dict[str, Any]:
    """Read what `to_bytes` wrote."""
    found: dict[str, Any] = json.loads(content)
    return found
