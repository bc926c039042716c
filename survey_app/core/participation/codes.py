"""Return codes: what a respondent keeps in order to come back, and the keyed hashes that stand for it.

The alphabet leaves out I, L, O and U, so that what looks alike is read as the one that exists
(O as 0, I and L as 1). Greek letters that look like one of them are read as it: a Greek keyboard writes them.

Source of the alphabet: D. Crockford, Base 32.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_SYMBOLS = 14
GROUP = 5
MODULUS = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
GREEK_TWINS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZH1KMN0PTYX", strict=True))
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", **GREEK_TWINS})


def make_code(chosen: Sequence[int]) -> str:
    """Return the code, ungrouped, of 14 random numbers from 0 to 31, with its check symbol.

    Raises:
        ValueError: not 14 numbers, or one of them outside 0 to 31.
    """
    return checked(chosen, RANDOM_SYMBOLS)


def checked(chosen: Sequence[int], length: int) -> str:
    """The symbols of `length` numbers from 0 to 31 with a check symbol behind them; up to 30 numbers.

    Raises:
        ValueError: another length, or a number outside 0 to 31.
    """
    if len(chosen) != length or not all(0 <= number < len(ALPHABET) for number in chosen):
        raise ValueError(f"this is made of {length} numbers from 0 to 31")
    return "".join(ALPHABET[number] for number in (*chosen, _times_x(_remainder(chosen))))


def grouped(code: str, size: int = GROUP) -> str:
    """The code as it is shown, in groups of `size`: XXXXX-XXXXX-XXXXX."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def read_code(typed: str) -> str | None:
    """Return the code that `typed` means, None if it cannot be one.

    Case, spaces, hyphens, full-width and other digits, and look-alikes do not matter. Every single
    wrong symbol and every swap of two neighbours is noticed.
    """
    return read_checked(typed, RANDOM_SYMBOLS)


def read_checked(typed: str, length: int) -> str | None:
    """Like `read_code`, for `length` symbols and their check symbol."""
    plain = unicodedata.normalize("NFKC", typed[:200]).upper().translate(LOOK_ALIKES)
    symbols = "".join(_latin_digit(symbol) for symbol in plain if symbol.isalnum())
    if len(symbols) != length + 1 or not set(symbols) <= set(ALPHABET):
        return None
    return symbols if _remainder([ALPHABET.index(symbol) for symbol in symbols]) == 0 else None


def code_hmac(key: bytes, code: str) -> str:
    """The keyed hash under which a response is found, 64 hexadecimal digits."""
    return hmac.digest(key, code.encode(), hashlib.sha256).hex()


def person_tag(key: bytes, study: str, code: str) -> str:
    """The keyed hash that links the responses of one person within one study, 64 hexadecimal digits."""
    return hmac.digest(key, f"{study}\n{code}".encode(), hashlib.sha256).hex()


def _latin_digit(symbol: str) -> str:
    return str(unicodedata.digit(symbol)) if symbol.isdigit() else symbol


def _remainder(numbers: Sequence[int]) -> int:
    remainder = 0
    for number in numbers:
        remainder = _times_x(remainder) ^ number
    return remainder


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ MODULUS if doubled & 0b100000 else doubled
