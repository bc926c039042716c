"""What the store must hold for one robot: worked out beside the program, from what the robot sent and was told.

A robot sometimes cannot know whether a form arrived: the line was cut, the server was killed. Then the store may be in
one of several states, and the model keeps all of them, until an acknowledgement leaves one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey_app.core.problems import ProblemsFound
from survey_app.core.questionnaire.items import Note
from survey_app.core.response.answers import Answers
from survey_app.core.response.routing import Plan, asked, prune, route_of
from survey_app.core.response.validation import names_of, read_item, refuse_strangers

GONE = "gone"
Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Save:
    """One thing sent. how: next, skip, partly, send, stop. lenient: read item by item, as what JavaScript sends."""

    screen: str
    how: str
    raw: Raw = field(default_factory=dict)
    lenient: bool = False


@dataclass(frozen=True)
class State:
    """What may stand in the store. answers: the stored document as text; status: also `gone`."""

    answers: str
    status: str

    @property
    def document(self) -> dict[str, object]:
        """The answers by item."""
        found: dict[str, object] = json.loads(self.answers)
        return found


def state_of(document: Mapping[str, object], status: str) -> State:
    """The state of a row as it was read."""
    return State(json.dumps(document, sort_keys=True, ensure_ascii=False), status)


@dataclass
class Model:
    """The states that are possible for one response. draw, plan: as the response was begun."""

    plan: Plan
    draw: int
    states: set[State]

    def acknowledged(self, save: Save) -> None:
        """The save is in the store: the page said so."""
        self.states = {self.after(state, save) for state in self.states}

    def uncertain(self, *saves: Save) -> None:
        """Some of these may be in the store, in order."""
        for save in saves:
            self.states = self.states | {self.after(state, save) for state in self.states}

    def refuses(self, save: Save) -> bool:
        """Tell whether this save has something that cannot be read, whatever the state."""
        return all(self._entries(Answers.from_document(state.document), save)[1] for state in self.states)

    def accepts(self, save: Save) -> bool:
        """Tell whether this save can be read whole, whatever the state."""
        return not any(self._entries(Answers.from_document(state.document), save)[1] for state in self.states)

    def after(self, state: State, save: Save) -> State:
        """The state that a save makes of another."""
        if state.status == GONE:
            return state
        answers, status = Answers.from_document(state.document), state.status
        if save.screen:
            entries, wrong = self._entries(answers, save)
            if wrong and not save.lenient:
                return state
            answers = prune(self.plan, answers.with_entries(entries))
            if route_of(self.plan, self.plan.screens[self.plan.place[save.screen]], answers):
                # What leads away counts only once the person goes on.
                return state if save.how == "partly" else State("{}", GONE)
        if save.how in {"send", "stop"} and status == "draft":
            status = "whole" if save.how == "send" else "part"
        return state_of(answers.to_document(), status)

    def _entries(self, answers: Answers, save: Save) -> tuple[dict[str, object], bool]:
        if not save.screen:
            return {}, False
        screen = self.plan.screens[self.plan.place[save.screen]]
        entries: dict[str, object] = {}
        shown = asked(self.plan, screen, answers)
        raw = {} if save.how == "skip" else save.raw
        wrong = False
        try:
            refuse_strangers(shown, raw)
        except ProblemsFound:
            wrong = True
        for item in shown:
            mine = {name: raw.get(name, ()) for name in names_of(item)}
            filled = any(text.strip() for texts in mine.values() for text in texts)
            if isinstance(item, Note) or (save.how not in {"next", "skip"} and not filled):
                continue
            try:
                entries[item.id] = read_item(self.plan, item, mine, draw=self.draw)
            except ProblemsFound:
                wrong = True
        return entries, wrong

    def differences(self, stored: State) -> list[str]:
        """How the store differs from every possible state; empty when it is one of them."""
        if stored in self.states:
            return []
        nearest = min(self.states, key=lambda state: len(_unlike(state, stored)))
        return _unlike(nearest, stored)


def _unlike(expected: State, stored: State) -> list[str]:
    found = [] if expected.status == stored.status else [f"status: {expected.status} expected, {stored.status} stored"]
    one, two = expected.document, stored.document
    return found + [
        f"{item}: {one.get(item, 'nothing')!r} expected, {two.get(item, 'nothing')!r} stored"
        for item in sorted(one.keys() | two.keys())
        if one.get(item) != two.get(item)
    ]
