import re

import pytest
from babel.messages.pofile import read_po

from survey_app.web.respondent.texts import ENGLISH, FOLDER, LANGUAGES, texts_in

TRANSLATED = [language for language in LANGUAGES if language != "en"]


def gaps(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated_from_the_present_english_with_its_gaps(language: str) -> None:
    with (FOLDER / f"{language}.po").open("rb") as file:
        messages = [message for message in read_po(file, locale=language) if message.id]
    assert {message.context: message.id for message in messages} == ENGLISH
    for message in messages:
        assert message.string, message.context
        assert not message.fuzzy, message.context
        assert gaps(message.string) == gaps(message.id), message.context


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_was_left_in_english(language: str) -> None:
    same = {key for key, text in texts_in(language).items() if text == ENGLISH[key]}
    # “Pause” is German and French too, “Error” Spanish, “No” Spanish and Italian.
    assert same <= {"pause", "error", "not_agreed"}
