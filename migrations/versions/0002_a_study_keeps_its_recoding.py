"""A study keeps how far its rows for researchers are coarsened."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recoding",
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("study_id", name="pk_recoding"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_recoding_study_id_study"),
    )


def downgrade() -> None:
    op.drop_table("recoding")
