"""The part of an offer that the journal keeps, and its packed form. Pure.

It is packed and not JSON: half the flash, and a fraction of the heap.
"""

import struct

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import TypedDict

    from yaguts_wire.shapes import OfferedMotor

    class HeldDose(TypedDict):
        """The part of an `OfferedDose` that the journal keeps."""

        order: int
        jar: int
        spice: str
        quantity_mg: int
        duration_ms: int

    class HeldJob(TypedDict):
        """The part of a `JobOffer` that the journal keeps."""

        id: int
        job_key: str
        ttl_s: int
        motor: OfferedMotor
        doses: "list[HeldDose]"
        asks: bool


_HEAD = "<IIBHHHHBB"  # id, time to live, the motor's four settings, bytes of the key, doses, asks
_HEAD_BYTES = 19
_KEY_AT = 15
_DOSE = "<BBIIB"  # order, jar, mg, ms, bytes of the spice's name
_DOSE_BYTES = 11


def packed_bytes(job: "HeldJob") -> int:
    """The length of the packed job."""
    spices = sum([len(dose["spice"].encode()) for dose in job["doses"]])
    key = len(job["job_key"].encode())
    return _HEAD_BYTES + key + _DOSE_BYTES * len(job["doses"]) + spices


def pack_job(job: "HeldJob", buffer: "memoryview | None" = None) -> "bytearray | memoryview":
    """The job as bytes, built in the buffer `buffer` if given."""
    key, motor, doses = job["job_key"].encode(), job["motor"], job["doses"]
    length = packed_bytes(job)
    packed = bytearray(length) if buffer is None else buffer[:length]
    struct.pack_into(
        _HEAD,
        packed,
        0,
        job["id"],
        job["ttl_s"],
        motor["intensity"],
        motor["pre_start_ms"],
        motor["post_stop_ms"],
        motor["max_runtime_s"],
        len(key),
        len(doses),
        job["asks"],
    )
    place = _put(packed, _HEAD_BYTES, key)
    for dose in doses:
        spice = dose["spice"].encode()
        numbers = dose["order"], dose["jar"], dose["quantity_mg"], dose["duration_ms"]
        struct.pack_into(_DOSE, packed, place, *numbers, len(spice))
        place = _put(packed, place + _DOSE_BYTES, spice)
    return packed


def unpack_key(packed: "bytes | memoryview") -> str:
    """The key of the job that `pack_job` packed."""
    return bytes(packed[_HEAD_BYTES : _HEAD_BYTES + packed[_KEY_AT]]).decode()


def unpack_job(packed: "bytes | memoryview") -> "HeldJob":
    """The job that `pack_job` packed. The record's checksum has been verified before."""
    head = struct.unpack_from(_HEAD, packed, 0)
    place = _HEAD_BYTES + head[6]
    doses: "list[HeldDose]" = []
    for _ in range(head[7]):
        order, jar, mg, ms, length = struct.unpack_from(_DOSE, packed, place)
        place += _DOSE_BYTES + length
        spice = bytes(packed[place - length : place]).decode()
        doses.append(
            {"order": order, "jar": jar, "spice": spice, "quantity_mg": mg, "duration_ms": ms}
        )
    motor: "OfferedMotor" = {
        "intensity": head[2],
        "pre_start_ms": head[3],
        "post_stop_ms": head[4],
        "max_runtime_s": head[5],
    }
    return {
        "id": head[0],
        "job_key": unpack_key(packed),
        "ttl_s": head[1],
        "motor": motor,
        "doses": doses,
        "asks": head[8] == 1,
    }


def _put(packed: "bytearray | memoryview", place: int, data: bytes) -> int:
    packed[place : place + len(data)] = data
    return place + len(data)
