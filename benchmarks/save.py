"""What one saved answer costs: processor and wall time, in process and through HTTP as served, beside floors.

    python -m benchmarks.save [sqlite] [postgresql]

In process: the service that saves one screen of a response with many answers. Its floor: the driver of the same
database writes a row of the same size and commits. Through HTTP: the form of one question is sent to `survey-app serve`
with one process. Its floor: the same bytes are sent to the same server with an application that does nothing.
Medians; processor time of the server is read from /proc.
"""

import itertools
import json
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
from flask import Flask
from sqlalchemy import make_url
from werkzeug.wrappers import Response

from benchmarks.site import Site, floor, site
from survey_app.app import create_app
from survey_app.core.questionnaire.items import Choice, Consent, Item, Rating
from survey_app.core.response.routing import Plan, asked, screens
from survey_app.services import responding
from survey_app.settings import read_settings
from survey_app.store.database import databases_of
from survey_app.web.respondent.identity import COOKIE, keep_code
from survey_app.web.respondent.pages import desk

ROUNDS = 300
WARM = 20
ANSWERED = 60
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Cost:
    """Milliseconds of one save. wall: median; processor: mean over all rounds."""

    name: str
    wall: float
    processor: float


@dataclass
class Person:
    """A response with many answers, and the screen that is saved again and again with one of two values."""

    code: str
    language: str
    study: str
    screen: str
    values: tuple[str, str]


def measure(name: str, deed: Callable[[], None], processor: Callable[[], float]) -> Cost:
    """Do it many times. processor: seconds used so far."""
    for _ in range(WARM):
        deed()
    walls, before = [], processor()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        deed()
        walls.append(time.perf_counter() - start)
    return Cost(name, 1000 * statistics.median(walls), 1000 * (processor() - before) / ROUNDS)


def group_seconds(process_group: int) -> float:
    """Processor seconds of all processes of a group."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[2]) == process_group:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def a_value(plan: Plan, item: Item) -> list[str]:
    """Something that can be answered, the first of what there is."""
    if isinstance(item, Consent):
        return ["yes"]
    if isinstance(item, Choice):
        return [plan.questionnaire.options_of(item)[0].code]
    return ["5"] if isinstance(item, Rating) else []


def half_answered(app: Flask) -> Person:
    """A person in the middle of the demo study."""
    with app.app_context():
        study = next(study for study in responding.studies_offered(desk()))
        language, mode = study.languages[0], study.recall_modes[0]
        plan = responding.plan_for(desk(), study, mode)
        consents = [item.id for item in responding.consent_screen(plan).items if isinstance(item, Consent)]
        agreed = {item: ["yes"] for item in consents}
        code = responding.open_response(desk(), study, language=language, mode=mode, raw=agreed)
        role, stage = plan.role_item, plan.stage_item
        firsts = {"SC06": ["yes"], role: ["patient"], stage: [plan.questionnaire.stage_codes[0]]}
        last, count = None, 0
        for screen in screens(plan):
            held = responding.load(desk(), code)
            assert held is not None
            if count >= ANSWERED:
                break
            shown = asked(held.plan, screen, held.answers)
            if not shown:
                continue
            raw = {item.id: firsts.get(item.id) or a_value(plan, item) for item in shown}
            responding.save_screen(desk(), code, screen.id, raw, language=language)
            count += len(raw)
            if isinstance(screen.items[0], Choice) and len(shown) == 1 and not screen.items[0].required:
                last = screen.items[0]
        assert last is not None
        one, two, *_ = (option.code for option in plan.questionnaire.options_of(last))
        return Person(code, language, study.id, last.id, (one, two))


def in_process(app: Flask, person: Person) -> Cost:
    """The service alone."""
    values = itertools.cycle(person.values)
    with app.app_context():
        place = desk()

        def deed() -> None:
            raw = {person.screen: [next(values)]}
            assert responding.save_screen(place, person.code, person.screen, raw, language=person.language)

        return measure("save, in process", deed, time.process_time)


def row_size(app: Flask, person: Person) -> int:
    """Bytes of the answers as JSON."""
    with app.app_context():
        held = responding.load(desk(), person.code)
        assert held is not None
        return len(json.dumps(held.answers.to_document()))


@contextmanager
def written_row(url: str, size: int) -> Iterator[Callable[[], None]]:
    """The driver alone: read a row under a lock, write as many bytes back, commit."""
    parsed = make_url(url)
    texts = itertools.cycle(("a" * size, "b" * size))
    if parsed.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(parsed.database), isolation_level=None)) as connected:
            connected.execute("PRAGMA journal_mode=WAL")
            connected.execute("PRAGMA synchronous=FULL")
            yield from _writing(connected.execute, "BEGIN IMMEDIATE", "?", "", texts)
    else:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connected:
            yield from _writing(connected.execute, "BEGIN", "%s", " FOR UPDATE", texts)


def _writing(
    execute: Callable[..., object], begin: str, mark: str, lock: str, texts: Iterator[str]
) -> Iterator[Callable[[], None]]:
    execute("CREATE TABLE floor (id INTEGER PRIMARY KEY, text TEXT)")
    execute(f"INSERT INTO floor VALUES (1, {mark})", (next(texts),))

    def deed() -> None:
        execute(begin)
        execute(f"SELECT text FROM floor WHERE id = 1{lock}").fetchone()
        execute(f"UPDATE floor SET text = {mark} WHERE id = 1", (next(texts),))
        execute("COMMIT")

    yield deed
    execute("DROP TABLE floor")


def through_http(name: str, served: Site, path: str, bodies: tuple[str, str], cookie: str, status: int) -> Cost:
    """Send a form again and again over one connection."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    turns = itertools.cycle(bodies)
    assert served.process is not None
    group = served.process.pid
    with closing(HTTPConnection(urlsplit(served.address).netloc)) as line:

        def deed() -> None:
            line.request("POST", path, next(turns), headers)
            answer = line.getresponse()
            answer.read()
            assert answer.status == status, (answer.status, path)

        return measure(name, deed, lambda: group_seconds(group))


def costs_on(database: str) -> list[Cost]:
    """All costs on one kind of database."""
    one_process = {"SURVEY_WORKERS": "1"}
    with site(database, more=one_process) as served, floor() as empty:
        settings = read_settings({name: value for name, value in served.environ.items() if name != "PATH"})
        app = create_app(settings)
        person = half_answered(app)
        with written_row(served.database_url, row_size(app, person)) as deed:
            lowest = measure("floor: driver writes a row", deed, time.process_time)
        costs = [lowest, in_process(app, person)]
        databases_of(app.extensions["sessions"]).dispose()
        response = Response()
        keep_code(response, person.code, settings.secret_key.get_secret_value(), secure=False)
        cookie = response.headers["Set-Cookie"].partition(";")[0]
        assert cookie.startswith(COOKIE)
        bodies = tuple(urlencode({person.screen: value, "go": "next"}) for value in person.values)
        path = f"/s/{person.study}/{person.language}/q/{person.screen}"
        costs.append(through_http("floor: empty view, HTTP", empty, "/", bodies, cookie, 204))
        costs.append(through_http("save, HTTP", served, path, bodies, cookie, 303))
    return costs


def main(databases: list[str]) -> int:
    """Measure and print."""
    print(f"{'':12}{'':28}{'wall ms':>9}{'processor ms':>14}{'x floor (wall, processor)':>28}")
    for database in databases:
        costs = costs_on(database)
        for floor_cost, cost in zip(costs[::2], costs[1::2], strict=True):
            for one in (floor_cost, cost):
                ratio = (
                    ""
                    if one is floor_cost
                    else f"{_ratio(one.wall, floor_cost.wall)}{_ratio(one.processor, floor_cost.processor)}"
                )
                print(f"{database:12}{one.name:28}{one.wall:>9.2f}{one.processor:>14.2f}{ratio:>28}")
    return 0


def _ratio(cost: float, lowest: float) -> str:
    return f"{cost / lowest:9.1f}" if lowest else f"{'-':>9}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["sqlite", "postgresql"]))
