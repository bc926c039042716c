"""Questionnaire: frozen values, each version for ever as published; and its translations.

A text is addressed by a key such as `item/CJ01/text`. The key is the `msgctxt` of translation
files, so that a translator sees what a sentence is for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field

from survey_app.core.questionnaire.items import (
    AnyItem,
    Broader,
    Choice,
    ChoiceSet,
    Direction,
    Frozen,
    Item,
    MultiChoice,
    Number,
    Option,
    Rating,
    RatingSet,
    ResponseSet,
    Sentence,
    Word,
)

RecallMode = Literal["prospective", "retrospective"]
RECALL_MODES: tuple[RecallMode, ...] = ("prospective", "retrospective")


class Stage(Frozen):
    """A stage of the treatment journey.

    day_from, day_to: typical days relative to infusion (day 0); None is open.
    heading_now, heading_past: recall headings for answers given in, or about, this stage.
    """

    code: Word
    key: Word
    text: Sentence
    short: Sentence
    heading_now: Sentence
    heading_past: Sentence
    day_from: int | None = None
    day_to: int | None = None


class RoleOption(Frozen):
    """One of the roles in which a person answers."""

    code: Word
    text: Sentence
    short: Sentence


class RecallFrame(Frozen):
    """The period that answers are about. `stage` stands for the heading of the stage."""

    prospective: Sentence | None = None
    retrospective: Sentence | None = None


class SafetyMessage(Frozen):
    """Where help is, for everyone on the page; show names the parts below the text."""

    title: Sentence
    text: Sentence
    show: tuple[Word, ...] = ()


class Ending(Frozen):
    """A last page for people whom the questionnaire is not for."""

    title: Sentence
    text: Sentence
    safety: Word | None = None


class Module(Frozen):
    """A part of the questionnaire that can be offered alone."""

    id: Word
    title: Sentence
    intro: Sentence | None = None
    audience: tuple[Word, ...] = Field(min_length=1)
    page_safety: Word | None = None
    items: tuple[AnyItem, ...] = Field(min_length=1)


class Scale(Frozen):
    """A score over items, from 0 to 100 unless it is a prorated sum.

    method: how answered values become a score.
    threshold: share of the applicable items that must be answered, and whether that share is enough
        (at_least) or must be exceeded (more_than); the two families of published manuals differ here.
    min_items: smallest number of answered items, whatever the share.
    reversed_items: values turned (low + high - x) before scoring.
    invert: the finished 0-100 score is turned (100 - x).
    recode_missing: values that stand for a missing answer in the coding of a published manual.
    parts: scales averaged by mean_of_scales; all are needed.
    needed, unmet: values that make denominator and numerator of percent_of_needed.
    """

    id: Word
    name: Sentence
    module: Word | None = None
    method: Literal["linear_0_100", "prorated_sum", "percent_of_needed", "mean_of_scales"]
    items: tuple[str, ...] = ()
    parts: tuple[Word, ...] = ()
    low: int = 0
    high: int = 4
    threshold: float = Field(default=0.5, ge=0, le=1)
    threshold_rule: Literal["at_least", "more_than"] = "at_least"
    min_items: int = Field(default=1, ge=1)
    reversed_items: tuple[str, ...] = ()
    invert: bool = False
    recode_missing: tuple[int, ...] = ()
    needed: tuple[int, ...] = ()
    unmet: tuple[int, ...] = ()
    direction: Direction
    low_text: Sentence
    high_text: Sentence


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
    safety_messages: dict[Word, SafetyMessage] = Field(default_factory=dict)
    endings: dict[Word, Ending] = Field(default_factory=dict)
    modules: tuple[Module, ...] = Field(min_length=1)
    scales: tuple[Scale, ...] = ()

    def __hash__(self) -> int:
        return hash((self.id, self.version))

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
        return dict(_texts(self))

    @cached_property
    def stage_codes(self) -> tuple[str, ...]:
        """Codes of the stages in the order of the journey."""
        return tuple(stage.code for stage in self.stages)

    def options_of(self, item: Item) -> tuple[Option, ...]:
        """The answers of a choice item, its own or those of its response set; empty for other types."""
        if isinstance(item, MultiChoice):
            return item.options
        if isinstance(item, Choice):
            return item.options or self._choice_set(item).options
        return ()

    def option_key(self, item: Item, option: Option) -> str:
        """The text key of an answer."""
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

    def heading(self, item: Item, *, stage: str | None, mode: str, language: str) -> str | None:
        """The recall heading above `item`; None where the item asks about no period."""
        key = heading_key(self.questionnaire, item, stage=stage, mode=mode)
        return self.say(key, language) if key else None


def heading_key(questionnaire: Questionnaire, item: Item, *, stage: str | None, mode: str) -> str | None:
    """The text key of the recall heading above `item`."""
    frame = questionnaire.recall[item.recall]
    text = frame.prospective if mode == "prospective" else frame.retrospective
    if text is None:
        return None
    if text != "stage":
        return f"recall/{item.recall}/{mode}"
    return f"stage/{stage}/heading_{'now' if mode == 'prospective' else 'past'}" if stage else None


def _texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    yield "title", questionnaire.title
    yield from _journey_texts(questionnaire)
    for name, responses in questionnaire.response_sets.items():
        yield from _set_texts(name, responses)
    yield from _message_texts(questionnaire)
    for module in questionnaire.modules:
        yield f"module/{module.id}/title", module.title
        if module.intro:
            yield f"module/{module.id}/intro", module.intro
        for item in module.items:
            yield from _item_texts(item)
    for scale in questionnaire.scales:
        yield f"scale/{scale.id}/name", scale.name
        yield f"scale/{scale.id}/low", scale.low_text
        yield f"scale/{scale.id}/high", scale.high_text


def _journey_texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for stage in questionnaire.stages:
        for field in ("text", "short", "heading_now", "heading_past"):
            yield f"stage/{stage.code}/{field}", getattr(stage, field)
    for group in questionnaire.stage_groups:
        yield f"stage_group/{group.code}", group.text
    for role in questionnaire.roles:
        yield f"role/{role.code}/text", role.text
        yield f"role/{role.code}/short", role.short
    for name, frame in questionnaire.recall.items():
        for mode in RECALL_MODES:
            text = getattr(frame, mode)
            if text and text != "stage":
                yield f"recall/{name}/{mode}", text


def _set_texts(name: str, responses: ResponseSet) -> Iterator[tuple[str, str]]:
    if isinstance(responses, RatingSet):
        yield f"set/{name}/low", responses.low_text
        yield f"set/{name}/high", responses.high_text
        return
    for option in responses.options:
        yield f"set/{name}/{option.code}", option.text


def _message_texts(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for name, message in questionnaire.safety_messages.items():
        yield f"safety/{name}/title", message.title
        yield f"safety/{name}/text", message.text
    for name, ending in questionnaire.endings.items():
        yield f"ending/{name}/title", ending.title
        yield f"ending/{name}/text", ending.text


def _item_texts(item: Item) -> Iterator[tuple[str, str]]:
    for field in ("stem", "text", "text_past", "help"):
        text = getattr(item, field)
        if text:
            yield f"item/{item.id}/{field}", text
    if isinstance(item, Number) and item.unit:
        yield f"item/{item.id}/unit", item.unit
    if isinstance(item, Choice | MultiChoice):
        for option in item.options:
            yield f"item/{item.id}/option/{option.code}", option.text
        for group in item.generalise:
            yield f"item/{item.id}/group/{group.code}", group.text
