"""Invitations: which codes let somebody begin, and which have."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("invitation_hmac", sa.String(64), nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "invitation_hmac", name="pk_invitation"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("invitation")
