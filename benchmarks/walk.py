"""A person without JavaScript in a real browser: from the start of a study to its first question."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 360, "height": 740}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield browser
        browser.close()


def phone(browser: Browser, **told: object) -> BrowserContext:
    """A browser of one person on a small phone."""
    return browser.new_context(
        **{"viewport": PHONE, "device_scale_factor": 2, "is_mobile": True, "has_touch": True} | told
    )


def begin(page: Page, address: str, language: str, *, study: str = "demo", mode: str = "prospective") -> str:
    """Agree and arrive at the first question; return its address."""
    page.goto(f"{address}/s/{study}/{language}/consent/{mode}")
    for box in page.locator("main input[type=checkbox][required], main .opt input[type=checkbox]").all():
        box.check()
    page.click("form .go")
    page.wait_for_url("**/code")
    page.click("a.go")
    page.wait_for_url("**/q/*")
    return page.url
