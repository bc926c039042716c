"""From the desk to a sealed document: once, in order, and only what is ready."""

import pytest
from sqlalchemy import select

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.cube import Population, Rules
from survey_app.services import desking, theming
from survey_app.services.forgetting import forget_texts
from survey_app.services.published import load_cube
from survey_app.services.sealed_voices import load_voices
from survey_app.services.voicing import seal_voices
from survey_app.store.free_texts import DeedRow, FreeTextRow, VoicesRow
from tests.services.text_builders import KEYS, a_desk_of_texts, add_theme, bring, make_ready, propose, written

NOW = Population(id="patient.prospective", respondent="patient", recall_mode="prospective")
RULES = Rules(tier="T2", smallest_base=20, rounding_base=5, delta=20)
BOTH = {"en": "It was hard.", "de": "Es fiel schwer."}


@pytest.fixture
def desk(sqlite_sessions):
    """A session with two releases, and two people of the desk."""
    with sqlite_sessions.begin() as db:
        ada, ben = a_desk_of_texts(db, "demo-1", "demo-2", populations=(NOW,), rules=RULES)
        yield db, ada, ben


def refusal(deed, *args, **how) -> list[Code]:
    with pytest.raises(ProblemsFound) as found:
        deed(*args, **how)
    return [problem.code for problem in found.value.problems]


def ready(db, first, second, *people: str, release: str = "demo-1", **how) -> list[str]:
    ids = bring(db, *(written(person) for person in people), release=release)
    for text in ids:
        make_ready(db, text, first, second, **how)
    return ids


def everything(db) -> list[object]:
    kept = [
        (row.id, row.state, bytes(row.ciphertext)) for row in db.scalars(select(FreeTextRow).order_by(FreeTextRow.id))
    ]
    return [*kept, *(row.release_id for row in db.scalars(select(VoicesRow))), len(list(db.scalars(select(DeedRow))))]


def test_what_two_people_made_ready_is_sealed_and_read_back(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p")

    made = seal_voices(db, "demo-1", worker=ada)

    assert [dict(quote.texts) for quote in made.quotes] == [BOTH]
    assert load_voices(db, load_cube(db, "demo-1")) == made
    assert load_voices(db, load_cube(db, "demo-2")) is None


def test_the_whole_way_works_on_each_database(sessions):
    with sessions.begin() as db:
        ada, ben = a_desk_of_texts(db, "demo-1", populations=(NOW,), rules=RULES)
        ready(db, ada, ben, "p")
        seal_voices(db, "demo-1", worker=ada)

    with sessions.begin() as db:
        made = load_voices(db, load_cube(db, "demo-1"))
        assert made is not None
        assert [dict(quote.texts) for quote in made.quotes] == [BOTH]


def test_without_the_desk_nothing_leaves(desk):
    db, ada, _ = desk
    (text, _) = bring(db, written(), written("q"))
    propose(db, text, ada)
    before = everything(db)

    assert refusal(seal_voices, db, "demo-1", worker=ada) == [Code.VOICES_EMPTY]
    assert everything(db) == before


def test_voices_are_sealed_once(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p")
    made = seal_voices(db, "demo-1", worker=ada)
    ready(db, ada, ben, "q")
    before = everything(db)

    assert refusal(seal_voices, db, "demo-1", worker=ada) == [Code.VOICES_SEALED]
    assert everything(db) == before
    assert load_voices(db, load_cube(db, "demo-1")) == made


def test_voices_are_sealed_in_the_order_of_the_releases(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p", "q")
    seal_voices(db, "demo-2", worker=ada)

    assert refusal(seal_voices, db, "demo-1", worker=ada) == [Code.VOICES_OUT_OF_ORDER]


def test_texts_of_a_later_batch_wait_for_its_release(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p")
    ready(db, ada, ben, "q", release="demo-2", texts={"en": "Later."})

    assert len(seal_voices(db, "demo-1", worker=ada).quotes) == 1
    assert [dict(one.texts) for one in seal_voices(db, "demo-2", worker=ada).quotes] == [{"en": "Later."}]


def test_a_quote_is_printed_in_one_release_and_its_words_leave_the_desk(desk):
    db, ada, ben = desk
    (text,) = ready(db, ada, ben, "p")
    seal_voices(db, "demo-1", worker=ada)

    found = desking.read_text(db, "demo", text, KEYS)
    assert (found.state, found.text, found.work.texts) == ("used", "", {})
    assert refusal(seal_voices, db, "demo-2", worker=ada) == [Code.VOICES_EMPTY]
    assert refusal(propose, db, text, ada) == [Code.TEXT_USED]


def test_another_quote_of_the_same_person_waits_for_another_release(desk):
    db, ada, ben = desk
    ids = bring(db, written(), written(place=1))
    for number, text in enumerate(ids):
        make_ready(db, text, ada, ben, texts={"en": f"{number}."})

    assert [one.texts["en"] for one in seal_voices(db, "demo-1", worker=ada).quotes] == ["0."]
    assert [one.texts["en"] for one in seal_voices(db, "demo-2", worker=ada).quotes] == ["1."]


def test_themes_are_counted_over_releases_and_reprinted_while_few_have_changed(desk):
    db, ada, ben = desk
    add_theme(db, "waiting", ada)
    how = {"use": "theme", "themes": ("waiting",)}
    ready(db, ada, ben, *(f"p{number}" for number in range(12)), **how)
    first = seal_voices(db, "demo-1", worker=ada)
    ready(db, ada, ben, "q1", "q2", "q3", release="demo-2", **how)
    second = seal_voices(db, "demo-2", worker=ada)

    assert [(one.n, one.since) for made in (first, second) for one in made.themes] == [(10, "2026-Q4")] * 2
    assert first.themes[0].labels == {"en": "About waiting", "de": "Über waiting"}


def test_the_name_of_a_printed_theme_stays(desk):
    db, ada, ben = desk
    add_theme(db, "waiting", ada)
    ready(db, ada, ben, *(f"p{number}" for number in range(12)), use="theme", themes=("waiting",))
    seal_voices(db, "demo-1", worker=ada)

    assert refusal(theming.name_theme, db, "demo", "waiting", {"en": "x"}, worker=ada) == [Code.THEME_SEALED]


def test_who_deletes_their_answers_is_in_no_later_voices(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p", "q")
    forget_texts(db, KEYS, [("p", 1)])

    assert len(seal_voices(db, "demo-1", worker=ada).quotes) == 1


def test_chosen_languages_decide_where_a_quote_stands(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p", texts={"en": "Only English."})
    ready(db, ada, ben, "q")

    made = seal_voices(db, "demo-1", worker=ada, languages=["de"])

    assert [dict(one.texts) for one in made.quotes] == [BOTH, {"en": "Only English."}]


def test_a_language_that_the_study_does_not_have_is_refused(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p")

    assert refusal(seal_voices, db, "demo-1", worker=ada, languages=["xx", "yy"]) == [Code.TEXT_LANGUAGE_UNKNOWN] * 2


def test_an_unknown_release_is_told(desk):
    db, ada, _ = desk

    assert refusal(seal_voices, db, "none-1", worker=ada) == [Code.RELEASE_UNKNOWN]


def test_a_release_of_too_few_people_has_no_voices(sqlite_sessions):
    with sqlite_sessions.begin() as db:
        ada, ben = a_desk_of_texts(db, "demo-1", populations=(NOW,), persons=15)
        ready(db, ada, ben, "p")

        assert refusal(seal_voices, db, "demo-1", worker=ada) == [Code.VOICES_TOO_FEW]


@pytest.mark.parametrize("column", ["document", "sha256", "counts", "previous_hash", "hash"])
def test_voices_that_were_changed_are_not_used(desk, column: str):
    db, ada, ben = desk
    ready(db, ada, ben, "p", "q")
    seal_voices(db, "demo-1", worker=ada)
    row = db.get(VoicesRow, "demo-1")
    was = getattr(row, column)
    setattr(
        row,
        column,
        {"x": {"n": 10, "since": "2026-Q4", "people": {}}} if column == "counts" else was.replace(was[5], "~"),
    )
    db.flush()

    assert refusal(load_voices, db, load_cube(db, "demo-1")) == [Code.VOICES_DAMAGED]
    assert refusal(seal_voices, db, "demo-2", worker=ada) == [Code.VOICES_DAMAGED]


def test_sealing_is_noted_with_who_did_it(desk):
    db, ada, ben = desk
    ready(db, ada, ben, "p")
    seal_voices(db, "demo-1", worker=ben)

    assert ("demo-1", ben.staff_id) in {
        (one.subject, one.staff_id) for one in db.scalars(select(DeedRow)) if one.deed == "sealed"
    }
    assert db.get(VoicesRow, "demo-1").sealed_by == ben.staff_id
