"""Robot patients: everything that a page acknowledged is in the store, once, unchanged.

    python -m benchmarks.robots [--responses 500] [--database sqlite|postgresql] [--script off|on|both] [--seed 1]
                                [--together 6] [--faults 0.06] [--only NAME] [--no-kills]

Robots on phone-size screens of a real browser, in four languages, answer at random: every kind of question, skipping,
going back, changing the language, pausing and coming back by code on another device. The line is cut at random moments
and the server is killed (SIGKILL) and started again at random moments. Each robot works out beside the program what
must be in the store and compares. A name like 1-17 is a seed: --only 1-17 does the same again (the kills fall
elsewhere). Ends with 1 when anything differs.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from playwright.async_api import async_playwright

from benchmarks.robot_model import State, state_of
from benchmarks.robot_patient import Patient, World
from benchmarks.robot_script import ScriptPatient
from benchmarks.site import STUDY, Site, site
from benchmarks.walk import CHROMIUM, SWITCHES
from survey_app.app import create_app
from survey_app.core.participation.codes import code_hmac
from survey_app.core.questionnaire.study import Study
from survey_app.inputs.yaml_text import read_yaml
from survey_app.services import responding
from survey_app.services.catalogue import Catalogue, open_study, read_study
from survey_app.services.recalling import Desk
from survey_app.settings import read_settings
from survey_app.store.database import databases_of
from survey_app.store.responses import read_all, read_waves
from survey_app.web.respondent.texts import texts_in

SHORT = ("CJ", "CS", "EM", "SI", "CA", "WM", "DM", "FB", "AC", "CG")
"""Modules of which short studies take one or two, so that many people can be gone through."""
WHOLE = 0.04  # of the robots take the whole demo study
ONE_ONLY = 0.7  # of the kills take one process of the server, the others all of it
EACH = 20  # robots, a line that tells how far it is
CONSENTS_ONLY = 8  # a response with no more than this many answers was begun, and nothing else


@contextmanager
def study_files(random: Random, count: int) -> Iterator[list[Path]]:
    """Study files: the demo study, and short ones with a few of its modules."""
    given = read_yaml(STUDY).value
    assert isinstance(given, dict)
    first = given["modules"][0]
    others = [module for module in SHORT if module in given["modules"]]
    with tempfile.TemporaryDirectory(prefix="studies-") as name:
        files = [STUDY]
        for number in range(count):
            chosen = random.sample(others, random.choice((1, 1, 2)))
            modules = [first, *(one for one in given["modules"] if one in chosen)]
            made = json.loads(json.dumps(given)) | {"id": f"short{number}", "modules": modules}
            items = _items_of(modules)
            made["blocks"] = [block for block in made.get("blocks", []) if set(block) <= items]
            if "blocks" not in given:
                del made["blocks"]
            path = Path(name) / f"short{number}.yaml"
            path.write_text(json.dumps(made), encoding="utf-8")
            files.append(path)
        yield files


def _items_of(modules: list[str]) -> set[str]:
    from survey_app.services.catalogue import read_catalogue  # noqa: PLC0415  # needs the settings' folder

    edition = read_catalogue(Path("questionnaires")).edition_of(read_study(STUDY))
    return {item.id for module in edition.questionnaire.modules if module.id in modules for item in module.items}


class Run:
    """All robots of one run."""

    def __init__(self, told: argparse.Namespace, served: Site, studies: list[Study]) -> None:
        self.told, self.served, self.studies = told, served, studies
        app = create_app(read_settings({name: text for name, text in served.environ.items() if name != "PATH"}))
        self.sessions = app.extensions["sessions"]
        settings = app.extensions["settings"]
        self.desk = Desk(
            sessions=self.sessions,
            editions=app.extensions["catalogue"].editions,
            code_key=settings.key_for("return-code"),
            person_key=settings.key_for("person"),
        )
        self.world = World(served.address, self.stored, lambda code: responding.load(self.desk, code), texts_in)
        self.codes: set[str] = set()
        self.wrong: list[Patient] = []
        self.kills = self.lived = 0
        self.random = Random(f"kills {told.seed}")

    def open_studies(self) -> None:
        """Open all studies but the first, which is open."""
        catalogue, folder = Catalogue(self.desk.editions), Path("questionnaires")
        with self.sessions.begin() as db:
            for study in self.studies[1:]:
                open_study(db, study, catalogue, folder, quarter="2026-Q4")

    def stored(self, code: str) -> State | None:
        """What the store holds for a code."""
        with self.sessions.begin() as db:
            hashed = code_hmac(self.desk.code_key, code)
            row = next(iter(read_waves(db, hashed)), None)
        return None if row is None else state_of(row.answers, row.status)

    async def go(self) -> None:
        """Let all robots live, a few together, while the server is killed now and then."""
        names = [self.told.only] if self.told.only else [f"{self.told.seed}-{n}" for n in range(self.told.responses)]
        places = asyncio.Semaphore(self.told.together)
        # A request that was held up when its browser closed is nobody's any more.
        asyncio.get_running_loop().set_exception_handler(lambda _loop, _told: None)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
            killer = asyncio.create_task(self.kill_now_and_then()) if not self.told.no_kills else None

            async def one(name: str) -> None:
                async with places:
                    await self.one(self.kind_of(name), browser, name)

            await asyncio.gather(*(one(name) for name in names))
            if killer:
                killer.cancel()
            await browser.close()

    def kind_of(self, name: str) -> type[Patient]:
        """With JavaScript or without."""
        kinds = {"off": [Patient], "on": [ScriptPatient], "both": [Patient, ScriptPatient]}[self.told.script]
        return Random(f"kind {name}").choice(kinds)

    async def one(self, kind: type[Patient], browser: object, name: str) -> None:
        """One life."""
        random = Random(f"study {name}")
        study = self.studies[0] if random.random() < WHOLE else random.choice(self.studies[1:])
        robot = kind(self.world, browser, study, name, faults=self.told.faults)
        try:
            await asyncio.wait_for(robot.live(), 600)
        except Exception as fault:  # noqa: BLE001  # whatever it is belongs in the report, and the others go on
            robot.fail(f"{type(fault).__name__}: {str(fault)[:300]}")
        self.codes.add(robot.code)
        self.lived += 1
        if self.lived % EACH == 0:
            print(f"{self.lived} robots, {len(self.wrong)} with something wrong, {self.kills} kills", flush=True)
        self.world.count(f"responses, {'with' if robot.script else 'without'} JavaScript")
        if robot.wrong:
            self.wrong.append(robot)
        if robot.wrong or self.told.only:
            self.tell(robot)

    def tell(self, robot: Patient) -> None:
        """Print what went wrong, at once."""
        kind = f"{robot.name} ({'with' if robot.script else 'without'} JavaScript, study {robot.study.id})"
        print(
            "\n".join(
                [f"{'WRONG' if robot.wrong else 'right'} {kind}", *(f"    {line[:600]}" for line in robot.wrong)]
            ),
            flush=True,
        )
        print("\n".join(f"        {line[:300]}" for line in robot.trail[-self.told.trail :]), flush=True)

    async def kill_now_and_then(self) -> None:
        """Kill the whole server, or one of its processes, and start it again."""
        while True:
            await asyncio.sleep(self.random.uniform(15, 60))
            self.kills += 1
            if self.random.random() < ONE_ONLY:
                self.kill_one()
                continue
            await asyncio.to_thread(self.served.kill)
            await asyncio.sleep(self.random.uniform(0, 3))
            await asyncio.to_thread(self.served.start)

    def kill_one(self) -> None:
        """Kill one process of the server; the server replaces it."""
        assert self.served.process is not None
        children = Path(f"/proc/{self.served.process.pid}/task/{self.served.process.pid}/children").read_text().split()
        with suppress(ProcessLookupError, IndexError):
            os.kill(int(self.random.choice(children)), signal.SIGKILL)

    def strangers(self) -> list[str]:
        """Responses that no robot holds, though more was answered than begun: doubled."""
        hashes = {code_hmac(self.desk.code_key, code) for code in self.codes if code}
        with self.sessions.begin() as db:
            rows = list(read_all(db))
        alone = [row for row in rows if row.code_hmac not in hashes]
        self.world.count("begun twice, the first time in doubt", len(alone))
        found = [
            f"nobody's response with {len(row.answers)} answers" for row in alone if len(row.answers) > CONSENTS_ONLY
        ]
        if len(alone) > self.world.begun_in_doubt:
            found.append(f"{len(alone)} responses of nobody, {self.world.begun_in_doubt} beginnings in doubt")
        return found


def read_options() -> argparse.Namespace:
    """What was asked for."""
    options = argparse.ArgumentParser(description="Robot patients.")
    options.add_argument("--responses", type=int, default=500)
    options.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options.add_argument("--script", choices=["off", "on", "both"], default="both")
    options.add_argument("--seed", default="1")
    options.add_argument("--together", type=int, default=6)
    options.add_argument("--faults", type=float, default=0.06)
    options.add_argument("--only", default="")
    options.add_argument("--trail", type=int, default=12)
    options.add_argument("--no-kills", action="store_true")
    return options.parse_args()


def main() -> int:
    """Run and tell."""
    told, start = read_options(), time.monotonic()
    with study_files(Random(f"studies {told.seed}"), 12) as files, site(told.database, study=files[0]) as served:
        run = Run(told, served, [read_study(path) for path in files])
        run.open_studies()
        asyncio.run(run.go())
        strangers = run.strangers()
        databases_of(run.sessions).dispose()
    for what, number in sorted(run.world.counts.items()):
        print(f"{number:>8}  {what}")
    print(f"{run.kills:>8}  times the server or one of its processes was killed")
    print(f"{len(run.wrong):>8}  responses with something wrong: {', '.join(one.name for one in run.wrong) or 'none'}")
    print("\n".join(strangers) or "no response doubled", f"({time.monotonic() - start:.0f} s)")
    return 1 if run.wrong or strangers else 0


if __name__ == "__main__":
    sys.exit(main())
