"""A patient with JavaScript in a real browser, who loses the network and comes back; and what the store then holds."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from benchmarks.site import Site
from benchmarks.walk import PHONE
from survey_app.settings import read_settings
from survey_app.store.database import make_sessions, open_databases
from survey_app.store.responses import read_all

PATIENCE_MS = 20_000
MOVED_ON = "Execution context was destroyed"
WAITING = """
() => new Promise((ok, no) => {
  const asked = indexedDB.open('survey', 1);
  asked.onupgradeneeded = () => { asked.transaction.abort(); ok(0); };
  asked.onerror = () => ok(0);
  asked.onsuccess = () => {
    const db = asked.result;
    const count = db.transaction('saves').objectStore('saves').count();
    count.onsuccess = () => { db.close(); ok(count.result); };
    count.onerror = () => no(count.error);
  };
})
"""
HELD = WAITING.replace("'saves'", "'responses'")
ARMED = """
async () => {
  const registered = await navigator.serviceWorker.getRegistration('/s/');
  if (!registered || !registered.active) return false;
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async name => (await (await caches.open(name)).keys()).length));
  return kept.some(count => count >= 4) && !!window.survey.pack;
}
"""


@dataclass
class Patient:
    """One person at one device. said: what they answered and the page let pass, by item."""

    browser: Browser
    site: Site
    language: str = "en"
    script: bool = True
    code: str = ""
    id: str = ""
    said: dict[str, object] = field(default_factory=dict)
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(viewport=PHONE, java_script_enabled=self.script)
        self.open_tab()

    def open_tab(self) -> Page:
        """A new tab in front."""
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        return self.page

    def at(self, path: str) -> str:
        """The full address of a page of the study."""
        return f"{self.site.address}/s/demo/{self.language}/{path}"

    def begin(self, mode: str = "prospective") -> None:
        """Agree, keep the code, go to the first question."""
        before = set(stored(self.site))
        self.page.goto(self.at(f"consent/{mode}"))
        for item in ("SC01", "SC02"):
            self.page.check(f"[name={item}]")
            self.said[item] = True
        self.page.click("form#f .go")
        self.page.wait_for_url("**/code")
        (self.id,) = set(stored(self.site)) - before
        self.code = self.page.locator(".code").first.inner_text().splitlines()[0]
        self.page.click("main a.go")
        self.page.wait_for_url("**/q/*")

    @property
    def screen(self) -> str:
        """Id of the question on the page."""
        return self.page.get_attribute("form#f", "data-screen") or self.page.url.split("/q/")[1].split("?")[0]

    def choose(self, item: str, value: str) -> None:
        """Choose one answer."""
        self.page.check(f"[name='{item}'][value='{value}']")
        self.said[item] = value

    def go_on(self, button: str = "next") -> None:
        """Press a button and wait until another page stands there."""
        before = self.page.url
        self.page.locator(f"form#f button[value={button}]").click()
        self.page.wait_for_function("before => location.href !== before", arg=before)
        self.page.wait_for_selector("h1, legend")

    def answer(self, item: str, value: str) -> None:
        """Answer the question on the page and go on."""
        expect(self.page.locator(f"#f-{item}")).to_be_visible()
        self.choose(item, value)
        self.go_on()

    def start_answering(self) -> None:
        """The first three questions, online."""
        self.begin()
        self.answer("SC06", "yes")
        self.answer("SC07", "patient")
        self.answer("SC08", "S04")

    def wait_armed(self) -> None:
        """Wait until the device could go on without network."""
        self.until(lambda: self.page.evaluate(ARMED))

    def wait_delivered(self) -> None:
        """Wait until nothing waits on the device."""
        self.until(lambda: self.waiting == 0)

    def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        ends = time.monotonic() + PATIENCE_MS / 1000
        while not self._stands(so):
            if time.monotonic() > ends:
                raise TimeoutError(f"{self.page.url}: {self.waiting} saves wait on the device")
            self.page.wait_for_timeout(50)

    @staticmethod
    def _stands(so: Callable[[], bool]) -> bool:
        """Whether it is so; what is asked while the page moves on is not so yet."""
        try:
            return so()
        except Error as gone:
            if MOVED_ON not in gone.message:
                raise
            return False

    @property
    def waiting(self) -> int:
        """How many saves wait on the device."""
        return int(self.page.evaluate(WAITING))

    @property
    def responses_on_device(self) -> int:
        """How many responses this device knows."""
        return int(self.page.evaluate(HELD))

    @property
    def status(self) -> str:
        """What the page says about where answers are."""
        return self.page.inner_text("#kept")

    def offline(self, off: bool = True) -> None:  # noqa: FBT001, FBT002
        """Aeroplane mode, on or off."""
        self.context.set_offline(off)

    @property
    def kept(self) -> "Response":
        """What the store holds of this person."""
        return stored(self.site)[self.id]

    def assert_all_is_kept(self) -> None:
        """Everything said stands in the store, as it was said; and no script failed."""
        held = self.kept.answers
        wrong = {item: (value, held.get(item)) for item, value in self.said.items() if held.get(item) != value}
        assert not wrong, f"said and kept: {wrong}"
        assert not self.faults


@dataclass(frozen=True)
class Response:
    """A row of the store."""

    status: str
    language: str
    answers: Mapping[str, object]


def stored(site: Site) -> dict[str, Response]:
    """All responses in the store of a site, by id."""
    databases = open_databases(read_settings({name: text for name, text in site.environ.items() if name != "PATH"}))
    with make_sessions(databases).begin() as db:
        found = {one.id: Response(one.status, one.language, one.answers) for one in read_all(db)}
    databases.dispose()
    return found
