"""Two versions of a questionnaire side by side: whose answers mean the same and may be counted together."""

from survey_app.core.questionnaire.items import BestWorst, Item, Note, Rating, Role, StageItem
from survey_app.core.questionnaire.model import RECALL_MODES, Questionnaire

LIMITS = ("max_choices", "places", "list_number", "low", "high", "precision")
"""Keys of single item types that decide what can be answered."""


def comparable_items(old: Questionnaire, new: Questionnaire) -> frozenset[str]:
    """Return the ids of items whose answers in the two versions may stand in one table.

    Id, type, recall frame and answers (codes, their numbers and order, limits, lists of a design) are the
    same. Only wordings may differ, and who is asked: that is told by the kinds of missing.
    """
    return frozenset(
        name
        for name, item in old.items.items()
        if name in new.items and _meaning(old, item) == _meaning(new, new.items[name])
    ) - {name for name, item in old.items.items() if isinstance(item, Note)}


def _meaning(questionnaire: Questionnaire, item: Item) -> tuple[object, ...]:
    """What has to be the same, as a value that can be compared."""
    return item.type, item.recall, _recall(questionnaire, item), _answers(questionnaire, item)


def _recall(questionnaire: Questionnaire, item: Item) -> tuple[str, ...]:
    frame = questionnaire.recall[item.recall]
    texts = (getattr(frame, mode) for mode in RECALL_MODES)
    return tuple("" if text is None else "stage" if text == "stage" else "words" for text in texts)


def _answers(questionnaire: Questionnaire, item: Item) -> tuple[object, ...]:
    options = tuple((option.code, option.value, option.exclusive) for option in questionnaire.options_of(item))
    return options, tuple(getattr(item, key, None) for key in LIMITS), _shared(questionnaire, item)


def _shared(questionnaire: Questionnaire, item: Item) -> tuple[object, ...]:
    """What stands outside the item and decides its answers."""
    match item:
        case Rating():
            ends = questionnaire.rating_of(item)
            return ends.low, ends.high
        case BestWorst():
            return questionnaire.designs[item.design].versions
        case StageItem():
            return questionnaire.stage_codes
        case Role():
            return tuple(role.code for role in questionnaire.roles)
    return ()
