"""Studies that people are invited to: the way in by a code, and every way in which it can go wrong."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from survey_app.core.participation.codes import grouped, make_code
from survey_app.core.participation.invitations import grouped_invitation, make_invitation_code
from survey_app.services import inviting
from survey_app.services.catalogue import close_study
from survey_app.store.database import Sessions, databases_of
from survey_app.store.invitations import InvitationRow
from survey_app.store.responses import ResponseRow
from survey_app.web.respondent import identity
from survey_app.web.respondent.pages import desk
from tests.services.invitation_builders import invite
from tests.web.respondent.small_site import SmallSite, answer, send_all
from tests.web.respondent.walker import Walker

UNKNOWN = grouped_invitation(make_invitation_code([7] * 17))
AGREED = {"A01": ["yes"], "A02": ["yes"]}
WRONG = "This code does not open the survey."


class Invited(SmallSite):
    """The small study, which asks for invitations; three have been made."""

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        super().__init__(sessions, folder, entry="invitation")
        with self.app.test_request_context():
            key = desk().invitation_key
        assert key is not None
        self.codes = invite(sessions, inviting.invited_study(sessions, "small"), 3, key=key)

    def used(self) -> int:
        with self.sessions.begin() as db:
            return db.scalar(select(func.count()).select_from(InvitationRow).where(InvitationRow.used)) or 0

    def responses(self) -> int:
        with self.sessions.begin() as db:
            return db.scalar(select(func.count()).select_from(ResponseRow)) or 0


@pytest.fixture
def site(sqlite_sessions: Sessions, tmp_path: Path) -> Invited:
    return Invited(sqlite_sessions, tmp_path)


def cookies(walker: Walker) -> set[str]:
    return {cookie.key for cookie in walker.client._cookies.values()}


def come_in(walker: Walker, code: str, language: str = "en") -> None:
    """From the page about the study, with the code, to the page of agreements."""
    walker.get(f"/s/small/{language}/")
    walker.follow("/time")
    assert walker.address == f"/s/small/{language}/invitation?from=information"
    walker.send({"code": [code]})
    assert walker.address == f"/s/small/{language}/time", walker.page.text
    walker.follow("/consent/prospective")


def agree(walker: Walker) -> str:
    walker.send(AGREED)
    assert walker.address.endswith("/code"), walker.page.text
    code = walker.page.html.split('<span aria-hidden="true">')[1][:17]
    walker.follow("/go")
    return code


def test_a_person_with_an_invitation_goes_the_whole_way(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    agree(walker)
    assert cookies(walker) == {"return_code"}
    send_all(walker)
    assert (site.used(), site.responses()) == (1, 1)


def test_a_code_is_read_however_it_is_written(site: Invited) -> None:
    code = grouped_invitation(site.codes[0])
    for written in (code.lower(), code.replace("-", " "), f"  {code.replace('0', 'o')}\n"):
        come_in(site.visitor(), written)


def test_no_page_behind_the_code_opens_without_one(site: Invited) -> None:
    walker = site.visitor()
    for where in ("time", "consent/prospective", "consent/retrospective"):
        walker.get(f"/s/small/en/{where}")
        assert walker.address == "/s/small/en/invitation?from=information"


def test_agreement_sent_without_an_invitation_begins_nothing(site: Invited) -> None:
    walker = site.visitor()
    walker.client.post("/s/small/en/consent/prospective", data={"A01": "yes", "A02": "yes", "go": "next"})
    assert site.responses() == 0


def test_who_comes_by_a_link_reads_first_what_the_study_is(site: Invited) -> None:
    walker = site.visitor()
    walker.get("/s/small/de/invitation")
    walker.send({"code": [site.codes[0]]})
    assert walker.address == "/s/small/de/"
    walker.follow("/time")
    assert walker.address == "/s/small/de/time"


@pytest.fixture
def attempt(site: Invited) -> Iterator[Callable[[str], tuple[object, ...]]]:
    """What a try of a code costs and shows: statements on each database, status, page."""
    statements: list[str] = []
    databases = databases_of(site.sessions)

    def listen(_c: object, _u: object, statement: str, *_: object) -> None:
        statements.append(statement)

    for engine in (databases.main, databases.identity):
        event.listen(engine, "before_cursor_execute", listen)

    def tried(typed: str) -> tuple[object, ...]:
        statements.clear()
        response = site.app.test_client().post("/s/small/en/invitation", data={"code": typed, "go": "next"})
        return [*statements], response.status_code, response.text.replace(f'value="{typed}"', ""), [*response.headers]

    yield tried
    for engine in (databases.main, databases.identity):
        event.remove(engine, "before_cursor_execute", listen)


def test_used_wrong_and_unknown_codes_look_and_cost_the_same(
    site: Invited, attempt: Callable[[str], tuple[object, ...]]
) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    agree(walker)
    unknown = attempt(UNKNOWN)
    assert unknown[1] == 422
    assert attempt(site.codes[0])[:3] == unknown[:3]
    for typed in ("", "nonsense", "0" * 18, grouped(make_code([3] * 14)), "ü" * 50):
        assert attempt(typed)[:3] == unknown[:3]


def test_guesses_are_slowed_down_and_a_right_code_waits_too(site: Invited) -> None:
    walker = site.visitor()
    for _ in range(10):
        walker.get("/s/small/en/invitation")
        walker.send({"code": [UNKNOWN]})
        assert WRONG in walker.page.text
    answered = walker.client.post("/s/small/en/invitation", data={"code": site.codes[0], "go": "next"})
    assert answered.status_code == 429
    assert int(answered.headers["Retry-After"]) > 0


def test_the_language_can_be_changed_with_a_code_half_typed(site: Invited) -> None:
    walker = site.visitor()
    walker.get("/s/small/en/invitation?from=information")
    page = walker.send({"code": ["ABC"]}, "language-de")
    assert page.language == "de"
    assert 'value="ABC"' in page.html
    walker.send({"code": [site.codes[0]]})
    assert walker.address == "/s/small/de/time"


def test_the_form_sent_twice_before_an_answer_came_begins_one_response(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    admission = walker.client.get_cookie("admission", path="/s/")
    assert admission is not None
    first = agree(walker)
    again = site.visitor()  # the same browser, which has not seen the first answer
    again.client.set_cookie("admission", admission.value, path="/s/")
    again.get("/s/small/en/consent/prospective")
    assert agree(again) == first
    assert (site.used(), site.responses()) == (1, 1)


def test_going_back_and_agreeing_again_leads_to_the_same_response(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    first = agree(walker)
    walker.get("/s/small/en/time")
    walker.follow("/consent/retrospective")
    assert agree(walker) == first
    (row,) = site.rows(first)
    assert row.recall_mode == "retrospective"
    assert (site.used(), site.responses()) == (1, 1)


def test_who_loses_the_browser_before_agreeing_uses_the_code_again(site: Invited) -> None:
    come_in(site.visitor(), site.codes[0])
    walker = site.visitor()
    come_in(walker, site.codes[0])
    agree(walker)


def test_a_code_that_was_used_elsewhere_meanwhile_says_so_and_lets_the_admission_go(site: Invited) -> None:
    here, there = site.visitor(), site.visitor()
    come_in(here, site.codes[0])
    come_in(there, site.codes[0])
    agree(there)
    here.send(AGREED)
    assert here.status == 422
    assert WRONG in here.page.text
    assert cookies(here) == set()
    assert site.responses() == 1


def test_a_second_person_on_the_device_of_a_first_gets_a_response_of_their_own(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    first = agree(walker)
    walker.get("/s/small/en/invitation?from=information")
    walker.send({"code": [site.codes[1]]})
    walker.follow("/consent/prospective")
    assert agree(walker) != first
    assert (site.used(), site.responses()) == (2, 2)


def test_a_forged_or_old_admission_opens_nothing(site: Invited, monkeypatch: pytest.MonkeyPatch) -> None:
    walker = site.visitor()
    walker.client.set_cookie("admission", "WyJzbWFsbCIsImEiLCJiIl0.x.y", path="/s/")
    walker.get("/s/small/en/time")
    assert walker.address.startswith("/s/small/en/invitation")
    come_in(walker, site.codes[0])
    monkeypatch.setattr(identity, "ADMISSION_SECONDS", -1)
    walker.get("/s/small/en/time")
    assert walker.address.startswith("/s/small/en/invitation")


def test_neither_addresses_nor_cookies_hold_the_invitation_code(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    held = " ".join(cookie.value for cookie in walker.client._cookies.values())
    for code in (site.codes[0], grouped_invitation(site.codes[0])):
        assert code not in held + walker.address + walker.page.html


def test_further_waves_need_the_return_code_and_no_invitation(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    code = agree(walker)
    send_all(walker)
    later = site.visitor()
    later.get("/s/code/en")
    later.send({"code": [code]})
    assert later.address.endswith("/welcome")
    later.send({"mode": ["prospective"]})
    answer(later, A04="S02")
    assert [row.wave for row in site.rows(code)] == [1, 2]
    assert site.used() == 1


def test_a_carer_comes_in_with_an_invitation_of_their_own(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[2])
    agree(walker)
    send_all(walker, A03="caregiver")
    assert site.used() == 1


def test_a_kiosk_forgets_the_admission_of_who_walked_away(site: Invited) -> None:
    walker = site.visitor()
    walker.get("/s/small/en/kiosk")
    walker.send(button="begin")
    come_in(walker, site.codes[0])
    walker.get("/s/small/en/")
    assert cookies(walker) == {"kiosk"}
    come_in(walker, site.codes[1])
    agree(walker)
    assert site.used() == 1


def test_leaving_a_device_forgets_the_admission_too(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    walker.client.post("/s/left/en")
    assert cookies(walker) == set()


def test_a_study_closed_meanwhile_says_so_and_uses_nothing_up(site: Invited) -> None:
    walker = site.visitor()
    come_in(walker, site.codes[0])
    with site.sessions.begin() as db:
        close_study(db, "small")
    walker.send(AGREED)
    assert walker.status == 404
    walker.get("/s/small/en/invitation")
    assert "This survey is closed" in walker.page.text
    assert (site.used(), site.responses()) == (0, 0)


def test_the_page_about_the_study_says_that_a_code_is_needed(site: Invited) -> None:
    assert "To begin, you need the code on your invitation." in site.visitor().get("/s/small/en/").text


def test_an_open_study_asks_for_no_code(sqlite_sessions: Sessions, tmp_path: Path) -> None:
    walker = SmallSite(sqlite_sessions, tmp_path).visitor()
    assert "invitation" not in walker.get("/s/small/en/").text
    walker.get("/s/small/en/invitation")
    assert walker.address == "/s/small/en/"


def test_who_comes_to_an_early_end_by_mistake_reads_where_a_new_code_comes_from(site: Invited) -> None:
    assert "can give you a new one: a@example.org" in site.visitor().get("/s/small/en/end/grief").text
