"""Questionnaire: frozen values, each version for ever as published; and its translations.

A text is addressed by a key such as `item/CJ01/text` (texts.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field

from survey_app.core.questionnaire import texts
from survey_app.core.questionnaire.design import Design
from survey_app.core.questionnaire.items import (
    BestWorst,
    Broader,
    Choice,
    ChoiceSet,
    Frozen,
    Item,
    MultiChoice,
    Option,
    Ranking,
    Rating,
    RatingSet,
    ResponseSet,
    Sentence,
    Word,
)
from survey_app.core.questionnaire.parts import Ending, Module, RecallFrame, RoleOption, SafetyMessage, Scale, Stage

RecallMode = Literal["prospective", "retrospective"]
RECALL_MODES: tuple[RecallMode, ...] = ("prospective", "retrospective")


class Questionnaire(Frozen):
    """One version of a questionnaire, in its source language."""

    format: Literal[1]
    id: Word
    version: str = Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")
    language: str
    title: Sentence
    status: Literal["draft_untested", "tested"]
    licence: str
    stages: tuple[Stage, ...]
    stage_groups: tuple[Broader, ...] = ()
    roles: tuple[RoleOption, ...]
    recall: dict[Word, RecallFrame]
    response_sets: dict[Word, ResponseSet]
    designs: dict[Word, Design] = Field(default_factory=dict)
    safety_messages: dict[Word, SafetyMessage] = Field(default_factory=dict)
    endings: dict[Word, Ending] = Field(default_factory=dict)
    modules: tuple[Module, ...] = Field(min_length=1)
    scales: tuple[Scale, ...] = ()

    def __hash__(self) -> int:
        return hash((self.id, self.version))

    def __eq__(self, other: object) -> bool:
        # Read once per program: what is remembered by version is looked up without comparing a thousand texts.
        return self is other

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """All items by id, in the order of asking."""
        return {item.id: item for module in self.modules for item in module.items}

    @cached_property
    def module_of(self) -> Mapping[str, Module]:
        """The module of each item id."""
        return {item.id: module for module in self.modules for item in module.items}

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Every text that a translator translates, by key, in the order of the file."""
        return {
            "title": self.title,
            **dict(texts.of_journey(self.stages, self.stage_groups, self.roles, self.recall)),
            **dict(texts.of_answers(self.response_sets, self.designs)),
            **dict(texts.of_messages(self.safety_messages, self.endings)),
            **dict(texts.of_modules(self.modules)),
            **dict(texts.of_scales(self.scales)),
        }

    @cached_property
    def stage_codes(self) -> tuple[str, ...]:
        """Codes of the stages in the order of the journey."""
        return tuple(stage.code for stage in self.stages)

    @cached_property
    def carers(self) -> frozenset[str]:
        """Roles whose people are asked with the wordings for carers."""
        return frozenset(role.code for role in self.roles if role.carer)

    def options_of(self, item: Item) -> tuple[Option, ...]:
        """The answers to choose from: its own, those of its response set, the objects of its design; or none."""
        if isinstance(item, MultiChoice | BestWorst) and item.design:
            return self.designs[item.design].objects
        if isinstance(item, MultiChoice | Ranking):
            return item.options
        if isinstance(item, Choice):
            return item.options or self._choice_set(item).options
        return ()

    def option_key(self, item: Item, option: Option) -> str:
        """The text key of an answer."""
        if isinstance(item, MultiChoice | BestWorst) and item.design:
            return f"design/{item.design}/{option.code}"
        if isinstance(item, Choice) and not item.options:
            return f"set/{item.responses}/{option.code}"
        return f"item/{item.id}/option/{option.code}"

    def rating_of(self, item: Rating) -> RatingSet:
        """The ends of a rating item."""
        found = self.response_sets[item.responses]
        assert isinstance(found, RatingSet), "checked when the file was read"
        return found

    def marked(self, item: Item, mark: Literal["problem", "top", "needed", "unmet"]) -> tuple[str, ...]:
        """Codes of the answers that count as `mark` in reports; empty where the item has none.

        A shared set may mark "often" as a problem, which is wrong for an item where more is better
        ("How often did you look forward to something?"): the mark then does not hold for the item.
        """
        if isinstance(item, Choice):
            own: tuple[str, ...] = getattr(item, mark)
            if own or item.options:
                return own
            shared: tuple[str, ...] = getattr(self._choice_set(item), mark)
            return () if mark == "problem" and not self._is_bad_side(item, shared) else shared
        if isinstance(item, Rating) and mark == "problem":
            return tuple(str(value) for value in self.rating_of(item).problem)
        return ()

    def _is_bad_side(self, item: Choice, codes: tuple[str, ...]) -> bool:
        """Tell whether `codes` are the worst answers of `item`: the lowest where more is better, else the highest."""
        options = [option for option in self.options_of(item) if option.missing is None and option.value is not None]
        inside = [option.value for option in options if option.code in codes and option.value is not None]
        outside = [option.value for option in options if option.code not in codes and option.value is not None]
        if not inside or not outside or item.direction == "none":
            return bool(inside)
        return max(inside) < min(outside) if item.direction == "higher_better" else min(inside) > max(outside)

    def _choice_set(self, item: Choice) -> ChoiceSet:
        found = self.response_sets[item.responses or ""]
        assert isinstance(found, ChoiceSet), "checked when the file was read"
        return found


class TranslationState:
    """How far a translation has come. The source language itself has the state `source`."""

    ALL = ("draft", "reviewed", "debriefed", "approved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """All texts of one version in one language.

    revision: SHA-256 of the language file (of the source for the source language), so that each
        response can say which wording it saw.
    """

    language: str
    state: str
    revision: str
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A questionnaire version with all its languages: what a study works with."""

    questionnaire: Questionnaire
    translations: Mapping[str, Translation]
    sha256: str

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that have every text, source first."""
        return tuple(self.translations)

    def say(self, key: str, language: str) -> str:
        """The text of `key` in `language`.

        Raises:
            KeyError: there is no such text; a bug, since editions are complete when they are made.
        """
        return self.translations[language].texts[key]

    def question(self, item: Item, language: str, *, mode: str, role: str | None = None) -> str:
        """The question of `item` as a person of this role and recall mode is asked it."""
        return self.say(question_key(self.questionnaire, item, mode=mode, role=role), language)

    def heading(
        self, item: Item, *, stage: str | None, mode: str, language: str, role: str | None = None
    ) -> str | None:
        """The recall heading above `item`; None where the item asks about no period."""
        key = heading_key(self.questionnaire, item, stage=stage, mode=mode, role=role)
        return self.say(key, language) if key else None


def question_key(questionnaire: Questionnaire, item: Item, *, mode: str, role: str | None) -> str:
    """The text key of the question of `item` for a person of this role, who thinks of now or back.

    The nearest wording that the item has: that for carers when looking back, for carers, for looking back, the plain.
    """
    past = mode == "retrospective"
    wanted = [
        ("text_carer_past", past and role in questionnaire.carers),
        ("text_carer", role in questionnaire.carers),
        ("text_past", past),
    ]
    field = next((name for name, fits in wanted if fits and getattr(item, name)), "text")
    return f"item/{item.id}/{field}"


def heading_key(
    questionnaire: Questionnaire, item: Item, *, stage: str | None, mode: str, role: str | None = None
) -> str | None:
    """The text key of the recall heading above `item`; None where the item asks about no period."""
    frame = questionnaire.recall[item.recall]
    text = frame.prospective if mode == "prospective" else frame.retrospective
    if text is None:
        return None
    if text != "stage":
        return f"recall/{item.recall}/{mode}"
    if stage is None:
        return None
    key = f"stage/{stage}/heading_{'now' if mode == 'prospective' else 'past'}"
    carer = f"{key}_carer"
    return carer if role in questionnaire.carers and carer in questionnaire.texts else key
