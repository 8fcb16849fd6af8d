"""The journal's bits: everything reads back, and no flipped bit passes for a record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts_device.core import dose_machine, journal_format
from yaguts_wire.limits import MAX_DOSES

numbers = st.integers(1, journal_format.MAX_NUMBER)
places = st.integers(0, MAX_DOSES - 1)
BLANK = dose_machine.new_dose(9_000_000, 180_000)


@st.composite
def some_doses(draw: st.DrawFn) -> dose_machine.DoseState:
    """A dose in any state that a cell can hold."""
    state = draw(st.sampled_from(dose_machine.STATES))
    reason = (
        draw(st.sampled_from(dose_machine.REASONS[1:]))
        if state == dose_machine.FAILED
        else dose_machine.NO_REASON
    )
    permitted_ms, restarts = draw(st.integers(0, 180_000)), draw(st.integers(0, 3))
    return BLANK._replace(state=state, reason=reason, permitted_ms=permitted_ms, restarts=restarts)


@given(some_doses(), places, numbers)
def test_a_cell_reads_back(dose: dose_machine.DoseState, place: int, number: int) -> None:
    cell = journal_format.pack_cell(dose, place, number)

    assert -(2**31) <= cell < 2**31
    assert journal_format.unpack_cell(cell, place, number, BLANK) == dose


@given(some_doses(), places, numbers)
def test_no_single_flipped_bit_passes_for_a_cell(
    dose: dose_machine.DoseState, place: int, number: int
) -> None:
    cell = journal_format.pack_cell(dose, place, number) & 0xFFFFFFFF

    for bit in range(32):
        flipped = cell ^ 1 << bit
        flipped -= (flipped >> 31) << 32
        assert journal_format.unpack_cell(flipped, place, number, BLANK) is None


@given(some_doses(), places, places, numbers)
def test_the_cell_of_another_dose_or_of_the_job_before_is_none(
    dose: dose_machine.DoseState, place: int, other: int, number: int
) -> None:
    cell = journal_format.pack_cell(dose, place, number)

    assert (
        journal_format.unpack_cell(cell, place, number % journal_format.MAX_NUMBER + 1, BLANK)
        is None
    )
    assert (journal_format.unpack_cell(cell, other, number, BLANK) == dose) == (other == place)


def test_a_cell_that_permits_more_than_the_target_is_none() -> None:
    cell = journal_format.pack_cell(
        BLANK._replace(permitted_ms=2001, state=dose_machine.POURING), 0, 1
    )

    assert journal_format.unpack_cell(cell, 0, 1, dose_machine.new_dose(2000, 2000)) is None


@given(numbers, st.sampled_from([1, 2]))
def test_a_flag_reads_back_and_no_flipped_bit_passes_for_one(number: int, kind: int) -> None:
    flag = journal_format.pack_flag(number, kind)

    assert journal_format.unpack_flag(flag, kind) == number
    assert journal_format.unpack_flag(flag, 3 - kind) == 0
    for bit in range(32):
        flipped = (flag & 0xFFFFFFFF) ^ 1 << bit
        assert journal_format.unpack_flag(flipped - ((flipped >> 31) << 32), kind) == 0


def test_a_flash_that_holds_nothing_holds_no_flag() -> None:
    assert journal_format.unpack_flag(0, 1) == 0
    assert journal_format.unpack_flag(-1, 2) == 0


def _read(blob: bytes | bytearray | memoryview) -> tuple[int, bytes] | None:
    number = journal_format.number_of(blob)
    return (number, bytes(blob[journal_format.HEADER_BYTES :])) if number else None


@given(st.integers(1, 2**32 - 1), st.binary(max_size=200))
def test_a_record_reads_back(number: int, payload: bytes) -> None:
    assert _read(journal_format.pack_record(number, payload)) == (
        number,
        payload,
    )


@given(st.binary(max_size=40), st.data())
def test_a_record_that_is_torn_or_flipped_anywhere_is_none(
    payload: bytes, data: st.DataObject
) -> None:
    blob = journal_format.pack_record(7, payload)

    assert all(_read(blob[:length]) is None for length in range(len(blob)))
    bit = data.draw(st.integers(0, 8 * len(blob) - 1))
    flipped = bytearray(blob)
    flipped[bit // 8] ^= 1 << bit % 8
    assert _read(bytes(flipped)) is None
    assert not journal_format.is_record(bytes(flipped))
    assert journal_format.number_of(bytes(flipped)) == 0


@given(st.integers(1, 2**32 - 1), st.binary(max_size=200))
def test_a_payload_may_stand_where_its_record_is_made(number: int, payload: bytes) -> None:
    room = bytearray(300)
    place = memoryview(room)[journal_format.HEADER_BYTES :][: len(payload)]
    place[:] = payload

    assert _read(journal_format.pack_record(number, place, room)) == (
        number,
        payload,
    )


def test_the_print_of_a_key_fits_a_cell() -> None:
    fingerprints = {journal_format.key_fingerprint(f"{key:032x}") for key in range(500)}

    assert len(fingerprints) == 500
    assert all(-(2**31) <= key_fingerprint < 2**31 for key_fingerprint in fingerprints)


# Firmware reads what the firmware before it wrote, so the bytes themselves are a promise.


def test_the_check_of_a_cell_is_the_crc_8_of_the_books() -> None:
    assert (journal_format.crc8(b"123456789"), journal_format.crc8(b"")) == (0xFB, 0xFF)


def test_a_record_is_these_bytes() -> None:
    record = bytes(journal_format.pack_record(7, b"abc"))

    assert record.hex() == "594a010007000000030000009b9396b3616263"
    assert _read(record) == (7, b"abc")


@pytest.mark.parametrize(
    ("dose", "place", "number", "cell"),
    [
        (dose_machine.new_dose(2000, 2000), 0, 1, 25),
        (dose_machine.DoseState(2000, 500, 1500, 2, dose_machine.POURING, 0), 1, 7, 24584536),
        (
            dose_machine.DoseState(180_000, 500, 180_000, 3, dose_machine.DONE, 0),
            15,
            journal_format.MAX_NUMBER,
            -1345834431,
        ),
        (
            dose_machine.DoseState(
                2000, 500, 1250, 1, dose_machine.FAILED, dose_machine.NOT_POSSIBLE
            ),
            3,
            8,
            20487661,
        ),
    ],
)
def test_a_cell_is_this_number(
    dose: dose_machine.DoseState, place: int, number: int, cell: int
) -> None:
    blank = dose_machine.new_dose(dose.target_ms, dose.target_ms)

    assert journal_format.pack_cell(dose, place, number) == cell
    assert journal_format.unpack_cell(cell, place, number, blank) == dose


def test_a_flag_and_a_fingerprint_are_these_numbers() -> None:
    assert journal_format.pack_flag(7, 1) == 1797
    assert journal_format.pack_flag(journal_format.MAX_NUMBER, 2) == -165
    assert journal_format.key_fingerprint("0" * 31 + "7") == 1050019699
    assert journal_format.key_fingerprint("a") == -390611389


def test_the_largest_number_of_a_record_and_the_longest_permission_of_a_cell() -> None:
    longest = BLANK._replace(target_ms=2**18, permitted_ms=2**18 - 1)
    cell = journal_format.pack_cell(longest, 0, 1)

    assert journal_format.MAX_NUMBER == 2**24 - 1
    assert journal_format.unpack_cell(cell, 0, 1, longest) == longest
    for beyond in (2**18, -1):
        with pytest.raises(dose_machine.Impossible):
            journal_format.pack_cell(BLANK._replace(permitted_ms=beyond), 0, 1)
