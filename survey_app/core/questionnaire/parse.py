"""Mapping read from a file -> Questionnaire, or all its problems at once."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.check import check
from survey_app.core.questionnaire.items import Item, ResponseSet
from survey_app.core.questionnaire.model import Questionnaire
from survey_app.core.written import value_of


def parse(raw: object) -> Questionnaire:
    """Return the questionnaire that `raw` describes.

    Args:
        raw: what the file holds: mappings, tuples, words and numbers.

    Raises:
        ProblemsFound: every fault of form; if the form is right, every fault of content.
    """
    if not isinstance(raw, dict):
        raise ProblemsFound([Problem(code=Code.YAML_NOT_A_MAPPING)])
    questionnaire = value_of(Questionnaire, raw, cleaned=_without_tags)
    problems = check(questionnaire)
    if problems:
        raise ProblemsFound(problems)
    return questionnaire


def _without_tags(path: Iterable[int | str]) -> Iterator[int | str]:
    """Leave out what pydantic adds to a path to say which kind of a union it tried."""
    previous: int | str | None = None
    for step in path:
        is_tag = (isinstance(previous, int) and step in _ITEM_TYPES) or (
            isinstance(step, str) and step in _SET_KINDS and previous not in ("kind", None) and step != "kind"
        )
        if not is_tag:
            yield step
        previous = step


def _literals(kinds: tuple[Any, ...], field: str) -> frozenset[str]:
    return frozenset(word for kind in kinds for word in get_args(kind.model_fields[field].annotation))


_ITEM_TYPES = _literals(get_args(Item), "type")
_SET_KINDS = _literals((*get_args(get_args(ResponseSet)[0]),), "kind")
