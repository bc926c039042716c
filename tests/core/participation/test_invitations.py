import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.core.participation.codes import ALPHABET, read_code
from survey_app.core.participation.invitations import (
    NO_INVITATION,
    RANDOM_SYMBOLS,
    grouped_invitation,
    invitation_hmac,
    make_invitation_code,
    read_invitation_code,
)

numbers = st.lists(st.integers(0, 31), min_size=RANDOM_SYMBOLS, max_size=RANDOM_SYMBOLS)


def test_an_invitation_code_has_at_least_80_random_bits() -> None:
    assert len(ALPHABET) ** RANDOM_SYMBOLS >= 2**80


@given(numbers)
def test_an_invitation_code_reads_back_from_every_way_of_writing_it(chosen: list[int]) -> None:
    code = make_invitation_code(chosen)
    shown = grouped_invitation(code)
    assert [len(group) for group in shown.split("-")] == [3] * 6
    for typed in (shown, shown.lower(), f"\t{shown.replace('-', ' ')}\n", shown.replace("0", "o").replace("1", "l")):
        assert read_invitation_code(typed) == code


@given(numbers, st.integers(0, RANDOM_SYMBOLS), st.integers(1, 31))
def test_every_single_wrong_symbol_is_noticed(chosen: list[int], place: int, shift: int) -> None:
    code = make_invitation_code(chosen)
    wrong = ALPHABET[(ALPHABET.index(code[place]) + shift) % 32]
    assert read_invitation_code(code[:place] + wrong + code[place + 1 :]) is None


@given(numbers, st.integers(0, RANDOM_SYMBOLS - 1))
def test_every_swap_of_neighbours_is_noticed(chosen: list[int], place: int) -> None:
    code = make_invitation_code(chosen)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_invitation_code(swapped) == (code if swapped == code else None)


@given(numbers)
def test_an_invitation_code_is_never_taken_for_a_return_code(chosen: list[int]) -> None:
    assert read_code(make_invitation_code(chosen)) is None


@pytest.mark.parametrize("typed", ["", "-", "ABC-DEF", "ü" * 500, NO_INVITATION])
def test_what_is_no_invitation_code_is_not_read(typed: str) -> None:
    assert read_invitation_code(typed) is None


def test_the_same_code_has_another_hash_in_another_study_and_under_another_key() -> None:
    code = make_invitation_code([1] * RANDOM_SYMBOLS)
    hashes = {invitation_hmac(key, study, code) for key in (b"k" * 32, b"l" * 32) for study in ("one", "two")}
    assert len(hashes) == 4
