"""Staff accounts: the table and its questions."""

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base, Code, Key, Moment, Words


class StaffRow(Base):
    """Someone of the study team. `session_key` changes to end all sessions of the account."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('coordinator', 'researcher', 'redactor')", name="role"),)
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    role: Mapped[Code]
    password_hash: Mapped[Words]
    session_key: Mapped[Code]
    disabled: Mapped[bool]
    failed_attempts: Mapped[int]
    locked_until: Mapped[Moment | None]


def find_staff(session: Session, name: str) -> StaffRow | None:
    """Return the account of that name, locked until the transaction ends; None if there is none."""
    return session.scalar(select(StaffRow).where(StaffRow.name == name).with_for_update())


def get_staff(session: Session, staff_id: str) -> StaffRow | None:
    """Return the account of that id, None if there is none."""
    return session.get(StaffRow, staff_id)
