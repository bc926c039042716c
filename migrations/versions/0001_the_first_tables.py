"""Studies, responses, releases and staff accounts get their tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE = sa.String(64)


def upgrade() -> None:
    _studies()
    _responses()
    _releases()
    _files()
    _staff()


def downgrade() -> None:
    for table in ("staff", "bundle", "ledger", "release", "menu", "response", "batch", "study"):
        op.drop_table(table)


def _studies() -> None:
    op.create_table(
        "study",
        sa.Column("id", CODE, nullable=False),
        sa.Column("questionnaire", CODE, nullable=False),
        sa.Column("questionnaire_version", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_study"),
        sa.CheckConstraint("state IN ('open', 'closed')", name="ck_study_state"),
    )
    op.create_table(
        "batch",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("opened_quarter", sa.String(7), nullable=False),
        sa.Column("closed_quarter", sa.String(7)),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_batch_study_id_study"),
        sa.UniqueConstraint("study_id", "number", name="uq_batch_study_id"),
    )


def _responses() -> None:
    op.create_table(
        "response",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("code_hmac", CODE, nullable=False),
        sa.Column("person_tag", CODE, nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("questionnaire", CODE, nullable=False),
        sa.Column("questionnaire_version", CODE, nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("recall_mode", CODE, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("batch_id", CODE),
        sa.Column("wording", sa.JSON, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_response_study_id_study"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_response_batch_id_batch"),
        sa.UniqueConstraint("code_hmac", name="uq_response_code_hmac"),
        sa.CheckConstraint("status IN ('draft', 'part', 'whole')", name="ck_response_status"),
        sa.CheckConstraint("recall_mode IN ('prospective', 'retrospective')", name="ck_response_recall_mode"),
        sa.CheckConstraint("wave >= 1", name="ck_response_wave"),
    )
    for column in ("study_id", "person_tag", "batch_id"):
        op.create_index(f"ix_response_{column}", "response", [column])


def _releases() -> None:
    op.create_table(
        "menu",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("document", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("study_id", name="pk_menu"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_menu_study_id_study"),
    )
    op.create_table(
        "release",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.Column("tier", CODE, nullable=False),
        sa.Column("snapshot_sha256", CODE, nullable=False),
        sa.Column("cube_sha256", CODE, nullable=False),
        sa.Column("cube", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_release"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_release_study_id_study"),
        sa.UniqueConstraint("study_id", "number", name="uq_release_study_id"),
    )


def _files() -> None:
    op.create_table(
        "ledger",
        sa.Column("sequence", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("release_id", CODE, nullable=False),
        sa.Column("entry", sa.JSON, nullable=False),
        sa.Column("previous_hash", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_ledger"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_ledger_release_id_release"),
        sa.UniqueConstraint("release_id", name="uq_ledger_release_id"),
    )
    op.create_table(
        "bundle",
        sa.Column("id", CODE, nullable=False),
        sa.Column("release_id", CODE, nullable=False),
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("made_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bundle"),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"], name="fk_bundle_release_id_release"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", CODE, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("session_key", CODE, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("failed_attempts", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("name", name="uq_staff_name"),
        sa.CheckConstraint("role IN ('coordinator', 'researcher')", name="ck_staff_role"),
    )
