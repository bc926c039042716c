"""Studies whose invitations are blind: the exchange, the way back with the permit, and every way it can go wrong."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from survey_app.core.participation.invitations import make_invitation_code
from survey_app.core.participation.permits import fingerprint, in_groups
from survey_app.core.questionnaire.study import BLIND
from survey_app.services import inviting, permitting
from survey_app.store.database import Sessions
from survey_app.web.respondent.pages import desk
from survey_app.web.respondent.script import PERMITS
from tests.blind_client import Blinded, blind
from tests.services.invitation_builders import invite
from tests.web.respondent.small_site import SmallSite, send_all
from tests.web.respondent.walker import Walker

PAGE = "/s/small/en/invitation"
UNKNOWN = make_invitation_code([7] * 17)


@pytest.fixture
def site(sqlite_sessions: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    monkeypatch.setattr(permitting, "BITS", 2_048)  # a short key: tests make many
    return SmallSite(sqlite_sessions, tmp_path, entry=BLIND)


@pytest.fixture
def codes(site: SmallSite) -> tuple[str, ...]:
    with site.app.test_request_context():
        key = desk().invitation_key
    assert key is not None
    return invite(site.sessions, inviting.invited_study(site.sessions, "small"), 2, key=key)


@pytest.fixture
def sent(site: SmallSite, codes: tuple[str, ...]) -> Blinded:
    """What a browser has blinded."""
    with site.app.test_request_context():
        return blind(permitting.key_of(desk(), inviting.invited_study(site.sessions, "small")).public)


def ask(walker: Walker, code: str, blinded: str) -> tuple[int, dict[str, str]]:
    answer = walker.client.post("/s/small/en/permit", data={"code": code, "blinded": blinded})
    return answer.status_code, answer.get_json()


def bring(walker: Walker, message: str, signature: str) -> None:
    answer = walker.client.post(
        f"{PAGE}?from=information", data={"message": message, "signature": signature}, follow_redirects=True
    )
    walker._arrive(answer)


def test_a_person_with_a_permit_goes_the_whole_way(site: SmallSite, codes: tuple[str, ...], sent: Blinded) -> None:
    walker = site.visitor()
    status, said = ask(walker, codes[0], sent.sent.hex())
    assert status == 200
    signature = sent.finalize(bytes.fromhex(said["signed"])).hex()
    bring(walker, sent.message.hex(), signature)
    assert walker.address == "/s/small/en/time"
    walker.follow("/consent/prospective")
    walker.send({"A01": ["yes"], "A02": ["yes"]})
    assert PERMITS.name in walker.page.html, "the page of the return code lets the device forget the permit"
    walker.follow("/go")
    send_all(walker)
    bring(site.visitor(), sent.message.hex(), signature)
    again = site.visitor()
    bring(again, sent.message.hex(), signature)
    assert again.status == 422
    assert "This permit was used already" in again.page.text
    assert state_of(again)["spent"] is True


def state_of(walker: Walker) -> dict[str, object]:
    found = re.search(r'<script id="blind" type="application/json">(.*?)</script>', walker.page.html)
    assert found
    state: dict[str, object] = json.loads(found[1])
    return state


def test_without_script_the_page_says_so_and_a_plain_code_opens_nothing(
    site: SmallSite, codes: tuple[str, ...]
) -> None:
    walker = site.visitor()
    page = walker.get(PAGE)
    assert "This survey needs JavaScript" in page.text
    assert re.search(r'<form [^>]*id="f"[^>]* hidden>', page.html)
    answer = walker.client.post(PAGE, data={"code": codes[0], "go": "next"})
    assert answer.status_code == 422
    assert walker.get("/s/small/en/time").html.count('id="blind"') == 1


def test_used_wrong_and_unknown_codes_get_the_same_answer(
    site: SmallSite, codes: tuple[str, ...], sent: Blinded
) -> None:
    walker = site.visitor()
    ask(walker, codes[0], sent.sent.hex())
    other = blind(sent.public).sent.hex()
    unknown = ask(walker, UNKNOWN, other)
    assert unknown[0] == 422
    assert [ask(walker, typed, other) for typed in (codes[0], "", "nonsense")] == [unknown] * 3


@pytest.mark.parametrize("blinded", ["", "nonsense", "ff" * 256, "00" * 256, "11" * 255])
def test_what_cannot_be_signed_is_refused_and_uses_nothing_up(
    site: SmallSite, codes: tuple[str, ...], sent: Blinded, blinded: str
) -> None:
    walker = site.visitor()
    status, said = ask(walker, codes[0], blinded)
    assert (status, said["do"]) == (400, "The exchange did not work. Your code is not lost. Please try again.")
    assert ask(walker, codes[0], sent.sent.hex())[0] == 200


def test_permits_that_are_none_are_refused_and_guesses_slowed_down(site: SmallSite, codes: tuple[str, ...]) -> None:
    walker = site.visitor()
    for message, signature in (("", ""), ("zz", "zz"), ("11" * 64, "22" * 256)) * 3:
        bring(walker, message, signature)
        assert walker.status == 422
    bring(walker, "", "")
    bring(walker, "", "")
    assert walker.status == 429
    assert state_of(walker)["spent"] is False, "a permit is not thrown away for being early"
    assert ask(walker, codes[0], "11" * 256)[0] == 429


def test_all_see_one_key_on_the_page_about_the_study(site: SmallSite, sent: Blinded) -> None:
    pages = [site.visitor().get(f"/s/small/{language}/").html for language in ("en", "de")]
    shown = [re.findall(r">([0-9a-f]{4}(?:-[0-9a-f]{4}){4})<", html) for html in pages]
    assert shown == [[in_groups(fingerprint(sent.public))]] * 2
    assert state_of_page(site.visitor)["n"] == f"{sent.public.n:0512x}"


def state_of_page(visitor: Callable[[], Walker]) -> dict[str, object]:
    walker = visitor()
    walker.get(PAGE)
    return state_of(walker)


def test_other_studies_sign_nothing(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    walker = SmallSite(sqlite_sessions, tmp_path, entry="invitation").visitor()
    assert walker.client.post("/s/small/en/permit", data={"code": UNKNOWN, "blinded": "11"}).status_code == 404
