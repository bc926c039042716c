"""The door of JavaScript: it takes in what fits, says what does not, and gives nothing out."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey_app.store.responses import read_all
from survey_app.web.respondent.script import SCREENS, SCRIPT, stripped
from tests.web.respondent.walker import Walker

DEVICE = "0123456789abcdef"


class Sender:
    """A browser with a response, and what its script would send."""

    def __init__(self, app: Flask, walker: Walker) -> None:
        self.app, self.walker = app, walker
        walker.begin("en")
        found = re.search(r'<script id="state" type="application/json">(.*?)</script>', walker.page.html, re.DOTALL)
        assert found
        self.state = json.loads(found[1])

    def body(self, **changes: Any) -> dict[str, Any]:
        save = {"number": 1, "screen": "SC06", "language": "en", "how": "next", "answers": {"SC06": ["yes"]}}
        return {"token": self.state["token"], "device": DEVICE, "saves": [{**save, **changes}]}

    def send(self, body: object, **more: Any) -> TestResponse:
        return self.walker.client.post("/s/api/saves", json=body, **more)

    def answers(self) -> dict[str, Any]:
        with self.app.extensions["sessions"].begin() as db:
            return next(iter(read_all(db))).answers


@pytest.fixture
def sender(app: Flask, visitor: Callable[[], Walker]) -> Sender:
    return Sender(app, visitor())


def test_an_answer_is_kept_and_the_next_page_is_named(sender: Sender) -> None:
    answer = sender.send(sender.body())
    assert answer.get_json() == {
        "kept": 1,
        "gap": False,
        "status": "draft",
        "problems": {},
        "next": "q/SC07",
        "rest": False,
    }
    assert sender.answers()["SC06"] == "yes"


def test_the_same_number_twice_counts_once(sender: Sender) -> None:
    sender.send(sender.body())
    again = sender.send(sender.body(answers={"SC06": ["no"]}))
    assert again.get_json()["kept"] == 1
    assert sender.answers()["SC06"] == "yes"


def test_a_missing_number_is_told_and_nothing_is_done(sender: Sender) -> None:
    answer = sender.send(sender.body(number=3)).get_json()
    assert (answer["gap"], answer["kept"]) == (True, 0)
    assert "SC06" not in sender.answers()


def test_what_is_wrong_is_told_in_the_language_of_the_page(sender: Sender) -> None:
    answer = sender.send(sender.body(language="de", answers={"SC06": ["perhaps"]})).get_json()
    assert answer["problems"]["1"]["SC06"].startswith("Diese Antwort")
    assert answer["next"] == "q/SC06"


def test_an_ending_is_named_and_later_saves_find_nothing(sender: Sender) -> None:
    answer = sender.send(sender.body(answers={"SC06": ["no"]})).get_json()
    assert (answer["next"], answer["status"]) == ("end/minors", "ended")
    later = sender.send(sender.body(number=2))
    assert (later.status_code, later.get_json()["code"]) == (410, "gone")


def test_sending_ends_with_thanks(sender: Sender) -> None:
    answer = sender.send(sender.body(how="send", screen="", answers={})).get_json()
    assert (answer["next"], answer["status"]) == ("thanks", "whole")


def test_nothing_that_was_answered_comes_out(sender: Sender) -> None:
    sender.send(sender.body())
    answer = sender.send(sender.body(number=2, screen="SC07", answers={"SC07": ["patient"]}))
    assert "patient" not in answer.text
    assert "yes" not in answer.text


@pytest.mark.parametrize(
    "change",
    [
        {"number": 0},
        {"number": "1"},
        {"number": 1.5},
        {"screen": "../etc"},
        {"how": "delete"},
        {"answers": {"SC06": "yes"}},
        {"answers": {"SC06": [1]}},
        {"answers": {"<b>": ["yes"]}},
        {"answers": {"SC06": ["x" * 20_001]}},
        {"answers": {f"A{n}": ["yes"] for n in range(101)}},
        {"answers": {"SC06": ["yes"] * 101}},
        {"more": 1},
        {"pace": -1},
        {"language": 7},
    ],
)
def test_what_no_script_of_ours_sends_is_refused(sender: Sender, change: dict[str, Any]) -> None:
    answer = sender.send(sender.body(**change))
    assert answer.status_code == 400
    assert set(answer.get_json()) == {"code", "sentence", "do"}
    assert "SC06" not in sender.answers()


@pytest.mark.parametrize("body", [[], {}, {"saves": []}, "text", 7])
def test_other_shapes_are_refused(sender: Sender, body: object) -> None:
    assert sender.send(body).status_code == 400


def test_too_many_saves_at_once_are_refused(sender: Sender) -> None:
    body = sender.body()
    body["saves"] = [{**body["saves"][0], "number": number} for number in range(1, 102)]
    assert sender.send(body).status_code == 400


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"token": NaN}', b""])
def test_broken_bodies_are_refused_in_the_language_of_the_browser(sender: Sender, raw: bytes) -> None:
    answer = sender.walker.client.post(
        "/s/api/saves", data=raw, content_type="application/json", headers={"Accept-Language": "de-AT,en;q=0.5"}
    )
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "unreadable"


def test_a_form_instead_of_json_is_refused(sender: Sender) -> None:
    answer = sender.walker.client.post("/s/api/saves", data={"token": sender.state["token"]})
    assert answer.status_code == 415


def test_a_language_that_does_not_exist_is_refused(sender: Sender) -> None:
    answer = sender.send(sender.body(language="xx"))
    assert (answer.status_code, answer.get_json()["code"]) == (422, "language")


@pytest.mark.parametrize("token", ["", "x", "WzEsMV0.forged", "é"])
def test_a_forged_token_opens_nothing(sender: Sender, token: str) -> None:
    answer = sender.send({**sender.body(), "token": token})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "token")
    assert "SC06" not in sender.answers()


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_other_sites_are_refused(sender: Sender, headers: dict[str, str]) -> None:
    answer = sender.send(sender.body(), headers=headers)
    assert answer.status_code == 403
    assert "SC06" not in sender.answers()


def test_one_response_cannot_flood_the_store(sender: Sender, app: Flask) -> None:
    sender.send(sender.body())
    app.extensions["respondent_deliveries"].failures = 3
    statuses = [sender.send(sender.body()).status_code for _ in range(4)]
    assert statuses == [200, 200, 429, 429]


def test_a_token_is_of_use_for_adding_alone(sender: Sender, app: Flask) -> None:
    stranger = app.test_client()
    assert stranger.post("/s/api/saves", json=sender.body()).status_code == 200
    stranger.set_cookie("return_code", sender.state["token"], path="/s/")
    assert stranger.get("/s/demo/en/answers.json").status_code == 303


def test_a_pack_is_the_same_for_everybody_and_has_no_answer_in_it(sender: Sender, app: Flask) -> None:
    own = sender.walker.client.get(sender.state["pack"])
    other = app.test_client().get(sender.state["pack"])
    assert own.data == other.data
    assert "immutable" in own.headers["Cache-Control"]
    assert sender.state["token"] not in own.text
    assert app.test_client().get("/s/pack/demo.prospective.en.0000000000000000.json").status_code == 404


def test_the_worker_names_files_that_exist_and_is_never_kept(sender: Sender) -> None:
    worker = sender.walker.client.get("/s/sw.js")
    assert worker.headers["Cache-Control"] == "no-cache"
    files = re.search(r"FILES='([^']+)'", worker.text)
    assert files
    assert [sender.walker.client.get(file).status_code for file in files[1].split("|")] == [200] * 4


def test_what_is_taken_out_of_a_script_is_comments_and_spaces_alone() -> None:
    source = "// a comment\n  const a = { b: 'x : y', c: `p ? q` };\n\n  if (a) return a + +b;\n"
    assert stripped(source) == "const a={b:'x : y',c:`p ? q`};if(a)return a + +b;\n"
    with pytest.raises(ValueError, match="several lines"):
        stripped("const a = `one\ntwo`;\n")


def test_the_scripts_are_small() -> None:
    assert len(SCRIPT.brotli) <= 5_000
    assert len(SCREENS.brotli) <= 5_000
