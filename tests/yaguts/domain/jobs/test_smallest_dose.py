"""The smallest sensible dose is what falls in one slice of the board's."""

import pytest

from yaguts.domain.jobs.planning import pour_time
from yaguts.domain.jobs.smallest_dose import is_below_smallest, slice_of, smallest_dose
from yaguts.domain.units import MicrogramsPerSecond as Rate
from yaguts.domain.units import Milligrams as Mg
from yaguts_device.core import dose_machine


@pytest.mark.parametrize(
    ("rate", "smallest"),
    [(1_000_000, 500), (833_300, 417), (100_000, 50), (2_000_000, 500), (10_000_000, 1000), (1, 1)],
)
def test_what_falls_in_a_slice(rate: int, smallest: int) -> None:
    assert smallest_dose(Rate(rate)) == smallest
    assert not is_below_smallest(Mg(smallest), Rate(rate))
    assert is_below_smallest(Mg(smallest - 1), Rate(rate))


@pytest.mark.parametrize("rate", [1_000, 250_000, 1_000_000, 1_250_000, 4_000_000, 100_000_000])
def test_slices_are_as_long_as_the_firmware_makes_them(rate: int) -> None:
    dose = Mg(100_000)

    assert slice_of(Rate(rate)) == dose_machine.slice_ms(dose, pour_time(dose, Rate(rate)))
