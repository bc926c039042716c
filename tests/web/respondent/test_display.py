"""How pages look for one person: kept only when asked for, the same on every page, and a rest between parts."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.respondent.person import Person
from tests.web.respondent.walker import Walker

Visitor = Callable[[], Walker]


def classes(walker: Walker) -> str:
    found = re.match(r'<!doctype html>\s*<html[^>]*class="([^"]*)"', walker.page.html)
    return found[1] if found else ""


def test_nothing_is_kept_until_somebody_asks(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en")
    assert walker.client.get_cookie("display", path="/") is None
    assert classes(walker) == ""
    assert "data-advance" not in walker.page.html


def test_a_choice_holds_on_every_page_and_is_forgotten_on_request(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en")
    asked = walker.question
    walker.send(button="display")
    assert walker.address.startswith("/s/display/en")
    walker.send({"t": ["2"], "d": ["1"], "a": ["1"], "m": ["1"]})
    assert walker.question == asked
    assert classes(walker) == "t2 d1 m1 a1"
    assert " data-advance>" in walker.page.html
    cookie = walker.client.get_cookie("display", path="/")
    assert cookie is not None
    assert cookie.value == "t2.d1.m1.a1"
    for address in ("/", "/s/demo/de/", "/s/code/ar", "/s/help/en", "/s/demo/en/pause", "/s/demo/en/review"):
        walker.get(address)
        assert classes(walker) == "t2 d1 m1 a1", address
    walker.get("/s/display/en")
    walker.send(button="reset")
    assert walker.client.get_cookie("display", path="/") is None
    assert classes(walker) == ""


def test_the_cookie_stays_with_us_for_a_year_at_most_and_a_script_may_read_it(app: Flask) -> None:
    response = app.test_client().post("/s/display/en", data={"t": "1", "go": "next"})
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("display=t1;")
    assert "SameSite=Strict" in cookie
    assert "Max-Age=31536000" in cookie
    assert "HttpOnly" not in cookie


@pytest.mark.parametrize("value", ["t9.c7.zz", "<script>", "t1" * 500, "...", "t1.t2.t1.t2.t1.t2.t1", "tt1"])
def test_a_cookie_that_was_tampered_with_is_passed_over(visitor: Visitor, value: str) -> None:
    walker = visitor()
    walker.client.set_cookie("display", value)
    walker.get("/")
    assert walker.status == 200
    assert classes(walker) in {"", "t1", "t2"}


@pytest.mark.parametrize(
    "to",
    ["https://example.org/", "//example.org", "/\\example.org", "/staff/", "javascript:alert(1)", "/s//example.org"],
)
def test_the_way_back_never_leads_elsewhere(app: Flask, to: str) -> None:
    response = app.test_client().post("/s/display/en", query_string={"to": to}, data={"go": "next"})
    assert response.status_code == 303
    assert response.headers["Location"].endswith("/?language=en")


def test_what_is_chosen_and_not_yet_sent_survives_a_look_at_display_and_help(visitor: Visitor) -> None:
    for button in ("display", "help"):
        walker = visitor()
        walker.begin("en")
        walker.send({"SC06": ["yes"]}, button)
        back = next(href for href, _ in walker.page.links if href.endswith("/q/SC06") and "?" not in href)
        walker.get(back)
        assert [one.value for one in walker.page.form().controls if one.checked] == ["yes"]


def test_somebody_who_is_tired_is_offered_a_rest_after_each_part_and_only_then(visitor: Visitor) -> None:
    walker, person = visitor(), Person(8)
    walker.client.set_cookie("display", "q1")
    walker.begin("en")
    rests: list[str] = []
    for _ in range(40):
        before = walker.question
        walker.send(*person(walker))
        if "/rest" in walker.address:
            assert walker.question is None
            rests.append(before or "")
            walker.follow("/pause")
            walker.client.get("/s/demo/en/rest?at=nowhere")
            walker.follow("/go")
            assert walker.question is not None
    assert rests[0].startswith("SC")
    assert len(rests) == len({item[:2] for item in rests})


def test_without_asking_there_is_no_rest(visitor: Visitor) -> None:
    walker, person = visitor(), Person(8)
    walker.begin("en")
    for _ in range(30):
        walker.send(*person(walker))
        assert "/rest" not in walker.address


@pytest.mark.parametrize("address", ["/s/display/xx", "/s/help/xx", "/s/display/en/"])
def test_there_is_no_such_page_in_no_such_language(visitor: Visitor, address: str) -> None:
    assert visitor().client.get(address).status_code == 404
