"""The record: in which language, and from which revision of its texts, each item was read; and those texts again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey_app.core.questionnaire.model import Edition, Translation

Seen = tuple[str, str]
"""Language and revision of its texts."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How each item was read.

    texts: every language and revision in which this person read something, in the order of first use.
    seen: item id -> position in `texts`, of the last time it was read and sent.
    """

    texts: tuple[Seen, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)

    def with_seen(self, items: Iterable[str], language: str, revision: str) -> "Wording":
        """The same, with items that were now read in `language`."""
        read = (language, revision)
        texts = self.texts if read in self.texts else (*self.texts, read)
        position = texts.index(read)
        return Wording(texts, {**self.seen, **dict.fromkeys(items, position)})

    def without(self, items: Iterable[str]) -> "Wording":
        """The same, without items that are no longer asked."""
        gone = set(items) & self.seen.keys()
        return Wording(self.texts, {key: at for key, at in self.seen.items() if key not in gone}) if gone else self

    def of(self, item: str) -> Seen | None:
        """Language and revision in which `item` was read, None if that is not known."""
        position = self.seen.get(item)
        if position is not None:
            return self.texts[position]
        return self.texts[0] if len(self.texts) == 1 else None

    def to_document(self) -> dict[str, Any]:
        """The form in which it is stored."""
        return {"texts": [list(one) for one in self.texts], "seen": dict(self.seen)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Wording":
        """Read what `to_document` made."""
        return cls(tuple((one[0], one[1]) for one in document["texts"]), document["seen"])


@dataclass(frozen=True, kw_only=True)
class Record:
    """What one person read, word for word.

    edition: the version that was answered, with its texts as they are now.
    kept: revision -> its texts, for the revisions that this person read and that are not those of now.
    """

    edition: Edition
    wording: Wording
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def language_of(self, item: str) -> str | None:
        """The language in which `item` was read last, None if it was not."""
        seen = self.wording.of(item)
        return seen[0] if seen else None

    def edition_of(self, item: str) -> Edition | None:
        """The edition with the texts of `item` as they were read, in `language_of(item)` only.

        None when it was not read, or when those texts were never kept.
        """
        seen = self.wording.of(item)
        return self._edition(seen) if seen else None

    def text_of(self, item: str, part: str = "text") -> str | None:
        """One text of `item` as it was read, None if there is none.

        Args:
            item: id of the item.
            part: `text`, `text_past`, `text_carer`, `stem`, `help`, `unit`, or `option/CODE`.
        """
        seen, edition = self.wording.of(item), self.edition_of(item)
        if seen is None or edition is None:
            return None
        return edition.translations[seen[0]].texts.get(self._key(item, part))

    def is_as_now(self, item: str) -> bool:
        """Tell whether every text of `item` itself still reads as it did, in the language in which it was read."""
        seen = self.wording.of(item)
        now = self.edition.translations.get(seen[0]) if seen else None
        then = self.edition_of(item)
        if seen is None or now is None or then is None:
            return False
        prefix = f"item/{item}/"
        return _below(prefix, now.texts) == _below(prefix, then.translations[seen[0]].texts)

    def _edition(self, seen: Seen) -> Edition | None:
        language, revision = seen
        now = self.edition.translations.get(language)
        if now is not None and now.revision == revision:
            return self.edition
        texts = self.kept.get(revision)
        if texts is None:
            return None
        state = now.state if now else "draft"
        then = Translation(language=language, state=state, revision=revision, texts=texts)
        return Edition(
            questionnaire=self.edition.questionnaire, translations={language: then}, sha256=self.edition.sha256
        )

    def _key(self, item: str, part: str) -> str:
        kind, _, code = part.partition("/")
        if kind == "option":
            found = self.edition.questionnaire.items[item]
            for option in self.edition.questionnaire.options_of(found):
                if option.code == code:
                    return self.edition.questionnaire.option_key(found, option)
        return f"item/{item}/{part}"


def _below(prefix: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if key.startswith(prefix)}
