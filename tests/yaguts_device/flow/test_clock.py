"""The board's clock over TLS: asked for until there is one, corrected daily, mended when wrong."""

from itertools import pairwise

import pytest

from tests.support.device.bench import Bench
from tests.support.device.counter import STARTED_S, Counter
from tests.support.device.flash import CUTS, cut_in_write
from tests.support.device.offers import an_offer
from yaguts_device import RELEASED_S
from yaguts_device.flow import clock
from yaguts_sim.engine.clock import US_PER_S
from yaguts_sim.faults.kinds import Torn

KEY = f"{7:032x}"
DAY_S = 86_400
YEAR_S = 365 * DAY_S
ASKED = "no time from NTP"


class House(Bench):
    """A bench whose server is reached over TLS. `began_s`: its clock; None when it has none."""

    def __init__(self, began_s: int | None = None, server: Counter | None = None) -> None:
        self.counter = server or Counter()
        super().__init__(self.counter)
        self.times = self.machine.network.times
        self.times.secure = True
        self.set(began_s)

    def set(self, unix_s: int | None) -> None:
        """Set the board's clock."""
        ahead = None if unix_s is None else (unix_s * US_PER_S - self.world.now)
        self.machine.clock_offset_us = ahead

    def error_s(self) -> int | None:
        """How wrong the board's clock is, but for a second."""
        offset = self.machine.clock_offset_us
        if offset is None:
            return None
        ahead_s = round(offset / US_PER_S) - STARTED_S
        return ahead_s if abs(ahead_s) > 1 else 0

    def is_served(self) -> bool:
        return bool(self.counter.heard("/next_job"))

    def said(self, text: str) -> list[float]:
        """When the firmware said something with this text, in seconds."""
        lines = self.machine.timeline.lines
        return [one.at_us / US_PER_S for one in lines if text in str(one)]


def test_a_board_without_a_time_asks_ntp_and_is_served() -> None:
    house = House()
    house.serve(20_000)

    assert house.error_s() == 0
    assert house.is_served()


def test_it_asks_again_until_the_internet_comes_minutes_later() -> None:
    house = House()
    house.times.ntp_ahead_s = None
    house.counter.reachable = False
    house.boot()
    house.wait(30 * 60)
    asked = house.said(ASKED)
    assert house.error_s() is None
    house.times.ntp_ahead_s, house.counter.reachable = 0, True
    house.wait(6 * 60)
    house.unplug()

    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert pauses[0] < 10
    assert max(pauses) < 400
    assert len(asked) < 25
    assert house.is_served()


def test_where_ntp_is_blocked_the_servers_date_counts() -> None:
    house = House()
    house.times.ntp_ahead_s = None
    house.serve(60_000)

    assert house.error_s() == 0
    assert house.is_served()


def test_it_asks_for_the_date_without_its_token_and_without_a_body() -> None:
    house = House(server=Counter())
    house.serve(60_000)
    house.set(None)
    house.times.ntp_ahead_s = None
    heads: list[str] = []
    house.counter.answers["/time"] = lambda body: (heads.append(house.counter.head), (200, body))[1]
    house.serve(60_000)

    (head,) = heads
    assert head.startswith("GET /time HTTP/1.1\r\n")
    assert "Authorization" not in head
    assert "Content-Length" not in head


@pytest.mark.parametrize("ntp", [None, RELEASED_S - STARTED_S - 700])
def test_a_time_from_before_the_firmware_was_made_does_not_count(ntp: int | None) -> None:
    house = House()
    house.times.ntp_ahead_s = ntp
    house.counter.date_ahead_s = RELEASED_S - STARTED_S - 700
    house.boot()
    house.wait(600)
    assert house.error_s() is None
    house.counter.date_ahead_s = 0
    house.wait(600)
    house.unplug()

    assert house.error_s() == 0
    assert house.is_served()


def test_a_date_from_before_the_last_day_noted_does_not_count() -> None:
    house = House()
    house.serve(60_000)
    house.set(None)
    house.times.ntp_ahead_s, house.counter.date_ahead_s = None, -2 * DAY_S
    house.boot()
    house.wait(600)
    assert house.error_s() is None
    house.counter.date_ahead_s = 0
    house.wait(600)
    house.unplug()

    assert house.error_s() == 0


def test_ntp_may_put_a_clock_back_that_was_noted_too_far_ahead() -> None:
    house = House()
    house.times.ntp_ahead_s = 30 * DAY_S  # the certificate is valid by that, too
    house.serve(60_000)
    house.set(None)
    house.times.ntp_ahead_s = 0
    house.serve(60_000)

    assert house.error_s() == 0


@pytest.mark.parametrize("years", [-1, 3])
@pytest.mark.parametrize("ntp", [0, None])
def test_a_wrong_clock_that_outlives_resets_is_put_right(years: int, ntp: int | None) -> None:
    house = House(STARTED_S + years * YEAR_S)
    house.times.ntp_ahead_s = ntp
    house.serve(120_000)

    assert house.error_s() == 0
    assert house.is_served()


def test_a_clock_that_goes_wrong_while_it_runs_is_put_right() -> None:
    house = House()
    house.boot()
    house.wait(3600)
    house.set(STARTED_S + 3 * YEAR_S)
    house.counter.reachable = False
    house.wait(60)
    house.counter.reachable = True
    house.wait(120)
    house.unplug()

    assert house.error_s() == 0


@pytest.mark.more
def test_where_ntp_is_wrong_for_good_the_server_is_asked_first() -> None:
    house = House()
    house.times.ntp_ahead_s = 3 * YEAR_S
    house.boot()
    house.wait(120)
    assert house.error_s() == 0
    house.wait(5 * DAY_S)
    house.unplug()

    assert house.error_s() == 0
    assert house.counter.requests[-1][0] > 5 * DAY_S - 60


def test_the_clock_is_corrected_once_a_day() -> None:
    house = House(STARTED_S)
    house.boot()
    house.wait(60)
    house.set(STARTED_S + 300)
    house.wait(1.3 * DAY_S)
    house.unplug()

    assert house.error_s() == 0


def test_without_ntp_the_daily_correction_comes_over_the_checked_connection() -> None:
    house = House(STARTED_S + 300)
    house.times.ntp_ahead_s = None
    house.serve(3_600_000)

    assert house.error_s() == 0
    assert len(house.counter.heard("/time")) == 1


def test_over_http_it_is_served_at_once_and_notes_nothing() -> None:
    house = House()
    house.times.secure, house.times.ntp_ahead_s = False, None
    house.serve(60_000)

    assert house.error_s() == 0
    assert house.is_served()
    assert ("config", "clock") not in house.flash.values


def test_the_day_is_noted_once_a_day() -> None:
    house = House()
    written: list[str] = []
    before = house.flash.watch

    def watch(operation: str, key: tuple[str, str]) -> Torn | None:
        written.append(key[1])
        return before(operation, key)

    house.flash.watch = watch
    house.serve(3 * DAY_S * 1000)

    assert 3 <= written.count("clock") <= 4


@pytest.mark.parametrize("torn", CUTS)
def test_a_power_cut_while_the_day_is_noted_does_no_harm(torn: Torn) -> None:
    house = House()
    house.serve(5_000)
    house.times.began_s += DAY_S
    house.counter.date_ahead_s = DAY_S
    cut_in_write(house.flash, 1, torn, house.unplug)
    house.boot()
    house.world.run(house.world.now + 60 * US_PER_S, lambda: not house.machine.powered)
    house.times.ntp_ahead_s = None
    house.set(None)
    house.serve(60_000)

    assert house.error_s() == DAY_S


def test_no_time_keeps_no_jar_from_being_poured() -> None:
    server = Counter(an_offer(Sal=6.0))
    house = House(server=server)
    house.serve(3_000)
    house.set(None)
    house.times.ntp_ahead_s = None
    server.reachable = False
    house.serve(20_000)

    assert house.on_ms(1) >= 5_300


def test_a_right_clock_and_a_certificate_that_has_expired_is_no_storm_of_questions() -> None:
    house = House()
    house.times.began_s += 200 * DAY_S  # the clock of all the others, too
    house.machine.network.times.check_dates = _expired  # type: ignore[method-assign]
    house.boot()
    house.wait(DAY_S)
    house.unplug()

    assert len(house.counter.heard("/time")) < 2 * DAY_S * 1000 / clock.LONGEST_MS


def _expired(_unix_s: int | None) -> None:
    raise ValueError("The certificate validity has expired")
