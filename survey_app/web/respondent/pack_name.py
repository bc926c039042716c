"""The names of packs: one for each study definition, recall mode and language, changing with all that is drawn."""

import hashlib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from flask import url_for

from survey_app.core.questionnaire.model import Edition
from survey_app.core.questionnaire.study import Study
from survey_app.core.response.answers import Answers
from survey_app.services.responding import Participation
from survey_app.web.respondent.script import SCREENS, SCRIPT
from survey_app.web.respondent.texts import texts_in

HERE = Path(__file__).parent
TEMPLATES = HERE.parent / "templates" / "respondent"


@dataclass(frozen=True, kw_only=True)
class PackOrder:
    """What a pack is made from. held: any response of this study and mode; nothing personal of it is used."""

    held: Participation
    language: str


ordered: dict[str, PackOrder] = {}
"""The packs that pages of this process have named, by name."""


def pack_address(held: Participation, language: str) -> str:
    """The address of the pack for this response, in `language`."""
    name = pack_name(held, language)
    if name not in ordered:
        ordered[name] = PackOrder(held=_nobody(held), language=language)
    return url_for("respondent.pack", name=name)


def pack_name(held: Participation, language: str) -> str:
    """The name of the pack for this response, in `language`."""
    definition = held.study.model_dump_json()
    return _name(_Parts(held.edition, held.study, definition, held.plan.mode, language))


def _nobody(held: Participation) -> Participation:
    """A response to the same study without a person in it."""
    stored = replace(held.stored, id="", answers={}, received={})
    return replace(held, code="", answers=Answers(), stored=stored, occasions=())


@dataclass(frozen=True)
class _Parts:
    edition: Edition
    study: Study
    definition: str
    mode: str
    language: str

    def __hash__(self) -> int:
        return hash((self.edition.sha256, self.definition, self.mode, self.language))


@lru_cache(maxsize=256)
def _name(parts: _Parts) -> str:
    revision = parts.edition.translations[parts.language].revision
    words = sorted(texts_in(parts.language).items())
    told = repr((parts.edition.sha256, revision, parts.definition, parts.mode, words, _drawn_by()))
    return f"{parts.study.id}.{parts.mode}.{parts.language}.{hashlib.sha256(told.encode()).hexdigest()[:16]}"


@cache
def _drawn_by() -> tuple[str, ...]:
    """All that turns a questionnaire into pages, by hash."""
    files = [*sorted(TEMPLATES.glob("*.html")), *sorted(HERE.glob("*.py"))]
    return SCRIPT.name, SCREENS.name, *(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
