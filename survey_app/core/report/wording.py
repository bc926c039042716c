"""Wording: numbers, lists, names and questions as the language of the report writes them (CLDR through Babel)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from babel import Locale
from babel.dates import format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from survey_app.core.protection.cube import Figure, Group, Population, ProtectedCube, ProtectedTable, PublishedVariable
from survey_app.core.protection.groups import OWN, is_crossing, split
from survey_app.core.protection.voices import Voices
from survey_app.core.questionnaire.items import Choice, Item, MultiChoice, Rating
from survey_app.core.questionnaire.model import Edition, heading_key, question_key
from survey_app.core.report.reading import Finding
from survey_app.core.report.texts import Texts

LEVEL = 0.95
AGE_ITEM, SEX_ITEM = "DM03", "DM04"

MOST_NAMED = 3  # what is left bears the names of its members up to this number
MOST_LISTED = 12  # and tells them below its own name up to this one


def whole_percent(share: float) -> int:
    """A share in whole percent, halves upward: the one rounding of text, tables and bars."""
    return math.floor(100 * share + 0.5 + 1e-9)


@cache
def _number(language: str, value: int) -> str:
    return str(format_decimal(value, locale=language))


@cache
def _percent(language: str, percent: int) -> str:
    return str(format_percent(percent / 100, locale=language))


@dataclass(frozen=True, kw_only=True)
class Wording:
    """All words of one report: the questionnaire's, the report's own, and sealed ones of people, in one language."""

    cube: ProtectedCube
    edition: Edition
    texts: Texts
    voices: Voices | None = None

    @property
    def language(self) -> str:
        """The language of the report."""
        return self.texts.language

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale of the language."""
        return Locale.parse(self.language)

    def say(self, key: str, **gaps: str) -> str:
        """A sentence of the report."""
        return self.texts.say(key, **gaps)

    def ask(self, key: str) -> str:
        """A text of the questionnaire."""
        return self.edition.say(key, self.language)

    # numbers

    def number(self, value: float) -> str:
        """A whole number."""
        return _number(self.language, round(value))

    def about(self, n: float | None) -> str:
        """A rounded count of people."""
        return self.say("about", n=self.number(n or 0))

    def percent(self, share: float) -> str:
        """A share in whole percent, with its sign."""
        return _percent(self.language, whole_percent(share))

    @property
    def level(self) -> str:
        """The level of every interval."""
        return self.percent(LEVEL)

    @property
    def percent_sign(self) -> str:
        """The sign alone."""
        return str(self.locale.number_symbols["latn"]["percentSign"]).strip("\u200e\u200f")

    def share(self, figure: Figure) -> str:
        """A published share; a censored one as >90% or <10%."""
        text = self.percent(figure.value or 0)
        return self.isolate(f"{figure.bound}{text}") if figure.bound else text

    def bare(self, figure: Figure | None) -> str:
        """A published share without its sign, for tables and bars; a dash when there is none."""
        if figure is None or figure.value is None:
            return "–"
        text = f"{figure.bound}{self.number(whole_percent(figure.value))}"
        return self.isolate(text) if figure.bound else text

    def range(self, figure: Figure) -> str:
        """The interval of a share, or of a mean."""
        if figure.lower is None or figure.upper is None:
            return ""
        write = self.number if figure.statistic == "mean" else self.percent
        return self.say("range", level=self.level, low=write(figure.lower), high=write(figure.upper))

    def short_range(self, figure: Figure) -> str:
        """The interval of a share as 38–53, without words."""
        if figure.lower is None or figure.upper is None or figure.bound:
            return ""
        return self.isolate(f"{whole_percent(figure.lower)}–{whole_percent(figure.upper)}")

    def bounds(self, figure: Figure) -> str:
        """The interval of a mean as 63–71, without words."""
        if figure.lower is None or figure.upper is None:
            return ""
        return self.isolate(f"{self.number(figure.lower)}–{self.number(figure.upper)}")

    def of(self, found: Finding) -> str:
        """`about 45 of 150`, or `of about 150` where the count is withheld."""
        if found.count is None:
            return self.say("of_base", n=self.number(found.n))
        return self.say("of", count=self.number(found.count), n=self.number(found.n))

    def few(self, found: Finding) -> str:
        """A share of a handful of people, in people."""
        mark = "unmet" if found.variable.marks.get("unmet") else "problem"
        return self.say(
            "few",
            count=self.number(found.count or 0),
            n=self.number(found.n),
            answers=self.answers(found.variable, found.variable.marks[mark]),
        )

    def unanimous(self, variable: PublishedVariable, table: ProtectedTable) -> str:
        """What is said of a group that is of one mind."""
        shares = (table.figure("share", code) for code in variable.categories)
        most = next(share for share in shares if share and share.bound == ">")
        level = self.percent(most.value or 0)
        return self.say("unanimous", level=level, answer=self.quote(self.answer(variable, most.category)))

    def isolate(self, text: str) -> str:
        """Signs and digits that must keep their order in a right-to-left line."""
        return f"\u2066{text}\u2069" if self.locale.text_direction == "rtl" else text

    def quarter(self, code: str) -> str:
        """`2026-Q4` in words."""
        year, _, number = code.partition("-Q")
        return str(format_skeleton("yQQQQ", date(int(year), 3 * int(number), 1), locale=self.locale))

    def period(self, first: str, last: str) -> str:
        """From one quarter to another, or the one quarter that it was."""
        return self.quarter(last) if first == last else f"{self.quarter(first)} – {self.quarter(last)}"

    # lists

    def quote(self, text: str) -> str:
        """A text in the quotation marks of the language."""
        return self.say("quote", text=text)

    def every(self, parts: Iterable[str]) -> str:
        """a, b and c."""
        return str(format_list(list(parts), style="standard", locale=self.locale))

    def apart(self, parts: Iterable[str]) -> str:
        """a; b; c, with the sign of the language: the Greek “;” is a question mark."""
        return ("· " if self.language == "el" else "; ").join(parts)

    def either(self, parts: Iterable[str]) -> str:
        """a, b or c."""
        return str(format_list(list(parts), style="or", locale=self.locale))

    # the questionnaire's words

    def item(self, variable: PublishedVariable) -> Item:
        """The item of a variable that is not a scale."""
        return self.edition.questionnaire.items[variable.item]

    def question(self, variable: PublishedVariable, population: Population | None = None) -> str:
        """The question, as it was put to these people; the name of a scale."""
        if variable.kind == "scale":
            return self.ask(f"scale/{variable.id}/name")
        if variable.kind == "priority":
            return self.ask(f"design/{variable.id}")
        item = self.item(variable)
        mode = population.recall_mode if population else ""
        role = population.respondent if population else None
        return self.ask(question_key(self.edition.questionnaire, item, mode=mode, role=role))

    def answer(self, variable: PublishedVariable, code: str) -> str:
        """One answer of a variable."""
        if variable.kind == "rating":
            low, _, high = code.partition("_")
            return self.isolate(f"{low}–{high}") if high else low
        item = self.item(variable)
        if variable.kind == "tick" or isinstance(item, MultiChoice):
            code = variable.id.partition("/")[2] or code
        options = {option.code: option for option in self.edition.questionnaire.options_of(item)}
        if code in options:
            return self.ask(self.edition.questionnaire.option_key(item, options[code]))
        return self._broader(item, code)

    def _broader(self, item: Item, code: str) -> str:
        if isinstance(item, Choice | MultiChoice) and code in {group.code for group in item.generalise}:
            return self.ask(f"item/{item.id}/group/{code}")
        return self.place(code)

    def answers(self, variable: PublishedVariable, codes: Sequence[str]) -> str:
        """Several answers as one phrase: “Often” or “All the time”."""
        if variable.kind == "rating":
            numbers = [part for code in codes for part in code.split("_")]
            low, high = min(numbers, key=int), max(numbers, key=int)
            return self.say("on_scale", numbers=self.say("band", low=low, high=high))
        return self.either(self.quote(self.answer(variable, code)) for code in codes)

    def ends(self, variable: PublishedVariable) -> tuple[str, str]:
        """What the low and the high end of a scale or rating mean."""
        if variable.kind == "scale":
            return self.ask(f"scale/{variable.id}/low"), self.ask(f"scale/{variable.id}/high")
        item = self.item(variable)
        assert isinstance(item, Rating)
        return self.ask(f"set/{item.responses}/low"), self.ask(f"set/{item.responses}/high")

    def recall(self, variable: PublishedVariable, population: Population) -> str:
        """The period that a question asks these people about; empty where it asks about none."""
        item = self.item(variable)
        key = heading_key(
            self.edition.questionnaire, item, stage="?", mode=population.recall_mode, role=population.respondent
        )
        if key is None:
            return ""
        return self.say("module/recall_step") if key.startswith("stage/") else self.quote(self.ask(key))

    def scale_name(self, scale: str) -> str:
        """The name of a scale."""
        return self.ask(f"scale/{scale}/name")

    # people

    def people(self, population: str) -> str:
        """The name of a population."""
        return self.say(f"people/{population}")

    def group(self, group: Group) -> str:
        """The name of a group: its category, or what it holds where that is little; of everyone, their population."""
        if not group.dimension:
            return self.people(group.population)
        if is_crossing(group.dimension):
            pairs = zip(split(group.dimension), split(group.category), strict=True)
            return " · ".join(self.category(dimension, code) for dimension, code in pairs)
        if group.category.startswith("rest") and len(group.members) <= MOST_NAMED:
            return " · ".join(self.category(group.dimension, one) for one in group.members)
        return self.category(group.dimension, group.category)

    def dimension(self, dimension: str) -> str:
        """The name of a dimension; of a crossing those of all its dimensions."""
        return self.every(self.say(f"dimension/{one}") for one in split(dimension))

    def category(self, dimension: str, code: str) -> str:
        """The name of a leaf or broader category of a dimension."""
        if code == "not_stated":
            return self.say("not_stated")
        if code.partition(":")[0] == "rest":
            return self.place(code)
        if code.startswith(OWN):  # the study named it
            return code.removeprefix(OWN).replace("_", " ")
        if dimension == "stage":
            return self.stage(code)
        if dimension == "country":
            return self.place(code)
        return self._broader_or_option({"age": AGE_ITEM, "sex": SEX_ITEM}[dimension], code)

    def _broader_or_option(self, item_id: str, code: str) -> str:
        item = self.edition.questionnaire.items[item_id]
        options = {option.code: option for option in self.edition.questionnaire.options_of(item)}
        if code in options:
            return self.ask(self.edition.questionnaire.option_key(item, options[code]))
        return self.ask(f"item/{item_id}/group/{code}")

    def stage(self, code: str) -> str:
        """A stage in short, or a group of stages."""
        if code in self.edition.questionnaire.stage_codes:
            return self.ask(f"stage/{code}/short")
        return self.ask(f"stage_group/{code}")

    def place(self, code: str) -> str:
        """A country (`DE`), a region (`region:155`), or what is left (`rest`, `rest:155`)."""
        kind, _, region = code.partition(":")
        names = self.locale.territories
        if kind == "rest":
            return self.say("rest_of", region=str(names[region])) if region in names else self.say("rest")
        return str(names.get(region or kind, code))

    def members(self, group: Group) -> str:
        """The leaves inside a broader group; empty where the name says all."""
        if group.members in {(group.category,), ()} or len(group.members) > MOST_LISTED:
            return ""
        if is_crossing(group.dimension):
            last = split(group.dimension)[-1]
            return self.say("members", members=self.every(self.category(last, split(one)[-1]) for one in group.members))
        if group.category.startswith("rest") and len(group.members) <= MOST_NAMED:
            return ""
        if group.dimension in {"age", "sex"} and group.category != "rest" and "not_stated" not in group.members:
            return ""
        return self.say("members", members=self.every(self.category(group.dimension, one) for one in group.members))
