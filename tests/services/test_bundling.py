"""The whole way from answers to a file of rows, and what is refused on it."""

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections import Counter
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from random import Random

import pytest

from survey_app.core.problems import Code, ProblemsFound
from survey_app.services import bundles, bundling, catalogue, gathering, releasing, simulating
from survey_app.store.bundles import RecodingRow, find_recoding
from survey_app.store.database import make_sessions, open_databases
from survey_app.store.releases import SNAPSHOTS, BundleRow
from tests.builders import approved, some_settings
from tests.conftest import copy_databases, leave_attacks_out

FOLDER = Path(__file__).parents[2] / "questionnaires"
TODAY = date(2026, 11, 25)
CONTRACT = {"recipient": "Example University", "purpose": "Needs while waiting"}
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "el", "ar")


@pytest.fixture(scope="module")
def known():
    return catalogue.read_catalogue(FOLDER)


@pytest.fixture(scope="module")
def study():
    return catalogue.read_study(FOLDER / "studies" / "demo.yaml")


def a_release(db, study, known, files, *, people):
    edition = known.editions[study.questionnaire, study.version]
    catalogue.open_study(db, study, known, FOLDER, quarter="2026-Q3")
    simulating.fill_study(db, study, edition, batch_id=None, people=people, random=Random(5))
    made = releasing.create_release(db, study.id, editions=known.editions, today=TODAY, files=files)
    return approved(db, made, files)


@contextmanager
def opened_at(folder):
    opened = open_databases(some_settings(data=folder))
    with make_sessions(opened).begin() as db:
        yield db
    opened.dispose()


@pytest.fixture(scope="module")
def released(sqlite_template, known, study, tmp_path_factory):
    """A folder with a database and the files of one release: tests copy it, or only read it."""
    folder = tmp_path_factory.mktemp("released")
    copy_databases(sqlite_template, folder)
    with opened_at(folder) as db, pytest.MonkeyPatch.context() as patch:
        leave_attacks_out(patch)
        cube = a_release(db, study, known, folder, people=389)
    return folder, cube


@pytest.fixture
def place(released, tmp_path):
    """The release in a folder of the test's own."""
    folder, cube = released
    shutil.copytree(folder, tmp_path / "own")
    return tmp_path / "own", cube


def a_bundle(db, cube, known, files, *, seed=1, **contract):
    return bundling.create_bundle(
        db,
        cube.release,
        editions=known.editions,
        files=files,
        today=TODAY,
        random=Random(seed),
        **(contract or CONTRACT),
    )


def opened(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def made(released, study, known, tmp_path_factory):
    """Two files of the same release, opened, with what was said about them."""
    folder, cube = released
    own = tmp_path_factory.mktemp("made") / "own"
    shutil.copytree(folder, own)
    edition = known.editions[study.questionnaire, study.version]
    with opened_at(own) as db:
        frame = gathering.load_dataset(db, cube.release, edition=edition, files=own).frame
        written = [a_bundle(db, cube, known, own, seed=seed) for seed in (1, 2)]
        again = bundles.read_bundle(db, written[0].id, files=own)
        listed = [(one.id, one.recipient, one.purpose, one.made_on) for one in bundles.list_bundles(db)]
    return {
        "cube": cube,
        "frame": frame,
        "first": opened(written[0].content),
        "second": opened(written[1].content),
        "written": written,
        "again": again,
        "listed": listed,
    }


def test_a_file_of_rows_has_everything_that_belongs_to_it(made):
    files, cube = made["first"], made["cube"]
    codebooks = {f"codebook_{language}.csv" for language in LANGUAGES}

    assert set(files) == {
        "README.txt",
        "responses.csv",
        "not_in_this_file.csv",
        "risk.json",
        "SHA256SUMS",
        *codebooks,
    }
    for text in ("SYNTHETIC", "DRAFT", "No linkage", "Example University", "Needs while waiting", cube.sha256):
        assert text in files["README.txt"]
    for line in files["SHA256SUMS"].splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name].encode()).hexdigest() == digest
    assert made["again"] == made["written"][0].content
    assert ("rows-" in made["listed"][0][0], *made["listed"][0][1:]) == (True, *CONTRACT.values(), TODAY)


def test_every_value_of_every_column_is_explained_in_every_language(made):
    rows = rows_of(made["first"]["responses.csv"])

    for language in LANGUAGES:
        lines = rows_of(made["first"][f"codebook_{language}.csv"])
        explained = {(line["variable"], line["value"]): line for line in lines}
        for name in rows[0]:
            values = {row[name] for row in rows} if name != "id" else {""}
            assert {(name, value) for value in values} <= set(explained)
        assert all(line["text"] and line["privacy"] and line["translation"] for line in lines)
        unlabelled = {line["variable"] for line in lines if not line["label"]} - {"id"}
        assert all(
            name.startswith("score_") or name in ("CJ20", "EM16") or _is_rating(name, lines) for name in unlabelled
        )


def _is_rating(name, lines):
    return {str(n) for n in range(11)} <= {line["value"] for line in lines if line["variable"] == name}


def test_codebooks_differ_in_words_only(made):
    def bare(language):
        lines = rows_of(made["first"][f"codebook_{language}.csv"])
        return [(line["variable"], line["code"], line["value"], line["scales"]) for line in lines]

    assert all(bare(language) == bare("en") for language in LANGUAGES)
    german = made["first"]["codebook_de.csv"]
    assert "Leer gelassen" in german
    assert "Left empty" not in german


def test_two_files_of_one_release_have_the_same_people_coarsened_alike_under_other_ids(made):
    first, second = (rows_of(made[name]["responses.csv"]) for name in ("first", "second"))

    def without_id(rows):
        return Counter(tuple(value for name, value in row.items() if name != "id") for row in rows)

    assert without_id(first) == without_id(second)
    assert not {row["id"] for row in first} & {row["id"] for row in second}
    assert [row["CJ01"] for row in first] != [row["CJ01"] for row in second]
    assert made["first"]["risk.json"] == made["second"]["risk.json"]


def test_the_same_chance_makes_the_same_bytes(place, known):
    folder, cube = place
    with opened_at(folder) as db:
        first = a_bundle(db, cube, known, folder)
        db.delete(db.get(BundleRow, first.id))
        db.flush()

        assert a_bundle(db, cube, known, folder).content == first.content


def test_only_people_who_agreed_to_research_are_in_a_file(made):
    agreed = int(made["frame"]["research"].sum())
    rows = len(rows_of(made["first"]["responses.csv"]))

    assert agreed < len(made["frame"])
    assert 0.95 * agreed <= rows <= agreed


def test_people_who_wait_for_a_later_release_are_in_no_file(made):
    published = {one.respondent for one in made["cube"].populations}
    kinds = {row["respondent"] for row in rows_of(made["first"]["responses.csv"])}

    assert made["cube"].held_back
    assert kinds <= published


def test_the_risk_that_is_told_keeps_the_rules(made):
    risk = json.loads(made["first"]["risk.json"])

    assert risk["k"] >= 11
    assert risk["l"] >= 3
    assert risk["left_out"] <= 0.05
    assert risk["prosecutor_max"] <= 1 / 11
    assert set(risk["response_knowledge"]) == {"2", "3", "4"}


def test_rows_of_few_people_are_not_given_out_without_a_contract(place, known):
    folder, cube = place
    with opened_at(folder) as db:
        for contract in ({"recipient": "", "purpose": ""}, {"recipient": "x", "purpose": " "}):
            with pytest.raises(ProblemsFound) as refused:
                a_bundle(db, cube, known, folder, **contract)
            assert refused.value.problems[0].code is Code.BUNDLE_NEEDS_PURPOSE
        assert not bundles.list_bundles(db)


def test_rows_of_fewer_than_fifty_people_are_never_given_out(sqlite_sessions, study, known, tmp_path):
    with sqlite_sessions.begin() as db:
        one_mode = study.model_copy(update={"recall_modes": ("retrospective",)})
        cube = a_release(db, one_mode, known, tmp_path, people=44)
        with pytest.raises(ProblemsFound) as refused:
            a_bundle(db, cube, known, tmp_path)

    assert refused.value.problems[0].code is Code.BUNDLE_REFUSED_SIZE


def test_a_file_that_was_changed_is_not_given_out(place, known):
    folder, cube = place
    with opened_at(folder) as db:
        made = a_bundle(db, cube, known, folder)
        made.path.write_bytes(made.content + b"x")
        with pytest.raises(ProblemsFound) as refused:
            bundles.read_bundle(db, made.id, files=folder)
        with pytest.raises(ProblemsFound) as unknown:
            bundles.read_bundle(db, "rows-none", files=folder)

    assert refused.value.problems[0].code is Code.BUNDLE_DAMAGED
    assert unknown.value.problems[0].code is Code.BUNDLE_UNKNOWN


def test_a_snapshot_that_was_changed_makes_no_file(place, known):
    folder, cube = place
    for path in (folder / SNAPSHOTS).iterdir():
        path.write_bytes(b"not the rows")
    with opened_at(folder) as db, pytest.raises(ProblemsFound) as refused:
        a_bundle(db, cube, known, folder)

    assert refused.value.problems[0].code is Code.RELEASE_DAMAGED


def test_the_coarsening_of_the_first_file_binds_the_next(place, study, known):
    folder, cube = place
    frozen = {"population": 0, "wave": 1, "SC08": 3, "DM01": 2, "DM03": 2, "DM04": 1, "DM05": 2, "DM06": 2}
    with opened_at(folder) as db:
        db.add(RecodingRow(study_id=study.id, document=frozen))
        db.flush()
        rows = rows_of(opened(a_bundle(db, cube, known, folder).content)["responses.csv"])

        assert not {"SC08", "DM01", "DM03", "DM04", "DM05", "DM06"} & set(rows[0])
        assert find_recoding(db, study.id) == frozen


def test_the_first_file_freezes_its_coarsening(place, study, known):
    folder, cube = place
    with opened_at(folder) as db:
        assert find_recoding(db, study.id) is None
        a_bundle(db, cube, known, folder)
        frozen = find_recoding(db, study.id)
        a_bundle(db, cube, known, folder, seed=2)

        assert frozen
        assert find_recoding(db, study.id) == frozen
