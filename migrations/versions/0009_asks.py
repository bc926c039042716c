"""What organisations ask for in their reports."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asks",
        sa.Column("release_id", sa.String(64), nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("release_id", name="pk_asks"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_asks_release_id_release"),
    )


def downgrade() -> None:
    op.drop_table("asks")
