"""A tablet in a waiting room: it forgets each person and begins anew."""

from collections.abc import Callable

from flask import Flask

from tests.web.respondent.test_the_whole_way import Person, row_of
from tests.web.respondent.walker import Walker

Visitor = Callable[[], Walker]


def a_kiosk(walker: Walker) -> Walker:
    walker.get("/s/demo/en/kiosk")
    walker.send(button="begin")
    assert walker.address == "/s/demo/en/"
    return walker


def cookies(walker: Walker) -> set[str]:
    return {cookie.key for cookie in walker.client._cookies.values()}


def test_a_kiosk_forgets_who_has_sent_and_shows_the_beginning(app: Flask, visitor: Visitor) -> None:
    walker = a_kiosk(visitor())
    code = walker.begin("en")
    walker.answer_until(Person(4))
    walker.send(button=None)
    assert walker.address == "/s/demo/en/?done=sent"
    assert "Thank you. The answers have been sent." in walker.page.text
    assert code not in walker.page.html
    assert cookies(walker) == {"kiosk"}
    row = row_of(app, code)
    assert row is not None
    assert row.status == "whole"


def test_a_kiosk_forgets_who_stops_early_and_who_leaves(visitor: Visitor) -> None:
    walker = a_kiosk(visitor())
    for address, done in (("/s/demo/en/stop", "sent"), ("/s/demo/en/delete", "deleted")):
        walker.begin("en")
        walker.get(address)
        walker.send(button=None)
        assert walker.address == f"/s/demo/en/?done={done}"
        assert cookies(walker) == {"kiosk"}
    walker.begin("en")
    answer = walker.client.post("/s/left/en")
    assert answer.headers["Location"] == "/s/demo/en/?done=left"
    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_the_next_person_at_a_kiosk_cannot_go_on_with_what_somebody_left_open(visitor: Visitor) -> None:
    walker = a_kiosk(visitor())
    walker.begin("en")
    page = walker.get("/s/demo/en/")
    assert "You have begun this survey on this device" not in page.text
    assert cookies(walker) == {"kiosk"}


def test_a_kiosk_is_one_until_it_is_ended_there(visitor: Visitor) -> None:
    walker = a_kiosk(visitor())
    walker.get("/s/demo/en/kiosk")
    walker.send(button="end")
    assert cookies(walker) == set()
    walker.begin("en")
    assert "You have begun this survey on this device" in walker.get("/s/demo/en/").text


def test_the_cookie_of_a_kiosk_says_nothing_about_a_person(visitor: Visitor) -> None:
    walker = visitor()
    cookie = walker.client.post("/s/demo/en/kiosk", data={"go": "begin"}).headers.getlist("Set-Cookie")[0]
    assert cookie.startswith("kiosk=demo;")
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", "Path=/s/"))


def test_a_forged_kiosk_cookie_does_nothing(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en")
    walker.client.set_cookie("kiosk", "<b>nonsense", path="/s/")
    walker.get("/s/demo/en/pause")
    walker.send(button=None)
    assert walker.address == "/s/left/en"
