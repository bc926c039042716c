"""Blind invitations: the wrapped key of each study, and which permits were used. In the identity database."""

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Code, Hash, IdentityBase, Key, Words


class BlindKeyRow(IdentityBase):
    """The key with which the permits of a study are signed, encrypted under a key that is in no database."""

    __tablename__ = "blind_key"
    study_id: Mapped[Key]
    wrapped: Mapped[Words]


class SpentPermitRow(IdentityBase):
    """A permit with which a response was begun. It has nothing in common with the invitation it was signed for."""

    __tablename__ = "spent_permit"
    __table_args__ = ({"sqlite_with_rowid": False},)
    study_id: Mapped[Code] = mapped_column(primary_key=True)
    permit_hash: Mapped[Hash] = mapped_column(primary_key=True)


def find_blind_key(session: Session, study_id: str) -> str | None:
    """Return the wrapped key of a study, None if it has none yet."""
    return session.scalar(select(BlindKeyRow.wrapped).where(BlindKeyRow.study_id == study_id))


def add_blind_key(session: Session, study_id: str, wrapped: str) -> None:
    """Store the key of a study.

    Raises:
        IntegrityError: it has one already.
    """
    session.execute(insert(BlindKeyRow).values(study_id=study_id, wrapped=wrapped))


def is_unspent(session: Session, study_id: str, permit: str) -> bool:
    """Tell whether no response was begun with this permit. One statement."""
    known = (SpentPermitRow.study_id == study_id) & (SpentPermitRow.permit_hash == permit)
    return session.scalar(select(SpentPermitRow.permit_hash).where(known)) is None


def spend_permit(session: Session, study_id: str, permit: str) -> bool:
    """Mark a permit as used; False if it was. Whoever does so at the same moment waits for this transaction to end."""
    try:
        with session.begin_nested():
            session.execute(insert(SpentPermitRow).values(study_id=study_id, permit_hash=permit))
    except IntegrityError:
        return False
    return True
