"""What people wrote and agreed to show, the themes, the sealed voices, and who did what; a role for the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CODE = sa.String(64)
ROLES, ROLES_BEFORE = (
    "role IN ('coordinator', 'researcher', 'redactor')",
    "role IN ('coordinator', 'researcher')",
)


def upgrade() -> None:
    _roles(ROLES)
    op.create_table(
        "free_text",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("release_id", CODE, nullable=False),
        sa.Column("owner_tag", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("redacted_by", CODE, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_free_text"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_free_text_study_id_study"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_free_text_release_id_release"),
        sa.ForeignKeyConstraint(["redacted_by"], ["staff.id"], name="fk_free_text_redacted_by_staff"),
        sa.UniqueConstraint("owner_tag", name="uq_free_text_owner_tag"),
        sa.CheckConstraint("state IN ('to_redact', 'to_confirm', 'confirmed', 'used')", name="ck_free_text_state"),
        sa.CheckConstraint("(state = 'to_redact') OR (redacted_by IS NOT NULL)", name="ck_free_text_redacted_by"),
    )
    op.create_index("ix_free_text_study_id", "free_text", ["study_id"])
    op.create_table(
        "theme",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("labels", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_theme"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_theme_study_id_study"),
        sa.UniqueConstraint("study_id", "code", name="uq_theme_study_id"),
    )
    op.create_table(
        "voices",
        sa.Column("release_id", CODE, nullable=False),
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("previous_hash", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.Column("sealed_by", CODE, nullable=True),
        sa.PrimaryKeyConstraint("release_id", name="pk_voices"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_voices_release_id_release"),
        sa.ForeignKeyConstraint(["sealed_by"], ["staff.id"], name="fk_voices_sealed_by_staff"),
    )
    op.create_table(
        "desk_deed",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("deed", CODE, nullable=False),
        sa.Column("staff_id", CODE, nullable=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_deed"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_desk_deed_study_id_study"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_desk_deed_staff_id_staff"),
    )
    op.create_index("ix_desk_deed_study_id", "desk_deed", ["study_id"])


def downgrade() -> None:
    for table in ("desk_deed", "voices", "theme", "free_text"):
        op.drop_table(table)
    op.execute("DELETE FROM staff WHERE role = 'redactor'")
    _roles(ROLES_BEFORE)


def _roles(allowed: str) -> None:
    with op.batch_alter_table("staff") as staff:
        staff.drop_constraint("ck_staff_role", type_="check")
        staff.create_check_constraint("ck_staff_role", allowed)
