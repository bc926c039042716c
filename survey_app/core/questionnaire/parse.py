"""Mapping read from a file -> Questionnaire, or all its problems at once.

A problem's `where` is the path of keys and positions (`modules.2.items.5.show_if`); the door that
read the file turns it into a line.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.check import check
from survey_app.core.questionnaire.items import Item, ResponseSet
from survey_app.core.questionnaire.model import Questionnaire


def parse(raw: object) -> Questionnaire:
    """Return the questionnaire that `raw` describes.

    Args:
        raw: what the file holds: mappings, tuples, words and numbers.

    Raises:
        ProblemsFound: every fault of form; if the form is right, every fault of content.
    """
    if not isinstance(raw, dict):
        raise ProblemsFound([Problem(code=Code.YAML_NOT_A_MAPPING)])
    try:
        questionnaire = Questionnaire.model_validate(raw)
    except ValidationError as error:
        raise ProblemsFound(_problem(one) for one in error.errors()) from None
    problems = check(questionnaire)
    if problems:
        raise ProblemsFound(problems)
    return questionnaire


def _problem(error: ErrorDetails) -> Problem:
    path = tuple(_without_tags(error["loc"]))
    where = ".".join(str(step) for step in path)
    name = str(path[-1]) if path else ""
    match error["type"]:
        case "missing":
            return Problem(code=Code.KEY_MISSING, where=where, values={"given": name})
        case "extra_forbidden":
            near = get_close_matches(name, sorted(known_keys()), n=1)
            hint = f"Did you mean {near[0]}?" if near else "Remove it."
            return Problem(code=Code.KEY_UNKNOWN, where=where, values={"given": name, "hint": hint})
        case _:
            return Problem(code=Code.VALUE_WRONG, where=where, values={"detail": _sentence(error)})


def _sentence(error: ErrorDetails) -> str:
    text = error["msg"].removeprefix("Value error, ").rstrip(".")
    given = error.get("input")
    shown = f" (found: {str(given)[:60]!r})" if isinstance(given, str | int | float | bool) else ""
    return f"{text}{shown}."


def _without_tags(path: tuple[int | str, ...]) -> Iterator[int | str]:
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


def known_keys() -> set[str]:
    """Every key of the format, for "did you mean"."""
    seen: set[str] = set()
    waiting: list[Any] = [Questionnaire]
    done: set[Any] = set()
    while waiting:
        kind = waiting.pop()
        if kind in done:
            continue
        done.add(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, field in kind.model_fields.items():
                seen.add(field.alias or name)
                waiting.append(field.annotation)
        else:
            waiting.extend(get_args(kind))
    return seen


_ITEM_TYPES = _literals(get_args(Item), "type")
_SET_KINDS = _literals((*get_args(get_args(ResponseSet)[0]),), "kind")
