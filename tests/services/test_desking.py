"""Two different people make a text fit to be shown; every shortcut is refused and leaves nothing changed."""

import pytest
from sqlalchemy import select

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import desking, theming
from survey_app.services.desking import LONGEST_QUOTE, Work, Worker
from survey_app.services.text_keys import TextKeys
from survey_app.store import free_texts
from survey_app.store.free_texts import DeedRow, FreeTextRow
from tests.services.text_builders import (
    DAY,
    KEYS,
    a_desk_of_texts,
    add_theme,
    bring,
    confirm,
    make_ready,
    propose,
    version_of,
    written,
)


@pytest.fixture
def desk(sqlite_sessions):
    """A session, two people of the desk, and the id of a text."""
    with sqlite_sessions.begin() as db:
        ada, ben = a_desk_of_texts(db)
        (text,) = bring(db, written())
        yield db, ada, ben, text


def refusal(deed, *args, **how) -> list[Code]:
    with pytest.raises(ProblemsFound) as found:
        deed(*args, **how)
    return [problem.code for problem in found.value.problems]


def look(db, text):
    return desking.read_text(db, "demo", text, KEYS)


def test_a_text_goes_from_one_person_to_another(desk):
    db, ada, ben, text = desk
    propose(db, text, ada)
    assert (look(db, text).state, look(db, text).redacted_by) == ("to_confirm", ada.staff_id)

    confirm(db, text, ben)

    assert look(db, text).state == "confirmed"
    assert look(db, text).work.texts == {"en": "It was hard.", "de": "Es fiel schwer."}


def test_the_same_person_cannot_confirm(desk):
    db, ada, _, text = desk
    propose(db, text, ada)
    before = look(db, text)

    assert refusal(confirm, db, text, ada) == [Code.TEXT_SAME_PERSON]
    assert look(db, text) == before


def test_a_command_without_a_person_cannot_confirm(desk):
    db, ada, _, text = desk
    propose(db, text, ada)

    assert refusal(confirm, db, text, Worker(staff_id=None, keys=KEYS, today=DAY)) == [Code.TEXT_SAME_PERSON]


def test_who_changed_it_last_counts_as_who_worked_on_it(desk):
    db, ada, ben, text = desk
    propose(db, text, ada)
    propose(db, text, ben, texts={"en": "Hard."})

    assert refusal(confirm, db, text, ben) == [Code.TEXT_SAME_PERSON]
    confirm(db, text, ada)


def test_a_change_after_the_check_needs_another_check(desk):
    db, ada, ben, text = desk
    make_ready(db, text, ada, ben)
    propose(db, text, ben, texts={"en": "Other words."})

    assert look(db, text).state == "to_confirm"


def test_what_nobody_proposed_cannot_be_confirmed(desk):
    db, _, ben, text = desk

    assert refusal(confirm, db, text, ben) == [Code.TEXT_NOT_WAITING]


def test_a_text_that_changed_meanwhile_is_not_overwritten(desk):
    db, ada, ben, text = desk
    seen = version_of(db, text)
    propose(db, text, ada)
    work = Work(use="quote", texts={"en": "Mine."})

    assert refusal(desking.propose, db, "demo", text, work, version=seen, worker=ben) == [Code.TEXT_CHANGED]
    assert refusal(desking.confirm, db, "demo", text, version=seen, worker=ben) == [Code.TEXT_CHANGED]
    assert look(db, text).work.texts["en"] == "It was hard."


def test_sent_back_it_carries_a_note_and_the_work_stays(desk):
    db, ada, ben, text = desk
    propose(db, text, ada)

    desking.send_back(db, "demo", text, " The dog. ", version=version_of(db, text), worker=ben)

    found = look(db, text)
    assert (found.state, found.note, found.work.texts["en"]) == ("to_redact", "The dog.", "It was hard.")


@pytest.mark.parametrize("note", ["", "  ", "x" * 501])
def test_without_a_short_note_nothing_goes_back(desk, note: str):
    db, ada, ben, text = desk
    propose(db, text, ada)

    how = {"version": version_of(db, text), "worker": ben}
    assert refusal(desking.send_back, db, "demo", text, note, **how) == [Code.TEXT_NOTE_MISSING]


def test_what_shall_never_be_shown_is_removed_when_another_person_agrees(desk):
    db, ada, ben, text = desk
    propose(db, text, ada, use="never")
    assert look(db, text).text

    confirm(db, text, ben)

    assert refusal(look, db, text) == [Code.TEXT_GONE]


def test_a_quote_needs_the_language_of_the_desk(desk):
    db, ada, _, text = desk

    assert refusal(propose, db, text, ada, texts={"de": "Es fiel schwer."}) == [Code.TEXT_TRANSLATION_MISSING]


@pytest.mark.parametrize(
    "words",
    [
        "Write to a.b@example.org",
        "see www.example.org",
        "call +44 20 7946 0018",
        "DE89370400440532013000",
        "943 476 5919",
    ],
)
def test_a_quote_never_holds_an_address_or_a_personal_number(desk, words: str):
    db, ada, _, text = desk

    assert refusal(propose, db, text, ada, texts={"en": words}) == [Code.TEXT_POINTS]
    assert look(db, text).state == "to_redact"


def test_all_that_is_wrong_is_told_at_once(desk):
    db, ada, _, text = desk
    texts = {"de": "x" * (LONGEST_QUOTE + 1), "fr": "Dur."}

    assert refusal(propose, db, text, ada, texts=texts, themes=("none",)) == [
        Code.THEME_UNKNOWN,
        Code.TEXT_TRANSLATION_MISSING,
        Code.TEXT_TOO_LONG,
        Code.TEXT_LANGUAGE_UNKNOWN,
    ]


@pytest.mark.parametrize("use", ["", "print"])
def test_without_a_known_use_nothing_is_saved(desk, use: str):
    db, ada, _, text = desk

    assert refusal(propose, db, text, ada, use=use) == [Code.TEXT_USE_MISSING]


def test_theme_only_needs_a_theme_and_keeps_no_words_to_print(desk):
    db, ada, _, text = desk
    assert refusal(propose, db, text, ada, use="theme") == [Code.TEXT_THEME_MISSING]
    add_theme(db, "waiting", ada)

    propose(db, text, ada, use="theme", themes=("waiting",), texts={"en": "It was hard."})

    assert (look(db, text).work.themes, look(db, text).work.texts) == (("waiting",), {})


def test_a_text_whose_author_deleted_it_is_gone_and_no_fault(desk):
    db, ada, _, text = desk
    version = version_of(db, text)
    free_texts.delete_by_owner(db, KEYS.owner_tags("p", 1))
    work = Work(use="never")

    assert refusal(desking.propose, db, "demo", text, work, version=version, worker=ada) == [Code.TEXT_GONE]


def test_a_text_of_another_study_is_not_found(desk):
    db, _, _, text = desk

    assert refusal(desking.read_text, db, "other", text, KEYS) == [Code.TEXT_GONE]


def test_another_key_is_told_and_not_a_fault(desk):
    db, _, _, text = desk

    assert refusal(desking.read_text, db, "demo", text, TextKeys.of(b"x" * 40)) == [Code.TEXT_UNREADABLE]


def test_every_deed_is_noted_with_person_and_day_and_without_words(desk):
    db, ada, ben, text = desk
    make_ready(db, text, ada, ben)
    desking.send_back(db, "demo", text, "Once more.", version=version_of(db, text), worker=ben)

    noted = list(db.scalars(select(DeedRow)))
    assert {(row.deed, row.staff_id, row.day, row.subject) for row in noted} == {
        ("proposed", ada.staff_id, DAY, text),
        ("confirmed", ben.staff_id, DAY, text),
        ("sent_back", ben.staff_id, DAY, text),
    }


def test_what_the_desk_writes_is_encrypted_too(desk):
    db, ada, _, text = desk
    propose(db, text, ada)

    row = db.get(FreeTextRow, text)
    assert all(words not in row.ciphertext for words in (b"hard", b"schwer", b"quote"))


def test_texts_wait_in_the_order_of_their_random_ids(desk):
    db, ada, _, text = desk
    others = bring(db, *(written(f"q{number}") for number in range(12)))
    propose(db, others[0], ada)

    waiting = desking.waiting(db, "demo")

    assert [one for one, _ in waiting["to_redact"]] == sorted({text, *others[1:]})
    assert waiting["to_confirm"] == [(others[0], ada.staff_id)]
    ((study, counts),) = desking.studies_at_desk(db)
    assert (study.id, counts) == ("demo", {"to_redact": 12, "to_confirm": 1, "confirmed": 0, "used": 0})


# -- themes ------------------------------------------------------------------------------------------


def test_a_theme_has_a_name_in_the_language_of_the_desk_and_others(desk):
    db, ada, _, _ = desk
    add_theme(db, "waiting", ada, en=" Waiting ", de="")

    (theme,) = theming.list_themes(db, "demo")
    assert (theme.code, theme.labels) == ("waiting", {"en": "Waiting"})


@pytest.mark.parametrize(
    ("code", "labels", "expected"),
    [
        ("waiting", {"en": "Again"}, [Code.THEME_TWICE]),
        ("No Good", {"en": "Name"}, [Code.THEME_CODE_WRONG]),
        ("x", {"de": "Name"}, [Code.THEME_CODE_WRONG, Code.THEME_LABEL_MISSING]),
        ("other", {"en": "x" * 81}, [Code.THEME_LABEL_WRONG]),
        ("other", {"en": "see www.example.org"}, [Code.THEME_LABEL_WRONG]),
        ("other", {"en": "Name", "fr": "Nom"}, [Code.TEXT_LANGUAGE_UNKNOWN]),
    ],
)
def test_a_theme_that_cannot_be_is_refused(desk, code: str, labels: dict[str, str], expected: list[Code]):
    db, ada, _, _ = desk
    add_theme(db, "waiting", ada)

    assert refusal(theming.add_theme, db, "demo", code, labels, worker=ada) == expected
    assert [one.code for one in theming.list_themes(db, "demo")] == ["waiting"]


def test_a_theme_can_be_named_anew_until_it_is_printed(desk):
    db, ada, _, _ = desk
    add_theme(db, "waiting", ada)

    theming.name_theme(db, "demo", "waiting", {"en": "Long waits"}, worker=ada)

    assert theming.list_themes(db, "demo")[0].labels == {"en": "Long waits"}
    assert refusal(theming.name_theme, db, "demo", "none", {"en": "x"}, worker=ada) == [Code.THEME_UNKNOWN]
