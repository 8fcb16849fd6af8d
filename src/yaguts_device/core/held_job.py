"""What a dispenser needs of a job to pour and to report it, and how the journal packs that. Pure.

Packed and not JSON: half the flash, and a fraction of the heap.
"""

import struct

from yaguts_device.core import dose_machine
from yaguts_wire.limits import MAX_DOSE_MS

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import TypedDict

    from yaguts_wire.shapes import JobOffer, OfferedMotor
    from yaguts_wire.shapes import OfferedDose as WireDose

    class HeldDose(TypedDict):
        """What the journal keeps of an item of a job."""

        order: int
        jar: int
        spice: str
        quantity_mg: int
        duration_ms: int

    class HeldJob(TypedDict):
        """What the journal keeps of a job."""

        id: int
        job_key: str
        ttl_s: int
        motor: OfferedMotor
        doses: "list[HeldDose]"
        asks: bool


_HEAD = "<IIBHHHHBB"  # id, time to live, the motor's four settings, bytes of the key, doses, asks
_HEAD_BYTES = 19
_DOSE = "<BBIIB"  # order, jar, mg, ms, bytes of the spice's name
_DOSE_BYTES = 11


def plan_of(job: "JobOffer") -> "HeldJob":
    """What the journal keeps of a job."""
    return {
        "id": job["id"],
        "job_key": job["job_key"],
        "ttl_s": job["ttl_s"],
        "motor": job["motor"],
        "doses": [_planned_dose(dose) for dose in job["doses"]],
        "asks": job["asks"],
    }


def _planned_dose(dose: "WireDose") -> "HeldDose":
    return {
        "order": dose["order"],
        "jar": dose["jar"],
        "spice": dose["spice"],
        "quantity_mg": dose["quantity_mg"],
        "duration_ms": dose["duration_ms"],
    }


def first_doses(plan: "HeldJob", jars: int) -> "list[dose_machine.DoseState]":
    """The job's doses, already failed where a board with so many jars can't or must not pour."""
    return [_first(planned, jars) for planned in plan["doses"]]


def failed_doses(plan: "HeldJob", reason: int) -> "list[dose_machine.DoseState]":
    """The doses of a job that is refused whole."""
    return [
        dose_machine.advance(_blank(planned), dose_machine.STOP, reason)
        for planned in plan["doses"]
    ]


def _first(planned: "HeldDose", jars: int) -> dose_machine.DoseState:
    dose = _blank(planned)
    if planned["jar"] > jars:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.NO_DRIVER)
    if planned["duration_ms"] > MAX_DOSE_MS:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.TOO_LONG)
    if planned["duration_ms"] < 1:
        return dose_machine.advance(dose, dose_machine.STOP, dose_machine.NOT_POSSIBLE)
    return dose


def _blank(planned: "HeldDose") -> dose_machine.DoseState:
    return dose_machine.new_dose(planned["quantity_mg"], planned["duration_ms"])


# How the journal keeps it


def packed_bytes(plan: "HeldJob") -> int:
    """How long `pack_plan` makes it."""
    spices = sum([len(dose["spice"].encode()) for dose in plan["doses"]])
    key = len(plan["job_key"].encode())
    return _HEAD_BYTES + key + _DOSE_BYTES * len(plan["doses"]) + spices


def pack_plan(plan: "HeldJob", room: "memoryview | None" = None) -> "bytearray | memoryview":
    """The plan as bytes, made in `room` if there is any."""
    key, motor, doses = plan["job_key"].encode(), plan["motor"], plan["doses"]
    length = packed_bytes(plan)
    packed = bytearray(length) if room is None else room[:length]
    struct.pack_into(
        _HEAD,
        packed,
        0,
        plan["id"],
        plan["ttl_s"],
        motor["intensity"],
        motor["pre_start_ms"],
        motor["post_stop_ms"],
        motor["max_runtime_s"],
        len(key),
        len(doses),
        plan["asks"],
    )
    place = _put(packed, _HEAD_BYTES, key)
    for dose in doses:
        spice = dose["spice"].encode()
        numbers = dose["order"], dose["jar"], dose["quantity_mg"], dose["duration_ms"]
        struct.pack_into(_DOSE, packed, place, *numbers, len(spice))
        place = _put(packed, place + _DOSE_BYTES, spice)
    return packed


def unpack_plan(packed: bytes) -> "HeldJob":
    """The plan that `pack_plan` made these bytes of. A record's checksum vouches for them."""
    head = struct.unpack_from(_HEAD, packed, 0)
    place = _HEAD_BYTES + head[6]
    key = packed[_HEAD_BYTES:place].decode()
    doses: "list[HeldDose]" = []
    for _ in range(head[7]):
        order, jar, mg, ms, length = struct.unpack_from(_DOSE, packed, place)
        place += _DOSE_BYTES + length
        spice = packed[place - length : place].decode()
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
        "job_key": key,
        "ttl_s": head[1],
        "motor": motor,
        "doses": doses,
        "asks": head[8] == 1,
    }


def _put(packed: "bytearray | memoryview", place: int, data: bytes) -> int:
    packed[place : place + len(data)] = data
    return place + len(data)
