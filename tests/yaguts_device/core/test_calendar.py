"""The server's clock, understood without a library."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts_device.core.calendar import unix_seconds


@given(st.integers(0, 2**33).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_any_moment_is_the_second_it_is(moment: datetime) -> None:
    expected = int(moment.replace(microsecond=0).timestamp())

    assert unix_seconds(moment.isoformat()) == expected
    assert unix_seconds(moment.isoformat().replace("+00:00", "Z")) == expected


@pytest.mark.parametrize(
    "text", ["", "Z", "2026-11-24", "2026-11-24T12:00:00", "2026-11-24T12:00:00-03:00", "aTbZ"]
)
def test_what_is_not_a_moment_in_utc_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        unix_seconds(text)
