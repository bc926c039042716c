"""Words that point to people and places: the deployment's own lists, what follows a title, and lone capitals."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from survey_app.core.redaction.marks import Kind, Mark
from survey_app.core.redaction.reading import Reading, read

TITLES = "titles"
EVERY_LANGUAGE = ""
OWN_TITLES = (
    "Dr", "Dra", "Drs", "Doctor", "Doctora", "Prof", "Professor", "Professora", "Profesor", "Profesora",
    "Professeur", "Professoressa", "Mr", "Mrs", "Ms", "Miss", "Sir", "Nurse", "Sister", "Herr", "Herrn", "Frau",
    "Doktor", "Schwester", "Pfleger", "Oberarzt", "Oberärztin", "Chefarzt", "Chefärztin", "Docteur", "Docteure",
    "Monsieur", "Madame", "Mme", "Mlle", "infirmière", "infirmier", "Señor", "Señora", "Sr", "Sra", "Don",
    "Doña", "enfermera", "enfermero", "Dott", "Dottor", "Dottore", "Dottoressa", "ssa", "Signor", "Signora",
    "Sig", "infermiera", "infermiere", "dokter", "mevrouw", "meneer", "dhr", "mevr", "zuster", "Doutor",
    "Doutora", "Senhor", "Senhora", "enfermeira", "enfermeiro", "د", "دكتور", "الدكتور", "دكتورة", "الدكتورة",
    "κύριος", "κύριο", "κυρία", "γιατρός", "γιατρό", "νοσοκόμα", "Δρ", "κος", "κα",
    "Pan", "Pana", "Panu", "Panem", "Pani", "Panią", "doktora", "lek", "mgr",
    "siostra", "siostry", "pielęgniarka", "pielęgniarz", "lekarz", "lekarka",
    "السيد", "السيدة", "الأستاذ", "الممرضة", "الممرض",
)  # fmt: skip
_NAME = r"(?:[^\W\d_a-z][\w'’-]+|[\u0621-\u064a]{2,})"
_PARTICLE = r"(?:(?:van|von|der|den|de|del|della|di|da|dos|la|le|el|ten|ter|zu|al)\s+)*"
_CAPITAL = re.compile(r"(?<=[a-zł,;] )[A-ZŁ][a-zł]{2,}(?:[\s-][A-ZŁ][a-zł]+)*")
NOUNS_WITH_CAPITALS = ("de",)


@dataclass(frozen=True)
class Lists:
    """The words of a deployment: (kind, language) -> words; `EVERY_LANGUAGE` for words that count in all.

    The kind is how the deployment calls its list: `hospitals`, `cities`, `names`. Words of the kind `titles` stand
    before a name; what follows them is marked.
    """

    words: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def _patterns(self) -> dict[tuple[str, str], re.Pattern[str]]:
        return {key: _whole_words(words) for key, words in self.words.items() if words and key[0] != TITLES}

    def of(self, language: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        """Kind and pattern of each list that counts in a language."""
        for (kind, spoken), pattern in self._patterns.items():
            if spoken in (EVERY_LANGUAGE, language):
                yield kind, pattern

    @cached_property
    def titled(self) -> re.Pattern[str]:
        """A title and the names after it."""
        own = {word for (kind, _), words in self.words.items() if kind == TITLES for word in words}
        titles = "|".join(sorted({re.escape(_plain(word)) for word in (*OWN_TITLES, *own)}, key=len, reverse=True))
        return re.compile(
            rf"(?<!\w)(?i:{titles})(?:\.-?|\b)\s*((?i:{_PARTICLE})(?-i:{_NAME})(?:\s+(?i:{_PARTICLE})(?-i:{_NAME_AFTER}))?)"
        )


_NAME_AFTER = r"[^\W\d_a-z\u0621-\u064a][\w'’-]+"
NO_LISTS = Lists()


def listed_marks(reading: Reading, language: str, lists: Lists) -> Iterator[Mark]:
    """Yield the words of the lists, whatever their accents, capitals or endings, and names after titles."""
    folded = _same_length_fold(reading.text)
    for kind, pattern in lists.of(language):
        for found in pattern.finditer(folded):
            yield reading.mark(found.start(), found.end(), Kind.LISTED, kind)
    for found in lists.titled.finditer(reading.text):
        yield reading.mark(found.start(1), found.end(1), Kind.NAME)


def capital_marks(reading: Reading, language: str) -> Iterator[Mark]:
    """Yield words with a capital inside a sentence, where the language does not write every noun so."""
    if language in NOUNS_WITH_CAPITALS:
        return
    for found in _CAPITAL.finditer(reading.text):
        yield reading.mark(found.start(), found.end(), Kind.CAPITAL)


def _whole_words(words: frozenset[str]) -> re.Pattern[str]:
    """Any of the words: with an ending of the genitive or plural, or the small words that Arabic writes before it."""
    folded = sorted({_same_length_fold(_plain(word.strip())) for word in words if word.strip()}, key=len, reverse=True)
    either = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in folded)
    return re.compile(rf"(?<!\w)(?:[وفبكل]?(?:ال)?|لل)?(?:{either})(?:['’]?s|es|n|en)?(?!\w)" if either else r"(?!)")


def _plain(word: str) -> str:
    return read(unicodedata.normalize("NFC", word)).text


def _same_length_fold(text: str) -> str:
    """Small letters, sign by sign, so that places stay."""
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in text)
