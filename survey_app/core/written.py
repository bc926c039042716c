"""What was written in a file -> a value of the kind that the file holds, or all that is wrong with its form at once.

A problem's `where` is the path of keys and positions (`asks.0.text`); the door that read the file turns it into a line.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from survey_app.core.problems import Code, Problem, ProblemsFound

Kind = TypeVar("Kind", bound=BaseModel)
Path = Iterable[int | str]


def value_of(
    kind: type[Kind], raw: object, *, strict: bool | None = None, cleaned: Callable[[Path], Path] = tuple
) -> Kind:
    """Return the value that `raw` describes.

    Args:
        kind: what it is to be.
        raw: what the file holds: mappings, tuples, words and numbers.
        strict: whether a value must be of its type already; None for what `kind` says itself.
        cleaned: takes out of a path what does not stand in the file.

    Raises:
        ProblemsFound: every fault of form.
    """
    try:
        return kind.model_validate(raw, strict=strict)
    except ValidationError as error:
        raise ProblemsFound(_problem(one, kind, cleaned) for one in _causes(error.errors())) from None


def keys_of(kind: type[BaseModel]) -> set[str]:
    """Every key that can stand in a file of this kind, for "did you mean"."""
    seen: set[str] = set()
    waiting: list[Any] = [kind]
    done: set[Any] = set()
    while waiting:
        one = waiting.pop()
        if one in done:
            continue
        done.add(one)
        if isinstance(one, type) and issubclass(one, BaseModel):
            for name, field in one.model_fields.items():
                seen.add(field.alias or name)
                waiting.append(field.annotation)
        else:
            waiting.extend(get_args(one))
    return seen


def _causes(errors: Sequence[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Leave out that a list is too short where what stands in it is faulty: it is short only without the faulty."""
    for one in errors:
        path = one["loc"]
        inside = (len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in errors)
        if one["type"] != "too_short" or not any(inside):
            yield one


def _problem(error: ErrorDetails, kind: type[BaseModel], cleaned: Callable[[Path], Path]) -> Problem:
    path = tuple(cleaned(error["loc"]))
    where = ".".join(str(step) for step in path)
    name = str(path[-1]) if path else ""
    match error["type"]:
        case "missing":
            return Problem(code=Code.KEY_MISSING, where=where, values={"given": name})
        case "extra_forbidden":
            near = get_close_matches(name, sorted(keys_of(kind)), n=1)
            hint = f"Did you mean {near[0]}?" if near else "Remove it."
            return Problem(code=Code.KEY_UNKNOWN, where=where, values={"given": name, "hint": hint})
        case _:
            return Problem(code=Code.VALUE_WRONG, where=where, values={"detail": _sentence(error)})


def _sentence(error: ErrorDetails) -> str:
    text = error["msg"].removeprefix("Value error, ").rstrip(".")
    given = error.get("input")
    shown = f" (found: {str(given)[:60]!r})" if isinstance(given, str | int | float | bool) else ""
    return f"{text}{shown}."
