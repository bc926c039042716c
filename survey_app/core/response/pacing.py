"""How long the rest takes, at a calm pace: modelled from words until enough times were measured.

Reading: adults read 238 words of English non-fiction a minute in silence (Brysbaert 2019, J. Mem. Lang. 109, 104047).
We take half of that, for readers who are ill, tired, old or not at home in the language. The words of the source text
count in every language: the same text takes much the same time in all (1.42 texts a minute aloud, SD 0.13, over
seventeen languages; Trauzettel-Klosinski and Dietz 2012, Invest. Ophthalmol. Vis. Sci. 53, 5452), while word counts
differ widely. The seconds for making up one's mind and for the hand are our assumption; measured times replace them.
"""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache

from survey_app.core.questionnaire.items import (
    BestWorst,
    Choice,
    Consent,
    Country,
    Day,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Number,
    Ranking,
    Rating,
    Role,
    StageItem,
)
from survey_app.core.questionnaire.logic import comparisons
from survey_app.core.questionnaire.model import Edition, Questionnaire
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, Screen, asked, role_of

WORDS_PER_SECOND = 238 / 2 / 60
STEPS_PER_DOUBLING = 3
LAST_BUCKET = 25
"""Bucket n holds times up to 2 to the power of n/3 seconds; the last holds everything longer (256 s)."""

ENOUGH_TIMES = 30
QUANTILE = 0.75
TURNING_SECONDS = 2.0  # to press the button and see the next page
DECIDING: Mapping[type[Item], float] = {
    Choice: 4,
    MultiChoice: 8,
    BestWorst: 15,
    Ranking: 20,
    Rating: 5,
    Number: 8,
    Day: 12,
    Country: 10,
    StageItem: 8,
    Role: 4,
    Consent: 2,
    FreeText: 40,
    Note: 0,
}
MAYBE = 0.5  # weight of a question that depends on one not answered yet

Histogram = Mapping[int, int]
"""How many times were measured, by bucket."""


def bucket_of(seconds: float) -> int:
    """The bucket of a time."""
    return min(LAST_BUCKET, math.ceil(STEPS_PER_DOUBLING * math.log2(max(1.0, seconds))))


def seconds_of(bucket: int) -> float:
    """The longest time in a bucket, in seconds; for the last bucket what comes next."""
    return float(2 ** (bucket / STEPS_PER_DOUBLING))


def split_bucket(bucket: int, questions: int) -> int:
    """The bucket of each question of a screen on which several share the time."""
    return bucket_of(seconds_of(bucket) / max(1, questions))


def minutes_left(
    edition: Edition, plan: Plan, answers: Answers, measured: Mapping[str, Histogram] | None = None
) -> int | None:
    """About how many minutes the questions that are still open take, at least 1; None when none is open.

    Questions that hang on an answer still to come count half. While the role is open, what the first role is asked
    counts.

    Args:
        edition: the version, for its words.
        plan: what is asked.
        answers: what was answered so far.
        measured: by item id, times measured; see `services.pacing`.
    """
    questionnaire, times = edition.questionnaire, measured or {}
    seconds = sum(
        weight * item_seconds(questionnaire, item, times.get(item.id)) for item, weight in _open_items(plan, answers)
    )
    return max(1, math.ceil(seconds / 60)) if seconds else None


def item_seconds(questionnaire: Questionnaire, item: Item, times: Histogram | None = None) -> float:
    """Seconds for one question: modelled, or three quarters of those measured stay below, once there are enough."""
    if times and sum(times.values()) >= ENOUGH_TIMES:
        return seconds_of(quantile_bucket(times))
    return _modelled(questionnaire)[item.id]


def quantile_bucket(times: Histogram) -> int:
    """The bucket in which the third quartile of the times lies."""
    needed, seen = QUANTILE * sum(times.values()), 0
    for bucket in sorted(times):
        seen += times[bucket]
        if seen >= needed:
            return bucket
    message = "no times"
    raise ValueError(message)


def _open_items(plan: Plan, answers: Answers) -> Iterator[tuple[Item, float]]:
    for screen in plan.screens:
        if not _is_expected(plan, screen, answers):
            continue
        shown = {item.id for item in asked(plan, screen, answers)}
        for item in screen.items:
            if item.id in answers or isinstance(item, Note):
                continue
            if item.id in shown:
                yield item, 1.0
            elif _may_come(plan, item, answers):
                yield item, MAYBE


def _is_expected(plan: Plan, screen: Screen, answers: Answers) -> bool:
    role = role_of(plan, answers) or plan.questionnaire.roles[0].code
    return screen.module.id in plan.for_everyone or role in screen.module.audience


def _may_come(plan: Plan, item: Item, answers: Answers) -> bool:
    """Tell whether the condition that hides `item` looks at something that is still open."""
    condition = plan.conditions.get(item.id)
    names = {name for name, _ in comparisons(condition)} if condition else set()
    if "stage" in names and plan.stage_item:
        names.add(plan.stage_item)
    return any(name in plan.items and name not in answers for name in names)


@lru_cache(maxsize=64)
def _modelled(questionnaire: Questionnaire) -> Mapping[str, float]:
    """Seconds for each question, by item id, made once per process."""
    return {
        item.id: TURNING_SECONDS + DECIDING[type(item)] + _words(questionnaire, item) / WORDS_PER_SECOND
        for item in questionnaire.items.values()
    }


def _words(questionnaire: Questionnaire, item: Item) -> float:
    """How many words a person reads on the way to an answer."""
    options = float(sum(_count(text) for text in _options(questionnaire, item)))
    if isinstance(item, BestWorst):
        design = questionnaire.designs[item.design]
        options *= len(design.versions[0][0]) / len(design.objects)  # one list of average length
    return _count(item.text) + _count(item.stem) + _count(item.help) + options


def _options(questionnaire: Questionnaire, item: Item) -> list[str]:
    if isinstance(item, StageItem):
        return [stage.text for stage in questionnaire.stages]
    if isinstance(item, Role):
        return [role.text for role in questionnaire.roles]
    if isinstance(item, Rating):
        ends = questionnaire.rating_of(item)
        return [ends.low_text, ends.high_text]
    return [option.text for option in questionnaire.options_of(item)]


def _count(text: str | None) -> int:
    return len(text.split()) if text else 0
