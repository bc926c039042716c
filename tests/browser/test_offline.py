"""Never losing a word: the network goes, the server dies, tabs close; what was said is in the store, once, unchanged.

The whole story, many times in a row: `python -m benchmarks.offline_story`.
"""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from benchmarks.site import Site
from tests.browser.offline_patient import Patient

LONG_AGO, LATE = 1_000_000_000, 4_000_000_000  # seconds: 2001, 2096


def test_aeroplane_mode_in_the_middle_a_closed_tab_and_a_late_arrival(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.wait_armed()
    person.offline()
    person.answer("SC09", "yes")
    person.answer("SC10", "self")
    assert person.status == "Saved on this device. No network now."
    person.page.reload()
    person.answer("SC11", "no")
    where = person.page.url
    person.page.close()
    person.open_tab().goto(where)
    person.answer("SC12", "centre")
    person.offline(off=False)
    person.wait_delivered()
    expect(person.page.locator("#kept")).to_have_text("Saved with us.")
    person.answer("CJ01", "often")
    person.assert_all_is_kept()


def test_all_to_the_end_without_network_and_sent_later(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.wait_armed()
    person.offline()
    person.answer("SC09", "yes")
    for _ in range(200):
        if person.page.url.endswith("/review"):
            break
        person.go_on("skip" if person.page.locator("button[value=skip]").count() else "next")
    person.page.click("button[value=send]")
    expect(person.page.locator("h1")).to_have_text("Your answers wait on this device")
    assert person.kept.status == "draft"
    person.offline(off=False)
    person.page.wait_for_url("**/thanks")
    expect(person.page.locator("h1")).to_have_text("Thank you")
    assert person.responses_on_device == 0
    assert person.kept.status == "whole"
    person.assert_all_is_kept()


def test_a_server_that_dies_and_comes_back(patient: Callable[..., Patient], server: Site) -> None:
    person = patient()
    person.start_answering()
    person.wait_armed()
    server.kill()
    person.answer("SC09", "yes")
    person.answer("SC10", "self")
    server.start()
    person.answer("SC11", "no")
    person.wait_delivered()
    person.answer("SC12", "centre")
    person.assert_all_is_kept()


def test_two_tabs_count_together(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    first = person.page
    second = person.open_tab()
    second.goto(person.at("q/CJ01"))
    person.offline()
    person.choose("CJ01", "often")
    person.page = first
    person.choose("SC09", "yes")
    person.page = second
    person.choose("CJ01", "rarely")
    expect(second.locator("#kept")).to_contain_text("Saved on this device")
    person.offline(off=False)
    person.wait_delivered()
    person.assert_all_is_kept()


def test_the_back_button_shows_what_was_said_and_takes_a_change(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.answer("SC09", "yes")
    person.page.go_back()
    expect(person.page.locator("[name=SC09][value=yes]")).to_be_checked()
    person.wait_armed()
    person.offline()
    person.answer("SC09", "not_yet")
    person.answer("SC10", "helped")
    person.page.go_back()
    expect(person.page.locator("[name=SC10][value=helped]")).to_be_checked()
    person.answer("SC10", "self")
    person.offline(off=False)
    person.wait_delivered()
    person.assert_all_is_kept()


def test_two_quick_presses_are_one(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.choose("SC09", "yes")
    person.page.locator("button[value=next]:visible").dblclick()
    expect(person.page.locator("#f-SC10")).to_be_visible()
    person.wait_armed()
    person.offline()
    person.choose("SC10", "self")
    person.page.locator("button[value=next]:visible").dblclick()
    expect(person.page.locator("#f-SC11")).to_be_visible()
    person.offline(off=False)
    person.wait_delivered()
    assert "SC11" not in person.kept.answers
    person.assert_all_is_kept()


def test_a_wrong_clock_changes_nothing(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.wait_armed()
    person.offline()
    person.page.clock.set_fixed_time(LONG_AGO)
    person.answer("SC09", "yes")
    person.page.clock.set_fixed_time(LATE)
    person.answer("SC10", "helped")
    person.page.go_back()
    person.page.clock.set_fixed_time(LONG_AGO)
    person.answer("SC10", "self")
    person.page.reload()
    person.offline(off=False)
    person.wait_delivered()
    person.assert_all_is_kept()


def test_with_and_without_script_in_one_response_and_in_another_language(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    other = patient(language="de", script=False, said=person.said, id=person.id)
    other.page.goto(f"{other.site.address}/s/code/de")
    other.page.fill("[name=code]", person.code)
    other.page.click("form#f .go")
    other.page.wait_for_url("**/s/demo/de/**")
    other.page.goto(other.at("q/SC09"))
    other.choose("SC09", "yes")
    other.page.click("form#f > .go")
    other.page.wait_for_url("**/q/SC10")
    person.page.goto(person.at("go"))
    person.answer("SC10", "self")
    person.assert_all_is_kept()
    assert person.kept.language == "en"


def test_page_and_worker_deliver_at_once_and_nothing_is_there_twice(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.wait_armed()
    sent: list[str] = []
    person.context.on("request", lambda request: sent.append(request.url) if "/s/api/" in request.url else None)
    person.offline()
    person.answer("SC09", "yes")
    person.answer("SC10", "self")
    person.offline(off=False)
    person.page.evaluate(
        "Promise.all([survey.flush(), survey.flush(), "
        "navigator.serviceWorker.ready.then(found => found.sync && found.sync.register('flush'))]).catch(() => 0)"
    )
    person.wait_delivered()
    assert sent
    person.assert_all_is_kept()


def test_a_person_wipes_the_device_and_is_asked_when_something_is_only_there(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.start_answering()
    person.wait_armed()
    asked: list[str] = []
    person.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    person.offline()
    person.choose("SC09", "yes")
    expect(person.page.locator("#kept")).to_contain_text("Saved on this device")
    assert person.page.evaluate("survey.leave()") is False
    assert asked
    assert person.responses_on_device == 1
    person.offline(off=False)
    person.wait_delivered()
    assert person.page.evaluate("survey.leave()") is True
    assert person.responses_on_device == 0
    assert person.page.evaluate("caches.keys()") == []
    person.assert_all_is_kept()


def test_what_has_ended_leaves_nothing_on_the_device_when_the_receipt_is_lost(patient: Callable[..., Patient]) -> None:
    person = patient()
    person.begin()

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    person.context.route("**/s/api/saves", swallow)
    person.answer("SC06", "no")
    person.context.unroute("**/s/api/saves")
    person.page.evaluate("dispatchEvent(new Event('online'))")

    person.wait_delivered()
    person.until(lambda: person.responses_on_device == 0)
