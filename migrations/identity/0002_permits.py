"""Blind invitations: the key of each study, what was signed for a code, and which permits were used."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CODE = sa.String(64)
HASH = sa.String(64)


def upgrade() -> None:
    with op.batch_alter_table("invitation") as table:
        table.add_column(sa.Column("blinded_hmac", HASH, nullable=True))
    op.create_table(
        "blind_key",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("wrapped", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("study_id", name="pk_blind_key"),
    )
    op.create_table(
        "spent_permit",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("permit_hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "permit_hash", name="pk_spent_permit"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("spent_permit")
    op.drop_table("blind_key")
    with op.batch_alter_table("invitation") as table:
        table.drop_column("blinded_hmac")
