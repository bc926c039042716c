"""The attacks that every release must withstand before it is sealed, together."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.core.attack import differencing, span
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.sticky import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What the attacks found. Exact numbers of people: for the inside only.

    computable: sets of too few people that follow from everything published (H1).
    close: pairs of publications that differ by too few people (H4).
    """

    computable: tuple[span.Finding, ...]
    close: tuple[differencing.ClosePair, ...]

    @property
    def findings(self) -> int:
        """How many there are in all."""
        return len(self.computable) + len(self.close)


def audit_ledger(entries: Sequence[Entry], menu: Menu, *, smallest_base: int, delta: int) -> Audit:
    """Attack everything that was ever published of a study, this release included."""
    return Audit(
        computable=tuple(span.audit_ledger(entries, menu, smallest_base=smallest_base)),
        close=tuple(differencing.audit_ledger(entries, menu, delta=delta)),
    )
