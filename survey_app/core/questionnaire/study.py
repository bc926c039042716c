"""Study: one fieldwork. What is asked of whom, in which languages, and who asks."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from survey_app.core.problems import Code, Problem
from survey_app.core.questionnaire.items import BestWorst, Frozen, Item, Sentence, Word
from survey_app.core.questionnaire.logic import comparisons, parse_condition
from survey_app.core.questionnaire.model import Edition, Questionnaire, RecallMode
from survey_app.core.questionnaire.publish import Publish
from survey_app.core.written import value_of

Entry = Literal["open", "invitation", "blind invitation"]
"""Who can begin: everybody, or who holds an invitation code that nobody has used; blind: by way of a permit."""
BLIND: Entry = "blind invitation"


class StageWindow(Frozen):
    """A stage that a study asks about, and when: days from infusion (day 0); an empty end is open."""

    code: Word
    day_from: int | None = None
    day_to: int | None = None


class Study(Frozen):
    """The study file, read once when the study is opened.

    entry: how people come in.
    waves: how often the same person may answer, at most.
    stages: the stages that are offered, with the windows of this study; empty for all, with those of the
        questionnaire.
    blocks: items that stand on one screen together, each block a row of neighbours.
    publish: what is published at most; None for everything by one dimension at a time.
    synthetic: the people are invented; every page and file says so.
    """

    id: Word
    title: dict[str, Sentence] = Field(min_length=1)
    organisation: Sentence
    contact: Sentence
    questionnaire: Word
    version: str
    modules: tuple[Word, ...] = Field(min_length=1)
    languages: tuple[str, ...] = Field(min_length=1)
    recall_modes: tuple[RecallMode, ...] = Field(min_length=1)
    entry: Entry = "open"
    waves: int = Field(default=1, ge=1, le=40)
    stages: tuple[StageWindow, ...] = ()
    blocks: tuple[tuple[str, ...], ...] = ()
    publish: Publish | None = None
    synthetic: bool = False

    def title_in(self, language: str) -> str:
        """The title in `language`, or in the first language that has one."""
        return self.title.get(language) or next(iter(self.title.values()))


def parse_study(raw: object) -> Study:
    """Return the study that `raw` describes.

    Raises:
        ProblemsFound: all that is wrong, `where` being the key.
    """
    return value_of(Study, raw)


def check_study(study: Study, edition: Edition) -> list[Problem]:
    """Return what the study wants and the edition does not have."""
    problems: list[Problem] = [*_stages(study, edition.questionnaire), *_blocks(study, edition.questionnaire)]
    known = [module.id for module in edition.questionnaire.modules]
    for n, module in enumerate(study.modules):
        if module not in known:
            hint = f"Use some of: {', '.join(known)}."
            values = {"kind": "The module", "given": module, "hint": hint}
            problems.append(Problem(code=Code.REFERENCE_UNKNOWN, where=f"modules.{n}", values=values))
    for language in study.languages:
        if language not in edition.languages:
            code = Code.STUDY_LANGUAGE_MISSING
            problems.append(Problem(code=code, where="languages", values={"given": language}))
        if language not in study.title:
            problems.append(Problem(code=Code.KEY_MISSING, where="title", values={"given": language}))
    return problems


def _stages(study: Study, questionnaire: Questionnaire) -> Iterator[Problem]:
    seen: set[str] = set()
    for n, window in enumerate(study.stages):
        where = f"stages.{n}"
        if window.code not in questionnaire.stage_codes:
            hint = f"Use one of: {', '.join(questionnaire.stage_codes)}."
            values = {"kind": "The stage", "given": window.code, "hint": hint}
            yield Problem(code=Code.REFERENCE_UNKNOWN, where=f"{where}.code", values=values)
        if window.code in seen:
            yield Problem(code=Code.ID_TWICE, where=f"{where}.code", values={"given": window.code})
        seen.add(window.code)
        if window.day_from is not None and window.day_to is not None and window.day_from > window.day_to:
            yield Problem(code=Code.WINDOW_REVERSED, where=where, values={"given": window.code})


def _blocks(study: Study, questionnaire: Questionnaire) -> Iterator[Problem]:
    asked = {item.id: item for module in questionnaire.modules if module.id in study.modules for item in module.items}
    seen: set[str] = set()
    for b, block in enumerate(study.blocks):
        where = f"blocks.{b}"
        if len(block) < 2:
            yield Problem(code=Code.BLOCK_TOO_SMALL, where=where)
        unknown = False
        for n, name in enumerate(block):
            if name not in asked:
                unknown = True
                hint = "Use items of the modules of this study."
                values = {"kind": "The item", "given": name, "hint": hint}
                yield Problem(code=Code.REFERENCE_UNKNOWN, where=f"{where}.{n}", values=values)
            elif name in seen:
                yield Problem(code=Code.BLOCK_ITEM_TWICE, where=f"{where}.{n}", values={"given": name})
            seen.add(name)
        if not unknown:
            yield from _block(where, [asked[name] for name in block], questionnaire)


def _block(where: str, items: list[Item], questionnaire: Questionnaire) -> Iterator[Problem]:
    for n, item in enumerate(items):
        place, values = f"{where}.{n}", {"given": item.id}
        if isinstance(item, BestWorst) or item.page:
            yield Problem(code=Code.BLOCK_NEEDS_OWN_SCREEN, where=place, values=values)
        if n and not _follows(questionnaire, items[n - 1], item):
            yield Problem(code=Code.BLOCK_NOT_NEIGHBOURS, where=place, values=values)
        if item.recall != items[0].recall:
            yield Problem(code=Code.BLOCK_OTHER_RECALL, where=place, values=values)
        for name in _named(item) & {one.id for one in items}:
            values = {"given": item.id, "value": name}
            yield Problem(code=Code.BLOCK_HANGS_ON_ITSELF, where=place, values=values)


def _follows(questionnaire: Questionnaire, first: Item, second: Item) -> bool:
    module = questionnaire.module_of[first.id]
    ids = [item.id for item in module.items]
    place = ids.index(first.id) + 1
    return place < len(ids) and ids[place] == second.id


def _named(item: Item) -> set[str]:
    return {name for name, _ in comparisons(parse_condition(item.show_if))} if item.show_if else set()
