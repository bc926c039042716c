"""Versions of the menu, who agreed to them, and what others published about the same people."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CODE = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "menu_version",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("previous_hash", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "number", name="pk_menu_version"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_menu_version_study_id_study"),
    )
    op.create_table(
        "menu_approval",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("approved_by", sa.Text, nullable=False),
        sa.Column("approved_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "number", name="pk_menu_approval"),
        sa.ForeignKeyConstraint(
            ["study_id", "number"],
            ["menu_version.study_id", "menu_version.number"],
            name="fk_menu_approval_study_id_menu_version",
        ),
    )
    op.create_table(
        "external_release",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.Column("previous_hash", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.Column("entered_by", sa.Text, nullable=False),
        sa.Column("entered_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "number", name="pk_external_release"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_external_release_study_id_study"),
    )


def downgrade() -> None:
    op.drop_table("external_release")
    op.drop_table("menu_approval")
    op.drop_table("menu_version")
