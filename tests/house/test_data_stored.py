"""The page of what is stored names every column of every table, and no other."""

import re
from pathlib import Path

from tests.tables import import_tables

PAGE = Path(__file__).parents[2] / "docs/data-stored.md"


def described() -> dict[str, list[str]]:
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    rows = {section.split("\n")[0]: re.findall(r"^\| `(\w+)` \| \S", section, re.MULTILINE) for section in sections}
    return {name: columns for name, columns in rows.items() if name != "Outside the database"}


def test_every_column_of_every_table_is_described_and_no_other():
    stored = {table.name: [column.name for column in table.columns] for table in import_tables()}

    assert {name: sorted(columns) for name, columns in described().items()} == {
        name: sorted(columns) for name, columns in stored.items()
    }
