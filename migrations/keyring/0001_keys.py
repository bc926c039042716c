"""The keys of what is sealed in the main database."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_key",
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("ref", name="pk_data_key"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("data_key")
