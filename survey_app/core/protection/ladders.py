"""How far what others may know of a person can be coarsened, and which items tell more than that."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from survey_app.core.dataset import Column
from survey_app.core.geography import REGION_OF
from survey_app.core.privacy import PrivacyClass
from survey_app.core.protection.lattice import Ladder
from survey_app.core.questionnaire.items import Choice, Country, Item, StageItem
from survey_app.core.questionnaire.logic import Condition, Operand, comparisons, parse_condition
from survey_app.core.questionnaire.model import Questionnaire

ALL = "all"
NOT_STATED = "not_stated"
WAVE = "wave"
STAGE = "stage"

BEFORE, AFTER = "before_cells", "after_cells"

WEIGHTS = {"country_home": 2.0, "age_band": 2.0, "gender": 1.0, "diagnosis_group": 1.0, "therapy_kind": 1.0}
"""Constructs that are told first, after the stage, and what they count; others only where there is room."""
STAGE_WEIGHT = 5.0
"""Without the stage the answers cannot be read: it is coarsened last."""

RESTATE_STAGE = ("infused",)
"""Constructs whose answers say again what the stage says: whether the treatment took place, or never will."""


def groups_told(questionnaire: Questionnaire, columns: Iterable[Column], most: int) -> tuple[Column, ...]:
    """Return the columns that help to find a person and are told, coarsened: the first `most` by use."""
    fit = [column for column in columns if _may_be_told(questionnaire, column)]
    ranked = sorted(fit, key=lambda column: _rank(questionnaire.items[column.item]))
    return tuple(ranked[:most])


def ladder_of(questionnaire: Questionnaire, column: Column) -> Ladder:
    """Return the steps of a column: leaves, broader groups where there are any, all. Not stated is a leaf."""
    item = questionnaire.items[column.item]
    leaves = (*column.codes, NOT_STATED)
    steps = [leaves]
    for broader in _broader(questionnaire, item):
        level = tuple({**broader, NOT_STATED: NOT_STATED}.get(leaf, ALL) for leaf in leaves)
        if _joins(steps[-1], level):
            steps.append(level)
    return Ladder(name=column.id, levels=(*steps, (ALL,) * len(leaves)), weight=_weight(item))


def wave_ladder(last_wave: int) -> Ladder:
    """Return the steps of the wave: the number, all. There are two waves at least, so that a second one has a place."""
    leaves = tuple(str(wave) for wave in range(1, max(2, last_wave) + 1))
    return Ladder(name=WAVE, levels=(leaves, (ALL,) * len(leaves)))


def telling_items(
    questionnaire: Questionnaire, ladders: Mapping[str, Ladder], steps: Mapping[str, int], hidden: frozenset[str]
) -> frozenset[str]:
    """Return the items that would tell a finer group than the file shows, or what it leaves out, by who was asked them.

    Items that say again what the stage says are among them as soon as the stage is coarsened.

    Args:
        questionnaire: for the conditions.
        ladders: ladder by item, and by `wave`.
        steps: step chosen for each of them.
        hidden: items that are not in the file because they help to find a person.
    """
    stage = next((item.id for item in questionnaire.items.values() if isinstance(item, StageItem)), STAGE)
    restate = RESTATE_STAGE if steps.get(stage, 1) > 0 else ()
    telling = {item.id for item in questionnaire.items.values() if item.construct_name in restate}
    for item in questionnaire.items.values():
        if item.show_if is None:
            continue
        condition = parse_condition(item.show_if)
        names = {stage if name == STAGE else name for name, _ in comparisons(condition)}
        coarse = {name for name in names if steps.get(name, 0) > 0}
        tells = bool(names & (hidden | telling)) or (
            bool(coarse)
            and (not names <= set(ladders) or _differs_inside(questionnaire, condition, sorted(names), ladders, steps))
        )
        if tells:
            telling.add(item.id)
    return frozenset(telling)


def _may_be_told(questionnaire: Questionnaire, column: Column) -> bool:
    item = questionnaire.items[column.item]
    coarsens = isinstance(item, Country | StageItem | Choice)
    return item.privacy is PrivacyClass.QUASI_IDENTIFIER and coarsens and not item.drop_from_files


def _rank(item: Item) -> int:
    if isinstance(item, StageItem):
        return -1
    order = list(WEIGHTS)
    return order.index(item.construct_name) if item.construct_name in WEIGHTS else len(order)


def _weight(item: Item) -> float:
    return STAGE_WEIGHT if isinstance(item, StageItem) else WEIGHTS.get(item.construct_name or "", 1.0)


def _broader(questionnaire: Questionnaire, item: Item) -> Iterator[Mapping[str, str]]:
    """Yield leaf -> group, from fine to broad."""
    if isinstance(item, Country):
        yield {country: f"region:{region}" for country, region in REGION_OF.items()}
    elif isinstance(item, Choice):
        yield {leaf: group.code for group in item.generalise for leaf in group.options}
    else:
        yield {leaf: group.code for group in questionnaire.stage_groups for leaf in group.options}
        # day 0 is the day of the cells; a treatment that did not go ahead has no days
        yield {
            stage.code: AFTER if stage.day_from is not None and stage.day_from >= 0 else BEFORE
            for stage in questionnaire.stages
        }


def _joins(fine: Sequence[str], broad: Sequence[str]) -> bool:
    """Tell whether `broad` has fewer groups than `fine`, more than one, and splits none of them."""
    pairs = set(zip(fine, broad, strict=True))
    return 1 < len(set(broad)) < len(set(fine)) == len(pairs)


def _differs_inside(
    questionnaire: Questionnaire,
    condition: Condition,
    names: Sequence[str],
    ladders: Mapping[str, Ladder],
    steps: Mapping[str, int],
) -> bool:
    """Tell whether people who look alike in the file could differ in being asked."""
    seen: dict[tuple[str, ...], bool] = {}
    for leaves in itertools.product(*(range(len(ladders[name].levels[0])) for name in names)):
        group = tuple(ladders[name].levels[steps[name]][leaf] for name, leaf in zip(names, leaves, strict=True))
        operands = dict(_operands(questionnaire, names, ladders, leaves))
        asked = condition.holds(operands.get)
        if seen.setdefault(group, asked) != asked:
            return True
    return False


def _operands(
    questionnaire: Questionnaire, names: Sequence[str], ladders: Mapping[str, Ladder], leaves: Sequence[int]
) -> Iterator[tuple[str, Operand]]:
    for name, leaf in zip(names, leaves, strict=True):
        code = ladders[name].levels[0][leaf]
        if code == NOT_STATED:
            continue
        if name == WAVE:
            yield name, Operand(number=int(code))
            continue
        item = questionnaire.items[name]
        number = next((option.value for option in questionnaire.options_of(item) if option.code == code), None)
        yield (STAGE if isinstance(item, StageItem) else name), Operand(code=code, number=number)
