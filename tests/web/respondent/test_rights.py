"""With the code and no account: see each answer as it was asked, correct it, take a copy, delete everything."""

import json
import re
from pathlib import Path

import pytest

from survey_app.store.database import Sessions
from tests.web.respondent.small_site import SmallSite, answer, begin, send_all
from tests.web.respondent.walker import Walker

FROZEN = "a copy of the answers behind it is frozen"


@pytest.fixture
def site(sqlite_sessions: Sessions, tmp_path: Path) -> SmallSite:
    return SmallSite(sqlite_sessions, tmp_path)


def someone_who_sent(site: SmallSite, language: str = "en") -> tuple[Walker, str]:
    walker = site.visitor()
    code = begin(walker, language)
    send_all(walker)
    return walker, code


def someone_of_two_rounds(site: SmallSite) -> tuple[Walker, str]:
    walker, code = someone_who_sent(site)
    walker.get("/s/small/en/welcome")
    walker.send({"mode": ["retrospective"]})
    walker.get("/s/small/en/go")
    send_all(walker, A04="S02")
    return walker, code


def test_each_question_stands_as_it_was_read_in_its_language_and_wording(site: SmallSite) -> None:
    walker = site.visitor()
    begin(walker, "de")
    walker.send({"A03": ["patient"]})
    walker.send({"A04": ["S01"]})
    walker.get("/s/small/en/q/B01")
    walker.send({"B01": ["sometimes"]})
    site.revise_german({"Who are you?": "Ganz neu gefragt?", "I am a patient": "Ganz neu gesagt"})
    page = walker.get("/s/small/en/answers")
    assert "DE Who are you?" in page.text
    assert "DE I am a patient" in page.text
    assert "Ganz neu" not in page.text
    assert "Think of now. How often?" in page.text, "with the time it was about"
    assert re.search(r'<dt lang="de" dir="ltr">\s*DE Who are you\?', page.html)


def test_what_was_sent_can_be_corrected_until_a_release_takes_it(site: SmallSite) -> None:
    walker, code = someone_who_sent(site)
    page = walker.get("/s/small/en/answers")
    assert "You can still change them here" in page.text
    walker.get(next(href for href, _ in page.links if "/q/B01" in href))
    walker.send({"B01": ["always"]})
    assert walker.address.startswith("/s/small/en/answers")
    (row,) = site.rows(code)
    assert (row.answers["B01"], row.status) == ("always", "whole")


def test_what_a_release_has_taken_can_only_be_seen_and_deleted_and_the_page_says_why(site: SmallSite) -> None:
    walker, code = someone_who_sent(site)
    site.close_the_batch()
    page = walker.get("/s/small/en/answers")
    assert "They can no longer be changed, because that report keeps what it was made from" in page.text
    assert not [href for href, _ in page.links if "/q/" in href]
    walker.client.post("/s/small/en/q/B01", data={"B01": "always", "go": "next"})
    assert site.rows(code)[0].answers["B01"] == "sometimes"
    assert "that copy stays" in walker.get("/s/small/en/delete").text
    walker.send(button=None)
    assert site.rows(code) == []


def test_an_earlier_round_can_be_corrected_too(site: SmallSite) -> None:
    walker, code = someone_of_two_rounds(site)
    page = walker.get("/s/small/en/answers?wave=1")
    walker.get(next(href for href, _ in page.links if "/q/B01" in href))
    assert [one.value for one in walker.page.form().controls if one.checked] == ["sometimes"]
    walker.send({"B01": ["never"]})
    assert walker.address == "/s/small/en/answers?wave=1"
    assert [row.answers["B01"] for row in site.rows(code)] == ["never", "sometimes"]


def test_every_round_is_on_a_page_of_its_own(site: SmallSite) -> None:
    walker, _ = someone_of_two_rounds(site)
    page = walker.get("/s/small/en/answers")
    assert "Round 1: How it is now" in page.text
    assert "Round 2: Looking back" in page.text
    assert "After" in page.text
    for wave in ("0", "9", "x", "-1", "1e3", "²"):
        assert "Round 2" in walker.get(f"/s/small/en/answers?wave={wave}").text, "nonsense shows the latest"


def test_a_copy_for_programs_holds_every_answer_of_every_round(site: SmallSite) -> None:
    walker, code = someone_of_two_rounds(site)
    copy = json.loads(walker.client.get("/s/small/en/answers.json").text)
    stored = [row.answers for row in site.rows(code)]
    assert [{one["id"]: one["value"] for one in wave["answers"]} for wave in copy["waves"]] == stored
    first = {one["id"]: one for one in copy["waves"][0]["answers"]}
    assert first["B01"]["question"] == "How often?"
    assert first["B01"]["heading"] == "Think of now."
    assert (first["B01"]["answer"], first["B01"]["language"]) == ("Sometimes", "en")
    revision = site.app.extensions["catalogue"].editions["small", "1.0.0"].translations["en"].revision
    assert first["B01"]["wording"] == revision
    assert code.replace("-", "") not in json.dumps(copy)


def test_a_copy_to_read_needs_nothing_else(site: SmallSite) -> None:
    walker, code = someone_of_two_rounds(site)
    reply = walker.client.get("/s/small/en/answers.html")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="small-answers.html"'
    assert not re.search(r"(?:href|src)=|<script|url\(", reply.text), "no other file, no address"
    assert "Round 1: How it is now" in reply.text
    assert "Round 2: Looking back" in reply.text
    assert code not in reply.text


def test_deleting_takes_all_rounds_after_asking_once(site: SmallSite) -> None:
    walker, code = someone_of_two_rounds(site)
    page = walker.get("/s/small/en/delete")
    assert len(site.rows(code)) == 2, "asking is not deleting"
    assert "None of these answers has been taken into a report" in page.text
    walker.send(button=None)
    assert site.rows(code) == []
    walker.get("/s/code/en")
    walker.send({"code": [code]})
    assert walker.status == 422


def test_pages_say_before_sending_what_cannot_be_taken_back(site: SmallSite) -> None:
    walker = site.visitor()
    assert FROZEN in walker.get("/s/small/en/").text
    begin(walker)
    assert FROZEN in walker.get("/s/small/en/stop").text
    answer(walker.get("/s/small/en/go") and walker)
    assert walker.address.endswith("/review")
    assert FROZEN in walker.page.text


def test_a_response_whose_version_is_gone_stays_and_the_page_says_so(site: SmallSite) -> None:
    walker = site.visitor()
    code = begin(walker, "de")
    site.remove_the_version()
    for where in ("go", "q/A03", "answers", "answers.json", "delete", "review"):
        page = walker.get(f"/s/small/de/{where}")
        assert (walker.status, page.language) == (503, "de"), where
        assert "Die Fragen" in page.text or "The questions for your answers are missing here" in page.text
    assert len(site.rows(code)) == 1


def test_a_person_may_come_by_many_ways_and_always_finds_the_same_answers(site: SmallSite) -> None:
    walker, code = someone_who_sent(site, "de")
    other = site.visitor()
    other.get("/s/code/en")
    other.send({"code": [code.lower().replace("-", " ")]})
    other.get("/s/small/en/answers")
    assert "DE How often?" in other.page.text
    assert walker.get("/s/small/de/answers").text.count("DE How often?") == 1
