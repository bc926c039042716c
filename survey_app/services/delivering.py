"""Take in what a device kept while it was offline: each save once, in order, whatever is sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.core.questionnaire.items import Note
from survey_app.core.questionnaire.model import Edition
from survey_app.core.response.answers import Answers
from survey_app.core.response.record import Wording
from survey_app.core.response.routing import Screen, asked, route_of, screen_after, screen_by_id
from survey_app.core.response.validation import Entries, Raw, names_of, read_item, refuse_strangers
from survey_app.services.joining import consents_to_renew
from survey_app.services.recalling import Desk, Participation, participation_of, remember_wordings, worked_in
from survey_app.store import responses

How = Literal["next", "skip", "partly", "send", "stop"]
"""next: all of the screen · skip: nothing of it · partly: only what is filled in · send: that, and it was the end ·
stop: that, and send what there is."""

SENDING = ("send", "stop")

MOST_DEVICES = 50
"""Devices whose saves are told apart for one response; the one heard of longest ago is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """One change on a device.

    number: 1 for the first save of the device for this response, then one more.
    screen: id of the screen; may be empty for `send` and `stop`.
    raw: the strings of the page, by form name.
    """

    number: int
    screen: str
    language: str
    how: How
    raw: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of the saves.

    kept: highest number of this device that is done with: kept, or refused and told in `problems`.
    problems: number -> item id -> what is wrong with that answer; the other answers of the save are kept. The
        item id is empty for what concerns the whole save.
    next_screen: id of the screen after the last one, or that one when it has problems; None at the end, or when
        nothing was done.
    ending: the ending to which the answers lead; the response is deleted then.
    status: of the response now; `ended` when it is deleted.
    gap: a number is missing before the first one sent; nothing from there on was done.
    edition: in whose words the problems are told.
    """

    kept: int
    problems: Mapping[int, Mapping[str, Problem]] = field(default_factory=dict)
    next_screen: str | None = None
    ending: str | None = None
    status: str
    gap: bool = False
    edition: Edition = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """A response while saves are worked into it."""

    answers: Answers
    wording: Wording
    language: str
    status: str
    screen: Screen | None = None
    ending: str | None = None


def deliver(desk: Desk, code_hmac: str, wave: int, device: str, saves: Sequence[Save]) -> Delivery | None:
    """Work in the saves of a device; None when there is no such response (any more).

    A number not above the highest one received was worked in before and is only acknowledged again. Committed when
    it returns. Two statements, whatever the number of saves; one more when a process meets a definition first. The
    response stays a draft when it was to be sent and the text of an agreement has changed since it was read.

    Args:
        desk: what the deeds of respondents work with.
        code_hmac: keyed hash of the return code.
        wave: the occasion.
        device: random name that the device gave itself for this response.
        saves: in any order.

    Raises:
        ProblemsFound: the questionnaire version is gone.
    """
    with desk.sessions.begin() as db:
        rows = responses.lock_waves(db, code_hmac)
        before = participation_of(db, desk, rows, wave=wave)
        if before is None:
            return None
        if not before.can_correct:
            return _refused(before, saves)
        if any(save.how in SENDING for save in saves):
            remember_wordings(db, desk, rows)
        received = dict(before.stored.received)
        kept = received.pop(device, 0)
        made, state = _work_in(before, sorted(saves, key=lambda save: save.number), kept)
        if state.ending:
            responses.delete_response(db, before.stored.id)
        elif made.kept > kept:
            received[device] = made.kept  # the device heard of last stands last
            for name in list(received)[:-MOST_DEVICES]:
                del received[name]
            responses.change_response(db, before.stored, _columns(desk, state, received))
    return made


def _work_in(before: Participation, saves: Sequence[Save], kept: int) -> tuple[Delivery, _State]:
    state = _State(
        answers=before.answers, wording=before.record.wording, language=before.language, status=before.status
    )
    problems: dict[int, Mapping[str, Problem]] = {}
    gap = False
    for save in saves:
        if save.number <= kept or state.ending:
            continue
        if save.number > kept + 1:
            gap = True
            break
        state, wrong = _work_in_one(before, state, save)
        kept = save.number
        if wrong:
            problems[save.number] = wrong
    following = state.screen
    if following is not None and kept not in problems:
        following = screen_after(before.plan, following.id, state.answers)
    return (
        Delivery(
            kept=max([kept, *(save.number for save in saves)]) if state.ending else kept,
            problems=problems,
            next_screen=following.id if following else None,
            ending=state.ending,
            status="ended" if state.ending else state.status,
            gap=gap,
            edition=before.edition,
        ),
        state,
    )


def _work_in_one(before: Participation, state: _State, save: Save) -> tuple[_State, Mapping[str, Problem]]:
    plan = before.plan
    wrong: dict[str, Problem] = {}
    screen = screen_by_id(plan, save.screen) if save.screen else None
    if screen is not None:
        entries, wrong = _read(before, screen, state.answers, save)
        language = save.language if save.language in before.study.languages else state.language
        answers, wording = worked_in(before, state.answers, state.wording, entries, language)
        ending = route_of(plan, screen, answers)
        if ending and save.how == "partly":  # chosen and not yet confirmed: a finger that slipped deletes nothing
            return replace(state, screen=screen), wrong
        state = replace(state, answers=answers, wording=wording, language=language, screen=screen, ending=ending)
    elif save.screen or save.how not in SENDING:
        wrong = {"": Problem(code=Code.SCREEN_UNKNOWN)}
    if save.how in SENDING and state.status == "draft" and not consents_to_renew(before, state.language):
        state = replace(state, status="whole" if save.how == "send" else "part")
    return state, wrong


def _read(before: Participation, screen: Screen, answers: Answers, save: Save) -> tuple[Entries, dict[str, Problem]]:
    """What can be read of a save, item by item, and what cannot."""
    entries: Entries = {}
    wrong: dict[str, Problem] = {}
    shown = asked(before.plan, screen, answers)
    try:
        refuse_strangers(shown, save.raw)
    except ProblemsFound as found:
        wrong[""] = found.problems[0]
    for item in shown:
        if isinstance(item, Note):
            continue
        names = names_of(item)
        filled = any(text.strip() for name in names for text in save.raw.get(name, ()))
        if save.how not in ("next", "skip") and not filled:
            continue
        raw = {} if save.how == "skip" else {name: save.raw.get(name, ()) for name in names}
        try:
            entries[item.id] = read_item(before.plan, item, raw, draw=before.draw)
        except ProblemsFound as found:
            wrong[item.id] = found.problems[0]
    return entries, wrong


def _columns(desk: Desk, state: _State, received: Mapping[str, int]) -> dict[str, object]:
    return {
        "answers": state.answers.to_document(),
        "language": state.language,
        "wording": state.wording.to_document(),
        "received": dict(received),
        "status": state.status,
        "last_month": f"{desk.today():%Y-%m}" if state.status == "draft" else None,
    }


def _refused(before: Participation, saves: Sequence[Save]) -> Delivery:
    """All saves refused: a release was made from these answers, and they can only be deleted now."""
    frozen = Problem(code=Code.ANSWERS_FROZEN)
    return Delivery(
        kept=max((save.number for save in saves), default=0),
        problems={save.number: {"": frozen} for save in saves},
        status=before.status,
        edition=before.edition,
    )
