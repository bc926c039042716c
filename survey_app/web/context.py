"""What a request knows: the database, the settings; begin() opens the transaction."""

from contextlib import AbstractContextManager
from typing import cast

from flask import current_app
from sqlalchemy.orm import Session

from survey_app.services.catalogue import Catalogue
from survey_app.settings import Settings
from survey_app.store.database import Sessions


def begin() -> AbstractContextManager[Session]:
    """Open a transaction: leaving the block commits, an exception rolls back."""
    return current_sessions().begin()


def current_sessions() -> Sessions:
    """The session factory, for deeds that open several transactions."""
    return cast("Sessions", current_app.extensions["sessions"])


def current_settings() -> Settings:
    """The settings that the application was made with."""
    return cast("Settings", current_app.extensions["settings"])


def current_catalogue() -> Catalogue:
    """All questionnaire versions."""
    return cast("Catalogue", current_app.extensions["catalogue"])
