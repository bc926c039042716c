"""Saving, correcting, coming again, and the record of what was read; on both databases where they could differ."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import event, func, select

from survey_app.core.participation.codes import code_hmac
from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import responding
from survey_app.services.catalogue import close_study, keep_wordings, read_catalogue
from survey_app.services.revising import expire_drafts, revise_study
from survey_app.store import snapshots
from survey_app.store.responses import ResponseRow
from survey_app.store.wordings import WordingRow
from tests.services.desk_builders import (
    AGREED,
    SMALL,
    a_desk,
    a_study,
    add_version,
    begin,
    open_small,
    values,
    write_german,
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "q"


@pytest.fixture
def desk(sessions, folder):
    return open_small(sessions, folder)


@pytest.fixture
def one_desk(sqlite_sessions, folder):
    return open_small(sqlite_sessions, folder)


def put(desk, code, item, *said, language="en", **changes):
    return responding.save_screen(desk, code, item, {item: list(said)}, language=language, **changes)


def send(desk, code):
    return responding.submit(desk, code, whole=True)


def come_again(desk, code, *, mode="prospective", **raw):
    return responding.begin_wave(desk, code, language="en", mode=mode, raw=raw)


def release(desk):
    with desk.sessions.begin() as db:
        snapshots.put_into_batch(db, "small", "small-1")


def count(desk):
    with desk.sessions.begin() as db:
        return db.scalar(select(func.count()).select_from(ResponseRow))


def codes(refused):
    return [problem.code for problem in refused.value.problems]


# -- saving ------------------------------------------------------------------------------------------


def test_a_saved_answer_takes_three_statements_at_most_and_a_load_two(one_desk):
    code = begin(one_desk)
    fresh = a_desk(one_desk.sessions, one_desk)
    seen = []
    event.listen(one_desk.sessions.kw["bind"], "before_cursor_execute", lambda *told: seen.append(told[2]))

    put(fresh, code, "B06", "7")
    assert len([text for text in seen if not text.startswith("BEGIN")]) == 3
    seen.clear()
    put(fresh, code, "B06", "8")
    assert len([text for text in seen if not text.startswith("BEGIN")]) == 2
    seen.clear()
    responding.load(a_desk(one_desk.sessions, one_desk), code)
    assert len([text for text in seen if not text.startswith("BEGIN")]) == 2


def test_two_tabs_in_turns_lose_nothing_of_each_other(desk):
    code = begin(desk)

    for left, right in (("B01", "B05"), ("B06", "B08")):
        said = {"B01": "never", "B05": "3", "B06": "7", "B08": "DE"}
        put(desk, code, left, said[left])
        put(desk, code, right, said[right], language="de")

    assert values(desk, code, "B01", "B05", "B06", "B08") == ["never", 3, 7, "DE"]


def test_sent_answers_can_be_corrected_and_stay_sent(desk):
    code = begin(desk)
    put(desk, code, "B06", "7")
    send(desk, code)

    held = put(desk, code, "B06", "9")

    assert (held.status, held.can_correct, held.is_draft) == ("whole", True, False)
    assert values(desk, code, "B06") == [9]


def test_a_correction_after_the_release_is_refused_and_nothing_changes(desk):
    code = begin(desk)
    put(desk, code, "B06", "7")
    send(desk, code)
    release(desk)

    assert put(desk, code, "B06", "9") is None
    assert values(desk, code, "B06") == [7]
    assert not responding.load(desk, code).can_correct


def test_a_release_and_a_correction_at_the_same_moment_never_change_a_frozen_answer(desk):
    code = begin(desk)
    put(desk, code, "B06", "7")
    send(desk, code)

    with ThreadPoolExecutor(2) as pool:
        corrected = pool.submit(put, desk, code, "B06", "9")
        pool.submit(release, desk).result(timeout=60)
        held = corrected.result(timeout=60)

    assert values(desk, code, "B06") == ([7] if held is None else [9])
    assert put(desk, code, "B06", "11") is None


def test_the_lists_of_one_person_stay_the_same_and_others_are_refused(one_desk):
    code = begin(one_desk)
    held = responding.load(one_desk, code)
    design = held.edition.questionnaire.designs["PETS"]
    shown = design.shown(held.draw, 1)
    stranger = next(one for one in ("cat", "dog", "cow", "hen") if one not in shown.objects)

    best, worst = shown.objects
    raw = {"B14.best": [best], "B14.worst": [worst]}
    responding.save_screen(one_desk, code, "B14", raw, language="en")
    with pytest.raises(ProblemsFound):
        responding.save_screen(one_desk, code, "B14", {**raw, "B14.worst": [stranger]}, language="en")

    assert values(one_desk, code, "B14") == [(shown.id, best, worst)]


def test_versions_of_lists_are_drawn_in_balanced_blocks_for_each_language(one_desk):
    drawn = {"en": [], "de": []}
    for number in range(60):
        language = "de" if number % 3 == 0 else "en"
        code = begin(one_desk, language=language)
        drawn[language].append(responding.load(one_desk, code).draw)

    for draws in drawn.values():
        versions = [draw % 3 for draw in draws]
        assert max(versions.count(one) for one in range(3)) - min(versions.count(one) for one in range(3)) <= 1
        assert all(0 <= draw < 2**31 for draw in draws)
    assert len({*drawn["en"], *drawn["de"]}) == 60


# -- waves -------------------------------------------------------------------------------------------


def test_a_person_comes_again_with_the_same_code(desk):
    code = begin(desk)
    put(desk, code, "B13", "always")
    sent = send(desk, code)

    held = come_again(desk, code, A04=["S02"])

    assert (sent.next_wave, sent.waves_left, held.wave, held.is_draft) == (True, 2, 2, True)
    assert values(desk, code, "A01", "A02", "A04", "B13") == [True, True, "S02", "always"]
    assert values(desk, code, "A04", wave=1) == ["S01"]
    assert [(one.wave, one.mode, one.stage, one.status) for one in held.occasions] == [
        (1, "prospective", "S01", "whole"),
        (2, "prospective", "S02", "draft"),
    ]
    assert held.stored.person_tag == sent.stored.person_tag
    assert (held.stored.received, "B12" in responding.load(desk, code).plan.items) == ({}, True)


def test_what_is_carried_over_can_be_changed_and_the_earlier_wave_stays(one_desk):
    code = begin(one_desk)
    put(one_desk, code, "B13", "always")
    send(one_desk, code)
    come_again(one_desk, code)

    put(one_desk, code, "B13", "never")

    assert (values(one_desk, code, "B13"), values(one_desk, code, "B13", wave=1)) == (["never"], ["always"])


def test_no_wave_begins_while_the_last_one_is_open(one_desk):
    code = begin(one_desk)

    held = come_again(one_desk, code)

    assert (held.wave, responding.load(one_desk, code).next_wave, count(one_desk)) == (1, False, 1)


def test_a_stage_is_not_offered_again_and_not_one_that_lies_behind(one_desk):
    code = begin(one_desk, stage="S02")
    held = send(one_desk, code)

    assert held.next_modes == ("retrospective",)
    assert come_again(one_desk, code) is None
    later = come_again(one_desk, code, mode="retrospective")
    assert later.plan.stages_offered == ("S01", "S02")


def test_a_stage_that_is_not_offered_is_refused_and_no_wave_begins(one_desk):
    code = begin(one_desk)
    send(one_desk, code)

    with pytest.raises(ProblemsFound) as refused:
        come_again(one_desk, code, A04=["S01"])

    assert (codes(refused), count(one_desk)) == ([Code.ANSWER_NOT_OFFERED], 1)


def test_a_study_allows_so_many_waves_and_no_more(one_desk):
    code = begin(one_desk)
    send(one_desk, code)
    come_again(one_desk, code, mode="retrospective", A04=["S01"])
    send(one_desk, code)
    come_again(one_desk, code, mode="retrospective", A04=["S02"])

    held = send(one_desk, code)

    assert (held.waves_left, held.next_wave, come_again(one_desk, code, A04=["S02"])) == (0, False, None)


def test_no_wave_begins_in_a_study_that_is_closed(one_desk):
    code = begin(one_desk)
    send(one_desk, code)
    with one_desk.sessions.begin() as db:
        close_study(db, "small")

    assert (responding.load(one_desk, code).next_wave, come_again(one_desk, code)) == (False, None)


def test_a_wave_begun_by_several_clicks_at_once_is_one_wave(desk):
    code = begin(desk)
    send(desk, code)

    with ThreadPoolExecutor(4) as pool:
        made = [pool.submit(come_again, desk, code) for _ in range(4)]
        assert {one.result(timeout=60).wave for one in made} == {2}

    assert count(desk) == 2


def test_an_earlier_wave_is_corrected_until_its_batch_is_closed(one_desk):
    code = begin(one_desk)
    put(one_desk, code, "B06", "7")
    send(one_desk, code)
    come_again(one_desk, code)

    put(one_desk, code, "B06", "8", wave=1)
    assert values(one_desk, code, "B06", wave=1) == [8]
    release(one_desk)
    assert put(one_desk, code, "B06", "9", wave=1) is None
    assert put(one_desk, code, "B06", "9").wave == 2


def test_deleting_deletes_every_wave(desk):
    code, other = begin(desk), begin(desk)
    send(desk, code)
    come_again(desk, code)
    release(desk)

    assert responding.delete(desk, code)

    assert (responding.load(desk, code), responding.load_wave(desk, code, 1), count(desk)) == (None, None, 1)
    assert responding.load(desk, other) is not None
    assert not responding.delete(desk, code)


# -- expiry ------------------------------------------------------------------------------------------


def test_drafts_not_touched_this_month_or_the_last_expire_and_nothing_else(desk):
    def at(day):
        return a_desk(desk.sessions, desk, today=lambda: day)

    old, last, sent, back = (begin(at(date(2026, month, 20))) for month in (9, 10, 9, 9))
    send(at(date(2026, 9, 20)), sent)
    put(at(date(2026, 11, 1)), back, "B06", "7")

    with desk.sessions.begin() as db:
        assert expire_drafts(db, "small", today=date(2026, 11, 25)) == 1

    assert [responding.load(desk, code) is None for code in (old, last, sent, back)] == [True, False, False, False]


def test_january_looks_back_to_december(one_desk):
    code = begin(a_desk(one_desk.sessions, one_desk, today=lambda: date(2026, 12, 31)))

    with one_desk.sessions.begin() as db:
        assert expire_drafts(db, "small", today=date(2027, 1, 1)) == 0
        assert expire_drafts(db, "small", today=date(2027, 2, 1)) == 1

    assert responding.load(one_desk, code) is None


# -- a study goes on to another version --------------------------------------------------------------


@pytest.fixture
def revised(sessions, folder):
    """A response begun before the study went on to 1.1.0, and the desk of a program started after that."""
    desk = open_small(sessions, folder)
    code = begin(desk)
    text = SMALL.replace("text: How many?", "text: How many of them?").replace(
        "B13, type: single,", "B16, type: single,"
    )
    catalogue = add_version(folder, "1.1.0", text)
    with sessions.begin() as db:
        revise_study(db, a_study(version="1.1.0", waves=4), catalogue, folder)
    return a_desk(sessions, catalogue), code


def test_a_response_is_finished_on_the_version_on_which_it_began(revised):
    desk, code = revised

    held = put(desk, code, "B13", "always")
    assert (held.edition.questionnaire.version, held.study.waves, held.stored.definition) == ("1.0.0", 3, 1)
    assert (send(desk, code).status, values(desk, code, "B13")) == ("whole", ["always"])


def test_the_next_wave_and_the_next_person_begin_on_the_new_version(revised):
    desk, code = revised
    put(desk, code, "B13", "always")
    assert send(desk, code).waves_left == 3

    again = come_again(desk, code)
    other = responding.load(desk, begin(desk))

    for held in (again, other):
        assert (held.edition.questionnaire.version, held.stored.definition) == ("1.1.0", 2)
    assert "B16" not in again.answers
    assert responding.load_wave(desk, code, 1).edition.questionnaire.version == "1.0.0"


def test_a_version_that_is_gone_is_told_and_not_a_fault(revised):
    desk, code = revised
    fewer = {key: edition for key, edition in desk.editions.items() if key[1] != "1.0.0"}
    poor = responding.Desk(sessions=desk.sessions, editions=fewer, code_key=b"c" * 32, person_key=b"p" * 32)

    with pytest.raises(ProblemsFound, match=r"small/1\.0\.0.*Put its folder back") as refused:
        responding.load(poor, code)

    assert codes(refused) == [Code.VERSION_GONE]
    with pytest.raises(ProblemsFound, match="Put its folder back"):
        put(poor, code, "B06", "7")
    assert responding.load(desk, code) is not None


def test_a_study_whose_version_is_gone_is_not_offered(one_desk):
    poor = responding.Desk(sessions=one_desk.sessions, editions={}, code_key=b"c" * 32, person_key=b"p" * 32)

    assert responding.studies_offered(poor) == ()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"languages": ("en",)}, "languages"),
        ({"modules": ("SCR",)}, "modules"),
        ({"waves": 2}, "waves"),
        ({"recall_modes": ("prospective",)}, "recall_modes"),
        ({"organisation": "Somebody else"}, "organisation"),
        ({"synthetic": True}, "synthetic"),
        ({"version": "0.9.0"}, "version"),
        ({"questionnaire": "other"}, "questionnaire"),
    ],
)
def test_what_people_rely_on_does_not_change(one_desk, folder, changes, where):
    with pytest.raises(ProblemsFound) as refused, one_desk.sessions.begin() as db:
        revise_study(db, a_study(**changes), read_catalogue(folder), folder)

    assert [(problem.code, problem.where) for problem in refused.value.problems] == [(Code.STUDY_CHANGE_REFUSED, where)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": "2.0.0"}, Code.NOT_PUBLISHED),
        ({"id": "other"}, Code.STUDY_UNKNOWN),
        ({}, Code.STUDY_SAME),
        ({"languages": ("en", "de", "fr")}, Code.STUDY_LANGUAGE_MISSING),
    ],
)
def test_a_revision_that_cannot_be_is_told(one_desk, folder, changes, told):
    with pytest.raises(ProblemsFound) as refused, one_desk.sessions.begin() as db:
        revise_study(db, a_study(**changes), read_catalogue(folder), folder)

    assert told in codes(refused)


def test_a_closed_study_is_not_revised(one_desk, folder):
    with one_desk.sessions.begin() as db:
        close_study(db, "small")

    with pytest.raises(ProblemsFound) as refused, one_desk.sessions.begin() as db:
        revise_study(db, a_study(waves=5), read_catalogue(folder), folder)

    assert codes(refused) == [Code.STUDY_CLOSED]


# -- the record --------------------------------------------------------------------------------------


def test_each_answer_keeps_the_language_in_which_it_was_read(desk):
    code = begin(desk)
    put(desk, code, "B01", "never", language="de")
    put(desk, code, "B05", "3", language="en")

    record = responding.load(desk, code).record

    assert [record.language_of(item) for item in ("A01", "B01", "B05", "B06")] == ["en", "de", "en", None]
    assert [record.text_of(item) for item in ("A01", "B01", "B05")] == ["I agree.", "DE How often?", "How hard?"]
    assert record.text_of("B01", "option/never") == "DE Never"
    assert (record.text_of("B06"), record.text_of("B01", "help")) == (None, None)


@pytest.fixture
def reworded(sessions, folder):
    """A response answered in German before the German texts were revised, and the desk of a later program."""
    desk = open_small(sessions, folder)
    code = begin(desk, language="de")
    put(desk, code, "B01", "never", language="de")
    write_german(folder / "small/1.0.0", lambda text: f"NEU {text}" if text != "I agree to more." else f"DE {text}")
    catalogue = read_catalogue(folder)
    with sessions.begin() as db:
        keep_wordings(db, catalogue)
    return a_desk(sessions, catalogue), code


def test_an_answer_is_shown_as_it_was_read_after_the_texts_were_revised(reworded):
    desk, code = reworded
    put(desk, code, "B05", "3", language="de")

    record = responding.load(desk, code).record

    assert (record.text_of("B01"), record.text_of("B05")) == ("DE How often?", "NEU How hard?")
    assert record.edition_of("B01").say("item/B01/text", "de") == "DE How often?"
    assert (record.is_as_now("B01"), record.is_as_now("B05")) == (False, True)


def test_an_answer_given_again_is_shown_as_it_was_read_last(reworded):
    desk, code = reworded

    put(desk, code, "B01", "always", language="de")

    assert responding.load(desk, code).record.text_of("B01") == "NEU How often?"


def test_a_consent_is_asked_again_when_its_text_has_changed_and_only_then(reworded):
    desk, code = reworded

    assert [item.id for item in responding.consents_to_renew(responding.load(desk, code), "de")] == ["A01"]
    assert [item.id for item in responding.consents_to_renew(responding.load(desk, code), "en")] == ["A01"]
    renewed = responding.renew_consents(desk, code, {"A01": ["yes"]}, language="de")

    assert responding.consents_to_renew(renewed, "de") == ()
    assert responding.consents_to_renew(responding.load(desk, code), "de") == ()
    assert values(desk, code, "A01", "A02") == [True, True]
    assert responding.load(desk, code).record.text_of("A01") == "NEU I agree."


def test_what_a_device_sends_waits_for_an_agreement_that_is_to_be_read_again(reworded):
    desk, code = reworded
    send = responding.Save(number=1, screen="", language="de", how="send")

    made = responding.deliver(desk, code_hmac(desk.code_key, code), 1, "some device", [send])

    assert made is not None
    assert (made.kept, made.problems, made.status) == (1, {}, "draft")
    responding.renew_consents(desk, code, {"A01": ["yes"]}, language="de")
    again = responding.Save(number=2, screen="", language="de", how="send")
    sent = responding.deliver(desk, code_hmac(desk.code_key, code), 1, "some device", [again])
    assert sent is not None
    assert sent.status == "whole"


def test_a_required_consent_not_renewed_changes_nothing(reworded):
    desk, code = reworded

    with pytest.raises(ProblemsFound) as refused:
        responding.renew_consents(desk, code, {}, language="de")

    assert (codes(refused), values(desk, code, "A01")) == ([Code.CONSENT_NEEDED], [True])


def test_a_further_wave_needs_the_consents_whose_text_has_changed(reworded):
    desk, code = reworded
    held = send(desk, code)
    assert [item.id for item in responding.consents_to_renew(held, "de")] == ["A01"]

    with pytest.raises(ProblemsFound) as refused:
        responding.begin_wave(desk, code, language="de", mode="prospective", raw={"A04": ["S02"]})
    assert codes(refused) == [Code.CONSENT_NEEDED]

    held = responding.begin_wave(desk, code, language="de", mode="prospective", raw={"A01": ["yes"]})
    assert (held.wave, responding.consents_to_renew(held, "de")) == (2, ())
    assert [held.record.text_of(item) for item in ("A01", "A02")] == ["NEU I agree.", "DE I agree to more."]


def test_wordings_are_kept_once_however_often_the_program_starts(desk, folder):
    with desk.sessions.begin() as db:
        before = db.scalar(select(func.count()).select_from(WordingRow))
        keep_wordings(db, read_catalogue(folder))
        assert (before, db.scalar(select(func.count()).select_from(WordingRow))) == (2, 2)


def test_programs_that_start_at_the_same_moment_keep_each_wording_once(desk, folder):
    write_german(folder / "small/1.0.0", lambda text: f"NEU {text}")
    catalogue = read_catalogue(folder)

    def start():
        with desk.sessions.begin() as db:
            keep_wordings(db, catalogue)

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(start) for _ in range(4)]:
            one.result(timeout=60)
    with desk.sessions.begin() as db:
        assert db.scalar(select(func.count()).select_from(WordingRow)) == 3


def test_a_code_that_opens_nothing_opens_nothing(desk):
    begin(desk)

    for deed in (
        responding.load,
        lambda *given: put(*given, "B06", "7"),
        send,
        come_again,
        lambda *given: responding.renew_consents(*given, AGREED, language="en"),
    ):
        assert deed(desk, "0" * 14 + "1") is None
