"""Claim codes as they are made and as people type them."""

import secrets

from hypothesis import given
from hypothesis import strategies as st

from yaguts.services.dispensers.pairing_code_text import (
    as_typed,
    for_people,
    new_long_code,
    new_short_code,
    selector,
)

SLIPS = str.maketrans({"0": "o", "1": "l"})


def test_short_codes_are_six_digits_all_of_them_possible() -> None:
    assert new_short_code(bytes) == "000000"
    codes = {new_short_code(secrets.token_bytes) for _ in range(200)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 190


def test_a_long_code_holds_forty_secret_bits() -> None:
    code = new_long_code(secrets.token_bytes)

    secret = code.removeprefix(selector(code) or "")
    assert 32 ** len(secret) == 2**40


@given(st.binary(min_size=12, max_size=12))
def test_what_people_make_of_a_code_is_the_code(random: bytes) -> None:
    code = new_long_code(lambda _: random)
    shown = for_people(code)

    assert as_typed(shown) == code
    assert as_typed(shown.lower().replace("-", " ").translate(SLIPS)) == code


@given(st.text(max_size=40))
def test_anything_typed_is_a_code_or_none(text: str) -> None:
    code = as_typed(text)

    assert code is None or as_typed(code) == code


def test_digits_of_other_scripts_are_none() -> None:
    assert as_typed("١٢٣٤٥٦") is None
    assert as_typed("12345²") is None
