"""The staff pages in a real browser: accessibility, narrow screens, nothing blocked by our own headers."""

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from survey_app.app import create_app
from survey_app.core.approval import State
from survey_app.services import staffing
from survey_app.settings import Settings
from survey_app.store import makings
from survey_app.store.chains import canonical, text_hash
from survey_app.store.database import databases_of
from survey_app.store.makings import MakingRow
from survey_app.store.releases import snapshot_path
from tests.builders import CHEAP, a_cube, store_cube

PROJECT = Path(__file__).parents[2]
PASSWORD = "a long enough password"
AUDIT = canonical({"words": "Attack 1, subtraction: nothing.", "document": {"given_up": [["CJ01", "age"]]}})
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ar", "pl", "el")


@pytest.fixture
def address(settings: Callable[..., Settings]) -> Iterator[str]:
    app = create_app(settings(questionnaires=PROJECT / "questionnaires"))
    rows = snapshot_path(app.extensions["settings"].data / "files", text_hash(""))
    rows.parent.mkdir(parents=True)
    rows.write_bytes(b"")
    with app.extensions["sessions"].begin() as db:
        staffing.add_staff(db, name="cora", role="coordinator", password=PASSWORD, hasher=CHEAP)
        staffing.add_staff(db, name="rana", role="researcher", password=PASSWORD, hasher=CHEAP)
        store_cube(db, a_cube(languages=LANGUAGES, translation_states=dict.fromkeys(LANGUAGES, "draft")))
        store_cube(db, a_cube("demo-2"), 2, state=State.PROPOSED, audit=AUDIT)
        makings.add_making(
            db,
            MakingRow(
                id="m1",
                study_id="demo",
                state="refused",
                asked_by="cora",
                day=date(2026, 11, 25),
                percent=100,
                words="Fewer than 20 people have joined.",
                looked=True,
                release_id=None,
            ),
        )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    databases_of(app.extensions["sessions"]).dispose()


def open_page(browser: Browser, *, width: int = 1000, **how: object) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, **how).new_page()
    page.set_default_timeout(60_000)
    return page


def sign_in(page: Page, address: str, name: str) -> Page:
    page.goto(f"{address}/staff/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")
    return page


def violations(page: Page) -> list[str]:
    return [one["id"] for one in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sign_in_page_is_accessible(browser: Browser, address: str, scheme: str):
    page = open_page(browser, color_scheme=scheme, bypass_csp=True)

    page.goto(f"{address}/staff/sign-in")

    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "heading"), [("cora", "Releases"), ("rana", "Research files")])
def test_the_first_page_of_each_role_is_accessible(
    browser: Browser, address: str, name: str, heading: str, scheme: str
):
    page = sign_in(open_page(browser, color_scheme=scheme, bypass_csp=True), address, name)

    assert page.get_by_role("heading", level=1).inner_text() == heading
    assert violations(page) == []


def test_a_refused_sign_in_is_accessible(browser: Browser, address: str):
    page = sign_in(open_page(browser, bypass_csp=True), address, "nobody")

    assert page.get_by_role("alert").is_visible()
    assert violations(page) == []


def test_releases_fit_a_screen_of_320_pixels(browser: Browser, address: str):
    page = sign_in(open_page(browser, width=320), address, "cora")

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_nothing_on_the_page_is_refused_by_our_own_headers(browser: Browser, address: str):
    page, told = open_page(browser), []
    page.on("console", lambda message: told.append(message.text))

    sign_in(page, address, "cora")

    assert told == []


def test_the_first_key_leads_past_the_head_of_the_page(browser: Browser, address: str):
    page = sign_in(open_page(browser), address, "cora")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_a_download_comes_as_a_file(browser: Browser, address: str):
    page = sign_in(open_page(browser), address, "cora")

    with page.expect_download() as awaited:
        page.get_by_role("link", name="All published numbers").click()

    assert awaited.value.suggested_filename == "demo-1-tables.csv"


PAGES = ["releases/demo-2/", "trail/", "makings/m1"]


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_about_decisions_are_accessible_and_fit_a_screen_of_320_pixels(
    browser: Browser, address: str, path: str
):
    page = sign_in(open_page(browser, width=320, bypass_csp=True), address, "cora")

    page.goto(f"{address}/staff/{path}")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_second_person_approves_with_the_keyboard_and_without_javascript(browser: Browser, address: str):
    page = sign_in(open_page(browser, java_script_enabled=False), address, "cora")
    page.goto(f"{address}/staff/releases/demo-2/")

    page.get_by_role("button", name="Approve").press("Enter")
    assert page.get_by_text("Please write down what you find").is_visible()
    assert page.title().startswith("Error:")
    page.get_by_label("Your finding").focus()
    page.keyboard.type("Nobody can be identified.")
    for key in ("Tab", "Space", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_load_state("networkidle")

    assert "Two people agreed" in page.locator("main").inner_text()
