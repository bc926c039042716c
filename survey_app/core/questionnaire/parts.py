"""The parts of a questionnaire: stages, roles, recall frames, messages, endings, modules, scales."""

from typing import Literal

from pydantic import Field

from survey_app.core.questionnaire.items import AnyItem, Direction, Frozen, Sentence, Word


class Stage(Frozen):
    """A stage of the treatment journey.

    day_from, day_to: typical days relative to infusion (day 0); None is open.
    heading_now, heading_past: recall headings for answers given in, or about, this stage.
    heading_now_carer, heading_past_carer: the same for those who support a patient.
    beside_the_way: it can come at any time (the illness came back) and ends no stage of the way.
    """

    code: Word
    key: Word
    text: Sentence
    short: Sentence
    heading_now: Sentence
    heading_past: Sentence
    heading_now_carer: Sentence | None = None
    heading_past_carer: Sentence | None = None
    day_from: int | None = None
    day_to: int | None = None
    beside_the_way: bool = False


class RoleOption(Frozen):
    """One of the roles in which a person answers.

    carer: people of this role are asked with the wordings for carers.
    """

    code: Word
    text: Sentence
    short: Sentence
    carer: bool = False


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
