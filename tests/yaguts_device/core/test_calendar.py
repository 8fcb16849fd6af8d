"""The date of an answer, understood without a library."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts_device.core.calendar import unix_seconds


@given(st.integers(0, 2**33))
def test_any_date_is_the_second_it_is(second: int) -> None:
    assert unix_seconds(formatdate(second, usegmt=True)) == second


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-24T12:00:00Z",
        "Tue, 24 Nov 2026 12:00:00 -0300",
        "Tue, 24 anF 2026 12:00:00 GMT",
        "Tue, 24 Novem 2026 12:00:00 GMT",
        "Tue, 24 Nov 2026 12:00 GMT",
        "Tue, x Nov 2026 12:00:00 GMT",
        "Tuesday, 24-Nov-26 12:00:00 GMT",
    ],
)
def test_what_is_no_date_of_http_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        unix_seconds(text)
