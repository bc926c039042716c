"""How long questions take, as counts without people."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CODE = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("questionnaire", CODE, nullable=False),
        sa.Column("version", CODE, nullable=False),
        sa.Column("item", CODE, nullable=False),
        sa.Column("bucket", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("questionnaire", "version", "item", "bucket", name="pk_pace"),
        sa.CheckConstraint("times > 0", name="ck_pace_times"),
    )


def downgrade() -> None:
    op.drop_table("pace")
