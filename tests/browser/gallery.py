"""Every page that a respondent can meet, as HTML: made by the application itself, without a browser."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from survey_app.app import create_app
from survey_app.core.questionnaire.items import (
    BestWorst,
    Consent,
    Country,
    Day,
    FreeText,
    Item,
    MultiChoice,
    Note,
    Number,
    Ranking,
    Role,
    StageItem,
)
from survey_app.core.response.routing import Screen, asked, emphasised
from survey_app.services import responding
from survey_app.services.catalogue import open_study, read_catalogue, read_study
from survey_app.services.migrating import migrate_all
from survey_app.services.responding import Participation
from survey_app.settings import Settings
from survey_app.store.database import make_sessions, open_databases
from survey_app.web.respondent.identity import code_of
from survey_app.web.respondent.pages import desk

NONSENSE: Mapping[type[Item], str] = {FreeText: "word " * 1200, Number: "many", Day: "yesterday"}
STUDY, INVITED, BLIND = "demo", "invited", "blind"


@dataclass
class Visitor:
    """A person who walks by address, and keeps what was shown."""

    app: Flask
    language: str
    pages: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()
        self.base = f"/s/{STUDY}/{self.language}"

    def see(self, name: str, address: str, *, status: int = 200) -> None:
        """Keep the page at `address`; every page must come with the status that it should have."""
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == status, (name, address, answer.status_code)
        self.pages[name] = answer.text

    def send(self, name: str | None, address: str, values: Mapping[str, object], *, status: int) -> None:
        """Send a form; keep the page that comes, unless it has no name."""
        answer = self.client.post(address, data=values)
        assert answer.status_code == status, (name, address, answer.status_code, values)
        if name:
            self.pages[name] = answer.text

    def held(self) -> Participation:
        """The response that this person's cookie opens."""
        cookie = self.client.get_cookie("return_code", path="/s/")
        assert cookie is not None
        request = Request(EnvironBuilder(headers={"Cookie": f"return_code={cookie.value}"}).get_environ())
        key = self.app.extensions["settings"].secret_key.get_secret_value()
        with self.app.app_context():
            held = responding.load(desk(), code_of(request, key) or "")
        assert held is not None
        return held


def open_site(settings: Settings) -> Flask:
    """The whole application on a new database, with the demo study open."""
    databases = open_databases(settings)
    migrate_all(databases)
    catalogue = read_catalogue(settings.questionnaires)
    with make_sessions(databases).begin() as db:
        study = read_study(settings.questionnaires / "studies" / "demo.yaml")
        for changes in ({}, {"id": INVITED, "entry": "invitation"}, {"id": BLIND, "entry": "blind invitation"}):
            one = study.model_copy(update=changes)
            open_study(db, one, catalogue, settings.questionnaires, quarter="2026-Q4")
    databases.dispose()
    return create_app(settings)


def all_pages(app: Flask, language: str) -> dict[str, str]:
    """Every page by name, in the order in which a person may meet it."""
    person = Visitor(app, language)
    _before(person)
    _invited(person)
    _questions(person, "patient")
    _displays(person)
    _beside(person)
    _mishaps(person)
    _end(person)
    _early_end(app, language, person)
    _kiosk(person)
    return person.pages


def _before(person: Visitor) -> None:
    base, language = person.base, person.language
    person.see("start", f"/?language={language}")
    person.see("information", f"{base}/")
    person.see("time", f"{base}/time")
    person.see("consent", f"{base}/consent/prospective")
    person.send("consent, problem", f"{base}/consent/prospective", {"go": "next"}, status=422)
    person.see("closed", f"/s/nothing/{language}/", status=404)
    person.see("kiosk", f"{base}/kiosk")
    person.see("enter", f"/s/code/{language}")
    person.send("enter, problem", f"/s/code/{language}", {"code": "WRONG", "go": "next"}, status=422)
    person.see("left", f"/s/left/{language}")
    person.see("deleted", f"/s/deleted/{language}")
    with person.app.app_context():
        study = responding.study_offered(desk(), STUDY)
        assert study is not None
        screen = responding.consent_screen(responding.plan_for(desk(), study, "prospective"))
    consents = {item.id: "yes" for item in screen.items if isinstance(item, Consent)}
    person.send(None, f"{base}/consent/prospective", {**consents, "go": "next"}, status=303)
    person.see("code", f"{base}/code")
    person.see("code, to print", f"{base}/code/print")


def _invited(person: Visitor) -> None:
    for study in (INVITED, BLIND):
        base = f"/s/{study}/{person.language}"
        person.see(f"information, {study}", f"{base}/")
        person.see(f"code of an invitation, {study}", f"{base}/invitation")
        person.send(f"code of an invitation, {study}, problem", f"{base}/invitation", {"code": "WRONG"}, status=422)
    # What the script uncovers on the page of permits, and what only stands there without it.
    page = person.pages[f"code of an invitation, {BLIND}"]
    person.pages["permit"] = page.replace(" hidden>", ">").replace('id="needs"', 'id="needs" hidden')


def _questions(person: Visitor, role: str) -> None:
    """A page of each kind of question, and the same with a problem."""
    for screen in _until_all_is_open(person, role):
        _see_question(person, screen)
    seen: set[object] = set()
    held = person.held()
    for screen in held.plan.screens:
        shown = asked(held.plan, screen, held.answers)
        kind = _kind(shown)
        if shown and kind not in seen:
            seen.add(kind)
            _see_question(person, screen)
            _see_problem(person, screen, shown)
    _see_worry(person)


def _until_all_is_open(person: Visitor, role: str) -> Iterator[Screen]:
    """The first questions, which decide what is asked later: each is yielded before it is answered."""
    held = person.held()
    for screen in held.plan.screens[:12]:
        held = person.held()
        shown = asked(held.plan, screen, held.answers)
        values = {}
        for item in shown:
            options = held.edition.questionnaire.options_of(item)
            if isinstance(item, Role):
                values[item.id] = role
            elif isinstance(item, StageItem):
                values[item.id] = held.plan.stages_offered[0]
            elif item.required and options:
                values[item.id] = options[0].code
        if values and not any(isinstance(item, Consent) for item in shown):
            yield screen
            person.send(None, f"{person.base}/q/{screen.id}", {**values, "go": "next"}, status=303)


def _kind(items: tuple[Item, ...]) -> object:
    return tuple(
        (type(item).__name__, bool(item.help), bool(item.safety), bool(item.stem), item.required) for item in items
    )


def _see_question(person: Visitor, screen: Screen) -> None:
    person.see(f"question {screen.id}", f"{person.base}/q/{screen.id}")


def _see_problem(person: Visitor, screen: Screen, shown: tuple[Item, ...]) -> None:
    sent: dict[str, object] = {}
    for item in shown:
        if isinstance(item, Note | Consent | Country):
            continue
        if isinstance(item, BestWorst):
            sent |= {f"{item.id}.best": "nonsense", f"{item.id}.worst": "nonsense"}
        elif isinstance(item, Ranking):
            sent |= {f"{item.id}.{option.code}": "1" for option in item.options}
        else:
            sent[item.id] = NONSENSE.get(type(item), "nonsense")
    if sent:
        person.send(
            f"question {screen.id}, problem", f"{person.base}/q/{screen.id}", {**sent, "go": "next"}, status=422
        )


def _see_worry(person: Visitor) -> None:
    """A page on which help stands out."""
    held = person.held()
    for screen in held.plan.screens:
        for item in asked(held.plan, screen, held.answers):
            if not (item.safety and item.safety.emphasise_if) or isinstance(item, MultiChoice):
                continue
            for option in held.edition.questionnaire.options_of(item):
                answers = held.answers.with_entries({item.id: option.code})
                if emphasised(held.plan, item, answers):
                    sent = {item.id: option.code, "go": "next"}
                    person.send(None, f"{person.base}/q/{screen.id}", sent, status=303)
                    _see_question(person, screen)
                    person.pages["question, help stands out"] = person.pages.pop(f"question {screen.id}")
                    return
    raise AssertionError("no answer makes help stand out")


def _displays(person: Visitor) -> None:
    """Some pages as people see them who chose another display: larger, more contrast, other colours, quiet."""
    questions = [name for name in person.pages if name.startswith("question ") and "," not in name]
    longest = sorted(questions, key=lambda name: len(person.pages[name]))[-4:]
    for cookie in ("t2.c1.d1.m1.a1.q1", "t1.d2"):
        person.client.set_cookie("display", cookie, path="/")
        for name in longest:
            person.see(f"{name}, display {cookie}", f"{person.base}/q/{name.removeprefix('question ')}")
        person.see(f"review, display {cookie}", f"{person.base}/review")
        person.see(f"display, display {cookie}", f"/s/display/{person.language}")
        person.see(f"information, display {cookie}", f"{person.base}/")
    person.client.delete_cookie("display", path="/")


def _mishaps(person: Visitor) -> None:
    """What is told when something goes wrong."""
    address = f"{person.base}/stop"
    elsewhere = person.client.post(address, headers={"Sec-Fetch-Site": "cross-site"})
    too_long = person.client.post(address, data={"go": "x" * 600_000})
    unreadable = person.client.post(address, data=b"{}", content_type="application/json")
    for name, answer in (("from elsewhere", elsewhere), ("too long", too_long), ("unreadable", unreadable)):
        assert 400 <= answer.status_code < 500, (name, answer.status_code)
        person.pages[f"mishap {name}"] = answer.text


def _kiosk(person: Visitor) -> None:
    person.send(None, f"{person.base}/kiosk", {"go": "begin"}, status=303)
    person.see("kiosk, on", f"{person.base}/kiosk")
    person.see("kiosk, next person", f"{person.base}/?done=sent")


def _beside(person: Visitor) -> None:
    base, language = person.base, person.language
    person.see("pause", f"{base}/pause")
    person.see("stop", f"{base}/stop")
    person.see("rest", f"{base}/rest")
    person.see("review", f"{base}/review")
    person.see("answers, not sent", f"{base}/answers")
    person.see("delete", f"{base}/delete")
    person.see("welcome back", f"{base}/welcome")
    person.see("enter, known", f"/s/code/{language}")
    person.see("display", f"/s/display/{language}")
    person.see("help", f"/s/help/{language}")
    person.see("no such page", f"{base}/q/ZZ99", status=404)


def _end(person: Visitor) -> None:
    base = person.base
    person.send(None, f"{base}/stop", {"go": "next"}, status=303)
    person.see("thanks", f"{base}/thanks")
    person.see("answers, sent", f"{base}/answers")


def _early_end(app: Flask, language: str, person: Visitor) -> None:
    with app.app_context():
        study = responding.study_offered(desk(), STUDY)
        assert study is not None
        endings = desk().editions[study.questionnaire, study.version].questionnaire.endings
    for ending in endings:
        person.see(f"ending {ending}", f"{person.base}/end/{ending}")
