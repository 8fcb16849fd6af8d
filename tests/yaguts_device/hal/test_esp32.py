"""The board of the ESP32 on modules that answer as the chip was seen to: emulated, not silicon."""

import asyncio
import gc
import sys
import time
from calendar import timegm
from collections.abc import Callable, Generator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from tests.yaguts_device.hal.chip import Clock, Output
from yaguts_device import RELEASED_S

MODULE = "yaguts_device.hal.esp32"
EPOCH_2000_S = 946_684_800


class Wifi:
    """A station. It connects after so many looks; ESP-IDF may be connecting by itself."""

    def __init__(self) -> None:
        self.looks_left = 1_000
        self.busy = False
        self.connected = 0
        self.given_up = 0

    def __call__(self, _interface: int) -> "Wifi":
        return self

    def active(self, _on: bool) -> None:
        pass

    def connect(self, _name: str, _password: str) -> None:
        self.connected += 1
        if self.busy:
            raise OSError("Wifi Internal Error")

    def disconnect(self) -> None:
        self.given_up += 1

    def isconnected(self) -> bool:
        self.looks_left -= 1
        return self.looks_left < 0

    def ifconfig(self) -> tuple[str, ...]:
        return ("192.168.1.20", "", "", "")

    def status(self, _what: str) -> int:
        if self.looks_left >= 0:
            raise OSError("Wifi Not Connected")
        return -61


class Ntp:
    """`ntptime`: seconds since 2000, or nobody answers."""

    def __init__(self) -> None:
        self.host = ""
        self.says: int | None = None

    def time(self) -> int:
        if self.says is None:
            raise OSError(116, "ETIMEDOUT")
        return self.says


class Wired(Output):
    """A pin that may call back when it falls."""

    def irq(self, handler: Callable[[Any], None], _trigger: int) -> None:
        self.fall = handler


class Pwm(Output):
    """A PWM, and how it was set last."""

    def init(self, freq: int, duty_u16: int) -> None:
        self.set = freq, duty_u16


class Rmt:
    """`esp32.RMT`, and whether it is lent to a NeoPixel."""

    lent: bool | None = None

    @classmethod
    def bitstream_rmt(cls, lent: bool) -> None:
        cls.lent = lent


class Esp:
    """The chip, and the module `hal.esp32` imported on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Clock().install(monkeypatch)
        self.wifi, self.ntp = Wifi(), Ntp()
        self.pins: dict[int, Wired] = {}
        self.pwm = Pwm()
        self.seconds_since_2000 = 0
        monkeypatch.setattr(time, "time", lambda: self.seconds_since_2000)
        modules = {
            "machine": SimpleNamespace(**self._machine()),
            "network": SimpleNamespace(WLAN=self.wifi, STA_IF=0),
            "ntptime": self.ntp,
            "esp32": SimpleNamespace(NVS=None, Partition=None, RMT=Rmt),
        }
        for name, module in modules.items():
            monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]
        monkeypatch.setattr(asyncio, "sleep_ms", _at_once, raising=False)

    def board(self, **config: Any) -> Any:
        """The board, wired as usual."""
        sys.modules.pop(MODULE, None)
        return import_module(MODULE).Esp32Board(config)

    def _machine(self) -> dict[str, Any]:
        def pin(_number: int, _mode: int = 0, _pull: int = 0, value: int = 0) -> Output:
            made = Wired()
            made.value(value)
            self.pins[_number] = made
            return made

        pin.IN, pin.OUT, pin.PULL_UP, pin.IRQ_FALLING = 1, 3, 2, 2  # type: ignore[attr-defined]
        return {
            "Pin": pin,
            "WDT": lambda timeout: SimpleNamespace(feed=lambda: timeout),
            "PWM": lambda _pin, **_settings: self.pwm,
            "reset_cause": lambda: 3,
            "I2C": None,
            "RTC": lambda: SimpleNamespace(datetime=self._set),
            "unique_id": lambda: b"\x01\x02\x03\x04",
        }

    def _set(self, when: tuple[int, ...]) -> None:
        year, month, day, _, *time_of_day, _ = when
        self.seconds_since_2000 = timegm((year, month, day, *time_of_day)) - EPOCH_2000_S


async def _at_once(_ms: int) -> None:
    await asyncio.sleep(0)


@pytest.fixture
def esp(monkeypatch: pytest.MonkeyPatch) -> Generator[Esp]:
    yield Esp(monkeypatch)
    sys.modules.pop(MODULE, None)


def test_a_clock_that_was_never_set_has_no_time(esp: Esp) -> None:
    board = esp.board()
    assert board.unix_s() is None
    esp.seconds_since_2000 = RELEASED_S - EPOCH_2000_S - 1
    assert board.unix_s() is None
    esp.seconds_since_2000 += 1
    assert board.unix_s() == RELEASED_S


def test_ntp_is_asked_each_time_and_its_silence_is_an_error(esp: Esp) -> None:
    board = esp.board(ntp="192.168.1.1")
    for _ in range(2):
        with pytest.raises(OSError):
            asyncio.run(board.network_time())
    esp.ntp.says = RELEASED_S + 60 - EPOCH_2000_S

    assert asyncio.run(board.network_time()) == RELEASED_S + 60
    assert esp.ntp.host == "192.168.1.1"


def test_the_wifi_coming_up_asks_for_no_time(esp: Esp) -> None:
    board = esp.board()
    esp.wifi.looks_left = 3
    asyncio.run(board.up())

    assert board.unix_s() is None


def test_it_waits_while_esp_idf_connects_by_itself(esp: Esp) -> None:
    board = esp.board()
    esp.wifi.busy, esp.wifi.looks_left = True, 20
    asyncio.run(board.up())

    assert (esp.wifi.connected, esp.wifi.given_up) == (1, 0)


def test_without_wifi_it_gives_up_after_a_while_and_says_so(
    esp: Esp, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = esp.board()
    with pytest.raises(OSError, match="no Wi-Fi"):
        asyncio.run(board.up())
    assert esp.wifi.given_up == 1
    with pytest.raises(OSError, match="Not Connected"):
        board.status()
    esp.wifi.looks_left = -1

    monkeypatch.setattr(gc, "mem_free", lambda: 40_000, raising=False)
    assert board.status() == {"rssi": -61, "heap": 40_000}


def test_it_says_that_the_wifi_is_there_and_its_own_address(
    esp: Esp, capsys: pytest.CaptureFixture[str]
) -> None:
    board = esp.board()
    esp.wifi.looks_left = 3
    asyncio.run(board.up())

    assert capsys.readouterr().out == "Wi-Fi ok, 192.168.1.20\n"


def test_a_press_is_heard_although_it_is_over_before_anybody_looks(esp: Esp) -> None:
    board = esp.board(button=9)

    async def pressed() -> bool:
        hearing = asyncio.create_task(board.button_down())
        await asyncio.sleep(0.01)
        assert not hearing.done()
        esp.pins[9].fall(esp.pins[9])
        await hearing
        return True

    assert asyncio.run(pressed())
    assert board.reset_cause == 3


@pytest.mark.parametrize(
    ("wiring", "states"),
    [
        ({"pin": 2}, [(1, 32_767), (4, 32_767), (1, 65_535), (1, 58_981), (1, 6_553)]),
        (
            {"pin": 8, "active_low": True},
            [(1, 32_768), (4, 32_768), (1, 0), (1, 6_554), (1, 58_982)],
        ),
    ],
)
def test_an_led_flashes_by_itself(
    esp: Esp, wiring: dict[str, Any], states: list[tuple[int, int]]
) -> None:
    board = esp.board(led=wiring)
    shown: list[tuple[int, int]] = []
    for state in range(5):
        board.light(state)
        shown.append(esp.pwm.set)

    assert shown == states


def test_a_neopixel_has_a_colour_for_each_state_and_no_transmitter(
    esp: Esp, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NeoPixel(list[Any]):
        def __init__(self, _pin: Any, count: int) -> None:
            super().__init__([None] * count)

        def write(self) -> None:
            written.append(self[0])

    written: list[Any] = []
    monkeypatch.setitem(sys.modules, "neopixel", SimpleNamespace(NeoPixel=NeoPixel))  # type: ignore[arg-type]
    board = esp.board(led={"pin": 48, "neopixel": True})
    for state in range(5):
        board.light(state)

    assert len(set(written)) == 5
    assert Rmt.lent is False


@pytest.mark.parametrize("wiring", [{}, {"pin": 99}, {"pin": 2, "neopixel": True}, None])
def test_an_led_that_is_not_there_stops_nothing(
    esp: Esp, wiring: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_such_pin(*_arguments: Any, **_more: Any) -> None:
        raise ValueError("invalid pin")

    monkeypatch.setattr(sys.modules["machine"], "PWM", no_such_pin)
    monkeypatch.setitem(sys.modules, "neopixel", None)
    board = esp.board(led=wiring, motor={})

    board.light(0)


def test_a_console_that_nobody_reads_is_no_error(esp: Esp, monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def write(self, _text: str) -> int:
            raise OSError(5, "EIO")

    board = esp.board()
    monkeypatch.setattr(sys, "stdout", Closed())
    board.log("is anybody there?")
