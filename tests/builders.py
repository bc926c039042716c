"""Values with defaults, for tests: what a test does not name does not matter to it."""

from pathlib import Path

from survey_app.settings import Settings


def some_settings(*, data: Path, **changes: object) -> Settings:
    """Settings of a test: keys of its own, everything in `data`."""
    given = {
        "data": data,
        "database_url": f"sqlite:///{data}/survey.db",
        "secret_key": "secret-" * 8,
        "pseudonym_key": "pseudonym-" * 8,
        "workers": 1,
    }
    return Settings.model_validate(given | changes)
