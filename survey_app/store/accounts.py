"""Staff accounts: the table and its questions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.database import Base, Code, Key, Words


class StaffRow(Base):
    """Someone of the study team. `session_key` changes to end all sessions of the account."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('coordinator', 'researcher')", name="role"),)
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    role: Mapped[Code]
    password_hash: Mapped[Words]
    session_key: Mapped[Code]
    disabled: Mapped[bool]
    failed_attempts: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
