"""How far a pour surely is, in memory that outlives a reset but no power cut. Pure.

The ESP32 keeps 2,048 bytes in its RTC and vouches for none of them, hence the CRC-32. A tick only
narrows what is *reported*: after a reset the journal's grants count as dispensed, as ever.
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

Tick = namedtuple("Tick", ("key_print", "place", "used_ms", "doubts"))
"""Of the job with this print, the dose at `place` has surely used so much of what was granted.

`doubts`: of each dose (restarts, ms in doubt): what those restarts may have left unpoured.
"""


def pack_tick(tick: Tick) -> bytearray:
    """The bytes to be kept."""
    data = bytearray(_HEAD_BYTES + _DOSE_BYTES * len(tick.doubts) + _CRC_BYTES)
    head = _MAGIC, tick.place, len(tick.doubts), tick.key_print, tick.used_ms
    struct.pack_into(_HEAD, data, 0, *head)
    for number, doubt in enumerate(tick.doubts):
        struct.pack_into(_DOSE, data, _HEAD_BYTES + _DOSE_BYTES * number, *doubt)
    struct.pack_into(_CRC, data, len(data) - _CRC_BYTES, _crc(data))
    return data


def unpack_tick(data: "bytes | bytearray") -> "Tick | None":
    """What was kept; None after a power cut, when the memory holds anything."""
    if len(data) < _HEAD_BYTES + _CRC_BYTES or data[:2] != _MAGIC:
        return None
    _, place, count, key_print, used_ms = struct.unpack(_HEAD, data[:_HEAD_BYTES])
    end = _HEAD_BYTES + _DOSE_BYTES * count
    if len(data) != end + _CRC_BYTES or struct.unpack(_CRC, data[end:])[0] != _crc(data):
        return None
    starts = range(_HEAD_BYTES, end, _DOSE_BYTES)
    doubts = [struct.unpack(_DOSE, data[start : start + _DOSE_BYTES]) for start in starts]
    return Tick(key_print, place, used_ms, doubts)


def _crc(data: "bytes | bytearray") -> int:
    return crc32(data[:-_CRC_BYTES]) & 0xFFFFFFFF
