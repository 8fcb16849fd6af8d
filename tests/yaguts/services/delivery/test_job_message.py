"""An offer has the bytes that the codec of the wire would write."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import Dose, Job
from yaguts.domain.recipe import Motor
from yaguts.domain.units import Milligrams, Milliseconds
from yaguts.services.delivery import job_message as messages
from yaguts_wire import codec
from yaguts_wire.server_messages import build_job

NOW = datetime(2027, 3, 1, tzinfo=UTC)
DOSES = st.lists(
    st.builds(
        Dose,
        st.integers(1, 10**9),
        st.integers(1, 20),
        st.integers(1, 16),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
        st.integers(0, 10**9).map(Milligrams),
        st.integers(0, 10**9).map(Milliseconds),
    ),
    max_size=20,
)
MOTORS = st.builds(
    Motor,
    st.integers(0, 100),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(1, 10**4),
)


@given(DOSES, MOTORS, st.booleans(), st.integers(1, 2**31) | st.none())
def test_the_bytes_are_those_of_the_codec(
    doses: list[Dose], motor: Motor, asks: bool, recipe_id: int | None
) -> None:
    job = Job(
        id=7,
        key="a" * 32,
        kitchen_id=KitchenId(1),
        dispenser_id=1,
        recipe_id=recipe_id,
        people=2,
        multiplier=1,
        motor=motor,
        doses=tuple(doses),
        created_at=NOW,
        expires_at=NOW,
        asks=asks,
    )
    wire = build_job(messages._job(job, NOW))  # noqa: SLF001
    assert messages.job_message(job, NOW) == codec.encode(wire)
