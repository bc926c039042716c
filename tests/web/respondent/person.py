"""A person who answers by chance, but remembers what: every kind of question, from what its page offers alone."""

import random
from collections.abc import Iterable, Mapping

from survey_app.core.privacy import Missing
from survey_app.core.questionnaire.items import BestWorst, Item, MultiChoice, Number, Ranking, Rating
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.response.answers import Value
from tests.web.respondent.conftest import catalogue, demo_study
from tests.web.respondent.walker import Form, Walker

SKIPS = 0.1
DECLINES = 0.1
Filled = dict[str, list[str]]


def demo_questionnaire() -> Questionnaire:
    return catalogue().edition_of(demo_study()).questionnaire


class Person:
    """Chooses for each page. said: what the store must hold in the end."""

    def __init__(self, seed: int, questionnaire: Questionnaire | None = None, **fixed: list[str]) -> None:
        self.chance = random.Random(seed)
        self.questionnaire = questionnaire or demo_questionnaire()
        self.fixed = {"SC06": ["yes"], "SC07": ["patient"], "SC08": ["S07"], "DM01": ["DE"], **fixed}
        self.said: dict[str, Value | Missing] = {
            "SC01": True,
            "SC02": True,
            "SC03": False,
            "SC04": False,
            "SC05": False,
        }

    def __call__(self, walker: Walker) -> tuple[Mapping[str, Iterable[str]], str]:
        form = walker.page.form()
        asked = dict.fromkeys(name.partition(".")[0] for name in form.names())
        filled = {item: self._fill(form, self.questionnaire.items[item]) for item in asked}
        skip = any(one.value == "skip" for one in form.controls) and self.chance.random() < SKIPS
        for item, values in filled.items():
            self.said[item] = Missing.NOT_ANSWERED if skip else self._meant(form, item, values)
        return {name: chosen for values in filled.values() for name, chosen in values.items()}, (
            "skip" if skip else "next"
        )

    def _fill(self, form: Form, item: Item) -> Filled:
        if item.id in self.fixed:
            return {item.id: self.fixed[item.id]}
        if isinstance(item, BestWorst | Ranking) and self.chance.random() < DECLINES:
            return {item.id: ["prefer_not"]}
        if isinstance(item, BestWorst):
            best, worst = self.chance.sample(form.choices(f"{item.id}.best"), 2)
            return {f"{item.id}.best": [best], f"{item.id}.worst": [worst]}
        if isinstance(item, Ranking):
            ranked = self.chance.sample([option.code for option in item.options], self.chance.randint(0, item.places))
            return {f"{item.id}.{code}": [str(place)] for place, code in enumerate(ranked, 1)}
        return {item.id: self._choose(form, item.id)}

    def _choose(self, form: Form, name: str) -> list[str]:
        select_box = next((one for one in form.controls if one.name == name and one.kind == "select"), None)
        if select_box:
            return [self.chance.choice(select_box.options)]
        if any(one.name == name and one.kind == "textarea" for one in form.controls):
            return ["Ein Satz & <b>noch</b> “einer”"]
        return [self.chance.choice(form.choices(name))]

    def _meant(self, form: Form, name: str, filled: Filled) -> Value | Missing:
        item, chosen = self.questionnaire.items[name], filled.get(name, [])
        if chosen == ["prefer_not"]:
            return Missing.PREFER_NOT
        if isinstance(item, BestWorst):
            shown = set(form.choices(f"{name}.best"))
            lists = self.questionnaire.designs[item.design].by_id
            number = next(number for number, codes in lists.items() if set(codes) == shown)
            return number, filled[f"{name}.best"][0], filled[f"{name}.worst"][0]
        if isinstance(item, Ranking):
            return tuple(one.partition(".")[2] for one in filled) or Missing.NOT_ANSWERED
        if chosen in ([], [""]):
            return Missing.NOT_ANSWERED
        if isinstance(item, MultiChoice):
            return tuple(chosen)
        return int(chosen[0]) if isinstance(item, Rating | Number) else chosen[0]
