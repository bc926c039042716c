"""What people wrote comes to the desk when a batch is closed, encrypted, and goes with their answers."""

from datetime import date

import pytest
from sqlalchemy import select

from survey_app.core.analysis.written import Words, Written
from survey_app.core.participation.codes import code_hmac
from survey_app.services import responding
from survey_app.services.releasing import Order, create_release, gather, keep, protect_and_attack
from survey_app.services.taking_in import about, take_in
from survey_app.services.text_keys import MOST_PLACES, STEP, TextKeys, TextUnreadable
from survey_app.store.free_texts import FreeTextRow
from survey_app.store.responses import change_response, delete_response
from tests.builders import a_cube, store_cube
from tests.services.desk_builders import a_desk
from tests.services.study_builders import add_people, editions, open_demo, responses

SECRET = b"t" * 40
KEYS = TextKeys.of(SECRET)
DAY = date(2026, 2, 10)
SENTENCE = "SYNTHETIC: an invented sentence."


def texts(db) -> list[FreeTextRow]:
    return list(db.scalars(select(FreeTextRow).order_by(FreeTextRow.id)))


def contents(db, keys: TextKeys = KEYS) -> list[dict]:
    return [keys.decrypt(row.ciphertext, about=about(row.study_id, row.id)) for row in texts(db)]


def written(person: str = "p", **changes) -> Written:
    given = {"person": person, "wave": 1, "place": 0, "item": "CJ21", "language": "de", "text": "Es war schwer."}
    return Written(**(given | changes))


@pytest.fixture
def released(sqlite_sessions, tmp_path):
    """Sessions of a study of 60 people after its first release."""
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
        create_release(db, "demo", editions=editions(), today=DAY, files=tmp_path, text_key=SECRET)
    return sqlite_sessions


@pytest.fixture
def desk_of_texts(sqlite_sessions):
    """A session with the study `demo` and the release `demo-1`."""
    with sqlite_sessions.begin() as db:
        store_cube(db, a_cube())
        yield db


def take(db, *some: Written, withdrawn=None, **kinds: str) -> None:
    known = {(one.person, one.wave): "patient.prospective" for one in some}
    words = Words(texts=some, withdrawn=withdrawn or {})
    take_in(db, words, known | kinds, study_id="demo", release_id="demo-1", keys=KEYS)


def test_a_release_brings_the_texts_of_its_batch_to_the_desk(released):
    with released.begin() as db:
        found = contents(db)
        assert len(found) > 20
        assert {one["text"] for one in found} == {SENTENCE}
        assert set(found[0]) == {"item", "language", "text", "person", "population"}
        assert {row.state for row in texts(db)} == {"to_redact"}


def test_without_a_key_texts_stay_where_they_are(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
        create_release(db, "demo", editions=editions(), today=DAY, files=tmp_path)
        assert texts(db) == []


def test_nothing_in_clear_points_to_a_response(released):
    with released.begin() as db:
        clear = {str(value) for row in texts(db) for value in (row.id, row.owner_tag)}
        known = {value for row in responses(db) for value in (row.id, row.person_tag, row.code_hmac)}
        assert clear & known == set()
        assert all(SENTENCE.encode() not in row.ciphertext for row in texts(db))


def test_deleting_with_the_return_code_deletes_the_texts_too(released):
    desk = a_desk(released, type("C", (), {"editions": editions()}), text_keys=KEYS)
    with released.begin() as db:
        before = contents(db)
        person = {one["person"]: one for one in before}
        row = next(row for row in responses(db) if KEYS.person_in("demo", row.person_tag) in person)
        gone = KEYS.person_in("demo", row.person_tag)
        change_response(db, row, {"code_hmac": code_hmac(desk.code_key, "MYCODE")})

    assert responding.delete(desk, "MYCODE")

    with released.begin() as db:
        left = contents(db)
        assert gone not in {one["person"] for one in left}
        assert len(left) == len([one for one in before if one["person"] != gone])


def test_the_texts_of_two_waves_go_by_their_own_tags(desk_of_texts):
    db = desk_of_texts
    take(db, written(), written(wave=2, place=1), written("q"))

    assert len({row.owner_tag for row in texts(db)}) == 3
    take(db, withdrawn={"p": 2})
    assert [one["person"] for one in contents(db)] == [KEYS.person_in("demo", "q")]


def test_people_of_no_population_are_left_out(desk_of_texts):
    words = Words(texts=(written(),), withdrawn={})
    take_in(desk_of_texts, words, {}, study_id="demo", release_id="demo-1", keys=KEYS)

    assert texts(desk_of_texts) == []


def test_more_texts_than_can_be_erased_are_never_taken(desk_of_texts):
    take(desk_of_texts, written(place=MOST_PLACES), written(place=MOST_PLACES - 1))

    assert [row.owner_tag for row in texts(desk_of_texts)] == [KEYS.owner_tag("p", 1, MOST_PLACES - 1)]


def test_texts_lie_in_the_order_of_their_random_ids(desk_of_texts):
    take(desk_of_texts, *(written(f"p{number:02}") for number in range(30)))

    stored = list(desk_of_texts.scalars(select(FreeTextRow.id)))
    persons = [one["person"] for one in contents(desk_of_texts)]
    assert stored == sorted(stored)
    assert persons != [KEYS.person_in("demo", f"p{number:02}") for number in range(30)]


def test_a_text_cannot_be_put_in_the_place_of_another():
    sealed = KEYS.encrypt({"text": "a"}, about="demo|1")

    with pytest.raises(TextUnreadable):
        KEYS.decrypt(sealed, about="demo|2")


def test_another_key_reads_nothing():
    with pytest.raises(TextUnreadable):
        TextKeys.of(b"u" * 40).decrypt(KEYS.encrypt({}, about="x"), about="x")


def test_the_length_of_a_ciphertext_hardly_tells_the_length_of_a_text():
    short, long = (len(KEYS.encrypt({"text": "a" * count}, about="x")) for count in (1, STEP - 50))

    assert short == long


def test_the_pseudonym_of_a_person_differs_between_studies():
    assert KEYS.person_in("one", "p") != KEYS.person_in("two", "p")


def test_keys_are_not_shown():
    assert "\\x" not in repr(KEYS)
    assert KEYS.cipher not in (KEYS.owner, KEYS.person)


def test_who_deleted_their_answers_while_a_release_was_made_is_not_taken(sqlite_sessions, tmp_path):
    """Between reading and sealing the attacks take minutes; the last look at the responses is that of the sealing."""
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
        order = Order(study_id="demo", proposed_by="a", editions=editions(), today=DAY, files=tmp_path, text_key=SECRET)
        gathered = gather(db, order)
        wrote = next(iter(gathered.authors))
        protected, audit = protect_and_attack(order, gathered)
        delete_response(db, gathered.authors[wrote])
        keep(db, order, gathered, protected, audit)

        assert KEYS.person_in("demo", wrote[0]) not in {one["person"] for one in contents(db)}
        assert len({one["person"] for one in contents(db)}) > 10
