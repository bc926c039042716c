"""A robot that answers like a person without JavaScript: at random, with a line and a server that fail it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, Error, Locator, Page, Response, Route

from benchmarks.robot_form import Sight, fill, look
from benchmarks.robot_model import GONE, Model, Save, State, state_of
from benchmarks.walk import PHONE
from survey_app.core.participation.codes import read_code
from survey_app.core.questionnaire.study import Study
from survey_app.services.responding import Participation

LANGUAGES = ("en", "de", "fr", "ar")
PATIENCE_MS = 20_000
TRIES = 90
MOST_STEPS = 140
FAULTS = ("offline", "before", "after")
ACTIONS = {
    "next": 76, "skip": 5, "back": 5, "language": 4, "pause": 3, "badly": 4, "browser back": 1, "twice": 2,
}  # fmt: skip


class Stuck(Exception):
    """The robot cannot go on; the message says where."""


@dataclass
class World:
    """What all robots share. stored: reads a row by code; load: the response as the program reads it."""

    address: str
    stored: Callable[[str], State | None]
    load: Callable[[str], Participation | None]
    texts: Callable[[str], Mapping[str, str]]
    begun_in_doubt: int = 0
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, number: int = 1) -> None:
        """Count something for the table at the end."""
        self.counts[what] = self.counts.get(what, 0) + number


class Patient:
    """One robot with one response. trail: what it did; wrong: what must not be."""

    script = False

    def __init__(self, world: World, browser: Browser, study: Study, name: str, *, faults: float) -> None:
        self.world, self.browser, self.study, self.name, self.faults = world, browser, study, name, faults
        self.random = Random(name)
        self.language = self.random.choice(LANGUAGES)
        self.mode = self.random.choice(study.recall_modes)
        self.fate = self.random.choices(["send", "stop", "leave"], [80, 12, 8])[0]
        self.steps = self.random.randint(3, 40) if self.fate != "send" else MOST_STEPS
        self.corrects = self.random.choice((0, 0, 1, 2))
        self.born = time.monotonic()
        self.trail: list[str] = []
        self.wrong: list[str] = []
        self.code = ""
        self.model: Model | None = None
        self.context: BrowserContext
        self.page: Page

    # ---- the whole life

    async def live(self) -> None:
        """Begin, answer, end; then compare with the store."""
        await self.new_device()
        try:
            await self.begin()
            for _ in range(self.steps):
                if await self.step():
                    break
            else:
                await self.finish_early()
            await self.settle()
        except (Stuck, Error) as fault:
            self.fail(f"stuck at {self.page.url}: {str(fault)[:200]}")
        finally:
            await self.mend()
            with suppress(Error):
                await self.context.close()
        self.compare("at the end")

    async def new_device(self) -> None:
        """A browser that knows nothing."""
        self.context = await self.browser.new_context(
            viewport=PHONE, java_script_enabled=self.script, is_mobile=True, has_touch=True
        )
        self.page = await self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)

    @property
    def base(self) -> str:
        """Where the pages of the study are, in the language of now."""
        return f"{self.world.address}/s/{self.study.id}/{self.language}/"

    @property
    def place(self) -> str:
        """Which page this is, below `base`; empty when it is none of the study."""
        path = urlsplit(self.page.url).path.removeprefix(f"/s/{self.study.id}/")
        self.language = path[:2] if path[2:3] == "/" else self.language
        return path[3:] if path[2:3] == "/" else ""

    def note(self, what: str) -> None:
        """Remember what was done."""
        self.trail.append(f"{time.monotonic() - self.born:6.1f} {what}")

    def fail(self, what: str) -> None:
        """Remember what must not be."""
        self.wrong.append(what)
        self.note(f"WRONG {what}")

    async def begin(self) -> None:
        """Agree, and keep the code; again and again until it works."""
        for _ in range(TRIES):
            await self.arrive(f"{self.base}consent/{self.mode}")
            for box in await self.page.locator("main .opt input").all():
                if self.random.random() < 0.9 or "needed" in await box.evaluate(
                    "one => one.labels[0].className + 'needed'"
                ):
                    await box.check()
            answer = await self.submit(self.page.locator("form .go"))
            if answer is not None and answer.status == 200 and self.place == "code":
                break
            self.world.begun_in_doubt += answer is None or answer.status >= 500
        else:
            raise Stuck("cannot begin")
        self.code = read_code((await look(self.page)).code) or ""
        held = self.world.load(self.code)
        if held is None:
            raise Stuck(f"the code {self.code} on the page opens nothing")
        self.model = Model(held.plan, held.draw, {state_of(held.answers.to_document(), held.status)})
        self.note(f"begun in {self.language}, {self.mode}")

    async def arrive(self, address: str) -> None:
        """Open a page; try again as long as there is no line or no server."""
        for _ in range(TRIES):
            await self.mend()
            with suppress(Error):
                answer = await self.page.goto(address, wait_until="domcontentloaded")
                if answer is not None and answer.status < 500:
                    return
            await asyncio.sleep(0.5)
        raise Stuck(f"no page at {address}")

    # ---- one step

    async def step(self) -> bool:
        """Do something on the page that is open; tell whether this was the end."""
        place = self.place
        kind = place.split("/")[0]
        if kind == "q":
            await self.on_question()
        elif kind == "review":
            await self.on_review()
        elif kind in {"thanks", "answers"} and self.corrects and await self.correct():
            self.corrects -= 1
        elif kind in {"thanks", "answers", "end"}:
            self.note(f"ended at {place}")
            return True
        elif kind == "pause":
            await self.on_pause()
        elif kind == "stop":
            await self.press(self.page.locator("main form .go"), Save("", "stop", lenient=self.script))
        else:
            await self.arrive(f"{self.base}go")
        return False

    async def on_question(self) -> None:
        """Answer, or do what people do instead."""
        seen = await look(self.page)
        assert self.model is not None
        action = self.random.choices(list(ACTIONS), list(ACTIONS.values()))[0]
        if action in {"skip", "back", "pause"} and action not in seen.buttons:
            action = "next"
        if action == "browser back":
            self.note("browser back")
            with suppress(Error):
                await self.page.go_back(wait_until="domcontentloaded")
            if not self.place:
                await self.arrive(f"{self.base}go")
            return
        if not seen.fields and action == "badly":
            action = "next"
        if action != "skip":
            await fill(self.page, seen, self.model.plan, self.random, badly=action == "badly")
        await self.leave_question(action)

    async def leave_question(self, action: str) -> None:
        """Press the button of an action."""
        sent = await self.sent()
        screen = self.place.removeprefix("q/")
        how = {"skip": "skip", "next": "next", "badly": "next", "twice": "next"}.get(action, "partly")
        save = Save(screen, how, {} if how == "skip" else sent.sent, lenient=self.script)
        button = self.page.locator("main .go")
        if action == "language":
            await self.page.locator("details.languages summary").click()
            offered = [one for one in LANGUAGES if one != self.language]
            button = self.page.locator(f'[value="language-{self.random.choice(offered)}"]')
        elif action in {"back", "skip", "pause"}:
            button = self.page.locator(f'main button[value="{action}"]')
        self.note(f"{action} on {screen}")
        await self.press(button, save, twice=action == "twice")

    async def sent(self) -> Sight:
        """What the form would send: line ends as browsers send them in a form."""
        seen = await look(self.page)
        raw = {name: [_form_lines(text) for text in texts] for name, texts in seen.sent.items()}
        return Sight(**{**vars(seen), "sent": raw})

    async def on_review(self) -> None:
        """Look over: change something, or send."""
        links = self.page.locator('main a[href*="from=review"]')
        count = await links.count()
        if count and self.random.random() < 0.15:
            self.note("change")
            await self.follow(links.nth(self.random.randrange(count)))
            return
        await self.press(self.page.locator("main form .go"), Save("", "send", lenient=self.script))

    async def correct(self) -> bool:
        """After sending: go to one answer to change it; tell whether there was one."""
        await self.arrive(f"{self.base}answers")
        links = self.page.locator('main a[href*="from=review"]')
        count = await links.count()
        if count:
            self.note("correct after sending")
            self.world.count("corrections after sending")
            await self.follow(links.nth(self.random.randrange(count)))
        return count > 0

    async def on_pause(self) -> None:
        """Go on here, or with the code on another device in another language."""
        shown = read_code((await look(self.page)).code or "")
        if shown != self.code and (shown or not self.script):
            self.fail(f"the pause page shows the code {shown}, not {self.code}")
        if self.random.random() < 0.4:
            await self.arrive(f"{self.base}go")
            return
        await self.settle()
        await self.context.close()
        await self.new_device()
        self.language = self.random.choice(LANGUAGES)
        self.note(f"another device, {self.language}")
        for _ in range(TRIES):
            await self.arrive(f"{self.world.address}/s/code/{self.language}")
            await self.page.locator("#code").fill(self.typed_code())
            answer = await self.submit(self.page.locator("main form .go"))
            if answer is not None and answer.status == 429:
                await asyncio.sleep(1)
            elif answer is not None and answer.status == 200 and self.place:
                return
        raise Stuck("the code does not open anything")

    def typed_code(self) -> str:
        """The code as people type it."""
        groups = [self.code[place : place + 5] for place in range(0, len(self.code), 5)]
        code = self.random.choice(["", " ", "-", " - "]).join(groups)
        return self.random.choice([code, code.lower(), f" {code} "])

    async def finish_early(self) -> None:
        """Send what there is, or just go away."""
        if self.fate == "leave":
            self.note("goes away")
            return
        for _ in range(TRIES):
            await self.arrive(f"{self.base}stop")
            if self.place != "stop" or await self.step_to_end():
                return

    async def step_to_end(self) -> bool:
        """Press what sends; tell whether it worked."""
        await self.step()
        return self.place in {"thanks", "answers"}

    # ---- sending, and what comes of it

    async def press(self, button: Locator, save: Save, *, twice: bool = False) -> None:
        """Press a button that saves, and tell the model what came of it."""
        assert self.model is not None
        self.note(f"{save.how} {save.screen} {dict(save.raw)}")
        answer = await self.submit(button, twice=twice)
        self.world.count("forms sent")
        if answer is not None and answer.status >= 500:
            self.fail(f"{answer.status} after {save}")
        if answer is None or answer.status >= 500:
            self.model.uncertain(save)
            self.world.count("forms in doubt")
            self.note("in doubt")
            await self.arrive(f"{self.base}go")
        elif answer.status == 422:
            if self.model.accepts(save):
                self.fail(f"refused: {save}")
            self.note("refused")
        elif answer.status >= 400:
            self.fail(f"{answer.status} for {save}")
        else:
            if self.model.refuses(save):
                self.fail(f"taken although it cannot be read: {save}")
            self.model.acknowledged(save)
            self.world.count("answers acknowledged", len(save.raw))
            self.compare("after a page")

    async def submit(self, button: Locator, *, twice: bool = False) -> Response | None:
        """Press; return the page that came, None when none came."""
        await self.break_line()
        try:
            async with self.page.expect_navigation(wait_until="domcontentloaded") as going:
                await (button.dblclick if twice else button.click)(no_wait_after=True)
            return await going.value
        except Error as fault:
            self.note(f"no page: {str(fault).splitlines()[0]}")
            return None
        finally:
            await self.mend()

    async def follow(self, link: Locator) -> None:
        """Press a link."""
        try:
            async with self.page.expect_navigation(wait_until="domcontentloaded"):
                await link.click(no_wait_after=True)
        except Error:
            await self.arrive(f"{self.base}go")

    async def break_line(self) -> None:
        """Now and then: no line, a form that does not arrive, or an answer that does not come back."""
        if self.random.random() >= self.faults:
            return
        fault = self.random.choice(FAULTS)
        self.note(f"line: {fault}")
        self.world.count(f"line cut, {fault}")
        if fault == "offline":
            await self.context.set_offline(True)
            return

        async def cut(route: Route) -> None:
            if route.request.method != "POST":
                await route.continue_()
                return
            with suppress(Error):
                if fault == "after":
                    await route.fetch(max_redirects=0)
            await route.abort()

        await self.page.route("**/*", cut)

    async def mend(self) -> None:
        """The line works again."""
        with suppress(Error):
            await self.context.set_offline(False)
            await self.page.unroute_all(behavior="ignoreErrors")

    async def settle(self) -> None:
        """Wait until nothing is on the device alone; without JavaScript nothing ever is."""

    def compare(self, when: str) -> None:
        """The store must be in a state that the model allows."""
        if self.model is None:
            return
        self.world.count("comparisons with the store")
        stored = self.world.stored(self.code) or State("{}", GONE)
        found = self.model.differences(stored)
        if found:
            self.fail(f"{when}: {'; '.join(found)}")
        self.model.states = {stored}  # each difference is told once


def _form_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")
