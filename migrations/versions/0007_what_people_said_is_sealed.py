"""What people said is sealed, each response under a key of its own; frozen rows have keys too."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from survey_app.store.contents import CONTENTS, SMALL_BLOCK_BYTES, from_bytes, to_bytes

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CODE = sa.String(64)
ROWS_AT_ONCE = 500
KEPT = "response_before"
DOCUMENTS = ("answers", "wording", "received")
RECEIVED = "|received"

Row = dict[str, Any]


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("key_ref", CODE, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_snapshot"),
        sa.UniqueConstraint("key_ref", name="uq_snapshot_key_ref"),
    )
    _rebuild(_sealed_response, _seal)


def downgrade() -> None:
    _rebuild(_plain_response, _open)
    op.drop_table("snapshot")


def _rebuild(create: Callable[[], sa.Table], convert: Callable[[Sequence[Row]], list[Row]]) -> None:
    """Give `response` another form and put its rows, converted, back into it. No other table refers to it."""
    op.execute(f"CREATE TABLE {KEPT} AS SELECT * FROM response")  # noqa: S608  # a name of our own
    op.drop_table("response")
    table = create()
    for rows in _kept_rows():
        op.bulk_insert(table, convert(rows))
    op.drop_table(KEPT)


def _kept_rows() -> Iterator[list[Row]]:
    names = {column["name"] for column in sa.inspect(op.get_bind()).get_columns(KEPT)}
    plain = "answers" in names
    columns = [sa.column(name, sa.JSON) if plain and name in DOCUMENTS else sa.column(name) for name in sorted(names)]
    query = sa.select(*columns).select_from(sa.table(KEPT)).order_by(sa.column("id"))
    last = ""
    while True:
        some = query.where(sa.column("id") > last).limit(ROWS_AT_ONCE)
        found = [dict(row) for row in op.get_bind().execute(some).mappings()]
        if not found:
            return
        yield found
        last = found[-1]["id"]


def _seal(rows: Sequence[Row]) -> list[Row]:
    made = []
    for row, key in zip(rows, _vault().make_keys(len(rows)), strict=True):
        contents, received = to_bytes({name: row.pop(name) for name in CONTENTS}), row.pop("received")
        row |= {"key_ref": key.ref, "sealed": key.seal(contents, _about(row)), "received": None}
        if received:
            row["received"] = key.seal(to_bytes(received, SMALL_BLOCK_BYTES), _about(row) + RECEIVED)
        made.append(row)
    return made


def _open(rows: Sequence[Row]) -> list[Row]:
    keys = _vault().find([row["key_ref"] for row in rows])
    made = []
    for row in rows:
        key, sealed, received = keys.get(row.pop("key_ref")), row.pop("sealed"), row.pop("received")
        if key is not None:  # one whose key is gone was erased
            row["received"] = from_bytes(key.open(received, _about(row) + RECEIVED)) if received else {}
            made.append(row | from_bytes(key.open(sealed, _about(row))))
    return made


def _about(row: Row) -> str:
    return f"{row['id']}|{row['questionnaire_version']}"


def _vault() -> Any:  # survey_app.store.vault.Vault
    found = context.config.attributes["vault"]
    if found is None:
        raise RuntimeError("responses can only be sealed or opened with the keyring at hand")
    return found


def _sealed_response() -> sa.Table:
    columns = [
        sa.Column("key_ref", CODE, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("received", sa.LargeBinary),
    ]
    constraints = [sa.UniqueConstraint("key_ref", name="uq_response_key_ref")]
    return _response(columns, constraints, ("study_id", "batch_id"), sqlite_with_rowid=False)


def _plain_response() -> sa.Table:
    columns = [
        sa.Column("person_tag", CODE, nullable=False),
        sa.Column("language", CODE, nullable=False),
        sa.Column("recall_mode", CODE, nullable=False),
        sa.Column("draw", sa.Integer, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in DOCUMENTS),
    ]
    constraints = [
        sa.CheckConstraint("recall_mode IN ('prospective', 'retrospective')", name="ck_response_recall_mode")
    ]
    return _response(columns, constraints, ("study_id", "person_tag", "batch_id"))


def _response(
    columns: list[sa.Column[Any]], constraints: list[sa.Constraint], indexed: Sequence[str], **options: object
) -> sa.Table:
    table = op.create_table(
        "response",
        sa.Column("id", CODE, nullable=False),
        sa.Column("study_id", CODE, nullable=False),
        sa.Column("code_hmac", CODE, nullable=False),
        sa.Column("wave", sa.Integer, nullable=False),
        sa.Column("questionnaire", CODE, nullable=False),
        sa.Column("questionnaire_version", CODE, nullable=False),
        sa.Column("definition", sa.Integer, nullable=False),
        sa.Column("status", CODE, nullable=False),
        sa.Column("batch_id", CODE),
        sa.Column("last_month", sa.String(7)),
        *columns,
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_response_study_id_study"),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_response_batch_id_batch"),
        sa.ForeignKeyConstraint(
            ["study_id", "definition"],
            ["study_definition.study_id", "study_definition.number"],
            name="fk_response_study_id_study_definition",
        ),
        sa.UniqueConstraint("code_hmac", "wave", name="uq_response_code_hmac"),
        sa.CheckConstraint("status IN ('draft', 'part', 'whole')", name="ck_response_status"),
        sa.CheckConstraint("wave >= 1", name="ck_response_wave"),
        sa.CheckConstraint("(status = 'draft') = (last_month IS NOT NULL)", name="ck_response_last_month"),
        *constraints,
        **options,
    )
    for column in indexed:
        op.create_index(f"ix_response_{column}", "response", [column])
    return table
