"""The door through which JavaScript brings answers: POST /s/api/saves.

It only takes in. What comes out says how far answers are kept and what is wrong with them, never what was answered.
Whoever holds the token of a response may add to it and cannot read it.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlsplit

from flask import current_app, jsonify, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from survey_app.core.participation.codes import code_hmac
from survey_app.core.problems import Problem, ProblemsFound
from survey_app.core.questionnaire.items import BestWorst
from survey_app.core.questionnaire.logic import Condition
from survey_app.core.response.routing import Plan, Screen, screen_before
from survey_app.services import responding
from survey_app.services.responding import Delivery, Participation, Save
from survey_app.web.rate_limit import RateLimit
from survey_app.web.respondent.pack_name import pack_address
from survey_app.web.respondent.pages import desk, paces
from survey_app.web.respondent.problems import problem_texts
from survey_app.web.respondent.rules import rule_of
from survey_app.web.respondent.script import SCREENS
from survey_app.web.respondent.texts import LANGUAGES, texts_in

SALT = "respondent delivery"
MOST_SAVES = 100
DELIVERIES = 600
DELIVERY_SECONDS = 300.0

Text = Annotated[str, StringConstraints(max_length=20_000)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.]{1,48}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SentSave(_Strict):
    """One change, as a browser sends it. screen: empty for `send` and `stop`, which belong to no question.

    pace: how long the screen was open, as a bucket; see `core.response.pacing`.
    """

    number: int = Field(ge=1, le=1_000_000)
    screen: str = Field(pattern=r"^([A-Z]{1,3}[0-9]{1,3}[a-z]?)?$")
    language: str = Field(pattern=r"^[a-z]{2,3}$")
    how: Literal["next", "skip", "partly", "send", "stop"]
    answers: dict[Name, Annotated[list[Text], Field(max_length=100)]] = Field(max_length=100)
    pace: int | None = Field(default=None, ge=0, le=100)


class SentSaves(_Strict):
    """What a browser posts. device: made at random for this response in this browser."""

    token: str = Field(max_length=400)
    device: str = Field(pattern=r"^[0-9a-z-]{8,40}$")
    saves: list[SentSave] = Field(min_length=1, max_length=MOST_SAVES)


def saves() -> Response:
    """Take in saves; answer with what is kept, what is wrong, and the next page."""
    try:
        return _taken(_read())
    except Refused as refused:
        return refused.respond()


class Refused(Exception):
    """Nothing was kept. code: for the program; the sentences for the person."""

    def __init__(self, status: HTTPStatus, code: str, language: str | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.language = status, code, language

    def respond(self) -> Response:
        """Say what is wrong and what to do, in the language of the person."""
        language = self.language or request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]
        texts = texts_in(language)
        said = {"code": self.code, "sentence": texts[f"refused_{self.code}"], "do": texts[f"refused_{self.code}_do"]}
        response = jsonify(said)
        response.status_code = self.status
        return response


def token_of(held: Participation) -> str:
    """What lets a browser add answers to this response, and nothing else."""
    return str(_signer().dumps([code_hmac(desk().code_key, held.code), held.wave]))


def state_of(held: Participation, screen: Screen | None, language: str) -> dict[str, object]:
    """What the page's JavaScript works with: where it stands, what was answered, where to send and go.

    screen: None on pages without a question.
    """
    before = screen_before(held.plan, screen.id, held.answers) if screen else None
    texts = texts_in(language)
    return {
        "token": token_of(held),
        "screen": screen.id if screen else "",
        "language": language,
        "status": held.status,
        "wave": held.wave,
        "stages": held.plan.stages_offered,
        "lists": _lists(held),
        "answers": held.answers.to_document(),
        "pack": pack_address(held, language),
        "screens": url_for("respondent.js", name=SCREENS.name[:-3]),
        "base": url_for("respondent.information", study_id=held.study.id, language=language),
        "back": f"q/{before.id}" if before else "",
        "t": {key: texts[f"js_{key}"] for key in PAGE_TEXTS} | {"error": texts["error"]},
    }


def condition_json(condition: Condition, plan: Plan) -> str:
    """A condition as JSON that the browser can decide without knowing the numbers of answers; see `rules`."""
    return json.dumps(rule_of(plan, condition), separators=(",", ":"))


def _lists(held: Participation) -> dict[str, list[object]]:
    """The lists of best-worst choices that this person sees: id and codes in order, by item."""
    found: dict[str, list[object]] = {}
    for item in held.plan.items.values():
        if isinstance(item, BestWorst):
            shown = held.plan.questionnaire.designs[item.design].shown(held.draw, item.list_number)
            found[item.id] = [shown.id, shown.objects]
    return found


PAGE_TEXTS = ("here", "with_us", "not_kept", "wait", "stay", "no_language", "read_stop")
"""Sentences that a page needs before the pack is there."""


def _read() -> SentSaves:
    _refuse_other_sites()
    if request.mimetype != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unreadable")
    try:
        body = request.get_data()
    except HTTPException as error:
        status = HTTPStatus(error.code or HTTPStatus.BAD_REQUEST)
        raise Refused(status, "too_long" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else "unreadable") from None
    try:
        sent = SentSaves.model_validate_json(body)
    except ValidationError:
        raise Refused(HTTPStatus.BAD_REQUEST, "unreadable") from None
    if any(save.language not in LANGUAGES for save in sent.saves):
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "language")
    return sent


def _refuse_other_sites() -> None:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    elsewhere = site is not None and site != "same-origin"
    if elsewhere or (origin is not None and urlsplit(origin).netloc != request.host):
        raise Refused(HTTPStatus.FORBIDDEN, "elsewhere")


def _taken(sent: SentSaves) -> Response:
    language = sent.saves[-1].language
    try:
        hmac, wave = _signer().loads(sent.token)
    except (BadSignature, TypeError, ValueError):
        raise Refused(HTTPStatus.FORBIDDEN, "token", language) from None
    limit, who = _limit(), sha256(sent.token.encode()).hexdigest()
    if limit.is_reached(who):
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "too_often", language)
    limit.count_failure(who)
    ordered = sorted(sent.saves, key=lambda save: save.number)
    delivery = responding.deliver(desk(), hmac, wave, sent.device, [_save(save) for save in ordered])
    if delivery is None:
        raise Refused(HTTPStatus.GONE, "gone", language)
    _note_paces(delivery, ordered)
    return jsonify(_said(delivery, {save.number: save for save in ordered}, language))


def _save(sent: SentSave) -> Save:
    return Save(number=sent.number, screen=sent.screen, language=sent.language, how=sent.how, raw=sent.answers)


def _note_paces(delivery: Delivery, saves: Sequence[SentSave]) -> None:
    """Count how long each screen was open, without whose it was."""
    for save in saves:
        if save.pace is not None and save.number not in delivery.problems:
            items = dict.fromkeys(name.partition(".")[0] for name in save.answers)
            paces().note(delivery.edition, items, save.pace)


def _said(delivery: Delivery, saves: Mapping[int, SentSave], language: str) -> dict[str, object]:
    return {
        "kept": delivery.kept,
        "gap": delivery.gap,
        "status": delivery.status,
        "problems": {
            number: _sentences(problems, delivery, saves[number].language if number in saves else language)
            for number, problems in delivery.problems.items()
        },
        "next": _next(delivery),
        "rest": _finishes_part(delivery, saves),
    }


def _sentences(problems: Mapping[str, Problem], delivery: Delivery, language: str) -> dict[str, str]:
    return problem_texts(ProblemsFound(problems.values()), delivery.edition, language)


def _next(delivery: Delivery) -> str:
    """The next page, from the address of the study in the language of the page."""
    if delivery.ending:
        return f"end/{delivery.ending}"
    if delivery.status != "draft":
        return "thanks"
    return f"q/{delivery.next_screen}" if delivery.next_screen else "review"


def _finishes_part(delivery: Delivery, saves: Mapping[int, SentSave]) -> bool:
    """Tell whether the next screen begins another part than that of the last save: quiet pages rest between two."""
    module_of = delivery.edition.questionnaire.module_of
    before, after = module_of.get(saves[max(saves)].screen), module_of.get(delivery.next_screen or "")
    return before is not None and after is not None and before.id != after.id


def _limit() -> RateLimit:
    found: RateLimit = current_app.extensions.setdefault(
        "respondent_deliveries", RateLimit(failures=DELIVERIES, seconds=DELIVERY_SECONDS)
    )
    return found


def _signer() -> URLSafeSerializer:
    key = current_app.extensions["settings"].secret_key.get_secret_value()
    return URLSafeSerializer(key, salt=SALT)
