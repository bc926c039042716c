"""A release is proposed by one person and decided by another; an audit trail; attempts to make a release.

What was released before went out: it counts as approved, and the trail says that it was carried over.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODE = sa.String(64)
NAME = sa.String(200)
STATES = "state IN ('proposed', 'approved', 'rejected')"
FIRST_HASH = "0" * 64


def upgrade() -> None:
    _add_columns()
    trail = _trail()
    _makings()
    op.execute("UPDATE \"release\" SET state = 'approved'")
    _carry_over(trail)


def downgrade() -> None:
    op.drop_table("making")
    op.drop_table("trail")
    for column in ("audit", "finding", "decided_on", "decided_by", "proposed_by", "state"):
        op.execute(f'ALTER TABLE "release" DROP COLUMN {column}')


def _add_columns() -> None:
    # In words of SQL: SQLite adds a constraint together with its column, or not at all.
    for column in (
        f"state VARCHAR(64) DEFAULT 'proposed' NOT NULL CONSTRAINT ck_release_state CHECK ({STATES})",
        "proposed_by VARCHAR(200)",
        "decided_by VARCHAR(200) CONSTRAINT ck_release_two_people CHECK (decided_by <> proposed_by)",
        "decided_on DATE",
        "finding TEXT DEFAULT '' NOT NULL",
        "audit TEXT DEFAULT '' NOT NULL",
    ):
        op.execute(f'ALTER TABLE "release" ADD COLUMN {column}')


def _trail() -> sa.Table:
    table = op.create_table(
        "trail",
        sa.Column("sequence", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("who", NAME, nullable=False),
        sa.Column("deed", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("previous_hash", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_trail"),
    )
    op.create_index("ix_trail_subject", "trail", ["subject"])
    return table


def _makings() -> None:
    op.create_table(
        "making",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("asked_by", NAME, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("looked", sa.Boolean, nullable=False),
        sa.Column("release_id", CODE),
        sa.PrimaryKeyConstraint("id", name="pk_making"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_making_study_id_study"),
        sa.CheckConstraint("state IN ('working', 'made', 'refused', 'failed')", name="ck_making_state"),
    )
    one = sa.text("state = 'working'")
    op.create_index("uq_making_working", "making", ["study_id"], unique=True, sqlite_where=one, postgresql_where=one)


def _carry_over(trail: sa.Table) -> None:
    releases = sa.table(
        "release", *(sa.column(name) for name in ("id", "study_id", "number", "cube_sha256", "snapshot_sha256"))
    )
    ledger = sa.table("ledger", sa.column("release_id"), sa.column("hash"))
    menus = sa.table("menu", sa.column("study_id"), sa.column("document", sa.JSON))
    connection = op.get_bind()
    hashes = {row.release_id: row.hash for row in connection.execute(sa.select(ledger))}
    frozen = {row.study_id: _hash(_canonical(row.document)) for row in connection.execute(sa.select(menus))}
    previous, today, rows = FIRST_HASH, datetime.now(UTC).date(), []
    for row in connection.execute(sa.select(releases).order_by(releases.c.study_id, releases.c.number)):
        detail = {
            "cube": row.cube_sha256,
            "snapshot": row.snapshot_sha256,
            "ledger": hashes.get(row.id, ""),
            "menu": frozen.get(row.study_id, ""),
            "audit": _hash(""),
        }
        content = {"who": "", "deed": "carried over", "subject": row.id, "detail": detail}
        sealed = _hash(previous + _canonical({**content, "day": today.isoformat()}))
        rows.append({**content, "day": today, "previous_hash": previous, "hash": sealed})
        previous = sealed
    if rows:
        op.bulk_insert(trail, rows)


def _canonical(document: dict[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
