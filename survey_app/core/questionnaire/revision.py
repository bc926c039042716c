"""What may change in a study while people answer it, and what may not."""

from collections.abc import Iterator

from survey_app.core.problems import Code, Problem
from survey_app.core.questionnaire.study import Study

NEVER = {
    "questionnaire": "Another questionnaire is another study: give it another id.",
    "organisation": "People agreed to give their answers to this one. Make a study with another id.",
    "recall_modes": "What is published is counted apart by them. Make a study with another id.",
    "entry": "Some have come in by it already. Make a study with another id.",
    "synthetic": "Invented people and real ones never stand in one study.",
}
GROWS = {
    "languages": "People who have begun may be reading in them. Only add to them.",
    "modules": "What was published would have to go on without them. Only add to them.",
}


def check_revision(old: Study, new: Study) -> list[Problem]:
    """Return what `new` changes in a study that must stay; empty when responses may begin on it from now on.

    Title, contact, stages, blocks and texts may change; languages, modules and waves may grow; the version goes
    forward only.
    """
    return [*_never(old, new), *_grows(old, new), *_forward(old, new)]


def _never(old: Study, new: Study) -> Iterator[Problem]:
    for name, hint in NEVER.items():
        if getattr(old, name) != getattr(new, name):
            yield _refused(name, getattr(old, name), getattr(new, name), hint)


def _grows(old: Study, new: Study) -> Iterator[Problem]:
    for name, hint in GROWS.items():
        if not set(getattr(old, name)) <= set(getattr(new, name)):
            yield _refused(name, getattr(old, name), getattr(new, name), hint)
    if new.waves < old.waves:
        yield _refused("waves", old.waves, new.waves, "Somebody may have answered that often. Only raise it.")


def _forward(old: Study, new: Study) -> Iterator[Problem]:
    if _parts(new.version) < _parts(old.version):
        hint = "A study goes on to later versions only."
        yield _refused("version", old.version, new.version, hint)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _refused(name: str, old: object, new: object, hint: str) -> Problem:
    values = {"given": name, "known": _said(old), "value": _said(new), "hint": hint}
    return Problem(code=Code.STUDY_CHANGE_REFUSED, where=name, values=values)


def _said(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else str(value)
