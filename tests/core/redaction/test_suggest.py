"""What the desk is shown of a text: planted identifiers are found in every language, and plain words are left alone."""

from collections import Counter

import pytest

from survey_app.core.redaction.lists import Lists
from survey_app.core.redaction.marks import DIRECT, GAP, Kind, Mark, black_out, joined
from survey_app.core.redaction.patterns import REGIONS
from survey_app.core.redaction.suggest import direct, shared_words, suggest
from tests.core.redaction.planted import FRAMES, planted

ENOUGH = 0.98
NAMES = Lists(
    {
        ("hospitals", ""): frozenset({"Sankt Vinzenz", "Charité"}),
        ("cities", ""): frozenset({"Köln", "València", "القاهرة"}),
        ("names", "de"): frozenset({"Annegret"}),
    }
)
PLAIN = {
    "el": "Το πιο δύσκολο ήταν η κούραση μετά τη θεραπεία, και η αναμονή μου πήρε τη δύναμη.",
    "en": "The tiredness after the infusion was the hardest part, and waiting three weeks for a bed took my strength.",
    "de": "Am schwersten war die Müdigkeit nach der Infusion, und das Warten auf ein Bett hat mich Kraft gekostet.",
    "fr": "Le plus dur était la fatigue après la perfusion, et attendre un lit pendant trois semaines m’a épuisée.",
    "es": "Lo más duro fue el cansancio después de la infusión, y esperar una cama me quitó toda la fuerza.",
    "it": "La cosa più dura è stata la stanchezza dopo l’infusione, e aspettare un letto mi ha tolto le forze.",
    "nl": "Het zwaarst was de moeheid na het infuus, en het wachten op een bed kostte al mijn kracht.",
    "pt": "O mais difícil foi o cansaço depois da infusão, e esperar por uma cama tirou-me as forças.",
    "ar": "كان أصعب ما في الأمر التعب بعد العلاج، وانتظار سرير أخذ كل قوتي.",
    "pl": "Najtrudniejsze było zmęczenie po podaniu komórek, a czekanie trzy tygodnie na łóżko odebrało mi siły.",
}


def covers(text: str, identifier: str, marks: tuple[Mark, ...]) -> bool:
    """No letter or digit of the identifier is left when the marks are taken out."""
    start = text.index(identifier)
    hidden = {place for mark in marks for place in range(mark.start, mark.end)}
    return all(
        place in hidden for place, sign in enumerate(identifier, start) if sign.isdigit() or identifier.isalpha()
    ) and bool(hidden & set(range(start, start + len(identifier))))


def test_planted_identifiers_are_found_in_every_language():
    asked, found, missed = Counter(), Counter(), []
    for language, kind, identifier, text in planted():
        asked[language, kind] += 1
        if covers(text, identifier, suggest(text, language)):
            found[language, kind] += 1
        else:
            missed.append((language, kind, identifier))

    assert len({language for language, _ in asked}) == len(REGIONS)
    for language in FRAMES:
        total = sum(count for (spoken, _), count in asked.items() if spoken == language)
        right = sum(count for (spoken, _), count in found.items() if spoken == language)
        assert right / total >= ENOUGH, [one for one in missed if one[0] == language]
    for kind in {kind for _, kind in asked}:
        total = sum(count for (_, what), count in asked.items() if what == kind)
        assert sum(count for (_, what), count in found.items() if what == kind) / total >= ENOUGH, missed


def test_numbers_of_accounts_states_and_telephones_may_never_be_published():
    """What the desk refuses, whoever confirms it."""
    kinds = {"e-mail", "url", "phone", "number"}
    cases = [(language, one, text) for language, kind, one, text in planted() if kind in kinds]
    refused = [covers(text, one, direct(text, language)) for language, one, text in cases]

    assert sum(refused) / len(refused) >= ENOUGH, [
        case for case, is_found in zip(cases, refused, strict=True) if not is_found
    ]


@pytest.mark.parametrize("language", PLAIN)
def test_plain_words_are_left_alone(language: str):
    assert suggest(PLAIN[language], language) == ()


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("de", "In der Charite war es laut.", "Charite"),
        ("de", "bei Sankt-Vinzenz gewesen", "Sankt-Vinzenz"),
        ("de", "Annegrets Mann half.", "Annegrets"),
        ("de", "KÖLN war weit weg", "KÖLN"),
        ("es", "vivo en valencia desde siempre", "valencia"),
        ("ar", "سافرت بالقاهرة طويلا", "بالقاهرة"),
    ],
)
def test_words_of_the_lists_are_found_with_other_accents_capitals_and_endings(language: str, text: str, name: str):
    marks = suggest(text, language, NAMES)

    assert [(text[one.start : one.end], one.kind) for one in marks] == [(name, Kind.LISTED)]


def test_a_list_of_one_language_does_not_count_in_another():
    assert suggest("annegret non", "fr", NAMES) == ()


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("en", "then Dr. Brown came", "Brown"),
        ("de", "und Schwester Ute half", "Ute"),
        ("fr", "le Dr de la Tour a dit", "de la Tour"),
        ("es", "la Dra. Gómez vino", "Gómez"),
        ("it", "la dottoressa Verdi disse", "Verdi"),
        ("nl", "mevrouw van den Berg kwam", "van den Berg"),
        ("pl", "rano przyszła pani Łucja", "Łucja"),
        ("pt", "o doutor Silva disse", "Silva"),
        ("ar", "جاء الدكتور سامي مساء", "سامي"),
    ],
)
def test_who_has_a_title_is_found(language: str, text: str, name: str):
    marks = [one for one in suggest(text, language) if one.kind is Kind.NAME]

    assert [name in text[one.start : one.end] for one in marks] == [True]


def test_nothing_hides_behind_signs_that_nobody_sees():
    text = "write to jo\u200bhn@exam\u00adple.org or 9\u200f43 476 5919"

    assert black_out(text, suggest(text, "en")) == f"write to {GAP} or {GAP}"


def test_wide_digits_and_letters_are_read():
    assert direct("ＤＥ８９ ３７０４ ００４４ ０５３２ ０１３０ ００", "de")[0].kind is Kind.ACCOUNT


def test_a_number_with_a_wrong_check_digit_is_a_long_number_only():
    marks = suggest("reference 943 476 5918", "en")

    assert [one.kind for one in marks] == [Kind.NUMBER]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "91 y.o."), ("en", "in my 90s"), ("en", "in her nineties"), ("de", "93 J."), ("it", "93enne"),
        ("es", "cumplí los 93"), ("nl", "93-jarige"), ("pt", "93 anos de idade"), ("ar", "عمره ٩٣ عاما"),
    ],
)  # fmt: skip
def test_great_ages_are_found_however_they_are_written(language: str, text: str):
    assert [one.kind for one in suggest(f"... {text} ...", language)] == [Kind.AGE]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "12-may-2021"), ("en", "Sept 2022"), ("de", "1. Januar 2022"), ("de", "12. Okt."),
        ("es", "12/mayo/2021"),
        ("es", "3 del 5 de 2021"), ("it", "1° maggio"), ("fr", "1er mai"), ("nl", "12 mei '21"), ("pt", "12 mai. 2021"),
        ("ar", "٣ أيار ٢٠٢٣"), ("ar", "١٢ ماي ٢٠٢١"),
    ],
)  # fmt: skip
def test_dates_are_found_as_a_whole_however_they_are_written(language: str, text: str):
    marks = suggest(f"x {text} x", language)

    assert [(one.start, one.kind) for one in marks] == [(2, Kind.DATE)]
    assert all(not sign.isdigit() for sign in black_out(f"x {text} x", marks))


@pytest.mark.parametrize("text", ["I am 45 years old", "90 % of the time", "it took 95 minutes"])
def test_other_ages_and_shares_are_no_great_ages(text: str):
    assert [one for one in suggest(text, "en") if one.kind is Kind.AGE] == []


@pytest.mark.parametrize(
    "text", ["she is ninety-three", "mit dreiundneunzig", "à quatre-vingt-douze ans", "noventa y dos"]
)
def test_great_ages_in_words_are_found(text: str):
    language = {"s": "en", "m": "de", "à": "fr", "n": "es"}[text[0]]

    assert Kind.AGE in {one.kind for one in suggest(text, language)}


def test_marks_that_overlap_become_one_with_the_surest_name():
    marks = [Mark(5, 9, Kind.NUMBER), Mark(0, 6, Kind.EMAIL), Mark(9, 12, Kind.DATE)]

    assert joined(marks) == (Mark(0, 9, Kind.EMAIL), Mark(9, 12, Kind.DATE))


def test_every_kind_that_is_refused_is_a_kind():
    assert set(Kind) > DIRECT


@pytest.mark.parametrize("text", ["", " ", "…", "[…]", "a" * 5000, "1" * 5000, "@" * 500, "٠" * 500])
def test_no_text_is_too_odd(text: str):
    assert all(0 <= one.start < one.end <= len(text) for one in suggest(text, "en"))


def test_words_taken_over_one_after_the_other_are_counted():
    assert shared_words("I waited three long weeks for a bed", "She waited three long weeks, then slept") == 4
    assert shared_words("I waited", "Nothing alike") == 0
