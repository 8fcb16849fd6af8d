"""Print what the journal writes, and what it makes of damage. Runs on both Pythons."""

from binascii import hexlify

from yaguts_device.core import dose_machine, journal_format
from yaguts_device.core.calendar import unix_seconds
from yaguts_device.core.held_job import pack_job, unpack_job
from yaguts_device.core.interval import interval_mg
from yaguts_wire.values import is_sendable

BLANK = dose_machine.new_dose(9000000, 180000)

for state in dose_machine.STATES:
    for place, number, permitted_ms in ((0, 1, 0), (15, 0xFFFFFF, 180000), (7, 70000, 123456)):
        reason = dose_machine.STUCK if state == dose_machine.FAILED else dose_machine.NO_REASON
        dose = dose_machine.DoseState(
            BLANK.target_ms, BLANK.slice_ms, permitted_ms, place % 4, state, reason
        )
        cell = journal_format.pack_cell(dose, place, number)
        assert journal_format.unpack_cell(cell, place, number, BLANK) == dose
        assert journal_format.unpack_cell(cell ^ 1, place, number, BLANK) is None
        print(cell, journal_format.pack_flag(number, 1), interval_mg(dose, 8999999))

DOSE = {"order": 1, "jar": 2, "spice": "Orégano", "quantity_mg": 9000000, "duration_ms": 180000}
MOTOR = {"intensity": 75, "pre_start_ms": 500, "post_stop_ms": 300, "max_runtime_s": 300}
PLAN = {
    "id": 2147483647,
    "job_key": "ab",
    "ttl_s": 600,
    "motor": MOTOR,
    "doses": [DOSE, DOSE],
    "asks": True,
}
PACKED = pack_job(PLAN)
assert unpack_job(PACKED) == PLAN
RECORD = journal_format.pack_record(7, PACKED)
print(hexlify(RECORD).decode())
print(journal_format.key_fingerprint("0123456789abcdef"), journal_format.key_fingerprint("ç"))
for text in ("Sal", "Orégano – “fino” 🧂", "a\x00", "\t", "\x7f", "\x85", "\ud800", "\udfffa"):
    print(is_sendable(text))
print(unix_seconds("Tue, 24 Nov 2026 12:00:00 GMT"))
print([dose_machine.slice_ms(quantity_mg, 180000) for quantity_mg in (1, 180001, 9000000)])
