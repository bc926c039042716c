"""The patient pages in a real browser, JavaScript off: narrow phones, accessibility, keyboard alone."""

import gzip
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from survey_app.store.database import Sessions
from survey_app.web.security import protect
from tests.web.respondent.conftest import make_app

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no /usr/bin/chromium. Install it, on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture
def address(sqlite_sessions: Sessions, tmp_path: Path) -> Iterator[str]:
    app: Flask = make_app(sqlite_sessions, tmp_path)
    protect(app, app.extensions["settings"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def phone(browser: Browser, *, scheme: str = "light", script: bool = False) -> Iterator[Page]:
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=script, color_scheme=scheme, bypass_csp=script, service_workers="block"
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def walk(page: Page, address: str, language: str, look: Callable[[str], None]) -> None:
    """Visit one page of each kind; `look` at each."""
    study = f"{address}/s/demo/{language}"
    for name, where in (
        ("start", f"{address}/?language={language}"),
        ("information", f"{study}/"),
        ("time", f"{study}/time"),
    ):
        page.goto(where)
        look(name)
    page.goto(f"{study}/consent/prospective")
    look("consent")
    page.check("[name=SC01]")
    page.click("form .go")
    look("consent with a problem")
    page.check("[name=SC02]")
    page.click("form .go")
    look("code")
    page.click("a.go")
    look("question that is needed")
    for item, value in (("SC06", "yes"), ("SC07", "patient"), ("SC08", "X1")):
        page.check(f"[name={item}][value={value}]")
        page.click("form .go")
    for item in ("CJ01", "CJ10", "CJ21", "CS16", "DM01"):
        page.goto(f"{study}/q/{item}")
        look(f"question {item}")
    page.goto(f"{study}/q/EM07")
    page.check("[name=EM07][value=always]")
    page.click("form .go")
    look("question after an answer that worries")
    for name in ("pause", "stop", "review", "answers", "delete"):
        page.goto(f"{study}/{name}")
        look(name)
    page.goto(f"{address}/s/code/{language}")
    look("enter")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_no_page_is_wider_than_a_small_phone(browser: Browser, address: str, language: str) -> None:
    wide = []
    with phone(browser) as page:

        def look(name: str) -> None:
            # A locator measures without the page's own scripts.
            box = page.locator("html").evaluate("node => [node.scrollWidth, node.clientWidth]")
            if box[0] > box[1]:
                wide.append((name, box))

        walk(page, address, language, look)
    assert not wide


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_axe_finds_nothing(browser: Browser, address: str, language: str, scheme: str) -> None:
    found = []
    with phone(browser, scheme=scheme, script=True) as page:

        def look(name: str) -> None:
            violations = Axe().run(page).response["violations"]
            found.extend((name, one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in violations)

        walk(page, address, language, look)
    assert not found


def test_everything_that_is_pressed_is_large_enough(browser: Browser, address: str) -> None:
    small = []
    with phone(browser) as page:

        def look(name: str) -> None:
            targets = page.locator(
                "main button:visible, main .opt:visible, header summary, main a:visible, select, textarea"
            )
            for target in targets.all():
                box = target.bounding_box()
                inside_text = target.evaluate(
                    "node => node.tagName === 'A' && getComputedStyle(node).display === 'inline'"
                )
                if box and box["height"] < 43.9 and not inside_text:
                    small.append((name, target.inner_text(), box["height"]))

        walk(page, address, "de", look)
    assert not small


def test_the_keyboard_alone_goes_from_consent_to_the_next_question(browser: Browser, address: str) -> None:
    with phone(browser) as page:
        page.goto(f"{address}/s/demo/en/consent/prospective")

        def focused(attribute: str) -> str | None:
            return page.locator(":focus").get_attribute(attribute) if page.locator(":focus").count() else None

        def tab_to(attribute: str, value: str) -> None:
            for _ in range(40):
                if focused(attribute) == value:
                    return
                page.keyboard.press("Tab")
            raise AssertionError(f"the keyboard does not reach {attribute}={value}")

        for item in ("SC01", "SC02"):
            tab_to("name", item)
            page.keyboard.press("Space")
        tab_to("class", "go")
        page.keyboard.press("Enter")
        page.wait_for_url("**/code")
        tab_to("class", "go")
        page.keyboard.press("Enter")
        page.wait_for_url("**/q/SC06")
        tab_to("name", "SC06")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")  # the first button of the form is “Continue”, not a language
        page.wait_for_url("**/q/SC07")
        assert page.locator("html").get_attribute("lang") == "en"


def test_the_first_page_is_small(address: str) -> None:
    with urlopen(f"{address}/s/demo/ar/") as answer:
        html = answer.read()
    style = re.search(rb'href="(/s/survey[^"]+)"', html)
    assert style
    with urlopen(address + style[1].decode()) as answer:
        css = answer.read()
    assert len(gzip.compress(html)) + len(gzip.compress(css)) <= 14_000
