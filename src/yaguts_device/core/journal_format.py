"""How the journal looks on flash: records with a checksum, cells and marks of 32 bits. Pure.

A *record* is a blob with its number and a CRC-32 inside; records are kept in two keys used in
turn, and the highest valid number wins. A *cell* is one dose's progress in a signed 32-bit number:
18 bits granted ms, 2 bits restarts, 4 bits state and reason, 8 bits CRC-8. A *mark* is 24 bits
of a record's number and a CRC-8. The CRCs of cells and marks also cover what they belong to, so
that a cell of another job or of another dose is no valid cell.
"""

import struct
from binascii import crc32

from yaguts_device.core import dose_machine

MAX_NUMBER = (1 << 24) - 1
_HEADER = "<2sBBII"
HEADER_BYTES = 16  # with the CRC-32 behind it
_MAGIC = b"YJ"
_VERSION = 1
_LARGEST_GRANT_MS = (1 << 18) - 1


def _crc8_row(byte: int) -> int:
    for _ in range(8):
        byte = (byte << 1) ^ 0x107 if byte & 0x80 else byte << 1
    return byte & 0xFF


_CRC8 = bytes([_crc8_row(byte) for byte in range(256)])


def crc8(data: bytes) -> int:
    """CRC-8 (polynomial 0x07): finds every flipped bit and every burst of up to eight."""
    crc = 0xFF
    for byte in data:
        crc = _CRC8[crc ^ byte]
    return crc


# Records


def pack_record(
    number: int, payload: "bytes | bytearray | memoryview", room: "bytearray | None" = None
) -> "bytearray | memoryview":
    """The blob that holds the payload under its number, made in `room` if there is any.

    The payload may stand in `room` already, behind the header.
    """
    length = HEADER_BYTES + len(payload)
    blob = bytearray(length) if room is None else memoryview(room)[:length]
    struct.pack_into(_HEADER, blob, 0, _MAGIC, _VERSION, 0, number, len(payload))
    struct.pack_into("<I", blob, 12, crc32(payload, crc32(blob[:12])) & 0xFFFFFFFF)
    blob[HEADER_BYTES:] = payload
    return blob


def is_record(blob: "bytes | bytearray | memoryview") -> bool:
    """False when the blob is torn, foreign or damaged."""
    if len(blob) < HEADER_BYTES or blob[:2] != _MAGIC or blob[2] != _VERSION:
        return False
    length, crc = struct.unpack_from("<II", blob, 8)
    payload = blob[HEADER_BYTES:]
    return length == len(payload) and crc == crc32(payload, crc32(blob[:12])) & 0xFFFFFFFF


def number_of(blob: "bytes | bytearray | memoryview") -> int:
    """The number of the record; 0 when the blob is none."""
    return struct.unpack_from("<I", blob, 4)[0] if is_record(blob) else 0


def unpack_record(blob: "bytes | bytearray | memoryview") -> "tuple[int, bytes] | None":
    """(number, payload), or None when the blob is no record."""
    number = number_of(blob)
    return (number, bytes(blob[HEADER_BYTES:])) if number else None


# Cells and marks


def pack_cell(dose: dose_machine.DoseState, place: int, number: int) -> int:
    """The progress of the dose at `place` (from 0) of record `number`."""
    if not 0 <= dose.granted_ms <= _LARGEST_GRANT_MS:
        raise dose_machine.Impossible("a grant that no cell can hold")
    state = dose.state + (dose.reason - 1 if dose.state == dose_machine.FAILED else 0)
    return _checked(dose.granted_ms << 6 | dose.restarts << 4 | state, place, number)


def unpack_cell(
    cell: int, place: int, number: int, blank: dose_machine.DoseState
) -> "dose_machine.DoseState | None":
    """`blank` as far as the cell says, or None when the cell is not that of this dose."""
    payload = cell >> 8 & 0xFFFFFF
    granted_ms, restarts, state = payload >> 6, payload >> 4 & 3, payload & 15
    reason = dose_machine.NO_REASON
    if state >= dose_machine.FAILED:
        state, reason = dose_machine.FAILED, state - dose_machine.FAILED + 1
    if reason >= len(dose_machine.REASONS) or granted_ms > blank.target_ms:
        return None
    if _checked(payload, place, number) != cell:
        return None
    return dose_machine.DoseState(
        blank.target_ms, blank.slice_ms, granted_ms, restarts, state, reason
    )


def pack_mark(number: int, kind: int) -> int:
    """A mark that says `kind` of record `number`."""
    return _checked(number, kind, 0)


def unpack_mark(mark: int, kind: int) -> int:
    """The number that the mark carries; 0 when it is no valid mark of this kind."""
    number = mark >> 8 & 0xFFFFFF
    return number if pack_mark(number, kind) == mark else 0


def key_print(job_key: str) -> int:
    """What the ring of served jobs keeps of a key."""
    return _signed(crc32(job_key.encode()) & 0xFFFFFFFF)


def _checked(payload: int, place: int, number: int) -> int:
    crc = crc8(struct.pack("<IBI", payload, place, number))
    return _signed(payload << 8 | crc)


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word
