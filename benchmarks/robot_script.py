"""A robot with JavaScript: what it answers is kept on its device first, and must reach the store in the end, once."""

import asyncio
from contextlib import suppress

from playwright.async_api import Error, Locator, Route

from benchmarks.robot_form import Sight, fill, look
from benchmarks.robot_model import Save
from benchmarks.robot_patient import Patient, Stuck

SAVES = "**/s/api/saves"
WEATHERS = ("offline", "before", "after", "broken")
LONGEST_WEATHER = 5  # presses
MOVE_SECONDS = 25.0
DRAIN_SECONDS = 120.0
BESIDE = {"reload": 2, "tab closed": 2, "two tabs": 1, "on": 95}
COUNT = """() => new Promise(done => {
  const open = indexedDB.open('survey');
  open.onerror = () => done(0);
  open.onsuccess = () => {
    const db = open.result;
    if (!db.objectStoreNames.contains('saves')) { db.close(); done(0); return; }
    const count = db.transaction('saves').objectStore('saves').count();
    count.onsuccess = () => { db.close(); done(count.result); };
    count.onerror = () => { db.close(); done(0); };
  };
})"""


class ScriptPatient(Patient):
    """One robot with JavaScript. weather: what is wrong with the line, and for how many more presses."""

    script = True
    weather: tuple[str, int] = ("", 0)

    async def step(self) -> bool:
        """Now and then do what people do with tabs; else go on."""
        await self.change_weather()
        beside = self.random.choices(list(BESIDE), list(BESIDE.values()))[0]
        if self.place.startswith("q/") and beside != "on":
            self.note(beside)
            await {"reload": self.reload, "tab closed": self.close_tab, "two tabs": self.use_two_tabs}[beside]()
            return False
        return await super().step()

    async def reload(self) -> None:
        """Load the page again, with a line or without."""
        with suppress(Error):
            await self.page.reload(wait_until="domcontentloaded")
        if not self.place:
            await self.arrive(f"{self.base}go")

    async def close_tab(self) -> None:
        """Answer, and close the tab without pressing anything; come back."""
        address, seen = self.page.url, await look(self.page)
        assert self.model is not None
        await fill(self.page, seen, self.model.plan, self.random)
        await asyncio.sleep(self.random.choice((0, 0.5, 3)))
        self.model.uncertain(self.partly(await look(self.page)))
        old, self.page = self.page, await self.context.new_page()
        self.page.set_default_timeout(20_000)
        await old.close()
        with suppress(Error):
            await self.page.goto(address, wait_until="domcontentloaded")
        if not self.place:
            await self.arrive(f"{self.base}go")

    async def use_two_tabs(self) -> None:
        """Answer the same page in a second tab, then go on in the first one, which knows nothing of it."""
        first, self.page = self.page, await self.context.new_page()
        self.page.set_default_timeout(20_000)
        with suppress(Error):
            await self.page.goto(first.url, wait_until="domcontentloaded")
        if self.place.startswith("q/"):
            await self.on_question()
        second, self.page = self.page, first
        await second.close()

    def partly(self, seen: Sight) -> Save:
        """What the page keeps by itself."""
        return Save(self.place.removeprefix("q/"), "partly", seen.sent, lenient=True)

    async def sent(self) -> Sight:
        """What the form would send, as JavaScript sends it."""
        return await look(self.page)

    # ---- pressing

    async def press(self, button: Locator, save: Save, *, twice: bool = False) -> None:
        """Press; what was kept on the device counts as kept for good."""
        assert self.model is not None
        self.note(f"{save.how} {save.screen} {dict(save.raw)}")
        before = self.page.url
        self.world.count("presses")
        try:
            await (button.dblclick if twice else button.click)(no_wait_after=True)
            outcome = await self.moved(before, save)
        except Error as fault:
            self.note(str(fault).splitlines()[0])
            outcome = "lost"
        self.judge(save, outcome)
        if outcome in {"moved", "problem"}:
            await self.check_device()
        elif outcome != "no language":
            await self.arrive(f"{self.base}go")

    def judge(self, save: Save, outcome: str) -> None:
        """Tell the model what came of a press."""
        assert self.model is not None
        partly = Save(save.screen, "partly", save.raw, lenient=True)
        if outcome == "moved":
            if save.how == "next" and self.model.refuses(save):
                self.fail(f"taken although it cannot be read: {save}")
            self.model.acknowledged(save)
            self.world.count("answers acknowledged", len(save.raw))
        elif outcome == "problem":
            if self.model.accepts(save):
                self.fail(f"refused: {save}")
            self.model.uncertain(partly, save)
        elif outcome == "no language":
            self.model.acknowledged(save)
        else:
            self.note(f"the page {outcome}")
            self.model.uncertain(partly, save)
            if outcome == "stays" and not self.weather[0]:
                self.world.count("pages that did not move")

    async def moved(self, before: str, save: Save) -> str:
        """Wait for what comes of a press: another page, or something said on this one."""
        for _ in range(int(MOVE_SECONDS / 0.1)):
            await asyncio.sleep(0.1)
            if self.page.url != before:
                with suppress(Error):
                    await self.page.wait_for_load_state("domcontentloaded")
                return "moved"
            with suppress(Error):
                seen = await look(self.page)
                if seen.problem and save.how == "next":
                    return "problem"
                if seen.kept == self.says("no_language"):
                    return "no language"
        return "stays"

    def says(self, key: str) -> str:
        """A sentence of the status line, in the language of the page."""
        return self.world.texts(self.language)[f"js_{key}"]

    async def check_device(self) -> None:
        """When the device holds nothing back, or the page says so, the store must have everything."""
        with suppress(Error):
            seen = await look(self.page)
            waiting = await self.page.evaluate(COUNT)
            if seen.kept == self.says("with_us"):
                self.world.count("pages that said: with us")
                self.compare("the page says that all is with us")
            elif waiting == 0 and self.place:
                self.compare("nothing waits on the device")

    # ---- the line

    async def change_weather(self) -> None:
        """Begin a time without line, or end one."""
        kind, left = self.weather
        if kind and left > 1:
            self.weather = (kind, left - 1)
            return
        if kind:
            self.note("line: well")
            await self.mend()
        if self.random.random() >= self.faults:
            return
        kind = self.random.choice(WEATHERS)
        self.weather = (kind, self.random.randint(1, LONGEST_WEATHER))
        self.note(f"line: {kind} for {self.weather[1]}")
        self.world.count(f"line cut, {kind}")
        if kind == "offline":
            await self.context.set_offline(True)
        else:
            await self.context.route(SAVES, self.cut)

    async def cut(self, route: Route) -> None:
        """Saves do not arrive, or their answer does not come back, or it is that of a broken proxy."""
        kind = self.weather[0]
        with suppress(Error):
            if kind == "broken":
                await route.fulfill(status=502, body="<html>Bad gateway</html>", content_type="text/html")
                return
            if kind == "after":
                await route.fetch()
            await route.abort()

    async def break_line(self) -> None:
        """The weather is changed between steps."""

    async def mend(self) -> None:
        """The line works again."""
        self.weather = ("", 0)
        with suppress(Error):
            await self.context.set_offline(False)
            await self.context.unroute_all(behavior="ignoreErrors")

    async def arrive(self, address: str) -> None:
        """Open a page; first as the line is, from the device if it can."""
        if self.weather[0]:
            with suppress(Error):
                await self.page.goto(address, wait_until="domcontentloaded")
                if self.place:
                    return
        await super().arrive(address)

    async def settle(self) -> None:
        """Wait until the device has brought everything away."""
        await self.mend()
        for turn in range(int(DRAIN_SECONDS / 0.5)):
            with suppress(Error):
                if await self.page.evaluate(COUNT) == 0:
                    return
            if turn % 10 == 0:
                with suppress(Error, Stuck):
                    await self.arrive(f"{self.base}code")
            await asyncio.sleep(0.5)
        self.fail("answers stay on the device")
