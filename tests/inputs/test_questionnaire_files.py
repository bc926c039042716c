"""Questionnaire files: what is sound is read, what is broken is told whole, with line, cause and cure."""

import re
from pathlib import Path

import pytest

from survey_app.core.problems import Code, Problem, ProblemsFound
from survey_app.inputs.questionnaire_files import load_edition, read_questionnaire, write_template
from survey_app.inputs.yaml_text import LARGEST_FILE
from survey_app.services.catalogue import check_files, publish, read_catalogue
from survey_app.web.respondent.texts import LANGUAGES
from tests.small_questionnaire import TEXT, write_small

REAL = Path("questionnaires/atmp_burden/0.2.0")


def problems_of(folder: Path) -> list[Problem]:
    with pytest.raises(ProblemsFound) as found:
        load_edition(folder)
    return list(found.value.problems)


def codes_of(folder: Path) -> list[Code]:
    return [problem.code for problem in problems_of(folder)]


def a_translation(folder: Path, *, language: str = "de", state: str = "draft") -> Path:
    questionnaire = read_questionnaire(folder / "questionnaire.yaml")
    text = write_template(questionnaire).replace('msgstr ""', 'msgstr "x"').replace('msgstr "x"', 'msgstr ""', 1)
    header = f'"Language: {language}\\n"\n"X-Translation-State: {state}\\n"\n'
    text = re.sub(r'("MIME-Version)', lambda m: header + m.group(1), text, count=1)
    path = folder / f"{language}.po"
    path.write_text(text, "utf-8")
    return path


def test_the_newest_questionnaire_is_complete_in_every_language_of_the_pages_for_patients():
    assert set(load_edition(REAL).languages) == set(LANGUAGES)


def test_translations_that_no_person_reviewed_are_drafts():
    states = {language: one.state for language, one in load_edition(REAL).translations.items() if language != "en"}

    assert set(states.values()) == {"draft"}


def test_the_published_version_is_the_one_in_the_lock():
    catalogue = read_catalogue(Path("questionnaires"))

    assert ("atmp_burden", "0.1.0") in catalogue.editions


def test_a_sound_file_has_no_problems(tmp_path):
    write_small(tmp_path)

    assert check_files([tmp_path]) == [(tmp_path / "small" / "1.0.0", [])]


def test_a_truncated_file_is_told_with_its_line(tmp_path):
    text = TEXT[: TEXT.index("- {code: sometimes, value") + 20]

    (problem,) = problems_of(write_small(tmp_path, text))

    assert problem.code == Code.YAML_BROKEN
    assert re.search(r"questionnaire\.yaml:2\d$", problem.where)


def test_an_unknown_key_is_told_with_the_nearest_known_one(tmp_path):
    text = TEXT.replace("B02, type: single", "B02, show_iff: A, type: single")

    (problem,) = problems_of(write_small(tmp_path, text))

    line = next(n for n, one in enumerate(text.splitlines(), 1) if "show_iff" in one)
    assert problem.where.endswith(f":{line} (B02)")
    assert "show_if?" in problem.sentence


def test_all_problems_are_told_at_once(tmp_path):
    text = (
        TEXT.replace("privacy: P2}", "privacy: P9}")
        .replace("id: B01,", "id: b1,")
        .replace("kind: rating", "kind: star")
    )

    assert len(problems_of(write_small(tmp_path, text))) >= 5


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: B02", "id: B01", Code.ID_TWICE),
        ("show_if: B01 >= 1", "show_if: B05 >= 1", Code.LOGIC_POINTS_FORWARD),
        ("show_if: B01 >= 1", "show_if: B02 >= 1", Code.LOGIC_POINTS_FORWARD),
        ("show_if: B01 >= 1", "show_if: B99 >= 1", Code.LOGIC_UNKNOWN_NAME),
        ("show_if: B01 >= 1", "show_if: B01 >= 7", Code.LOGIC_UNKNOWN_OPTION),
        ("show_if: B01 >= 1", "show_if: B01 >> 1", Code.LOGIC_BROKEN),
        ("show_if: \"stage == 'S02'\"", "show_if: \"stage == 'S09'\"", Code.LOGIC_UNKNOWN_OPTION),
        ("responses: often, recall", "responses: oftener, recall", Code.REFERENCE_UNKNOWN),
        ("recall: this_stage", "recall: last_year", Code.REFERENCE_UNKNOWN),
        ("to: grief", "to: nowhere", Code.REFERENCE_UNKNOWN),
        ("items: [B01, B02]", "items: [B01, B05]", Code.SCALE_ITEM_UNFIT),
        ("items: [B01, B02]", "items: [B01, B77]", Code.REFERENCE_UNKNOWN),
        ("        safety: {message: HELP, emphasise_if: B11 >= 2}\n", "", Code.SENSITIVE_WITHOUT_SAFETY),
        ("type: rating, text: How hard?,", "type: rating, text: How hard?, required: true,", Code.REQUIRED_NOT_ALLOWED),
        ("text: How often?, responses: often,", "text: How often?,", Code.OPTIONS_MISSING),
        ("responses: often, show_if: B01 >= 1, privacy: P1", "responses: often, privacy: P2",
         Code.QUASI_IDENTIFIER_WITHOUT_GENERALISATION),
        ("version: 1.0.0", "version: 1.0.1", Code.FOLDER_NAME_WRONG),
        ("title: A small", "title: &t A small", Code.YAML_ALIAS),
        ("title: A small", "title: !!python/name:os.system A small", Code.YAML_TAG),
        ("licence: CC-BY-4.0", "licence: CC-BY-4.0\nlicence: other", Code.YAML_KEY_TWICE),
    ],
)  # fmt: skip
def test_each_fault_has_its_code(tmp_path, old, new, code):
    assert old in TEXT

    assert code in codes_of(write_small(tmp_path, TEXT.replace(old, new, 1)))


def test_a_yaml_bomb_is_refused_and_not_followed(tmp_path):
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{b}: &{b} [{', '.join(['*' + a] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]

    assert Code.YAML_ALIAS in codes_of(write_small(tmp_path, "\n".join(rows)))


def test_ten_megabytes_of_text_are_refused_unread(tmp_path):
    (problem,) = problems_of(write_small(tmp_path, "x" * 10_000_000))

    assert problem.code == Code.FILE_TOO_LARGE
    assert problem.values["limit"] == LARGEST_FILE


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 3000 + "x", "{a: " * 400])
def test_nesting_without_end_is_refused(tmp_path, text):
    assert set(codes_of(write_small(tmp_path, text))) <= {Code.YAML_TOO_DEEP, Code.YAML_BROKEN}


@pytest.mark.parametrize("text", ["", "just words", "[1, 2]", "\x00", "a: b: c", "? [x]\n: y", "1: 2", "%TAG ! x"])
def test_what_is_no_questionnaire_is_told_so(tmp_path, text):
    assert problems_of(write_small(tmp_path, text))


def test_bytes_that_are_no_text_are_told_so(tmp_path):
    folder = write_small(tmp_path)
    (folder / "questionnaire.yaml").write_bytes(b"\xff\xfe\x00a")

    assert codes_of(folder) == [Code.FILE_NOT_TEXT]


def test_a_missing_file_is_told_so(tmp_path):
    ((_, problems),) = check_files([tmp_path / "nothing"])

    assert [problem.code for problem in problems] == [Code.FILE_MISSING]


def test_a_complete_translation_is_read(tmp_path):
    folder = write_small(tmp_path)
    a_translation(folder)

    assert load_edition(folder).say("item/B01/text", "de") == "x"


def test_a_missing_translation_is_told_with_the_number_and_the_first(tmp_path):
    folder = write_small(tmp_path)
    path = a_translation(folder)
    path.write_text(path.read_text("utf-8").replace('msgid "How often?"\nmsgstr "x"', 'msgid "How often?"\nmsgstr ""'))

    (problem,) = problems_of(folder)

    assert (problem.code, problem.values["missing"], problem.values["given"]) == (
        Code.TRANSLATION_MISSING, 1, "item/B01/text",
    )  # fmt: skip


def test_a_translation_of_an_older_sentence_is_told(tmp_path):
    folder = write_small(tmp_path)
    path = a_translation(folder)
    path.write_text(path.read_text("utf-8").replace('msgid "How often?"', 'msgid "How very often?"'))

    assert Code.TRANSLATION_STALE in codes_of(folder)


def test_a_translation_without_a_state_is_told(tmp_path):
    folder = write_small(tmp_path)
    a_translation(folder, state="perfect")

    assert Code.TRANSLATION_STATE_WRONG in codes_of(folder)


def test_a_broken_translation_file_is_told(tmp_path):
    folder = write_small(tmp_path)
    path = a_translation(folder)
    path.write_text(path.read_text("utf-8")[:-40] + "\nmsgid no quotes")

    assert codes_of(folder)


def test_a_published_version_that_changed_starts_nothing(tmp_path):
    folder = write_small(tmp_path)
    publish(tmp_path, folder)
    write_small(tmp_path, TEXT.replace("How often?", "How often now?"))

    with pytest.raises(ProblemsFound) as found:
        read_catalogue(tmp_path)

    assert [problem.code for problem in found.value.problems] == [Code.PUBLISHED_CHANGED]


def test_a_text_translated_twice_is_told(tmp_path):
    folder = write_small(tmp_path)
    path = a_translation(folder)
    path.write_text(path.read_text("utf-8") + '\nmsgctxt "item/B01/text"\nmsgid "How often?"\nmsgstr "y"\n')

    assert Code.TRANSLATION_TWICE in codes_of(folder)
