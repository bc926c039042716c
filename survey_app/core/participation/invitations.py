"""Invitation codes: each lets one person begin one response, once; and the keyed hash that stands for it.

17 random symbols of 5 bits, 85 bits in all, and a check symbol, in six groups of three: longer than a return code and
grouped in another way, so that nobody takes the one for the other.
"""

import hashlib
import hmac
from collections.abc import Sequence

from survey_app.core.participation.codes import checked, grouped, read_checked

RANDOM_SYMBOLS = 17
GROUP = 3
NO_INVITATION = "0" * RANDOM_SYMBOLS + "1"
"""Its check symbol is wrong: nobody ever gets it."""


def make_invitation_code(chosen: Sequence[int]) -> str:
    """Return the code, ungrouped, of 17 random numbers from 0 to 31, with its check symbol.

    Raises:
        ValueError: not 17 numbers, or one of them outside 0 to 31.
    """
    return checked(chosen, RANDOM_SYMBOLS)


def grouped_invitation(code: str) -> str:
    """The code as it is printed: XXX-XXX-XXX-XXX-XXX-XXX."""
    return grouped(code, GROUP)


def read_invitation_code(typed: str) -> str | None:
    """Return the code that `typed` means, None if it cannot be one; as forgiving as for return codes."""
    return read_checked(typed, RANDOM_SYMBOLS)


def invitation_hmac(key: bytes, study: str, code: str) -> str:
    """The keyed hash under which an invitation to a study is kept, 64 hexadecimal digits.

    It opens no other study: the study is part of what is hashed.
    """
    return hmac.digest(key, f"{study}\n{code}".encode(), hashlib.sha256).hex()
