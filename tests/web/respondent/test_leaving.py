"""People who are led out kindly, and who answers: recorded, never guessed."""

from collections.abc import Callable

import pytest
from flask import Flask

from survey_app.services.catalogue import close_study
from tests.web.respondent.test_the_whole_way import Person, row_of
from tests.web.respondent.walker import Walker

Visitor = Callable[[], Walker]


@pytest.mark.parametrize(
    ("said", "ending"),
    [([{"SC06": ["no"]}], "minors"), ([{"SC06": ["yes"]}, {"SC07": ["bereaved"]}], "bereaved")],
)
def test_who_is_led_out_leaves_nothing_behind(
    app: Flask, visitor: Visitor, said: list[dict[str, list[str]]], ending: str
) -> None:
    walker = visitor()
    code = walker.begin("en")
    for one in said:
        walker.send(one)
    assert walker.address == f"/s/demo/en/end/{ending}"
    assert "We have kept no answers" in walker.page.text
    assert row_of(app, code) is None
    assert not walker.client._cookies


def test_the_page_for_people_in_grief_says_where_help_is(visitor: Visitor) -> None:
    page = visitor().get("/s/demo/en/end/bereaved")
    assert "We are sorry for your loss" in page.text
    assert "support for people in grief" in page.text
    assert not page.forms, "nothing is asked"


@pytest.mark.parametrize("who", ["self", "helped", "other"])
def test_who_fills_in_the_answers_is_recorded(app: Flask, visitor: Visitor, who: str) -> None:
    walker = visitor()
    code = walker.begin("en")
    for item, value in (("SC06", "yes"), ("SC07", "patient"), ("SC08", "S07"), ("SC09", "yes"), ("SC10", who)):
        assert walker.question == item
        walker.send({item: [value]})
    row = row_of(app, code)
    assert row is not None
    assert (row.answers["SC07"], row.answers["SC10"]) == ("patient", who)


def test_a_carer_goes_the_whole_way_and_the_role_stays_with_the_answers(app: Flask, visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("en")
    walker.answer_until(Person(11, SC07=["caregiver"]))
    walker.send(button=None)
    row = row_of(app, code)
    assert row is not None
    assert (row.status, row.answers["SC07"]) == ("whole", "caregiver")
    assert "SC10" not in row.answers, "only patients are asked who fills in"


def test_a_kiosk_goes_on_to_the_next_person_after_an_early_ending(visitor: Visitor) -> None:
    walker = visitor()
    walker.get("/s/demo/en/kiosk")
    walker.send(button="begin")
    walker.begin("en")
    walker.send({"SC06": ["no"]})
    walker.follow("/s/demo/en/")
    assert walker.address == "/s/demo/en/?done=ended"
    assert "Thank you for your time" in walker.page.text


def test_a_closed_study_says_so_and_names_the_way_back(app: Flask, visitor: Visitor) -> None:
    with app.extensions["sessions"].begin() as db:
        close_study(db, "demo")
    walker = visitor()
    page = walker.get("/s/demo/ar/")
    assert (walker.status, page.language, page.direction) == (404, "ar", "rtl")
    assert "/s/code/ar" in {href for href, _ in page.links}


@pytest.mark.parametrize("where", ["/s/left/en", "/s/deleted/en"])
def test_a_page_does_not_say_that_a_device_has_forgotten_while_it_knows_the_code(visitor: Visitor, where: str) -> None:
    walker = visitor()
    walker.begin("en")
    page = walker.get(where)
    assert "has been removed" not in page.text
    assert "have been deleted" not in page.text
