"""A person answers several times; each response keeps its definition, its wording and what devices have delivered."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODE = sa.String(64)
ROWS_AT_ONCE = 500
KEPT = "response_before"

Row = dict[str, Any]


def upgrade() -> None:
    op.create_table(
        "study_definition",
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "number", name="pk_study_definition"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_study_definition_study_id_study"),
    )
    op.execute("INSERT INTO study_definition (study_id, number, definition) SELECT id, 1, definition FROM study")
    op.create_table(
        "wording",
        sa.Column("revision", CODE, nullable=False),
        sa.Column("questionnaire", CODE, nullable=False),
        sa.Column("version", CODE, nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("revision", name="pk_wording"),
    )
    _rebuild(_new_response, _forward)


def downgrade() -> None:
    # Of several waves of one person the last one stays: the older form has room for one.
    op.execute(
        "DELETE FROM response WHERE EXISTS (SELECT 1 FROM response AS later "
        "WHERE later.code_hmac = response.code_hmac AND later.wave > response.wave)"
    )
    _rebuild(_old_response, _back)
    op.drop_table("wording")
    op.drop_table("study_definition")


def _rebuild(create: Callable[[], sa.Table], convert: Callable[[Row], Row]) -> None:
    """Give `response` another form and put its rows, converted, back into it. No other table refers to it."""
    op.execute(f"CREATE TABLE {KEPT} AS SELECT * FROM response")  # noqa: S608  # a name of our own
    op.drop_table("response")
    table = create()
    for rows in _kept_rows():
        op.bulk_insert(table, [convert(row) for row in rows])
    op.drop_table(KEPT)


def _kept_rows() -> Iterator[list[Row]]:
    documents = [sa.column(name, sa.JSON) for name in ("wording", "answers", "received")]
    kept = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(KEPT)}
    wanted = [one for one in documents if one.name in kept]
    wanted += [sa.column(name) for name in sorted(kept - {one.name for one in documents})]
    query = sa.select(*wanted).select_from(sa.table(KEPT)).order_by(sa.column("id"))
    last = ""
    while True:
        found = [
            dict(row)
            for row in op.get_bind().execute(query.where(sa.column("id") > last).limit(ROWS_AT_ONCE)).mappings()
        ]
        if not found:
            return
        yield found
        last = found[-1]["id"]


def _forward(row: Row) -> Row:
    month = f"{datetime.now(UTC):%Y-%m}"
    return row | {
        "wording": {"texts": [[language, text] for language, text in row["wording"].items()], "seen": {}},
        "draw": 0,
        "definition": 1,
        "received": {},
        "last_month": month if row["status"] == "draft" else None,
    }


def _back(row: Row) -> Row:
    kept = {name: value for name, value in row.items() if name not in _NEW}
    return kept | {"wording": dict(row["wording"]["texts"])}


_NEW = ("draw", "definition", "received", "last_month")


def _old_response() -> sa.Table:
    return _response([], [sa.UniqueConstraint("code_hmac", name="uq_response_code_hmac")])


def _new_response() -> sa.Table:
    columns = [
        sa.Column("draw", sa.Integer, nullable=False),
        sa.Column("definition", sa.Integer, nullable=False),
        sa.Column("received", sa.JSON, nullable=False),
        sa.Column("last_month", sa.String(7)),
    ]
    constraints = [
        sa.UniqueConstraint("code_hmac", "wave", name="uq_response_code_hmac"),
        sa.ForeignKeyConstraint(
            ["study_id", "definition"],
            ["study_definition.study_id", "study_definition.number"],
            name="fk_response_study_id_study_definition",
        ),
        sa.CheckConstraint("(status = 'draft') = (last_month IS NOT NULL)", name="ck_response_last_month"),
    ]
    return _response(columns, constraints)


def _response(columns: list[sa.Column[Any]], constraints: list[sa.Constraint]) -> sa.Table:
    table = op.create_table(
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
        *columns,
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_response_study_id_study"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_response_batch_id_batch"),
        sa.CheckConstraint("status IN ('draft', 'part', 'whole')", name="ck_response_status"),
        sa.CheckConstraint("recall_mode IN ('prospective', 'retrospective')", name="ck_response_recall_mode"),
        sa.CheckConstraint("wave >= 1", name="ck_response_wave"),
        *constraints,
    )
    for column in ("study_id", "person_tag", "batch_id"):
        op.create_index(f"ix_response_{column}", "response", [column])
    return table
