"""A protected cube of invented people over the real questionnaire, for tests of the report."""

import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from ruamel.yaml import YAML

from survey_app.core.privacy import PrivacyClass
from survey_app.core.protection.cube import (
    Figure,
    Group,
    Population,
    ProtectedCube,
    ProtectedTable,
    PublishedVariable,
    Rules,
    Status,
)
from survey_app.core.questionnaire.items import Choice, Item, MultiChoice, Rating
from survey_app.core.questionnaire.model import Edition, Questionnaire, Translation

FOLDER = Path(__file__).parent.parent / "questionnaires" / "atmp_burden" / "0.1.0"
NEWEST = FOLDER.with_name("0.2.0")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ar", "pl", "el")
BANDS = {"0_2": (0, 1, 2), "3_4": (3, 4), "5_6": (5, 6), "7_8": (7, 8), "9_10": (9, 10)}
BAND_NUMBERS = (1.0, 3.5, 5.5, 7.5, 9.5)
ANCHORS = (0.0, 25.0, 50.0, 75.0, 100.0)
MARKS = ("problem", "top", "needed", "unmet")
SPLITS: Mapping[str, Mapping[str, tuple[float, tuple[str, ...]]]] = {
    "stage": {
        "before": (0.22, ("S01", "S02", "S03", "S04", "S05")),
        "first_100_days": (0.30, ("S06", "S07", "S08")),
        "later": (0.36, ("S09", "S10", "S11")),
        "rest": (0.12, ("X1", "X2", "not_stated")),
    },
    "country": {
        "FR": (0.33, ("FR",)),
        "NL": (0.24, ("NL",)),
        "DE": (0.15, ("DE",)),
        "GB": (0.10, ("GB",)),
        "region:039": (0.10, ("ES", "IT", "PT")),
        "rest": (0.08, ("AT", "BE", "IE", "not_stated")),
    },
    "age": {
        "a18_39": (0.14, ("a18", "a30")),
        "a40_59": (0.34, ("a40", "a50")),
        "a60_69": (0.30, ("a60",)),
        "a70up": (0.22, ("a70", "a80", "not_stated")),
    },
    "sex": {"woman": (0.45, ("woman",)), "man": (0.55, ("man", "other", "not_stated"))},
}
SHIFT = {"before": 0.25, "first_100_days": 0.55, "later": -0.35, "rest": 0.8, "region:039": 0.3, "NL": -0.2}


@cache
def an_edition() -> Edition:
    """The real questionnaire in every language; one that came later has the words of the newest version."""
    raw = YAML(typ="safe").load((FOLDER / "questionnaire.yaml").read_text("utf-8"))
    questionnaire = Questionnaire.model_validate_json(json.dumps(raw))
    translations = {"en": Translation(language="en", state="draft", revision="0" * 64, texts=questionnaire.texts)}
    for language in LANGUAGES[1:]:
        path = FOLDER / f"{language}.po"
        with (path if path.exists() else NEWEST / path.name).open("rb") as file:
            catalogue = read_po(file)
        found = {m.context: str(m.string) for m in catalogue if m.context and m.string}
        texts = {key: found.get(key, text) for key, text in questionnaire.texts.items()}
        translations[language] = Translation(language=language, state="draft", revision="1" * 64, texts=texts)
    return Edition(questionnaire=questionnaire, translations=translations, sha256="2" * 64)


def a_cube(*, persons: Mapping[str, int] | None = None, seed: int = 7, synthetic: bool = True) -> ProtectedCube:
    """A release in which invented people answered; persons: true size of each published population."""
    sizes = persons or {"patient.retrospective": 214, "patient.prospective": 128, "caregiver": 31}
    return _made_once(tuple(sizes.items()), seed, synthetic=synthetic)


@cache
def _made_once(persons: tuple[tuple[str, int], ...], seed: int, *, synthetic: bool) -> ProtectedCube:
    sizes = dict(persons)
    questionnaire = an_edition().questionnaire
    maker = _Maker(questionnaire, random.Random(seed))
    for population, size in {"everyone": sum(sizes.values()), **sizes}.items():
        maker.population(population, size)
    return ProtectedCube(
        release="demo-2026-Q4",
        study="demo",
        title={"en": "Demonstration study", "de": "Vorführstudie", "fr": "Étude de démonstration"},
        organisation="Patient Voices Network",
        questionnaire=questionnaire.id,
        questionnaire_version=questionnaire.version,
        questionnaire_sha256="2" * 64,
        questionnaire_status=questionnaire.status,
        quarter="2026-Q4",
        first_quarter="2026-Q2",
        synthetic=synthetic,
        languages=LANGUAGES,
        translation_states=dict.fromkeys(LANGUAGES, "draft"),
        rules=Rules(tier="T2", smallest_base=20, rounding_base=5, delta=20),
        persons=_five(sum(sizes.values())),
        flow={
            "begun": 460,
            "agreed": 425,
            "sent_part": 60,
            "sent_whole": 315,
            "in_release": _five(sum(sizes.values())),
        },
        held_back=("proxy",),
        populations=tuple(_population(name) for name in ("everyone", *sizes)),
        groups=tuple(maker.groups),
        variables=tuple(maker.variables.values()),
        tables=tuple(maker.tables),
    )


def _population(name: str) -> Population:
    respondent, _, mode = name.partition(".")
    return Population(id=name, respondent=respondent, recall_mode=mode)  # type: ignore[arg-type]


def _five(n: float) -> int:
    return 5 * round(n / 5)


class _Maker:
    def __init__(self, questionnaire: Questionnaire, chance: random.Random) -> None:
        self.chance = chance
        self.variables = {variable.id: variable for variable in _variables(questionnaire)}
        self.groups: list[Group] = []
        self.tables: list[ProtectedTable] = []

    def population(self, name: str, size: int) -> None:
        whole = Group(id=name, population=name, n=_five(size), status=Status.SHOWN, since="2026-Q4")
        self.groups.append(whole)
        facts_only = name in {"everyone", "caregiver"}
        for variable in self.variables.values():
            if not facts_only or variable.module in {"DM", "SCR"}:
                self.table(whole, size, variable, 0)
        for dimension, parts in {} if facts_only else SPLITS.items():
            for category, (share, members) in parts.items():
                part = round(size * share)
                shown = part >= 20
                group = Group(
                    id=f"{name}/{dimension}={category}",
                    population=name,
                    dimension=dimension,
                    category=category,
                    members=members,
                    n=_five(part) if shown else None,
                    status=Status.SHOWN if shown else Status.HIDDEN,
                    since="2026-Q4",
                )
                self.groups.append(group)
                for variable in self.variables.values():
                    if variable.privacy == "P1" and variable.module not in {"DM", "SCR"}:
                        self.table(group, part if shown else 0, variable, SHIFT.get(category, 0))

    def table(self, group: Group, size: int, variable: PublishedVariable, shift: float) -> None:
        asked = size if variable.module != "CS" else round(size * self.chance.uniform(0.12, 0.6))
        n = round(asked * self.chance.uniform(0.86, 0.97))
        if n < 20:
            self.tables.append(ProtectedTable(group=group.id, variable=variable.id, status=Status.HIDDEN, n=None))
            return
        counts = self.histogram(variable, n, shift)
        missing = {
            "prefer_not": _five(asked * 0.02),
            "not_answered": _five(asked - n),
            "dont_know": _five(asked * 0.04),
        }
        self.tables.append(published(group.id, variable, counts, missing))

    def histogram(self, variable: PublishedVariable, n: int, shift: float) -> list[int]:
        own = random.Random(variable.item).uniform(-0.7, 0.7) + shift
        if variable.direction == "higher_better":
            own -= 2 * shift
        if variable.kind == "tick":
            p = 0.08 + 0.5 * random.Random(variable.id).random()
            weights = [p, 1 - p]
        elif variable.direction == "none":
            weights = [0.3 + random.Random(f"{variable.id}{c}").random() for c in variable.categories]
        else:
            numbers = [0.0 if x is None else x for x in variable.numbers]
            low, high = min(numbers), max(numbers)
            weights = [math.exp(-(((x - low) / (high - low) * 4 - 2 - own) ** 2) / 2.2) for x in numbers]
        drawn = self.chance.choices(range(len(weights)), weights, k=n)
        return [drawn.count(index) for index in range(len(weights))]


def published(
    group: str, variable: PublishedVariable, counts: Sequence[int], missing: Mapping[str, int]
) -> ProtectedTable:
    """The table that a gate would print from true counts: rounded, unanimity hidden."""
    rounded = [_five(count) for count in counts]
    n = _five(sum(counts))
    figures: list[Figure] = []
    unanimous = max(rounded) / n > 0.9
    for category, count in zip(variable.categories, rounded, strict=True):
        if not unanimous:
            figures.append(Figure(statistic="count", category=category, value=count, n=n))
        figures.append(_share(category, count, n))
    by_code = dict(zip(variable.categories, rounded, strict=True))
    needed = sum(by_code[code] for code in variable.marks.get("needed", ()))
    for mark, codes in variable.marks.items():
        base = needed if mark == "unmet" else n
        if base:
            share = _share(mark, min(sum(by_code[code] for code in codes), base), base)
            figures.append(replace(share, statistic="mark"))
    if not unanimous and variable.kind in {"rating", "scale"}:
        figures.append(_mean(variable, rounded))
    return ProtectedTable(
        group=group,
        variable=variable.id,
        status=Status.SHOWN,
        n=n,
        figures=tuple(figures),
        missing=missing,
        unanimous=unanimous,
    )


def _share(category: str, count: int, n: int) -> Figure:
    if count / n > 0.9:
        return Figure(statistic="share", category=category, value=0.9, lower=0.9, upper=1, bound=">", n=n)
    if category in MARKS and count / n < 0.1:
        return Figure(statistic="share", category=category, value=0.1, lower=0, upper=0.1, bound="<", n=n)
    lower, upper = _wilson(count, n)
    return Figure(statistic="share", category=category, value=count / n, lower=lower, upper=upper, n=n)


def _wilson(count: int, n: int) -> tuple[float, float]:
    z = 1.959964
    p = count / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (centre - half) / (1 + z * z / n)), min(1.0, (centre + half) / (1 + z * z / n))


def _mean(variable: PublishedVariable, counts: Sequence[int]) -> Figure:
    pairs = [(x, c) for x, c in zip(variable.numbers, counts, strict=True) if x is not None]
    n = sum(c for _, c in pairs)
    mean = sum(x * c for x, c in pairs) / n
    spread = math.sqrt(sum(c * (x - mean) ** 2 for x, c in pairs) / max(1, n - 1))
    half = 1.96 * spread / math.sqrt(n)
    return Figure(statistic="mean", category="", value=mean, lower=mean - half, upper=mean + half, n=n)


def _variables(questionnaire: Questionnaire) -> Iterator[PublishedVariable]:
    for module in questionnaire.modules:
        for item in module.items:
            if item.privacy in {PrivacyClass.ORDINARY, PrivacyClass.QUASI_IDENTIFIER}:
                yield from _of_item(questionnaire, module.id, item)
    for scale in questionnaire.scales:
        yield PublishedVariable(
            id=scale.id,
            item=scale.id,
            kind="scale",
            module=scale.module or "",
            privacy="P1",
            direction=scale.direction,
            categories=("0", "25", "50", "75", "100"),
            numbers=ANCHORS,
        )


def _of_item(questionnaire: Questionnaire, module: str, item: Item) -> Iterator[PublishedVariable]:
    base = {"item": item.id, "module": module, "privacy": item.privacy.value, "direction": item.direction}
    if isinstance(item, MultiChoice):
        for option in item.options:
            yield PublishedVariable(
                id=f"{item.id}/{option.code}", kind="tick", categories=("yes", "no"), numbers=(1, 0), **base
            )
    elif isinstance(item, Rating):
        marked = {int(code) for code in questionnaire.marked(item, "problem")}
        marks = {"problem": tuple(band for band, values in BANDS.items() if marked.issuperset(values))}
        yield PublishedVariable(
            id=item.id, kind="rating", categories=tuple(BANDS), numbers=BAND_NUMBERS, marks=marks, **base
        )
    elif isinstance(item, Choice):
        options = [option for option in questionnaire.options_of(item) if option.missing is None]
        marks = {mark: questionnaire.marked(item, mark) for mark in MARKS}
        yield PublishedVariable(
            id=item.id,
            kind="choice",
            categories=tuple(option.code for option in options),
            numbers=tuple(float(option.value or 0) for option in options),
            marks={mark: codes for mark, codes in marks.items() if codes},
            **base,
        )
