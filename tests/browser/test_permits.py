"""Blind invitations in a real browser: the device blinds, keeps, waits, and brings the permit back by itself."""

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from werkzeug.serving import make_server

from benchmarks.walk import PHONE
from survey_app.core.participation.invitations import grouped_invitation
from survey_app.core.participation.permits import fingerprint
from survey_app.core.questionnaire.study import BLIND
from survey_app.services import inviting, permitting
from survey_app.store.database import Sessions
from survey_app.web.respondent.pages import desk
from survey_app.web.security import protect
from tests.browser.offline_patient import PATIENCE_MS
from tests.core.participation.test_permits import vector_of
from tests.services.invitation_builders import invite
from tests.web.respondent.small_site import SmallSite

ROUND = """
async ([n, salt, inverse, message, answer]) => {
  const { bytesOf, encode, blind, finalize, hex } = window.permits;
  const key = { n: BigInt('0x' + n), e: 65537n };
  const encoded = hex(await encode(bytesOf(message), key.n.toString(2).length - 1, bytesOf(salt)));
  // The factor of a test vector is told by its inverse.
  let [a, b, x, y] = [BigInt('0x' + inverse), key.n, 1n, 0n];
  while (b) {
    const times = a / b;
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  const [back, factor] = [BigInt('0x' + inverse), (x % key.n + key.n) % key.n];
  const sent = await blind(key, bytesOf(message), bytesOf(salt), factor);
  return [encoded, sent.sent.toString(16), sent.back === back, finalize(key, sent, BigInt('0x' + answer)).toString(16)];
}
"""


class Blind(SmallSite):
    """The small study with blind invitations, served; two codes."""

    address = ""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        super().__init__(sessions, folder, entry=BLIND)
        protect(self.app, self.app.extensions["settings"])
        study = inviting.invited_study(sessions, "small")
        with self.app.test_request_context():
            self.seal = fingerprint(permitting.key_of(desk(), study).public)
            key = desk().invitation_key
        assert key is not None
        self.codes = invite(sessions, study, 2, key=key)

    def link(self, code: str, seal: str) -> str:
        return f"{self.address}/s/small/en/invitation#{code}.{seal}"


@pytest.fixture
def site(sqlite_sessions: Sessions, tmp_path: Path) -> Iterator[Blind]:
    blind = Blind(sqlite_sessions, tmp_path)
    server = make_server("127.0.0.1", 0, blind.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    blind.address = f"http://127.0.0.1:{server.server_port}"
    yield blind
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_code_becomes_a_permit_and_the_permit_a_response_in_requests_that_share_nothing(
    site: Blind, page: Page
) -> None:
    code, sent = site.codes[0], list[Request]()
    page.on("request", lambda request: sent.append(request))  # noqa: PLW0108  # no built-in function is taken
    page.goto(site.link(code, site.seal))
    expect(page.locator("#code")).to_have_value(code)
    assert code not in page.url
    page.click("#f .go")
    expect(page.locator("#have")).to_be_visible()

    page.goto("about:blank")  # some hours later
    page.goto(f"{site.address}/s/small/en/invitation")
    expect(page.locator("#f")).to_be_hidden()
    page.click("#have .go")
    page.wait_for_url("**/s/small/en/")
    page.click("main a.go")
    page.click("a[href$='consent/prospective']")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.click("form .go")
    page.wait_for_url("**/code")
    page.wait_for_function("localStorage.length === 0")

    bodies = {one.url.rpartition("/")[2]: parse_qs(one.post_data or "") for one in sent if one.method == "POST"}
    exchange, brought = bodies["permit"], bodies["invitation"]
    assert exchange["code"] == [code]
    assert not words_of(exchange) & words_of(brought)
    assert not any("cookie" in one.all_headers() for one in sent if one.url.endswith("/permit"))
    assert not any(code in one.url for one in sent)


def words_of(body: dict[str, list[str]]) -> set[str]:
    return {*body, *(value for values in body.values() for value in values)} - {"go", "next"}


def test_a_wrong_code_is_told_and_the_right_one_then_works(site: Blind, page: Page) -> None:
    page.goto(f"{site.address}/s/small/en/invitation")
    page.fill("#code", "ABC-DEF")
    page.click("#f .go")
    expect(page.locator("#e-code")).to_contain_text("does not open the survey")
    page.fill("#code", grouped_invitation(site.codes[1]).lower())
    page.keyboard.press("Enter")
    expect(page.locator("#have")).to_be_visible()
    expect(page.locator("#have")).to_be_focused()


def test_another_key_than_on_the_invitation_stops_the_exchange(site: Blind, page: Page) -> None:
    page.goto(site.link(site.codes[0], "0" * 20))
    expect(page.locator("#needs")).to_contain_text("is not the one on your invitation")
    expect(page.locator("#f")).to_be_hidden()


def test_an_answer_that_gets_lost_is_asked_for_again(site: Blind, page: Page) -> None:
    page.route("**/permit", lambda route: (route.fetch(), route.abort()))
    page.goto(site.link(site.codes[0], site.seal))
    page.click("#f .go")
    expect(page.locator("#e-code")).to_contain_text("Your code is not lost")
    page.unroute("**/permit")
    page.reload()
    page.fill("#code", site.codes[0])
    page.click("#f .go")
    expect(page.locator("#have")).to_be_visible()


def test_the_browser_reproduces_the_vectors_of_rfc_9474(site: Blind, page: Page) -> None:
    page.goto(f"{site.address}/s/small/en/invitation")
    for kind in ("PSS-Randomized", "PSSZERO-Deterministic"):
        vector = vector_of(f"RSABSSA-SHA384-{kind}")
        given = [vector["n"], vector.get("salt", ""), vector["inv"], vector["prepared_msg"], vector["blind_sig"]]
        encoded, blinded, same, signature = page.evaluate(ROUND, given)
        assert encoded == vector["encoded_msg"]
        assert int(blinded, 16) == int(vector["blinded_msg"], 16)
        assert same
        assert int(signature, 16) == int(vector["sig"], 16)
