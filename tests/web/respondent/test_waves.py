"""The same person comes back: a further round with the same code, and agreements whose wording has changed."""

from pathlib import Path

import pytest

from survey_app.core.response.answers import Answers
from survey_app.store.database import Sessions
from tests.web.respondent.small_site import SmallSite, answer, begin, send_all
from tests.web.respondent.walker import Walker


@pytest.fixture
def site(sqlite_sessions: Sessions, tmp_path: Path) -> SmallSite:
    return SmallSite(sqlite_sessions, tmp_path)


def come_back(site: SmallSite, code: str, language: str = "en") -> Walker:
    walker = site.visitor()
    walker.get(f"/s/code/{language}")
    walker.send({"code": [code]})
    return walker


def sent_once(site: SmallSite, language: str = "en") -> str:
    walker = site.visitor()
    code = begin(walker, language)
    send_all(walker)
    return code


def test_who_has_sent_is_welcomed_back_and_offered_a_further_round(site: SmallSite) -> None:
    walker = come_back(site, sent_once(site))
    assert walker.address == "/s/small/en/welcome"
    assert "Welcome back" in walker.page.text
    assert "How it is now: Before" in walker.page.text
    assert {one.value for one in walker.page.form().controls if one.name == "mode"} == {"prospective", "retrospective"}
    assert "/s/small/en/answers" in {href for href, _ in walker.page.links}


def test_a_further_round_keeps_the_code_and_shows_what_was_taken_over(site: SmallSite) -> None:
    code = sent_once(site)
    walker = come_back(site, code)
    walker.send({"mode": ["prospective"]})
    assert walker.address == "/s/small/en/carried"
    assert "Since when?" in walker.page.text
    change = [href for href, _ in walker.page.links if "/q/B13" in href]
    walker.get(change[0])
    assert [one.value for one in walker.page.form().controls if one.checked] == ["always"]
    walker.get("/s/small/en/go")
    answer(walker, A04="S02", B12="never")
    walker.send(button=None)
    first, second = site.rows(code)
    assert (first.wave, second.wave, second.status) == (1, 2, "whole")
    assert (first.answers["A04"], second.answers["A04"]) == ("S01", "S02")
    assert second.answers["B12"] == "never", "asked from the second round on"
    assert second.answers["B13"] == "always", "taken over"
    assert {first.code_hmac, first.person_tag} == {second.code_hmac, second.person_tag}


def test_begin_pressed_twice_is_one_round(site: SmallSite) -> None:
    code = sent_once(site)
    walker = come_back(site, code)
    for _ in range(2):
        reply = walker.client.post("/s/small/en/welcome", data={"mode": "prospective", "go": "next"})
        assert reply.status_code == 303
    assert [row.wave for row in site.rows(code)] == [1, 2]


def test_a_round_needs_to_know_which_time_it_is_about(site: SmallSite) -> None:
    code = sent_once(site)
    walker = come_back(site, code)
    for said in ([], ["yesterday"]):
        reply = walker.client.post("/s/small/en/welcome", data={"mode": said, "go": "next"})
        assert reply.status_code == 422
        assert "Please choose an answer here" in reply.text
    assert len(site.rows(code)) == 1


def test_where_nothing_is_offered_any_more_one_sees_ones_answers(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    site = SmallSite(sqlite_sessions, tmp_path, waves=1)
    code = sent_once(site)
    walker = come_back(site, code)
    assert walker.address == "/s/small/en/answers"
    assert "Tell us about another time" not in walker.page.text
    reply = walker.client.post("/s/small/en/welcome", data={"mode": "prospective"})
    assert reply.headers["Location"] == "/s/small/en/answers"
    assert len(site.rows(code)) == 1


def test_agreements_are_asked_again_when_their_wording_has_changed_and_before_anything_else(site: SmallSite) -> None:
    walker = site.visitor()
    code = begin(walker, "de")
    walker.send({"A03": ["patient"]})
    site.revise_german({"I agree to more.": "Ich stimme etwas anderem zu."})
    back = come_back(site, code, "de")
    assert back.address == "/s/small/de/renew"
    assert "Ich stimme etwas anderem zu." in back.page.text
    assert "DE I agree to more." in back.page.text, "and what it said before"
    assert "DE I agree." not in back.page.text, "what has not changed is not asked"
    assert not [one.name for one in back.page.form().controls if one.checked]
    for way_round in ("go", "review", "stop"):
        back.get(f"/s/small/de/{way_round}")
        assert back.address == "/s/small/de/renew", way_round
    back.send({"A02": ["yes"]})
    assert back.question == "A04"
    (row,) = site.rows(code)
    assert row.answers["A02"] is True
    assert len(row.wording["texts"]) == 2
    assert come_back(site, code, "de").question == "A04", "asked once"


def test_who_does_not_agree_again_loses_nothing(site: SmallSite) -> None:
    walker = site.visitor()
    code = begin(walker, "de")
    walker.send({"A03": ["patient"]})
    site.revise_german({"I agree.": "Ich stimme neu zu."})
    back = come_back(site, code, "de")
    back.send({})
    assert back.status == 422
    links = {href for href, _ in back.page.links}
    assert {"/s/small/de/answers", "/s/small/de/answers.html", "/s/small/de/delete"} <= links
    (row,) = site.rows(code)
    assert row.answers["A03"] == "patient"
    assert row.answers["A01"] is True
    back.get("/s/small/de/answers")
    assert "DE I am a patient" in back.page.text


def test_a_voluntary_agreement_can_be_ended_when_it_is_asked_again(site: SmallSite) -> None:
    walker = site.visitor()
    code = begin(walker, "de")
    site.revise_german({"I agree to more.": "Ich stimme etwas anderem zu."})
    back = come_back(site, code, "de")
    back.send({})
    assert back.question == "A03"
    assert site.rows(code)[0].answers["A02"] is False


def test_a_further_round_asks_only_for_agreements_that_have_changed(site: SmallSite) -> None:
    code = sent_once(site, "de")
    site.revise_german({"I agree.": "Ich stimme neu zu."})
    walker = come_back(site, code, "de")
    assert [name for name in walker.page.form().names() if name.startswith("A")] == ["A01"]
    walker.send({"mode": ["retrospective"]})
    assert walker.status == 422
    assert len(site.rows(code)) == 1
    walker.send({"mode": ["retrospective"], "A01": ["yes"]})
    first, second = site.rows(code)
    entries = Answers.from_document(second.answers)
    assert (entries.value("A01"), entries.value("A02")) == (True, True)
    assert (first.recall_mode, second.recall_mode) == ("prospective", "retrospective")
