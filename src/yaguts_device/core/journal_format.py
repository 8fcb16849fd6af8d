"""The journal's format on flash: records, cells and flags. Pure.

- A *record* is a blob with its number and a CRC-32. Two keys hold it; the highest valid number
  counts.
- A *cell* is the state of one dose in a signed 32-bit number: 18 bits permitted ms, 2 bits
  restarts, 4 bits state and reason, 8 bits CRC-8.
- A *flag* is 24 bits of a record's number and 8 bits CRC-8.

The CRC-8 also covers the record's number, and the dose or the flag's kind. So a cell of another
job or of another dose is invalid.
"""

import struct
from binascii import crc32

from yaguts_device.core import dose_machine

MAX_NUMBER = (1 << 24) - 1
_HEADER = "<2sBBII"
HEADER_BYTES = 16  # with the CRC-32 behind it
_MAGIC = b"YJ"
_VERSION = 1
_LARGEST_PERMITTED_MS = (1 << 18) - 1


_CRC8 = b"\x00\x07\x0e\x09\x1c\x1b\x12\x15\x38\x3f\x36\x31\x24\x23\x2a\x2d"
"""The CRC-8 of each half byte: a table of 256 would take room on a small heap."""


def crc8(data: bytes) -> int:
    """CRC-8 (polynomial 0x07): finds every flipped bit and every burst of up to eight."""
    crc = 0xFF
    for byte in data:
        crc ^= byte
        crc = crc << 4 & 0xFF ^ _CRC8[crc >> 4]
        crc = crc << 4 & 0xFF ^ _CRC8[crc >> 4]
    return crc


# Records


def pack_record(
    number: int, payload: "bytes | bytearray | memoryview", buffer: "bytearray | None" = None
) -> "bytearray | memoryview":
    """The blob of the payload and its number, built in the buffer `buffer` if given.

    The payload may be in `buffer` already, behind the header.
    """
    length = HEADER_BYTES + len(payload)
    blob = bytearray(length) if buffer is None else memoryview(buffer)[:length]
    struct.pack_into(_HEADER, blob, 0, _MAGIC, _VERSION, 0, number, len(payload))
    struct.pack_into("<I", blob, 12, crc32(payload, crc32(blob[:12])) & 0xFFFFFFFF)
    blob[HEADER_BYTES:] = payload
    return blob


def is_record(blob: "bytes | bytearray | memoryview") -> bool:
    """Whether the blob is a whole record: not torn, damaged or of another format."""
    if len(blob) < HEADER_BYTES or blob[:2] != _MAGIC or blob[2] != _VERSION:
        return False
    length, crc = struct.unpack_from("<II", blob, 8)
    payload = blob[HEADER_BYTES:]
    return length == len(payload) and crc == crc32(payload, crc32(blob[:12])) & 0xFFFFFFFF


def number_of(blob: "bytes | bytearray | memoryview") -> int:
    """The number of the record; 0 when the blob is not a record."""
    return struct.unpack_from("<I", blob, 4)[0] if is_record(blob) else 0


# Cells and flags


def pack_cell(dose: dose_machine.DoseState, place: int, number: int) -> int:
    """The state of the dose at `place` (from 0) of record `number`. `Impossible` when too large."""
    if not 0 <= dose.permitted_ms <= _LARGEST_PERMITTED_MS:
        raise dose_machine.Impossible("more permitted than a cell can hold")
    state = dose.state + (dose.reason - 1 if dose.state == dose_machine.FAILED else 0)
    return _checked(dose.permitted_ms << 6 | dose.restarts << 4 | state, place, number)


def unpack_cell(
    cell: int, place: int, number: int, blank: dose_machine.DoseState
) -> "dose_machine.DoseState | None":
    """`blank` with the state that the cell holds, or None when it is not a cell of this dose."""
    payload = cell >> 8 & 0xFFFFFF
    permitted_ms, restarts, state = payload >> 6, payload >> 4 & 3, payload & 15
    reason = dose_machine.NO_REASON
    if state >= dose_machine.FAILED:
        state, reason = dose_machine.FAILED, state - dose_machine.FAILED + 1
    if reason >= len(dose_machine.REASONS) or permitted_ms > blank.target_ms:
        return None
    if _checked(payload, place, number) != cell:
        return None
    return dose_machine.DoseState(
        blank.target_ms, blank.slice_ms, permitted_ms, restarts, state, reason
    )


def pack_flag(number: int, kind: int) -> int:
    """A flag of this kind for record `number`."""
    return _checked(number, kind, 0)


def unpack_flag(flag: int, kind: int) -> int:
    """The record's number in the flag; 0 when it is not a valid flag of this kind."""
    number = flag >> 8 & 0xFFFFFF
    return number if pack_flag(number, kind) == flag else 0


def key_fingerprint(job_key: str) -> int:
    """The fingerprint of a job's key, as the journal keeps it of served jobs."""
    return _signed(crc32(job_key.encode()) & 0xFFFFFFFF)


def _checked(payload: int, place: int, number: int) -> int:
    crc = crc8(struct.pack("<IBI", payload, place, number))
    return _signed(payload << 8 | crc)


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word
