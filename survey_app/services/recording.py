"""The audit trail: record a deed, read all of them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from survey_app.core.approval import Deed
from survey_app.services.published import check_trail
from survey_app.store import trail
from survey_app.store.trail import TrailRow

_HASHES = frozenset({"cube", "snapshot", "ledger", "menu", "audit", "finding", "sha256"})
COMMAND_LINE = "command line"
"""Who it was, where a command asks for no account."""


def record(db: Session, deed: Deed, subject: str, *, who: str, today: date, **detail: str | list[str]) -> None:
    """Record a deed for ever.

    Args:
        db: the transaction; what is recorded goes with what was done, or neither.
        deed: what was done.
        subject: id of the release, study or file.
        who: name of the account.
        today: the day; nothing finer is kept.
        detail: what belongs to it, such as the language of a report; never a number of people.
    """
    trail.append_to_trail(db, day=today, who=who, deed=deed.value, subject=subject, detail=detail)


def read_trail(db: Session) -> Sequence[TrailRow]:
    """Return the whole trail, the oldest first.

    Raises:
        ProblemsFound: it is not what was written.
    """
    check_trail(db)
    return trail.whole_trail(db)


def detail_words(row: TrailRow) -> str:
    """Return what belongs to a deed, in words; hashes stay in the chain."""
    told = {name: value for name, value in row.detail.items() if name not in _HASHES}
    return "; ".join(
        f"{name}: {', '.join(value) if isinstance(value, list) else value}" for name, value in told.items()
    )
