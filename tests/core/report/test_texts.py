import re
import string

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from survey_app.core.problems import Code, ProblemsFound
from survey_app.core.report.texts import ENGLISH, SOURCES
from survey_app.inputs import report_texts
from survey_app.inputs.report_texts import read_report_texts, report_languages
from tests.builders_report import LANGUAGES

OTHERS = LANGUAGES[1:]
SAME_IN_ALL = {
    "eyebrow",
    "who/line",
    "method/language",
    "alt/bar",
    "alt/answer",
    "alt/score",
    "alt/point",
    "scale_ends",
}


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_of_the_demo_study_has_a_catalogue():
    assert set(report_languages()) == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_complete_with_the_same_gaps_and_is_a_draft(language: str):
    texts = read_report_texts(language)
    assert set(texts.texts) == set(SOURCES)
    assert texts.state == "draft"
    assert all(gaps(texts.texts[key]) == gaps(source) for key, source in SOURCES.items())


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_are_translated_and_not_copied(language: str):
    texts = read_report_texts(language).texts
    long = [key for key, source in SOURCES.items() if len(source) > 30 and key not in SAME_IN_ALL]
    assert [key for key in long if texts[key] == SOURCES[key]] == []


def test_french_signs_stand_behind_a_space_that_does_not_break():
    texts = read_report_texts("fr").texts
    assert [
        key for key, text in texts.items() if re.search(r"[^\u00a0\u202f][;?!»]|[^\u00a0\u202f}]:|«[^\u00a0]", text)
    ] == []


def test_the_english_of_a_sentence_is_its_own_source():
    assert read_report_texts("en") is ENGLISH
    assert ENGLISH.say("about", n="45") == "about 45"


def test_a_language_without_a_catalogue_is_told_with_those_that_have_one():
    with pytest.raises(ProblemsFound) as found:
        read_report_texts("xx")
    problem = found.value.problems[0]
    assert problem.code is Code.REPORT_LANGUAGE_MISSING
    assert "de" in problem.sentence


@pytest.mark.parametrize("fault", ["missing", "fuzzy", "gap lost", "other source"])
def test_a_catalogue_with_one_fault_is_refused(fault: str, tmp_path, monkeypatch: pytest.MonkeyPatch):
    catalog = Catalog(locale="de")
    for key, source in SOURCES.items():
        broken = key == "about"
        if broken and fault == "missing":
            continue
        catalog.add(
            f"{source}!" if broken and fault == "other source" else source,
            string="etwa" if broken and fault == "gap lost" else source,
            context=key,
            flags=["fuzzy"] if broken and fault == "fuzzy" else [],
        )
    with (tmp_path / "de.po").open("wb") as stream:
        write_po(stream, catalog)
    monkeypatch.setattr(report_texts, "FOLDER", tmp_path)
    read_report_texts.cache_clear()
    with pytest.raises(ProblemsFound, match="1 texts have no translation"):
        read_report_texts("de")
    read_report_texts.cache_clear()
