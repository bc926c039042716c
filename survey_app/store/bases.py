"""The bases of the tables of the three databases, and the kinds of columns they use."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, LargeBinary, MetaData, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class _UtcMoment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the zone; it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


Key = Annotated[str, mapped_column(String(64), primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]
Hash = Annotated[str, mapped_column(String(64))]
Words = Annotated[str, mapped_column(Text)]
Quarter = Annotated[str, mapped_column(String(7))]
Moment = Annotated[datetime, mapped_column(_UtcMoment)]
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """The base of the tables of the main database."""

    metadata = MetaData(naming_convention=NAMES)


class KeyringBase(DeclarativeBase):
    """The base of the tables of the keyring."""

    metadata = MetaData(naming_convention=NAMES)


class IdentityBase(DeclarativeBase):
    """The base of the tables of the identity database: who may answer, and nothing of what was answered."""

    metadata = MetaData(naming_convention=NAMES)
