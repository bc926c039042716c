"""The return code and shared devices in a real browser with JavaScript."""

from collections.abc import Callable

from playwright.sync_api import expect

from benchmarks.site import Site
from tests.browser.offline_patient import Patient


def code_shown(person: Patient) -> str:
    person.page.goto(person.at("code"))
    return person.page.locator(".code [aria-hidden]").inner_text()


def test_the_picture_fills_in_the_code_and_leaves_it_in_no_address(
    patient: Callable[..., Patient], server: Site
) -> None:
    first, second = patient(), patient()
    first.start_answering()
    code = code_shown(first).replace("-", "")
    asked: list[str] = []
    second.page.on("request", lambda request: asked.append(request.url + str(request.headers)))
    second.page.goto(f"{server.address}/s/code/en#{code}")
    expect(second.page.locator("#code")).to_have_value(code)
    assert code not in second.page.url
    second.page.click("#f .go")
    second.page.wait_for_url("**/q/**")
    assert not [one for one in asked if code in one]


def test_a_kiosk_with_script_forgets_codes_and_storage_after_sending(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.page.goto(person.at("kiosk"))
    person.page.click("button[value=begin]")
    person.start_answering()
    person.wait_armed()
    person.answer("SC09", "yes")
    person.wait_delivered()
    person.page.goto(person.at("stop"))
    person.page.click("#f .go")
    person.page.wait_for_url("**/?done=sent")
    assert {cookie["name"] for cookie in person.context.cookies()} == {"kiosk"}
    assert person.responses_on_device == 0
    assert person.page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_what_was_sent_can_be_corrected_with_script(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.answer("SC09", "yes")
    person.wait_delivered()
    person.page.goto(person.at("stop"))
    person.page.click("#f .go")
    person.page.wait_for_url("**/thanks")
    person.page.goto(person.at("answers"))
    person.page.click("a[href*='/q/SC09']")
    person.page.check("[name=SC09][value=not_yet]")
    person.page.click("#f .go")
    person.page.wait_for_url("**/answers")
    person.until(lambda: person.kept.answers["SC09"] == "not_yet")
    assert person.kept.status == "part"
