"""How long questions take: counts by question and bucket of time. No person, no response, no moment."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import CheckConstraint, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.database import Base


class PaceRow(Base):
    """How many times one question of one version took about that long.

    bucket: of `core.response.pacing`.
    times: how many; only ever grows, by heaps.
    """

    __tablename__ = "pace"
    __table_args__ = (CheckConstraint("times > 0", name="times"),)
    questionnaire: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    item: Mapped[str] = mapped_column(String(64), primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    times: Mapped[int]


_PACE = cast("Table", PaceRow.__table__)
# Both databases know INSERT … ON CONFLICT DO UPDATE, under two names.
_INSERTS: Mapping[str, Callable[..., Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def add_times(session: Session, questionnaire: str, version: str, item: str, counts: Mapping[int, int]) -> None:
    """Add a heap of times of one question to what is there. One statement."""
    told = [
        {"questionnaire": questionnaire, "version": version, "item": item, "bucket": bucket, "times": times}
        for bucket, times in sorted(counts.items())  # everybody in the same order, so that nobody waits in a circle
    ]
    insert = _INSERTS[session.get_bind().dialect.name](_PACE).values(told)
    key = [column.name for column in _PACE.primary_key]
    added = {"times": _PACE.c.times + insert.excluded.times}
    session.execute(insert.on_conflict_do_update(index_elements=key, set_=added))


def read_times(session: Session, questionnaire: str, version: str) -> dict[str, dict[int, int]]:
    """Return the counts of a version by item and bucket. One statement."""
    columns = _PACE.c
    of_version = (columns.questionnaire == questionnaire) & (columns.version == version)
    found: dict[str, dict[int, int]] = {}
    for item, bucket, times in session.execute(select(columns.item, columns.bucket, columns.times).where(of_version)):
        found.setdefault(item, {})[bucket] = times
    return found
