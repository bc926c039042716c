"""The return code: kept in many ways, read forgivingly, guessed in vain; and a device that forgets."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from survey_app.core.participation import codes
from survey_app.services import responding
from survey_app.web.respondent import return_code
from tests.web.respondent.test_the_whole_way import row_of
from tests.web.respondent.walker import Walker

Visitor = Callable[[], Walker]
UNKNOWN = codes.grouped(codes.make_code([7] + [31] * 13))


def test_a_code_is_seen_in_groups_and_heard_symbol_by_symbol(visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("en")
    html = walker.get("/s/demo/en/code").html
    heard = re.search(r'<span class="heard">([^<]+)</span>', html)
    assert heard
    assert heard[1] == ", ".join(" ".join(group) for group in code.split("-"))


def test_every_letter_of_a_code_has_a_word_that_begins_with_it() -> None:
    letters = {symbol for symbol in codes.ALPHABET if symbol.isalpha()}
    assert {letter: word[0] for letter, word in return_code.SPOKEN.items() if letter in letters} == {
        letter: letter for letter in letters
    }
    assert return_code.said("E25P05P6YA7TRC8")[0] == "Echo, 2, 5, Papa, 0"


@pytest.mark.parametrize(
    ("shown", "typed"),
    [("0", "O"), ("0", "o"), ("1", "I"), ("1", "l"), ("1", "L"), ("A", "a"), ("5", "５"), ("7", "٧")],
)
def test_what_looks_alike_is_read_as_what_was_meant(shown: str, typed: str) -> None:
    code = codes.make_code([codes.ALPHABET.index(shown)] * codes.RANDOM_SYMBOLS)
    assert codes.read_code(codes.grouped(code).replace(shown, typed).replace("-", "  ")) == code


def test_the_picture_carries_the_code_where_no_server_sees_it(app: Flask) -> None:
    with app.test_request_context("/", base_url="https://survey.example"):
        assert return_code.entrance("de") == "https://survey.example/s/code/de"
        picture = return_code.picture("E25P05P6YA7TRC8", "de")
    assert picture.startswith("<svg")
    assert "style" not in picture
    assert "http" not in picture, "nothing is fetched, not even a namespace is named"


def test_pages_of_the_code_name_it_in_no_address(visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("en")
    for where in ("code", "code/print", "pause"):
        page = walker.get(f"/s/demo/en/{where}")
        addresses = " ".join(href for href, _ in page.links)
        assert code not in addresses
        assert code.replace("-", "") not in addresses


def test_the_printed_page_says_the_way_back_in_the_language_of_the_person(visitor: Visitor) -> None:
    walker = visitor()
    code = walker.begin("ar")
    page = walker.get("/s/demo/ar/code/print")
    assert (page.language, page.direction) == ("ar", "rtl")
    assert code in page.text
    assert "http://localhost/s/code/ar" in page.text


def work_of_a_try(app: Flask, typed: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int, int, str]:
    """Statements sent, hashes made, status and page of one try."""
    engine, statements, hashes = app.extensions["sessions"].kw["bind"], [], []

    def listen(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement)

    def counting(key: bytes, code: str) -> str:
        hashes.append(len(code))
        return codes.code_hmac(key, code)

    event.listen(engine, "before_cursor_execute", listen)
    monkeypatch.setattr(responding, "code_hmac", counting)
    try:
        answer = app.test_client().post("/s/code/en", data={"code": typed, "go": "next"})
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return statements, len(hashes), answer.status_code, answer.text.replace(f'value="{typed}"', "")


@pytest.mark.parametrize("typed", ["", "nonsense", "7ZZZZ-ZZZZZ-ZZZZZ", "ü" * 50, "0" * 15])
def test_wrong_malformed_and_unknown_codes_cost_the_same_work(
    app: Flask, typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = work_of_a_try(app, UNKNOWN, monkeypatch)
    assert codes.read_code(UNKNOWN), "this one is well made, and nobody has it"
    assert unknown[0], "the database is asked"
    assert work_of_a_try(app, typed, monkeypatch) == unknown


def test_a_page_says_when_to_try_again_and_does_not_even_look_at_a_right_code(visitor: Visitor) -> None:
    right = visitor().begin("en")
    guesser = visitor()
    for _ in range(10):
        guesser.get("/s/code/en")
        guesser.send({"code": [UNKNOWN]})
    answer = guesser.client.post("/s/code/en", data={"code": right, "go": "next"})
    assert answer.status_code == 429
    assert "Please try again in 15 minutes" in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_a_device_whose_answers_were_deleted_elsewhere_says_so_once(app: Flask, visitor: Visitor) -> None:
    here, there = visitor(), visitor()
    code = here.begin("en")
    there.get("/s/code/en")
    there.send({"code": [code]})
    there.get("/s/demo/en/delete")
    there.send(button=None)
    assert row_of(app, code) is None
    here.get("/s/demo/en/q/SC06")
    assert "There are no answers under the code on this device" in here.page.text
    assert "return_code" not in {cookie.key for cookie in here.client._cookies.values()}
    assert "There are no answers under the code" not in here.get("/s/code/en").text


def test_the_entrance_offers_the_code_that_a_device_knows(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("de")
    walker.get("/s/code/de")
    walker.follow("/welcome")
    assert walker.question == "SC06"


def test_removing_everything_clears_cookies_and_storage(visitor: Visitor) -> None:
    walker = visitor()
    walker.begin("en")
    walker.client.set_cookie("display", "t2.c1", path="/")
    answer = walker.client.post("/s/left/en")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not walker.client._cookies


@pytest.mark.parametrize("where", ["code", "pause"])
def test_a_person_finds_the_button_that_removes_everything(visitor: Visitor, where: str) -> None:
    walker = visitor()
    walker.begin("en")
    page = walker.get(f"/s/demo/en/{where}")
    assert "Remove everything from this device" in page.text
    assert [form.action for form in page.forms if form.action.startswith("/s/left/")] == ["/s/left/en"]
