"""The format of a tick: how far a pour surely is, in memory that outlives a reset. Pure.

The ESP32 keeps 2,048 bytes in its RTC and does not check them, hence the CRC-32. A tick only
narrows what is *reported*. After a reset every permitted slice still counts as dispensed.
"""

import struct
from binascii import crc32
from collections import namedtuple

_HEAD = "<2sBBiI"
_DOSE = "<BI"
_CRC = "<I"
_MAGIC = b"YT"
_HEAD_BYTES, _DOSE_BYTES, _CRC_BYTES = 12, 5, 4
NOWHERE = 255
TICK_AT = 256
"""Where it lies in that memory. Before it: `journal.happenings`."""

Tick = namedtuple("Tick", ("key_fingerprint", "place", "used_ms", "doubts"))
"""The dose at `place` of the job with this fingerprint has surely used `used_ms`.

`doubts`: of each dose (restarts, ms that may not have been poured because of them).
"""


def pack_tick(tick: Tick) -> bytearray:
    """The tick as bytes."""
    data = bytearray(_HEAD_BYTES + _DOSE_BYTES * len(tick.doubts) + _CRC_BYTES)
    head = _MAGIC, tick.place, len(tick.doubts), tick.key_fingerprint, tick.used_ms
    struct.pack_into(_HEAD, data, 0, *head)
    for number, doubt in enumerate(tick.doubts):
        struct.pack_into(_DOSE, data, _HEAD_BYTES + _DOSE_BYTES * number, *doubt)
    struct.pack_into(_CRC, data, len(data) - _CRC_BYTES, _crc(data))
    return data


def unpack_tick(data: "bytes | bytearray") -> "Tick | None":
    """The tick, or None when the bytes are not one: after a power cut they are random."""
    if len(data) < _HEAD_BYTES + _CRC_BYTES or data[:2] != _MAGIC:
        return None
    _, place, count, key_fingerprint, used_ms = struct.unpack(_HEAD, data[:_HEAD_BYTES])
    end = _HEAD_BYTES + _DOSE_BYTES * count
    if len(data) != end + _CRC_BYTES or struct.unpack(_CRC, data[end:])[0] != _crc(data):
        return None
    starts = range(_HEAD_BYTES, end, _DOSE_BYTES)
    doubts = [struct.unpack(_DOSE, data[start : start + _DOSE_BYTES]) for start in starts]
    return Tick(key_fingerprint, place, used_ms, doubts)


def _crc(data: "bytes | bytearray") -> int:
    return crc32(data[:-_CRC_BYTES]) & 0xFFFFFFFF
