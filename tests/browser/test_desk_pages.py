"""The desk of texts in a real browser: accessible, on a narrow screen, by keyboard and without JavaScript."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from survey_app.app import create_app
from survey_app.services import staffing
from survey_app.store.database import databases_of
from tests.browser.test_staff_pages import PROJECT, open_page, sign_in, violations
from tests.builders import CHEAP, some_settings
from tests.conftest import copy_databases
from tests.services.text_builders import PASSWORD, a_desk_of_texts, add_theme, bring, propose, written


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses: of the server, of a text in Arabic, and of one that `ada` proposed and `ben` may confirm."""
    folder = tmp_path_factory.mktemp("desk")
    copy_databases(sqlite_template, folder)
    app = create_app(some_settings(data=folder, questionnaires=PROJECT / "questionnaires"))
    with app.extensions["sessions"].begin() as db:
        ada, _ = a_desk_of_texts(db)
        staffing.add_staff(db, name="cora", role="coordinator", password=PASSWORD, hasher=CHEAP)
        add_theme(db, "waiting", ada)
        arabic, proposed = bring(
            db, written("p", language="ar", text="اتصلت بالرقم ٠٦١٢٣٤٥٦٧٨ ولم يرد أحد."), written("q")
        )
        propose(db, proposed, ada, themes=("waiting",))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    texts = f"{address}/staff/desk/demo"
    yield {"server": address, "arabic": f"{texts}/{arabic}", "proposed": f"{texts}/{proposed}"}
    server.shutdown()
    thread.join()
    server.server_close()
    databases_of(app.extensions["sessions"]).dispose()


def test_the_pages_of_the_desk_are_accessible_and_fit_a_screen_of_320_pixels(browser: Browser, desk: dict[str, str]):
    page = sign_in(open_page(browser, width=320, bypass_csp=True), desk["server"], "ben")

    for address in (
        f"{desk['server']}/staff/desk/",
        f"{desk['server']}/staff/desk/demo/",
        desk["arabic"],
        desk["proposed"],
    ):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_page_of_themes_is_accessible_and_fits_a_screen_of_320_pixels(browser: Browser, desk: dict[str, str]):
    page = sign_in(open_page(browser, width=320, bypass_csp=True), desk["server"], "cora")

    page.goto(f"{desk['server']}/staff/themes/demo/")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_text_is_worked_on_and_checked_by_keyboard_and_without_javascript(browser: Browser, desk: dict[str, str]):
    page = sign_in(open_page(browser, java_script_enabled=False), desk["server"], "ben")
    page.goto(desk["arabic"])
    page.get_by_label("Quote:").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Nobody answered when I called.")
    for key in ("Tab", "Tab", "Space", "Tab", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url("**/desk/demo/")
    page.goto(desk["arabic"])
    assert "Nobody answered when I called." in page.locator("blockquote").all_inner_texts()

    page.goto(desk["proposed"])
    page.get_by_role("button", name="Confirm").press("Enter")
    page.wait_for_url("**/desk/demo/")

    assert "Ready for a release (1)" in page.locator("main").inner_text()
