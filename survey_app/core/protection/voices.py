"""Voices: quotes and themes of a release, as far as they may be shown. Made here alone, sealed, and never changed.

The rules: quotes only of people who agree, redacted by one person and confirmed by another; from 20 people in the
release on; said of the whole cohort and nobody's group; one of each person; in an order that tells nothing. A theme
from 10 people on, its number rounded; in a later release it has a new number only when 20 people or more differ.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

from survey_app.core.protection.cube import ProtectedCube
from survey_app.core.protection.rounding import round_count

FEWEST_PERSONS = 20
"""People in a release, below which nobody is quoted."""
FEWEST_IN_THEME = 10
SMALLEST_STEP = 5
SMALLEST_CHANGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What one person said, as it may be printed. texts: by language; always one in the language of the desk."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What people wrote about. n: how many people, rounded. since: quarter for which they were counted."""

    labels: Mapping[str, str]
    n: int
    since: str


@dataclass(frozen=True, kw_only=True)
class Voices:
    """Quotes and themes of a release, sealed by their hash. cube_sha256: seal of the release they belong to."""

    release: str
    cube_sha256: str
    quotes: tuple[Quote, ...]
    themes: tuple[Theme, ...]

    def to_json(self) -> str:
        """The voices as canonical JSON: the same voices are the same bytes."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return json.dumps(fields, default=asdict, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """The hash under which they are sealed."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @classmethod
    def from_json(cls, text: str) -> "Voices":
        """Read what `to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        quotes = tuple(Quote(**one) for one in raw["quotes"])
        return cls(**{**raw, "quotes": quotes, "themes": tuple(Theme(**one) for one in raw["themes"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A text that two people have worked on. Inside only.

    person: keyed pseudonym. release: the one that closed the batch of the text. texts: empty for a theme only, or when
    the quote was printed before.
    """

    id: str
    person: str
    population: str
    release: str
    use: Literal["quote", "theme"]
    texts: Mapping[str, str]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A theme as it was printed, with the people behind it by the release that closed their batch. Inside only."""

    n: int
    since: str
    people: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Voices, with what is kept to judge later ones. used: ids of texts that need no words any more."""

    voices: Voices
    printed: Mapping[str, Printed]
    used: frozenset[str]


def gather_voices(
    cube: ProtectedCube,
    checked: Sequence[Checked],
    labels: Mapping[str, Mapping[str, str]],
    earlier: Mapping[str, Printed],
    *,
    languages: Sequence[str],
) -> Gathered:
    """Return what may be shown with a release of what people wrote.

    Args:
        cube: the release.
        checked: the confirmed texts of its batch and of those before, those used by earlier releases among them.
        labels: theme -> its name by language.
        earlier: theme -> how it was printed last.
        languages: the language of the desk first, then those of the reports that shall have quotes. A quote that lacks
            one of them is printed in the language of the desk only: otherwise the languages of a quote would tell
            which one it was written in.
    """
    published = {one.id for one in cube.populations} - set(cube.held_back)
    mine = [one for one in checked if one.population in published] if cube.persons >= FEWEST_PERSONS else []
    quotes = _quotes(mine, languages[0])
    printed = {code: theme for code in sorted(labels) if (theme := _theme(cube, code, mine, earlier.get(code)))}
    voices = Voices(
        release=cube.release,
        cube_sha256=cube.sha256,
        quotes=tuple(Quote(texts=_in_languages(one.texts, languages)) for one in quotes),
        themes=tuple(Theme(labels=dict(labels[code]), n=one.n, since=one.since) for code, one in printed.items()),
    )
    themed = (one.id for one in mine if one.use == "theme" and set(one.themes) <= printed.keys())
    return Gathered(voices=voices, printed=printed, used=frozenset({*(one.id for one in quotes), *themed}))


def in_order(quotes: Iterable[Quote], language: str) -> tuple[str, ...]:
    """The quotes that have words in a language, by the alphabet: an order that tells nothing."""
    return tuple(sorted((one.texts[language] for one in quotes if language in one.texts), key=_alphabet))


def _quotes(checked: Iterable[Checked], language: str) -> list[Checked]:
    """One quote of each person, by the alphabet; others of the same person wait for a later release."""
    ready = [one for one in checked if one.use == "quote" and one.texts.get(language)]
    found: dict[str, Checked] = {}
    for one in sorted(ready, key=lambda each: (_alphabet(each.texts[language]), each.id)):
        found.setdefault(one.person, one)
    return list(found.values())


def _in_languages(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    kept = languages if all(texts.get(language) for language in languages) else languages[:1]
    return {language: texts[language] for language in kept}


def _theme(cube: ProtectedCube, code: str, checked: Iterable[Checked], before: Printed | None) -> Printed | None:
    """How a theme is printed now; None when too few people are behind it, or nearly all."""
    people = _people(code, checked)
    if before is not None and _changed(people, before.people) < max(SMALLEST_CHANGE, cube.rules.delta):
        return before
    exact = sum(people.values())
    if exact < FEWEST_IN_THEME:
        return None
    n = max(FEWEST_IN_THEME, round_count(exact, max(SMALLEST_STEP, cube.rules.rounding_base)))
    if n > cube.rules.unanimity * cube.persons:
        return None
    return Printed(n=n, since=cube.quarter, people=people)


def _people(code: str, checked: Iterable[Checked]) -> dict[str, int]:
    """How many people are behind a theme, each counted with the first release that has a text of theirs on it."""
    first: dict[str, str] = {}
    for one in checked:
        if code in one.themes:
            first.setdefault(one.person, one.release)
    counts: dict[str, int] = {}
    for release in first.values():
        counts[release] = counts.get(release, 0) + 1
    return dict(sorted(counts.items()))


def _changed(now: Mapping[str, int], then: Mapping[str, int]) -> int:
    """At least how many people differ: within one batch those who came and those who went may have balanced."""
    return sum(abs(now.get(release, 0) - then.get(release, 0)) for release in now.keys() | then.keys())


def _alphabet(text: str) -> tuple[str, str]:
    return text.casefold(), text
