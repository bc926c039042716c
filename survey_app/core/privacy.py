"""PrivacyClass of an item, and the kinds of missing that every later floor keeps apart."""

from enum import StrEnum


class PrivacyClass(StrEnum):
    """How far an answer could help to find a person; decides where it may go."""

    TECHNICAL = "P0"
    ORDINARY = "P1"
    QUASI_IDENTIFIER = "P2"
    FREE_TEXT = "P3"
    DIRECT = "P4"


class Missing(StrEnum):
    """Why there is no value. Analysis must know; a blank cell would not say.

    The six kinds of the item bank. `code` is the number that stands for it in files.
    """

    NOT_ANSWERED = "not_answered"  # seen, left empty
    NOT_REACHED = "not_reached"  # stopped before this page
    NOT_SHOWN = "not_shown"  # hidden by logic
    PREFER_NOT = "prefer_not"  # chose not to answer
    NOT_APPLICABLE = "not_applicable"  # did not need it, does not apply
    DONT_KNOW = "dont_know"  # does not know or remember

    @property
    def code(self) -> int:
        """The number of the kind; -44 stands for the blank of the bank, so that no cell is empty."""
        return MISSING_CODES[self]


MISSING_CODES = {
    Missing.NOT_ANSWERED: -44,
    Missing.NOT_REACHED: -55,
    Missing.NOT_SHOWN: -66,
    Missing.PREFER_NOT: -77,
    Missing.NOT_APPLICABLE: -88,
    Missing.DONT_KNOW: -99,
}
MISSING_BY_CODE = {code: kind for kind, code in MISSING_CODES.items()}
