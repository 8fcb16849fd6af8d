"""The last happenings, in memory that outlives a reset, until a heartbeat has told them.

A head (how many, how many of them untold, life, number of the next), an entry each (code, unix
seconds or 0, two numbers), and a CRC-32, for that memory has none: 256 bytes, before the tick. The
codes are in `yaguts_wire.happenings`. The module is loaded when it is needed, and let go.
"""

import struct
from binascii import crc32

from yaguts_device.core.tick import TICK_AT

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

_HEAD = "<2sBBII"
_MAGIC = b"YH"
_HEAD_BYTES = 12
_ENTRY = "<BIii"
_ENTRY_BYTES = 13
_CRC_AT = TICK_AT - 4
MOST = (_CRC_AT - _HEAD_BYTES) // _ENTRY_BYTES
TOLD_AT_ONCE = 8
"""More would make a heartbeat long."""


def note(board: "Board", code: int, first: int, second: int) -> None:
    """Note what happens now; the oldest gives way. Both numbers have 32 bits.

    OSError when the board does not take it.
    """
    data = bytearray(board.remembered())
    count, untold, life, number = _head(data)
    if not life:  # as after a power cut
        data[:TICK_AT] = bytes(TICK_AT)
        life = board.start_number or 1
    if count == MOST:
        rest = data[_HEAD_BYTES + _ENTRY_BYTES : _CRC_AT]
        data[_HEAD_BYTES : _HEAD_BYTES + len(rest)] = rest
        count -= 1
    at = _HEAD_BYTES + _ENTRY_BYTES * count
    struct.pack_into(_ENTRY, data, at, code, board.unix_s() or 0, first, second)
    _keep(board, data, (count + 1, min(untold + 1, MOST), life, number + 1))


def untold(board: "Board") -> "list[object]":
    """The first ones that no heartbeat has told yet, as the wire has them; empty without any.

    OSError when the board's memory cannot be read.
    """
    data = board.remembered()
    count, left, life, number = _head(data)
    now = board.unix_s() or 0
    told: "list[object]" = [life] if left else []
    for place in range(count - left, min(count, count - left + TOLD_AT_ONCE)):
        entry = struct.unpack_from(_ENTRY, data, _HEAD_BYTES + _ENTRY_BYTES * place)
        age_s = now - entry[1] if 0 < entry[1] <= now else -1
        told.append([number - count + place, entry[0], entry[2], entry[3], age_s])
    return told


def forget_told(board: "Board", told: "list[object]") -> None:
    """A heartbeat with these was answered. OSError when the board does not take it."""
    data = bytearray(board.remembered())
    count, left, life, number = _head(data)
    _keep(board, data, (count, max(0, left + 1 - len(told)), life, number))


def _head(data: "bytes | bytearray") -> "tuple[int, ...]":
    """(how many, untold, life, number of the next), all 0 when the bytes are not whole."""
    if data[:2] != _MAGIC or len(data) < TICK_AT:
        return 0, 0, 0, 0
    if struct.unpack_from("<I", data, _CRC_AT)[0] != _crc(data):
        return 0, 0, 0, 0
    return struct.unpack_from(_HEAD, data)[1:]


def _keep(board: "Board", data: bytearray, head: "tuple[int, ...]") -> None:
    struct.pack_into(_HEAD, data, 0, _MAGIC, *head)
    struct.pack_into("<I", data, _CRC_AT, _crc(data))
    board.remember(data)


def _crc(data: "bytes | bytearray") -> int:
    return crc32(memoryview(data)[:_CRC_AT]) & 0xFFFFFFFF
