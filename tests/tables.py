"""All tables of the store, of all three databases, for tests that speak of every one of them."""

import importlib
import pkgutil

from sqlalchemy import Table

import survey_app.store
from survey_app.store.database import Base, IdentityBase, KeyringBase


def import_tables() -> list[Table]:
    """Import every file of the store and return its tables, in the order of their names."""
    for module in pkgutil.iter_modules(survey_app.store.__path__):
        importlib.import_module(f"survey_app.store.{module.name}")
    tables = [table for base in (Base, KeyringBase, IdentityBase) for table in base.metadata.tables.values()]
    return sorted(tables, key=lambda table: table.name)
