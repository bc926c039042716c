"""Invitations: which codes let somebody begin, and which have. In the identity database, away from all answers.

Nothing here tells who used a code or when. A row has no time and no key to a response; SQLite keeps the rows in the
order of their hashes; and marking one row writes a whole crowd of rows anew, so that neither place nor transaction
number of a row tells which of the crowd was changed.
"""

from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import ColumnElement, String, and_, case, func, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Code, Hash, IdentityBase, Sessions, databases_of
from survey_app.store.tidying import truncate_journals

SMALLEST_CROWD = 256
"""Rows that are written anew together, at least; in a study that has fewer, all."""
_LONGEST_PREFIX = 3


class InvitationRow(IdentityBase):
    """One invitation code, as its keyed hash.

    used: a response was begun with it, or it was exchanged for a permit. Not when, and not which.
    blinded_hmac: keyed hash of the number by chance that was signed for it; empty where nothing was.
    """

    __tablename__ = "invitation"
    __table_args__ = ({"sqlite_with_rowid": False},)
    study_id: Mapped[Code] = mapped_column(primary_key=True)
    invitation_hmac: Mapped[Hash] = mapped_column(primary_key=True)
    used: Mapped[bool]
    blinded_hmac: Mapped[str | None] = mapped_column(String(64))


def add_invitations(session: Session, study_id: str, hashes: Iterable[str]) -> None:
    """Store unused invitations in the order of their hashes, which says nothing about that of the codes."""
    rows = [{"study_id": study_id, "invitation_hmac": one, "used": False} for one in sorted(hashes)]
    session.execute(insert(InvitationRow), rows)


def count_invitations(session: Session, study_id: str) -> int:
    """Return how many invitations to a study were made; used ones stay, so that this tells nothing about use."""
    counted = select(func.count()).select_from(InvitationRow).where(InvitationRow.study_id == study_id)
    return session.scalar(counted) or 0


def is_unused(session: Session, study_id: str, hashed: str) -> bool:
    """Tell whether this invitation is there and unused. One statement, the same for every hash."""
    return session.scalar(select(InvitationRow.used).where(_is(study_id, hashed))) is False


def hold_invitation(session: Session, study_id: str, hashed: str, *, blinded: str | None = None) -> bool:
    """Like `is_unused`; nobody else uses this invitation until the transaction ends. Two statements.

    blinded: one that was used for the same is held too.
    """
    crowd = _crowd(study_id, _prefix(session, study_id, hashed))
    rows = select(InvitationRow.invitation_hmac, InvitationRow.used, InvitationRow.blinded_hmac).where(crowd)
    # All in one order, so that two who hold at once wait for each other and never both for ever.
    held = session.execute(rows.order_by(InvitationRow.invitation_hmac).with_for_update())
    return any(one == hashed and (not used or (blinded is not None and was == blinded)) for one, used, was in held)


def use_invitation(session: Session, study_id: str, hashed: str, *, blinded: str | None = None) -> None:
    """Mark a held invitation as used, and write the rows of its crowd anew with it. Two statements."""
    crowd = _crowd(study_id, _prefix(session, study_id, hashed))
    this = InvitationRow.invitation_hmac == hashed
    values = {
        "used": or_(InvitationRow.used, this),
        "blinded_hmac": case((this, blinded), else_=InvitationRow.blinded_hmac),
    }
    session.execute(update(InvitationRow).where(crowd).values(values).execution_options(synchronize_session=False))


def forget_order(sessions: Sessions) -> None:
    """Take what was written before out of the write-ahead log of SQLite: page after page, it tells what changed when.

    When somebody is in the way, it is done after the next invitation.
    """
    with suppress(DBAPIError):
        truncate_journals(databases_of(sessions).identity)


def _prefix(session: Session, study_id: str, hashed: str) -> str:
    """The longest beginning of the hash that a crowd of the study shares; empty for a study of few."""
    prefixes = [hashed[:length] for length in range(_LONGEST_PREFIX, 0, -1)]
    counts = [
        select(func.count()).select_from(InvitationRow).where(_crowd(study_id, prefix)).scalar_subquery()
        for prefix in prefixes
    ]
    found = session.execute(select(*counts), bind_arguments={"mapper": InvitationRow}).one()
    return next((prefix for prefix, count in zip(prefixes, found, strict=True) if count >= SMALLEST_CROWD), "")


def _is(study_id: str, hashed: str) -> ColumnElement[bool]:
    return and_(InvitationRow.study_id == study_id, InvitationRow.invitation_hmac == hashed)


def _crowd(study_id: str, prefix: str) -> ColumnElement[bool]:
    """The rows of a study whose hash begins so. A hexadecimal digit is never more than f."""
    begins = and_(InvitationRow.invitation_hmac >= prefix, InvitationRow.invitation_hmac < f"{prefix}g")
    return and_(InvitationRow.study_id == study_id, begins)
