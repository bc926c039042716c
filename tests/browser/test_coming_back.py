"""Pages for people who come back, in a real browser: nothing for axe to find, nothing wider than a small phone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from survey_app.store.database import Sessions
from tests.web.respondent.small_site import SmallSite, begin, send_all

PHONE = {"width": 320, "height": 700}


@contextmanager
def served(site: SmallSite) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def look(page: Page, name: str, found: list[tuple[object, ...]]) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found += [(name, one["id"]) for one in Axe().run(page).response["violations"]]
    width = page.evaluate("document.documentElement.scrollWidth")
    found += [(name, "wide", width)] if width > PHONE["width"] else []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_people_who_come_back_are_open_to_everybody(
    browser: Browser, sqlite_sessions: Sessions, tmp_path: Path, scheme: str
) -> None:
    site, found = SmallSite(sqlite_sessions, tmp_path), []
    walker = site.visitor()
    code = begin(walker, "de")
    send_all(walker)
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, bypass_csp=True, service_workers="block")
    page, base = context.new_page(), "/s/small/de"
    with served(site) as address:
        page.goto(f"{address}/s/code/de")
        page.fill("#code", code)
        page.click("#f .go")
        look(page, "welcome back", found)
        page.click("#f .go")
        look(page, "welcome back, with a problem", found)
        page.check("[value=prospective]")
        page.click("#f .go")
        look(page, "taken over", found)
        for where in ("answers?wave=1", "delete", "code/print", "nowhere"):
            page.goto(f"{address}{base}/{where}")
            look(page, where, found)
        site.revise_german({"I agree.": "Ich stimme neu zu.", "I agree to more.": "Ich stimme neuem zu."})
        page.goto(f"{address}{base}/go")
        look(page, "agree again", found)
        page.click("#f .go")
        look(page, "agree again, with a problem", found)
    context.close()
    assert not found
