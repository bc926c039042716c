"""When a batch is closed, what people wrote and agreed to show comes to the desk; and how it is erased again."""

import uuid
from collections.abc import Mapping

from sqlalchemy.orm import Session

from survey_app.core.analysis.written import Words, Written
from survey_app.services.text_keys import MOST_PLACES, TextKeys
from survey_app.store import free_texts
from survey_app.store.free_texts import TO_REDACT, FreeTextRow


def take_in(
    db: Session, words: Words, kinds: Mapping[tuple[str, int], str], *, study_id: str, release_id: str, keys: TextKeys
) -> None:
    """Store the texts of a closed batch at the desk, shuffled; remove those of people who do not agree any more.

    Args:
        db: the transaction.
        words: what people wrote.
        kinds: person and wave -> id of their population; texts of anybody else are left out.
        study_id: the study.
        release_id: the release that closes the batch.
        keys: the keys of texts.
    """
    ended = (
        tag
        for person, waves in words.withdrawn.items()
        for wave in range(1, waves + 1)
        for tag in keys.owner_tags(person, wave)
    )
    free_texts.delete_by_owner(db, ended)
    known = (one for one in words.texts if (one.person, one.wave) in kinds and one.place < MOST_PLACES)
    rows = [_row(one, kinds[one.person, one.wave], study_id, release_id, keys) for one in known]
    free_texts.add_texts(db, rows)


def _row(one: Written, kind: str, study_id: str, release_id: str, keys: TextKeys) -> FreeTextRow:
    text_id = str(uuid.uuid4())
    content = {
        "item": one.item,
        "language": one.language,
        "text": one.text,
        "person": keys.person_in(study_id, one.person),
        "population": kind,
    }
    return FreeTextRow(
        id=text_id,
        study_id=study_id,
        release_id=release_id,
        owner_tag=keys.owner_tag(one.person, one.wave, one.place),
        state=TO_REDACT,
        ciphertext=keys.encrypt(content, about=about(study_id, text_id)),
        redacted_by=None,
    )


def about(study_id: str, text_id: str) -> str:
    """What a ciphertext is bound to, so that none can be put in the place of another."""
    return f"{study_id}|{text_id}"
