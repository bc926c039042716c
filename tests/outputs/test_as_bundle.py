"""What a file of rows says, by the words of its files."""

import csv
import io
import random
import zipfile
from functools import cache

from babel.messages.pofile import read_po

from survey_app.core.protection.microdata import protect_rows
from survey_app.core.protection.rows import split_rows
from survey_app.outputs.as_bundle import REASONS, BundleFacts, write_bundle
from survey_app.outputs.bundle_words import FOLDER, SOURCES, territory_in, words_in
from tests.core.protection.row_builders import PUBLISHED, an_edition, some_people

LANGUAGES = ("de", "fr", "es", "it", "nl", "pt", "ar", "pl", "el")


@cache
def some_rows(number=412):
    return protect_rows(some_people(number), an_edition().questionnaire, published=PUBLISHED, chance=random.Random(1))


def some_facts(**changes):
    given = {
        "bundle": "rows-1",
        "release": "demo-2026q4",
        "cube_sha256": "f" * 64,
        "title": "The way through treatment",
        "organisation": "Example Patient Alliance",
        "quarter": "2026-Q4",
        "languages": ("en", "de"),
        "synthetic": False,
        "draft": False,
        "edition": "controlled",
        "recipient": "Example University",
        "purpose": "Needs while waiting",
    }
    return BundleFacts(**(given | changes))


def opened(parts=None, **changes):
    content = write_bundle(some_rows(), parts or {}, some_facts(**changes), an_edition())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_marks_stand_first_and_only_where_they_are_due():
    assert opened(synthetic=True, draft=True)["README.txt"].startswith("SYNTHETIC")
    assert opened(draft=True)["README.txt"].startswith("DRAFT")
    assert opened()["README.txt"].startswith("The way through treatment")


def test_the_registered_edition_has_a_file_per_part_and_no_id():
    parts = split_rows(some_rows(), random.Random(2))
    files = opened(parts, edition="registered", recipient="", purpose="")

    assert "responses.csv" not in files
    assert {f"responses_{part}.csv" for part in ("CJ", "EM", "CG", "SI")} <= set(files)
    assert all("id" not in text.splitlines()[0].split(",") for name, text in files.items() if name.startswith("resp"))
    assert "id" not in {line["variable"] for line in csv.DictReader(io.StringIO(files["codebook_en.csv"]))}
    assert "registered users" in files["README.txt"]


def test_no_file_tells_a_day_or_more_than_the_quarter():
    text = opened()["README.txt"]

    assert "2026-Q4" in text
    assert "2026-11" not in text


def test_every_reason_for_leaving_out_is_explained():
    lines = list(csv.DictReader(io.StringIO(opened()["not_in_this_file.csv"])))

    assert {line["reason"] for line in lines} <= set(REASONS)
    assert all(line["meaning"] == REASONS[line["reason"]] for line in lines)


def test_every_language_has_every_word_and_says_that_it_is_a_draft():
    for language in LANGUAGES:
        with (FOLDER / f"{language}.po").open("rb") as file:
            catalogue = read_po(file, locale=language)
        told = {message.context: (message.id, message.string) for message in catalogue if message.id}

        assert {key: source for key, (source, _) in told.items()} == dict(SOURCES)
        assert all(word for _, word in told.values())
        assert "X-Translation-State: draft" in (FOLDER / f"{language}.po").read_text(encoding="utf-8")


def test_a_language_without_words_of_its_own_speaks_english():
    assert words_in("sv") == SOURCES
    assert words_in("de")["not_stated"] == "Keine Angabe"


def test_countries_and_regions_have_names_in_every_language():
    for language in ("en", *LANGUAGES):
        assert territory_in("155", language) not in ("155", "")
        assert territory_in("DE", language) != "DE"
    assert territory_in("QQ", "en") == "QQ"
