"""A job as the journal packs it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.device.offers import an_offer
from yaguts_device.core import dose_machine
from yaguts_device.core.held_job import pack_job, packed_bytes, unpack_job
from yaguts_device.core.new_job import failed_doses, first_doses, held_job_of
from yaguts_wire.limits import MAX_DOSE_MG, MAX_JARS
from yaguts_wire.offers import read_job
from yaguts_wire.values import MAX_ID

words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60)
doses = st.fixed_dictionaries(
    {
        "order": st.integers(1, 255),
        "jar": st.integers(1, MAX_JARS),
        "spice": words,
        "quantity_mg": st.integers(0, MAX_DOSE_MG),
        "duration_ms": st.integers(0, MAX_ID),
    }
)
motors = st.fixed_dictionaries(
    {
        "intensity": st.integers(0, 100),
        "pre_start_ms": st.integers(0, 5000),
        "post_stop_ms": st.integers(0, 5000),
        "max_runtime_s": st.integers(30, 600),
    }
)
plans = st.fixed_dictionaries(
    {
        "id": st.integers(1, MAX_ID),
        "job_key": words,
        "ttl_s": st.integers(0, MAX_ID),
        "motor": motors,
        "doses": st.lists(doses, max_size=16),
        "asks": st.booleans(),
    }
)


@given(plans)
def test_every_plan_reads_back(plan: dict[str, object]) -> None:
    packed = pack_job(plan)  # type: ignore[arg-type]

    assert unpack_job(bytes(packed)) == plan
    assert len(packed) == packed_bytes(plan)  # type: ignore[arg-type]


@given(plans)
def test_in_a_room_a_plan_takes_what_it_needs(plan: dict[str, object]) -> None:
    room = bytearray(b"?" * 6000)

    packed = pack_job(plan, memoryview(room))  # type: ignore[arg-type]

    assert packed == pack_job(plan)  # type: ignore[arg-type]
    assert room.startswith(packed)
    assert set(room[len(packed) :]) == set(b"?")


def test_a_job_keeps_what_is_poured_and_reported() -> None:
    plan = held_job_of(read_job(an_offer(Alho=2.0, Orégano=1.5)))

    assert (plan["id"], plan["job_key"], plan["ttl_s"]) == (7, f"{7:032x}", 600)
    assert plan["doses"][1] == {
        "order": 2,
        "jar": 2,
        "spice": "Orégano",
        "quantity_mg": 1500,
        "duration_ms": 1500,
    }
    assert len(pack_job(plan)) < 100


def test_a_packed_job_is_these_bytes() -> None:
    """Firmware goes on with the job that the firmware before it wrote."""
    motor = {"intensity": 75, "pre_start_ms": 500, "post_stop_ms": 300, "max_runtime_s": 301}
    dose = {"order": 1, "jar": 2, "spice": "Sal", "quantity_mg": 2000, "duration_ms": 2500}
    plan = {"id": 7, "job_key": "ab", "ttl_s": 600, "motor": motor, "doses": [dose], "asks": True}
    packed = bytes(pack_job(plan))  # type: ignore[arg-type]

    assert packed.hex() == (
        "07000000580200004bf4012c012d010200010161620102d0070000c40900000353616c"
    )
    assert unpack_job(packed) == plan


def a_held_job(*doses: tuple[int, int]) -> Any:
    """A job that opens these jars for so many ms."""
    held = [
        {"order": order, "jar": jar, "spice": "Sal", "quantity_mg": 1000, "duration_ms": ms}
        for order, (jar, ms) in enumerate(doses, start=1)
    ]
    return {"doses": held}


def test_what_a_board_cannot_pour_has_failed_before_it_begins() -> None:
    job = a_held_job((4, 180_000), (5, 1), (3, 1), (3, 180_000), (2, 0), (1, 1))

    first = first_doses(job, jars=4)

    assert [dose.reason for dose in first] == [
        dose_machine.NO_REASON,
        dose_machine.NO_DRIVER,
        dose_machine.TOO_LONG,
        dose_machine.TOO_LONG,
        dose_machine.NOT_POSSIBLE,
        dose_machine.NO_REASON,
    ]
    assert [dose_machine.is_over(dose) for dose in first] == [bool(dose.reason) for dose in first]


def test_every_dose_of_a_job_that_is_refused_has_failed_with_the_reason() -> None:
    failed = failed_doses(a_held_job((1, 1000), (2, 0)), dose_machine.REPEATED)

    assert [(dose.state, dose.reason) for dose in failed] == [
        (dose_machine.FAILED, dose_machine.REPEATED)
    ] * 2
