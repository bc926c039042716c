"""Erase what somebody wrote, when they delete their answers. What a report has quoted already stays in that report."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from survey_app.services.text_keys import TextKeys
from survey_app.store import free_texts


def forget_texts(db: Session, keys: TextKeys, waves: Iterable[tuple[str, int]]) -> None:
    """Remove all texts of these responses from the desk, however far it has come with them.

    Args:
        db: the transaction.
        keys: the keys of texts.
        waves: person tag and wave of each response.
    """
    tags = (tag for person_tag, wave in waves for tag in keys.owner_tags(person_tag, wave))
    free_texts.delete_by_owner(db, tags)
