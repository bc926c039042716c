import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.participation.codes import (
    ALPHABET,
    code_hmac,
    grouped,
    make_code,
    person_tag,
    read_code,
)

numbers = st.lists(st.integers(0, 31), min_size=14, max_size=14)


def test_the_alphabet_has_32_symbols_and_none_that_look_alike() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")


@given(numbers)
def test_a_code_reads_back_from_every_way_of_writing_it(chosen: list[int]) -> None:
    code = make_code(chosen)
    assert len(code) == 15
    shown = grouped(code)
    for typed in (shown, shown.lower(), f"  {shown.replace('-', ' ')} ", shown.replace("0", "o").replace("1", "l")):
        assert read_code(typed) == code


def test_arabic_digits_are_read_as_the_digits_they_are() -> None:
    code = make_code([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4])
    typed = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert read_code(typed) == code


@given(numbers, st.integers(0, 14), st.integers(1, 31))
def test_every_single_wrong_symbol_is_noticed(chosen: list[int], place: int, shift: int) -> None:
    code = make_code(chosen)
    wrong = ALPHABET[(ALPHABET.index(code[place]) + shift) % 32]
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@given(numbers, st.integers(0, 13))
def test_every_swap_of_neighbours_is_noticed(chosen: list[int], place: int) -> None:
    code = make_code(chosen)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (read_code(swapped) is None) == (swapped != code)


@given(st.text(max_size=40))
def test_anything_can_be_typed(typed: str) -> None:
    read = read_code(typed)
    assert read is None or len(read) == 15


@pytest.mark.parametrize("chosen", [[0] * 13, [32] * 14, [-1] * 14])
def test_a_code_of_other_numbers_is_refused(chosen: list[int]) -> None:
    with pytest.raises(ValueError, match="14 numbers"):
        make_code(chosen)


def test_the_hashes_depend_on_key_study_and_code() -> None:
    code, other = make_code([0] * 14), make_code([1] * 14)
    tags = {
        code_hmac(b"k" * 32, code),
        code_hmac(b"j" * 32, code),
        code_hmac(b"k" * 32, other),
        person_tag(b"k" * 32, "one", code),
        person_tag(b"k" * 32, "two", code),
    }
    assert len(tags) == 5
    assert all(len(tag) == 64 for tag in tags)


def test_letters_of_a_greek_keyboard_that_look_latin_are_read_as_latin() -> None:
    code = make_code([ALPHABET.index(symbol) for symbol in "ABEHKMNPTXYZ01"])
    greek = code.translate(str.maketrans("ABEHKMNPTXYZ01", "ΑΒΕΗΚΜΝΡΤΧΥΖΟΙ"))  # Greek capitals

    assert not set(greek) & set("ABEHKMNPTXYZ")
    assert read_code(greek) == read_code(greek.lower()) == code
    assert read_code("Ω" * len(code)) is None
