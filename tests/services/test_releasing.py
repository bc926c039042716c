"""From stored answers to a sealed release, on both databases."""

from datetime import date

import pytest
from sqlalchemy import func, select

from survey_app.core.attack import differencing, span
from survey_app.core.attack.subtraction import small_numbers
from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.protection.menu import Menu
from survey_app.core.protection.policy import Adjustments, Defences, Raised
from survey_app.core.protection.sticky import Entry
from survey_app.outputs import as_tables_csv
from survey_app.services.auditing import audit_release
from survey_app.services.gathering import load_dataset
from survey_app.services.published import list_releases, load_sealed
from survey_app.services.releasing import create_release
from survey_app.services.simulating import PEOPLE_BY_COUNTRY
from survey_app.store import releases
from survey_app.store.releases import LedgerRow, ReleaseRow
from survey_app.store.responses import ResponseRow, add_responses, delete_response
from survey_app.store.studies import BatchRow
from tests.builders import values_of
from tests.services.study_builders import VERSION, add_people, editions, open_demo, responses

FIRST, SECOND, THIRD = date(2026, 2, 10), date(2026, 6, 10), date(2026, 10, 10)


def make(db, files, today=FIRST, **changes):
    return create_release(db, "demo", editions=editions(), today=today, files=files, **changes)


def refusal(db, files, today, **changes):
    with pytest.raises(ProblemsFound) as found:
        make(db, files, today, **changes)
    return [problem.code for problem in found.value.problems]


def counts_of_rows(db):
    return [db.scalar(select(func.count()).select_from(table)) for table in (ReleaseRow, LedgerRow, BatchRow)] + [
        db.scalar(select(func.count()).select_from(ResponseRow).where(ResponseRow.batch_id.is_not(None)))
    ]


@pytest.fixture
def study(sqlite_sessions, tmp_path):
    """The session of a study with 120 people, and its folder of files."""
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 120)
        yield db, tmp_path


def test_a_release_is_made_and_read_back_on_each_database(sessions, tmp_path):
    with sessions.begin() as db:
        open_demo(db)
        add_people(db, 60)
        made = make(db, tmp_path)

    with sessions.begin() as db:
        assert load_sealed(db, made.release).to_json() == made.to_json()
        assert [row.id for row in list_releases(db)] == ["demo-2026q1"]


def test_closing_puts_sent_answers_into_the_batch_and_opens_the_next(study):
    db, files = study
    make(db, files)

    batches = list(db.scalars(select(BatchRow).order_by(BatchRow.number)))
    assert [(one.number, one.closed_quarter) for one in batches] == [(1, "2026-Q1"), (2, None)]
    db.expire_all()
    assert {(row.status == "draft", row.batch_id) for row in responses(db)} == {(True, None), (False, "demo-1")}


def test_nineteen_people_are_no_release_and_nothing_changes(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 18)
        before = counts_of_rows(db)

        assert refusal(db, tmp_path, FIRST) == [Code.RELEASE_TOO_FEW]
        assert counts_of_rows(db) == before
        assert not list(tmp_path.iterdir()) or not list(tmp_path.glob("snapshots/*"))


def test_one_respondent_is_no_release(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 1)
        before = counts_of_rows(db)

        assert refusal(db, tmp_path, FIRST) == [Code.RELEASE_TOO_FEW]
        assert counts_of_rows(db) == before


def test_a_release_too_early_is_refused_and_nothing_changes(study):
    db, files = study
    make(db, files)
    add_people(db, 60, seed=2)
    before = counts_of_rows(db)

    assert refusal(db, files, date(2026, 5, 10)) == [Code.RELEASE_TOO_EARLY]
    assert counts_of_rows(db) == before


def test_three_new_people_are_too_few_for_the_next_release(study):
    db, files = study
    make(db, files)
    add_people(db, 3, seed=2)
    before = counts_of_rows(db)

    assert refusal(db, files, SECOND) == [Code.RELEASE_TOO_FEW_NEW]
    assert counts_of_rows(db) == before


def test_thirty_answers_of_the_same_people_are_not_thirty_new_people(study):
    db, files = study
    make(db, files)
    sent = [row for row in responses(db) if row.status == "whole"][:30]
    for number, row in enumerate(sent):
        own = {"id": f"again-{number}", "code_hmac": f"{number:064x}", "wave": 2, "batch_id": None}
        add_responses(db, [values_of(row) | own])

    assert refusal(db, files, SECOND) == [Code.RELEASE_TOO_FEW_NEW]


def test_persons_are_counted_and_not_responses(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, 120)
        for number, row in enumerate([row for row in responses(db) if row.status == "whole"][:40]):
            own = {"id": f"again-{number}", "code_hmac": f"{number:064x}", "wave": 2}
            add_responses(db, [values_of(row) | own])
        persons = len({row.person_tag for row in responses(db) if row.status != "draft"})
        cube = make(db, tmp_path)

        frame = load_dataset(db, cube.release, edition=editions()[VERSION], files=tmp_path).frame
        assert len(frame) <= persons
        assert cube.persons <= persons + 2
        assert (frame["wave"] == 2).sum() > 0


def test_a_second_release_stands_beside_the_first_and_gives_nothing_small_away(study):
    db, files = study
    make(db, files)
    for row in [row for row in responses(db) if row.status == "whole"][:7]:
        delete_response(db, row.id)
    add_people(db, 50, seed=2)
    make(db, files, SECOND)
    add_people(db, 60, seed=3)
    made = make(db, files, THIRD)

    entries = [Entry.from_document(row.entry) for row in releases.ledger_of(db, "demo")]
    menu = Menu.from_document(releases.find_menu(db, "demo"))
    assert made.release == "demo-2026q4"
    assert len(entries) == 3
    assert span.audit_ledger(entries, menu, smallest_base=20) == []
    assert differencing.audit_ledger(entries, menu, delta=20) == []


def test_answers_that_come_in_later_change_nothing_that_is_published(study):
    db, files = study
    made = make(db, files)
    before = (load_sealed(db, made.release).to_json(), [row.cube_sha256 for row in list_releases(db)])
    early = refusal_text(db, files)
    add_people(db, 40, seed=2)

    assert (load_sealed(db, made.release).to_json(), [row.cube_sha256 for row in list_releases(db)]) == before
    assert refusal_text(db, files) == early


def refusal_text(db, files):
    with pytest.raises(ProblemsFound) as found:
        make(db, files, date(2026, 3, 1))
    return str(found.value)


def test_the_same_answers_make_the_same_release(sqlite_sessions, tmp_path):
    cubes = []
    for _ in range(2):
        with sqlite_sessions() as db:
            open_demo(db)
            add_people(db, 80)
            cubes.append(make(db, tmp_path).to_json())
            db.rollback()

    assert cubes[0] == cubes[1]


def test_a_release_that_was_tampered_with_is_not_used(study):
    db, files = study
    made = make(db, files)
    row = releases.find_release(db, made.release)
    row.cube = row.cube.replace('"persons":', '"persons":1')
    db.flush()

    with pytest.raises(ProblemsFound) as found:
        load_sealed(db, made.release)
    assert [problem.code for problem in found.value.problems] == [Code.RELEASE_DAMAGED]


def test_a_ledger_that_was_tampered_with_stops_the_next_release(study):
    db, files = study
    make(db, files)
    row = releases.ledger_of(db, "demo")[0]
    row.entry = row.entry | {"published": {}}
    db.flush()
    add_people(db, 60, seed=2)

    assert refusal(db, files, SECOND) == [Code.RELEASE_DAMAGED]


def test_frozen_rows_that_were_changed_are_not_read(study):
    db, files = study
    made = make(db, files)
    path = next(files.glob("snapshots/*.sealed"))
    path.write_bytes(path.read_bytes() + b"x")

    with pytest.raises(ProblemsFound) as found:
        load_dataset(db, made.release, edition=editions()[VERSION], files=files)
    assert [problem.code for problem in found.value.problems] == [Code.RELEASE_DAMAGED]


def test_frozen_rows_carry_no_pseudonym_and_no_words(study):
    db, files = study
    made = make(db, files)
    frame = load_dataset(db, made.release, edition=editions()[VERSION], files=files).frame

    tags = {row.person_tag for row in responses(db)}
    assert not tags & set(frame["person"])
    assert "CJ21" not in frame
    assert all(str(kind) in ("int16", "int64", "bool", "category", "str", "object") for kind in frame.dtypes)


@pytest.mark.parametrize("known", ["nothing", "demo-2030q1"])
def test_an_unknown_release_is_told(study, known):
    db, _ = study

    with pytest.raises(ProblemsFound) as found:
        load_sealed(db, known)
    assert [problem.code for problem in found.value.problems] == [Code.RELEASE_UNKNOWN]


def test_an_unknown_study_is_told(study):
    db, files = study

    with pytest.raises(ProblemsFound) as found:
        create_release(db, "nothing", editions=editions(), today=FIRST, files=files)
    assert [problem.code for problem in found.value.problems] == [Code.STUDY_UNKNOWN]


def test_an_administrator_raises_the_smallest_base(study):
    db, files = study
    cube = make(db, files, adjustments=Adjustments(raised=Raised(smallest_base=40)))

    assert cube.rules.smallest_base == 40
    assert all(group.n is None or group.n >= 40 for group in cube.groups)


def test_a_policy_looser_than_before_is_refused_and_nothing_changes(study):
    db, files = study
    make(db, files, adjustments=Adjustments(raised=Raised(smallest_base=40)))
    add_people(db, 60, seed=2)
    before = counts_of_rows(db)

    assert set(refusal(db, files, SECOND)) == {Code.POLICY_LOOSENED}
    assert counts_of_rows(db) == before
    assert make(db, files, SECOND, adjustments=Adjustments(raised=Raised(smallest_base=40))).rules.smallest_base == 40


def test_an_audit_of_what_was_published_finds_nothing(study):
    db, files = study
    made = make(db, files)

    assert audit_release(db, made.release).findings == 0


def test_an_audit_finds_what_a_release_without_defences_gives_away(study):
    db, files = study
    careless = Adjustments(defences=Defences(sticky=False, span=False, batches=False))
    make(db, files, adjustments=careless)
    add_people(db, 3, seed=2)
    made = make(db, files, date(2026, 2, 12), adjustments=careless)

    found = audit_release(db, made.release)
    assert found.computable
    assert found.close


# -- ten countries ----------------------------------------------------------------------------------


def test_of_389_people_in_ten_countries_no_country_under_ten_is_shown_or_follows(sqlite_sessions, tmp_path):
    with sqlite_sessions.begin() as db:
        open_demo(db)
        add_people(db, sum(PEOPLE_BY_COUNTRY.values()), seed=20261)
        cube = make(db, tmp_path)
        entries = [Entry.from_document(row.entry) for row in releases.ledger_of(db, "demo")]
        menu = Menu.from_document(releases.find_menu(db, "demo"))
        frame = load_dataset(db, cube.release, edition=editions()[VERSION], files=tmp_path).frame

    text = as_tables_csv.text_of(cube)
    small = {country for country, people in PEOPLE_BY_COUNTRY.items() if people < 10}
    shown = {group.category for group in cube.groups if group.dimension == "country" and group.n}
    assert len(frame) >= 380
    assert small == {"AT", "IE", "PT"}
    assert {"FR", "NL"} <= shown
    assert not small & shown
    assert all(group.n >= 20 for group in cube.groups if group.n is not None)
    for country in small:
        assert f"country={country},country=rest,count,,,,,merged" in text or f"country={country},country=re" in text
    assert small_numbers(text, smallest=20) == []
    assert span.audit_ledger(entries, menu, smallest_base=20) == []
    assert differencing.audit_ledger(entries, menu, delta=20) == []
