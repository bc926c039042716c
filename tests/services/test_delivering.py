"""What devices kept while they were offline arrives once, in order and whole, on both databases."""

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from survey_app.core.participation.codes import code_hmac
from survey_app.core.privacy import Missing
from survey_app.core.problems import Code
from survey_app.services import responding
from survey_app.services.delivering import MOST_DEVICES
from survey_app.store import responses, snapshots
from tests.services.desk_builders import a_desk, begin, deliver, open_small, save, values


@pytest.fixture
def desk(sessions, tmp_path):
    return open_small(sessions, tmp_path / "q")


@pytest.fixture
def one_desk(sqlite_sessions, tmp_path):
    return open_small(sqlite_sessions, tmp_path / "q")


def row(desk, code, wave=1):
    with desk.sessions.begin() as db:
        found = responses.read_waves(db, code_hmac(desk.code_key, code))
        return next((one for one in found if one.wave == wave), None)


def test_saves_are_kept_in_one_go_and_the_next_screen_is_told(desk):
    code = begin(desk)

    made = deliver(desk, code, save(1, "B01", "sometimes"), save(2, "B02", "never", language="de"))

    assert (made.kept, made.problems, made.next_screen, made.gap, made.status) == (2, {}, "B03", False, "draft")
    assert values(desk, code, "B01", "B02") == ["sometimes", "never"]
    assert responding.load(desk, code).language == "de"


def test_the_same_saves_sent_again_are_acknowledged_and_change_nothing(desk):
    code = begin(desk)
    sent = [save(1, "B01", "sometimes"), save(2, "B01", "always")]
    deliver(desk, code, *sent)
    responding.save_screen(desk, code, "B01", {"B01": ["never"]}, language="en")
    before = row(desk, code)

    again = deliver(desk, code, *sent)

    assert (again.kept, again.gap) == (2, False)
    assert values(desk, code, "B01") == ["never"]
    assert row(desk, code).answers == before.answers


def test_a_number_once_received_is_not_worked_in_with_other_content(one_desk):
    code = begin(one_desk)
    deliver(one_desk, code, save(1, "B01", "sometimes"))

    deliver(one_desk, code, save(1, "B01", "always"))

    assert values(one_desk, code, "B01") == ["sometimes"]


def test_saves_in_the_wrong_order_are_put_in_order(one_desk):
    code = begin(one_desk)

    deliver(one_desk, code, save(3, "B01", "always"), save(1, "B01", "never"), save(2, "B01", "sometimes"))

    assert values(one_desk, code, "B01") == ["always"]


def test_nothing_after_a_gap_is_kept_until_the_gap_is_filled(desk):
    code = begin(desk)

    made = deliver(desk, code, save(1, "B05", "3"), save(3, "B06", "7"))
    assert (made.kept, made.gap, values(desk, code, "B05", "B06")) == (1, True, [3, None])

    made = deliver(desk, code, save(2, "B05", "4"), save(3, "B06", "7"))
    assert (made.kept, made.gap, values(desk, code, "B05", "B06")) == (3, False, [4, 7])


def test_two_devices_take_turns_and_lose_nothing_of_each_other(desk):
    code = begin(desk)

    for number, (phone, tablet) in enumerate([("B01", "B05"), ("B06", "B08"), ("B04", "B13")], 1):
        said = {"B01": "never", "B05": "3", "B06": "7", "B08": "DE", "B04": "red", "B13": "always"}
        deliver(desk, code, save(number, phone, said[phone]), device="phone-123")
        deliver(desk, code, save(number, tablet, said[tablet]), device="tablet-12")

    assert values(desk, code, "B01", "B05", "B06", "B08", "B04", "B13") == ["never", 3, 7, "DE", ("red",), "always"]
    assert row(desk, code).received == {"phone-123": 3, "tablet-12": 3}


def test_devices_and_tabs_at_the_same_moment_lose_nothing(desk):
    code = begin(desk)
    said = {"B01": "never", "B05": "3", "B06": "7", "B08": "DE", "B13": "always", "B11": "never"}

    def bring(item):
        if item in ("B06", "B08"):
            return responding.save_screen(desk, code, item, {item: [said[item]]}, language="en")
        return deliver(desk, code, save(1, item, said[item]), device=f"device-{item.lower()}")

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(bring, said, timeout=60))

    assert values(desk, code, *said) == ["never", 3, 7, "DE", "always", "never"]


def test_one_device_that_sends_the_same_twice_at_the_same_moment_is_worked_in_once(desk):
    code = begin(desk)
    sent = [save(number, "B06", str(number)) for number in range(1, 9)]

    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(deliver, desk, code, *sent) for _ in range(4)]
        assert {one.result(timeout=60).kept for one in made} == {8}

    assert (values(desk, code, "B06"), row(desk, code).received) == ([8], {"device-1": 8})


def test_a_save_with_a_wrong_answer_is_received_told_and_the_rest_kept(desk):
    code = begin(desk)

    made = deliver(desk, code, save(1, "B01", "purple"), save(2, "B05", "11"), save(3, "B06", "7"))

    assert made.kept == 3
    told = {number: {item: problem.code for item, problem in found.items()} for number, found in made.problems.items()}
    assert told == {1: {"B01": Code.ANSWER_NOT_OFFERED}, 2: {"B05": Code.ANSWER_NOT_OFFERED}}
    assert values(desk, code, "B01", "B05", "B06") == [None, None, 7]


@pytest.mark.parametrize(
    ("sent", "code_told"),
    [
        (save(1, "Z99", "x"), Code.SCREEN_UNKNOWN),
        (save(1, "", how="next"), Code.SCREEN_UNKNOWN),
        (responding.Save(number=1, screen="B01", language="en", how="next", raw={"B06": ["7"]}), Code.ANSWER_NOT_ASKED),
    ],
)
def test_what_no_screen_asks_is_told_and_not_kept(one_desk, sent, code_told):
    code = begin(one_desk)

    made = deliver(one_desk, code, sent)

    assert (made.kept, made.problems[1][""].code) == (1, code_told)
    assert values(one_desk, code, "B06") == [None]


def test_an_unknown_language_does_not_cost_an_answer(one_desk):
    code = begin(one_desk)

    deliver(one_desk, code, save(1, "B01", "never", language="xx"))

    assert (values(one_desk, code, "B01"), responding.load(one_desk, code).language) == (["never"], "en")


def test_going_back_keeps_what_is_filled_in_and_leaves_the_rest_as_it_was(one_desk):
    code = begin(one_desk)
    deliver(one_desk, code, save(1, "B01", "never"))

    deliver(one_desk, code, save(2, "B01", how="partly"))
    assert values(one_desk, code, "B01") == ["never"]
    deliver(one_desk, code, save(3, "B01", "always", how="skip"))
    assert values(one_desk, code, "B01") == [Missing.NOT_ANSWERED]


def test_answers_that_logic_hides_go_while_saves_are_worked_in(one_desk):
    code = begin(one_desk)

    deliver(one_desk, code, save(1, "B01", "always"), save(2, "B02", "always"), save(3, "B01", "never"))

    assert values(one_desk, code, "B01", "B02") == ["never", None]
    assert "B02" not in responding.load(one_desk, code).record.wording.seen


@pytest.mark.parametrize(("how", "status"), [("send", "whole"), ("stop", "part")])
def test_sending_offline_sends(desk, how, status):
    code = begin(desk)

    made = deliver(desk, code, save(1, "B06", "7"), save(2, "", how=how))

    assert (made.status, made.kept, row(desk, code).last_month) == (status, 2, None)


def test_saves_whose_receipt_was_lost_are_known_after_sending_too(desk):
    code = begin(desk)
    sent = [save(1, "B06", "7"), save(2, "", how="send")]
    deliver(desk, code, *sent)
    responding.save_screen(desk, code, "B06", {"B06": ["9"]}, language="en")

    made = deliver(desk, code, *sent)

    assert (made.kept, made.gap, made.status, values(desk, code, "B06")) == (2, False, "whole", [9])


def test_an_ending_deletes_the_response_and_later_deliveries_find_none(desk):
    code = begin(desk, stage=None)

    made = deliver(desk, code, save(1, "A03", "bereaved"), save(2, "A04", "S01"))

    assert (made.ending, made.status, made.kept) == ("grief", "ended", 2)
    assert responding.load(desk, code) is None
    assert responding.deliver(desk, code_hmac(desk.code_key, code), 1, "device-1", [save(3, "B01", "never")]) is None


def test_an_answer_that_leads_to_an_ending_does_nothing_before_the_person_goes_on(desk):
    code = begin(desk, stage=None)

    made = deliver(desk, code, save(1, "A03", "bereaved", how="partly"))
    responding.save_screen(desk, code, "A03", {"A03": ["bereaved"]}, language="en", partly=True)

    assert (made.ending, made.status, made.kept) == (None, "draft", 1)
    assert values(desk, code, "A03") != ["bereaved"]


def test_a_release_ends_all_changes_and_forgets_the_devices(desk):
    code = begin(desk)
    deliver(desk, code, save(1, "B06", "7"), save(2, "", how="send"))
    close_batch(desk)

    made = deliver(desk, code, save(3, "B06", "9"))

    assert (made.kept, made.problems[3][""].code, made.status) == (3, Code.ANSWERS_FROZEN, "whole")
    assert (values(desk, code, "B06"), row(desk, code).received) == ([7], {})
    assert responding.save_screen(desk, code, "B06", {"B06": ["9"]}, language="en") is None
    assert not responding.load(desk, code).can_correct
    assert responding.delete(desk, code)


def close_batch(desk):
    with desk.sessions.begin() as db:
        snapshots.put_into_batch(db, "small", "small-1")


def test_the_device_heard_of_longest_ago_is_forgotten_first(one_desk):
    code = begin(one_desk)
    for number in range(MOST_DEVICES):
        deliver(one_desk, code, save(1, "B06", "7"), device=f"device-{number:04}")
    deliver(one_desk, code, save(2, "B06", "8"), device="device-0000")

    deliver(one_desk, code, save(1, "B06", "9"), device="device-new1")

    kept = row(one_desk, code).received
    assert (len(kept), "device-0000" in kept, "device-0001" in kept) == (MOST_DEVICES, True, False)


def test_a_hundred_saves_are_two_statements(one_desk):
    code = begin(one_desk)
    seen = []
    event.listen(one_desk.sessions.kw["bind"], "before_cursor_execute", lambda *told: seen.append(told[2]))

    deliver(one_desk, code, *[save(number, "B06", str(number % 20)) for number in range(1, 101)])

    assert [text.split()[0] for text in seen if not text.startswith("BEGIN")] == ["SELECT", "UPDATE"]


def test_a_delivery_in_another_month_moves_the_month_of_the_draft(one_desk):
    code = begin(one_desk)
    later = a_desk(one_desk.sessions, one_desk, today=lambda: date(2027, 1, 3))

    deliver(later, code, save(1, "B06", "7"))

    assert row(one_desk, code).last_month == "2027-01"


KILLED = """
import os, signal, sys
from pathlib import Path
from survey_app.core.participation.codes import code_hmac
from survey_app.services import responding
from survey_app.services.catalogue import read_catalogue
from survey_app.store import responses
from survey_app.store.database import make_sessions, open_databases
from tests.builders import settings_beside
url, folder, code, deed = sys.argv[1:]
desk = responding.Desk(
    sessions=make_sessions(open_databases(settings_beside(url))), editions=read_catalogue(Path(folder)).editions,
    code_key=b"c" * 32, person_key=b"p" * 32,
)
for name in ("change_response", "add_response", "delete_waves"):
    def dying(*given, real=getattr(responses, name), **named):
        real(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(responses, name, dying)
if deed == "deliver":
    saves = [responding.Save(number=n, screen="B06", language="en", how="next", raw={"B06": [str(n)]}) for n in (1, 2)]
    responding.deliver(desk, code_hmac(desk.code_key, code), 1, "device-1", saves)
elif deed == "save":
    responding.save_screen(desk, code, "B06", {"B06": ["2"]}, language="en")
elif deed == "wave":
    responding.begin_wave(desk, code, language="en", mode="prospective", raw={})
else:
    responding.delete(desk, code)
"""


@pytest.mark.parametrize("deed", ["deliver", "save", "wave", "delete"])
def test_a_process_killed_between_statement_and_commit_leaves_nothing_half(desk, database_url, tmp_path, deed):
    code = begin(desk)
    if deed == "wave":
        responding.submit(desk, code, whole=True)
    before = row(desk, code)

    command = [sys.executable, "-c", textwrap.dedent(KILLED), database_url, str(tmp_path / "q"), code, deed]
    ended = subprocess.run(command, check=False, timeout=120, env={**os.environ, "PYTHONPATH": str(Path.cwd())})

    after = row(desk, code)
    assert ended.returncode == -signal.SIGKILL
    assert (after.answers, after.received, after.status) == (before.answers, before.received, before.status)
    assert row(desk, code, wave=2) is None
    if deed == "deliver":
        assert deliver(desk, code, save(1, "B06", "1"), save(2, "B06", "2")).kept == 2
        assert values(desk, code, "B06") == [2]
