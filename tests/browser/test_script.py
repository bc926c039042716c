"""What the script adds to a page beside keeping answers, and what it leaves alone."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from benchmarks.walk import PHONE
from survey_app.store.database import Sessions
from survey_app.web.security import protect
from tests.browser.offline_patient import PATIENCE_MS
from tests.web.respondent.conftest import make_app

NO_STORE = "Object.defineProperty(window, 'indexedDB', {value: undefined})"
VOICES = """
const said = window.said = [];
const voice = {localService: true, lang: 'en-GB', name: 'here'};
Object.defineProperty(window, 'speechSynthesis', {value: {
  getVoices: () => [{localService: false, lang: 'en-US', name: 'elsewhere'}, voice],
  speak: speech => said.push(speech.text), cancel: () => said.push('cancelled'),
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""
FORTY_DAYS = 40 * 86_400


@pytest.fixture
def address(sqlite_sessions: Sessions, tmp_path: Path) -> Iterator[str]:
    app = make_app(sqlite_sessions, tmp_path)
    protect(app, app.extensions["settings"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def device(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def begin(device: BrowserContext, address: str) -> Page:
    """A person at the first question."""
    page = device.new_page()
    page.goto(f"{address}/s/demo/en/consent/prospective")
    for item in ("SC01", "SC02"):
        page.check(f"[name={item}]")
    page.click("form#f .go")
    page.goto(f"{address}/s/demo/en/q/SC06")
    return page


def test_the_first_question_loads_one_script_and_nothing_more(device: BrowserContext, address: str) -> None:
    loaded: list[str] = []
    page = begin(device, address)
    page.on("request", lambda request: loaded.append(request.url.removeprefix(address)))
    page.reload()
    page.wait_for_timeout(500)
    assert not [url for url in loaded if "screens" in url or "pack" in url or "sw.js" in url]


def test_nothing_is_on_the_device_before_something_was_answered(device: BrowserContext, address: str) -> None:
    page = begin(device, address)
    count = "survey.within(responses => survey.asked(responses.count()))"
    assert page.evaluate(count) == 0
    page.check("[name=SC06][value=yes]")
    expect(page.locator("#kept")).to_have_text("Saved with us.")
    assert page.evaluate(count) == 1


def test_where_nothing_can_be_kept_pages_work_as_without_script(device: BrowserContext, address: str) -> None:
    device.add_init_script(NO_STORE)
    page = begin(device, address)
    page.check("[name=SC06][value=yes]")
    page.click("form#f > .go")
    page.wait_for_url("**/q/SC07")


def test_a_needed_answer_is_asked_for_beside_the_question(device: BrowserContext, address: str) -> None:
    page = begin(device, address)
    page.click("form#f > .go")
    expect(page.locator("#e-SC06")).to_contain_text("Please choose an answer here.")
    assert page.url.endswith("/q/SC06")
    page.check("[name=SC06][value=yes]")
    page.click("form#f > .go")
    page.wait_for_url("**/q/SC07")


def test_help_stands_out_as_soon_as_an_answer_worries(device: BrowserContext, address: str) -> None:
    page = begin(device, address)
    for item, value in (("SC06", "yes"), ("SC07", "patient"), ("SC08", "X1")):
        page.check(f"[name={item}][value={value}]")
        page.click("form#f > .go")
        page.wait_for_url(lambda url, item=item: not url.endswith(item))
    page.goto(f"{address}/s/demo/en/q/EM07")
    page.check("[name=EM07][value=always]")
    expect(page.locator("aside.safety.out")).to_have_count(1)
    page.check("[name=EM07][value=never]")
    expect(page.locator("aside.safety.out")).to_have_count(0)


def test_a_code_from_a_picture_fills_the_field_and_leaves_the_address(device: BrowserContext, address: str) -> None:
    page = device.new_page()
    page.goto(f"{address}/s/code/en#12345ABCDE12345")
    expect(page.locator("input#code")).to_have_value("12345ABCDE12345")
    assert page.url == f"{address}/s/code/en"


def test_the_next_question_comes_by_itself_only_for_a_pointer_of_a_person_who_asked(
    device: BrowserContext, address: str
) -> None:
    page = begin(device, address)
    page.click("[name=SC06][value=yes]")
    page.wait_for_timeout(1_000)
    assert page.url.endswith("/q/SC06")
    device.add_cookies([{"name": "display", "value": "a1", "url": address}])
    page.reload()
    page.focus("[name=SC06][value=yes]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(1_000)
    assert page.url.endswith("/q/SC06")
    page.click("[name=SC06][value=yes]")
    page.wait_for_url("**/q/SC07")


def test_reading_aloud_uses_voices_of_this_device_alone(device: BrowserContext, address: str) -> None:
    page = begin(device, address)
    expect(page.locator("#read")).to_have_attribute("hidden", "")
    device.add_init_script(VOICES)
    page.reload()
    page.click("#read")
    expect(page.locator("#read")).to_have_text("Stop reading")
    assert "Are you 18 years old or older?" in page.evaluate("said")
    page.click("#read")
    expect(page.locator("#read")).to_have_text("Read aloud")
    assert page.evaluate("said.pop()") == "cancelled"


def test_what_was_delivered_is_gone_from_the_device_after_thirty_days(device: BrowserContext, address: str) -> None:
    page = begin(device, address)
    page.check("[name=SC06][value=yes]")
    expect(page.locator("#kept")).to_have_text("Saved with us.")
    later = page.evaluate("Date.now()") / 1000 + FORTY_DAYS
    device.clear_cookies()
    device.clock.set_fixed_time(later)
    page = begin(device, address)
    page.wait_for_timeout(500)
    assert page.evaluate("survey.within(responses => survey.asked(responses.count()))") == 0


def test_an_error_summary_or_skip_link_leaves_the_page_as_it_is(device: BrowserContext, address: str) -> None:
    page = begin(device, address)
    page.check("[name=SC06][value=yes]")
    page.evaluate("document.querySelector('.skip-nav').click()")
    page.wait_for_timeout(300)
    page.go_back()
    expect(page.locator("[name=SC06][value=yes]")).to_be_checked()
