"""What people wrote in their own words, of those who agreed that parts of it may be shown. Inside only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_app.core.analysis.versions import Part
from survey_app.core.dataset import ResponseRecord
from survey_app.core.questionnaire.items import Consent, FreeText
from survey_app.core.questionnaire.model import Questionnaire

QUOTES = "quotes"
"""Purpose of the agreement that parts of what somebody writes may be shown."""

_NEVER = (0, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One text of one person. person: keyed pseudonym. place: which of the texts of its response, from 0."""

    person: str
    wave: int
    place: int
    item: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The texts of a batch, and whose consent has ended.

    texts: of people who agree, in no order that means anything.
    withdrawn: people who agreed once and do not any more -> number of their waves.
    """

    texts: tuple[Written, ...]
    withdrawn: Mapping[str, int]


def words_of(parts: Iterable[Part], batch: int) -> Words:
    """Return what people wrote in responses that were sent in a batch.

    A text counts when its own response and the person's latest response agree to being quoted. A questionnaire that
    does not ask for this agreement gives no texts.
    """
    latest: dict[str, tuple[int, bool]] = {}
    agreed: set[str] = set()
    texts: list[Written] = []
    for part in parts:
        consents = _consents(part.questionnaire)
        items = _text_items(part.questionnaire)
        for record in part.records:
            if record.status == "draft":
                continue
            entries = record.answers.entries
            agrees = bool(consents) and all(entries.get(item) is True for item in consents)
            if record.wave > latest.get(record.person, _NEVER)[0]:
                latest[record.person] = (record.wave, agrees)
            if agrees:
                agreed.add(record.person)
                texts += _written(record, items) if record.batch == batch else ()
    return Words(
        texts=tuple(sorted((one for one in texts if latest[one.person][1]), key=_without_order)),
        withdrawn={person: latest[person][0] for person in agreed if not latest[person][1]},
    )


def _consents(questionnaire: Questionnaire) -> list[str]:
    return [item.id for item in questionnaire.items.values() if isinstance(item, Consent) and item.purpose == QUOTES]


def _text_items(questionnaire: Questionnaire) -> list[str]:
    return [item.id for item in questionnaire.items.values() if isinstance(item, FreeText)]


def _written(record: ResponseRecord, items: Sequence[str]) -> Iterator[Written]:
    said = ((item, record.answers.value(item)) for item in items)
    there = [(item, text.strip()) for item, text in said if isinstance(text, str) and text.strip()]
    for place, (item, text) in enumerate(there):
        yield Written(
            person=record.person, wave=record.wave, place=place, item=item, language=record.language, text=text
        )


def _without_order(one: Written) -> tuple[str, int, int]:
    """The pseudonym is a keyed hash, so its order says nothing."""
    return one.person, one.wave, one.place
