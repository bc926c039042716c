"""The item types, their answers, and the response sets they share.

Parsed from questionnaire files by pydantic: what exists here is well formed. Whether it fits
together (ids, logic, translations) is the work of `check.py`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from survey_app.core.privacy import MISSING_BY_CODE, Missing, PrivacyClass

Id = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[0-9]{1,3}[a-z]?$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$", max_length=40)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Direction = Literal["higher_worse", "higher_better", "none"]


class Frozen(BaseModel):
    """A value read from a file: unchangeable, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Option(Frozen):
    """One answer to choose.

    value: its number in scores and files; -88 and -99 make it a reason for no value.
    exclusive: cannot be chosen together with others (multiple choice only).
    """

    code: Word
    text: Sentence
    value: int | None = None
    exclusive: bool = False

    @property
    def missing(self) -> Missing | None:
        """The kind of missing that this answer stands for, None for a real value."""
        return MISSING_BY_CODE.get(self.value) if self.value is not None else None


class ChoiceSet(Frozen):
    """Answers shared by several items, by name.

    problem, top, needed, unmet: codes of the answers that count as such in reports.
    """

    kind: Literal["ordinal", "nominal"]
    options: tuple[Option, ...] = Field(min_length=2)
    problem: tuple[Word, ...] = ()
    top: tuple[Word, ...] = ()
    needed: tuple[Word, ...] = ()
    unmet: tuple[Word, ...] = ()


class RatingSet(Frozen):
    """A 0-10 scale shared by several items: whole numbers from low to high, words at both ends, no default."""

    kind: Literal["rating"]
    low: int
    high: int
    low_text: Sentence
    high_text: Sentence
    problem: tuple[int, ...] = ()


ResponseSet = Annotated[ChoiceSet | RatingSet, Field(discriminator="kind")]


class Broader(Frozen):
    """A broader group of answers, used when the answers themselves would show too few people."""

    code: Word
    text: Sentence
    options: tuple[Word, ...] = Field(min_length=1)


class SafetyRule(Frozen):
    """Which safety message stands with an item, and when it is emphasised (in the page only, never stored)."""

    message: Word
    emphasise_if: str | None = None


class Route(Frozen):
    """Leave the questionnaire for an ending when the condition holds."""

    when: str
    to: Word


class HiddenValue(Frozen):
    """The value an item counts with in scores when logic hides it, and the condition for that."""

    value: int
    when: str


class BaseItem(Frozen):
    """What all items share.

    page: items of one module with the same word here, standing together, share a screen.
    recall: name of a recall frame; its heading stands above the item.
    show_if: condition on earlier items, `stage` and `wave`.
    text_past: wording when thinking back.
    text_carer, text_carer_past: wordings for those who support a patient.
    carried: at a later wave the answer of the wave before stands here already and can be changed.
    translator_note: for translators only.
    """

    id: Id
    text: Sentence
    text_past: Sentence | None = None
    text_carer: Sentence | None = None
    text_carer_past: Sentence | None = None
    help: Sentence | None = None
    stem: Sentence | None = None
    page: Word | None = None
    recall: Word = "none"
    show_if: str | None = None
    required: bool = False
    carried: bool = False
    privacy: PrivacyClass = Field(strict=False)
    domain: Word | None = None
    construct_name: Word | None = Field(default=None, alias="construct")
    direction: Direction = "none"
    indicator: bool = False
    sensitive: bool = False
    safety: SafetyRule | None = None
    route: Route | None = None
    value_if_hidden: HiddenValue | None = None
    drop_from_files: bool = False
    translator_note: str | None = None
    analysis_note: str | None = None


class Choice(BaseItem):
    """One answer of several."""

    type: Literal["single"]
    responses: Word | None = None
    options: tuple[Option, ...] = ()
    generalise: tuple[Broader, ...] = ()
    problem: tuple[Word, ...] = ()
    top: tuple[Word, ...] = ()
    needed: tuple[Word, ...] = ()
    unmet: tuple[Word, ...] = ()


class MultiChoice(BaseItem):
    """Several answers of several: its own, or the objects of a design."""

    type: Literal["multiple"]
    options: tuple[Option, ...] = ()
    design: Word | None = None
    max_choices: int | None = Field(default=None, ge=1)
    generalise: tuple[Broader, ...] = ()


class BestWorst(BaseItem):
    """One list of a design: which of its objects matters most, and which least.

    list_number: place among the lists of one person, from 1; in files `list`.
    """

    type: Literal["best_worst"]
    design: Word
    list_number: int = Field(alias="list", ge=1)


class Ranking(BaseItem):
    """The first few of several answers, in order.

    places: how many can be put in order.
    """

    type: Literal["ranking"]
    options: tuple[Option, ...] = Field(min_length=2)
    places: int = Field(ge=1)


class Rating(BaseItem):
    """A whole number between two worded ends; no default, no slider."""

    type: Literal["rating"]
    responses: Word


class Number(BaseItem):
    """A whole number typed in."""

    type: Literal["number"]
    low: int
    high: int
    unit: Sentence | None = None


class Day(BaseItem):
    """A date, or a month of a year where that is enough."""

    type: Literal["date"]
    precision: Literal["day", "month"] = "month"
    earliest_year: int = 1900


class Country(BaseItem):
    """A country by its ISO 3166-1 alpha-2 code; names come from CLDR."""

    type: Literal["country"]


class StageItem(BaseItem):
    """The stage of the journey that the answers are about; sets the variable `stage`."""

    type: Literal["stage"]


class Role(BaseItem):
    """Who answers: one of the roles of the questionnaire."""

    type: Literal["role"]


class Consent(BaseItem):
    """Agreement to one purpose."""

    type: Literal["consent"]
    purpose: Word


class FreeText(BaseItem):
    """Words of one's own. Never in a table, a report or a file of rows."""

    type: Literal["text"]
    max_length: int = Field(default=500, ge=1, le=5000)


class Note(BaseItem):
    """Something to read; nothing to answer."""

    type: Literal["note"]


Item = (
    Choice
    | MultiChoice
    | BestWorst
    | Ranking
    | Rating
    | Number
    | Day
    | Country
    | StageItem
    | Role
    | Consent
    | FreeText
    | Note
)
AnyItem = Annotated[Item, Field(discriminator="type")]
