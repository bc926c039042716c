"""Answers: an immutable map from item to value, or to the reason why there is none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from survey_app.core.privacy import Missing

Value = str | int | bool | tuple[str, ...]
"""choice, country, stage, role, date, text: str · rating, number: int · multiple: tuple of codes · consent: bool

best_worst: list of the design, code of the best, code of the worst · ranking: tuple of codes, best first"""

Document = dict[str, object]
"""The JSON form of answers: a value, or {"missing": kind}."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one respondent has said so far. An item that is not in it was not seen."""

    entries: Mapping[str, Value | Missing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __contains__(self, item: object) -> bool:
        return item in self.entries

    def value(self, item: str) -> Value | None:
        """The value given to `item`, None if there is none, whatever the reason."""
        found = self.entries.get(item)
        return None if isinstance(found, Missing) else found

    def missing(self, item: str) -> Missing | None:
        """The reason given or noted for no value, None if there is a value or the item was not seen."""
        found = self.entries.get(item)
        return found if isinstance(found, Missing) else None

    def with_entries(self, entries: Mapping[str, Value | Missing]) -> "Answers":
        """These answers with others added or replaced."""
        return Answers({**self.entries, **entries})

    def without(self, items: frozenset[str]) -> "Answers":
        """These answers without those to `items`."""
        return Answers({item: value for item, value in self.entries.items() if item not in items})

    def to_document(self) -> Document:
        """The form in which answers are stored."""
        return {item: _stored(value) for item, value in self.entries.items()}

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "Answers":
        """Read what `to_document` made."""
        return cls({item: _read(value) for item, value in document.items()})


def _stored(value: Value | Missing) -> object:
    if isinstance(value, Missing):
        return {"missing": value.value}
    return list(value) if isinstance(value, tuple) else value


def _read(stored: object) -> Value | Missing:
    match stored:
        case {"missing": str(kind)}:
            return Missing(kind)
        case list():
            return tuple(str(code) for code in stored)
        case str() | int():
            return stored
    message = f"not a stored answer: {type(stored).__name__}"
    raise TypeError(message)
