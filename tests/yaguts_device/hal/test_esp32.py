"""The board of the ESP32 on modules that answer as the chip was seen to: emulated, not silicon."""

import asyncio
import gc
import json
import sys
import time
from calendar import timegm
from collections.abc import Callable, Generator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.yaguts_device.hal.chip import Clock, Output
from tests.yaguts_device.hal.radio import JOIN_MS, NO_AP_FOUND, Radio
from yaguts_device import RELEASED_S
from yaguts_device.core import set_up

MODULES = tuple(
    f"yaguts_device.hal.{name}" for name in ("esp32", "radio.esp32_wifi", "radio.esp32_radio")
)
EPOCH_2000_S = 946_684_800


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
        self.clock = Clock().install(monkeypatch)
        self.radio, self.ntp = Radio(self.clock), Ntp()
        self.pins: dict[int, Wired] = {}
        self.pwm = Pwm()
        self.seconds_since_2000 = 0
        self.called_ms, self.patience_ms = 0, 10**9
        monkeypatch.setattr(time, "time", lambda: self.seconds_since_2000)
        modules = {
            "machine": SimpleNamespace(**self._machine()),
            "network": self.radio,
            "ntptime": self.ntp,
            "esp32": SimpleNamespace(NVS=None, Partition=None, RMT=Rmt),
        }
        for name, module in modules.items():
            monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]
        monkeypatch.setattr(asyncio, "sleep_ms", self._sleep_ms, raising=False)

    def board(self, **config: Any) -> Any:
        """The board, wired as usual."""
        forget()
        return import_module(MODULES[0]).Esp32Board(config)

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

    async def _sleep_ms(self, ms: int) -> None:
        """Let time pass. Who has waited for long enough has no patience any more."""
        self.clock.now_ms += ms
        await asyncio.sleep(0)
        if self.clock.now_ms - self.called_ms >= self.patience_ms:
            raise TimeoutError

    def _set(self, when: tuple[int, ...]) -> None:
        year, month, day, _, *time_of_day, _ = when
        self.seconds_since_2000 = timegm((year, month, day, *time_of_day)) - EPOCH_2000_S


def forget() -> None:
    """Let the next import find the modules of this chip."""
    for module in MODULES:
        sys.modules.pop(module, None)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The board's file system."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def esp(monkeypatch: pytest.MonkeyPatch) -> Generator[Esp]:
    yield Esp(monkeypatch)
    forget()


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


@pytest.mark.usefixtures("root")
def test_without_an_authority_there_is_no_checked_connection(esp: Esp) -> None:
    with pytest.raises(OSError, match="no authority"):
        asyncio.run(esp.board().connect("yaguts.example", 443, True, True))


HOME = {"wifi": "Cozinha", "password": "cravo e canela"}
AIR = {"Sala": "noz-moscada", "Cozinha": "cravo e canela"}
GIVEN_UP_MS = 15_000


def test_the_wifi_coming_up_asks_for_no_time(esp: Esp) -> None:
    board = esp.board(**HOME)
    esp.radio.air = AIR
    asyncio.run(board.up())

    assert board.unix_s() is None


def test_it_waits_while_esp_idf_connects_by_itself(esp: Esp) -> None:
    board = esp.board(**HOME)
    esp.radio.air = AIR
    esp.radio.begin("Cozinha", "cravo e canela")
    asyncio.run(board.up())

    assert esp.radio.done == ["connect Cozinha"]


def test_without_wifi_it_gives_up_after_a_while_and_says_so(
    esp: Esp, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = esp.board(**HOME)
    with pytest.raises(OSError, match="no Wi-Fi"):
        asyncio.run(board.up())
    assert esp.radio.done == ["connect Cozinha", "disconnect"]
    assert esp.clock.now_ms == GIVEN_UP_MS
    with pytest.raises(OSError, match="Not Connected"):
        board.status()

    esp.radio.air = AIR
    asyncio.run(board.up())
    monkeypatch.setattr(gc, "mem_free", lambda: 40_000, raising=False)
    assert board.status() == {"rssi": -61, "heap": 40_000}


OLDER = [["Sala", "noz-moscada"], ["Quintal", "louro"]]


def test_networks_are_tried_in_turn_for_ever(esp: Esp) -> None:
    board = esp.board(**HOME, networks=OLDER)
    for _ in range(4):
        with pytest.raises(OSError, match="no Wi-Fi"):
            asyncio.run(board.up())
    tried = [one for one in esp.radio.done if one != "disconnect"]
    assert tried == ["connect Cozinha", "connect Sala", "connect Quintal", "connect Cozinha"]

    esp.radio.air = AIR
    asyncio.run(board.up())
    assert esp.radio.wanted == ("Sala", "noz-moscada")
    esp.radio.wanted = None  # lost, and found again: the same one first
    asyncio.run(board.up())
    assert esp.radio.wanted == ("Sala", "noz-moscada")


def test_a_network_has_its_time_however_short_its_callers_patience_is(esp: Esp) -> None:
    board = esp.board(**HOME, networks=OLDER)
    esp.patience_ms = 4_000
    while "connect Sala" not in esp.radio.done:
        esp.called_ms = esp.clock.now_ms
        with pytest.raises((TimeoutError, OSError)):
            asyncio.run(board.up())

    assert esp.clock.now_ms == GIVEN_UP_MS + 4_000
    assert esp.radio.done == ["connect Cozinha", "disconnect", "connect Sala"]


def test_a_scan_names_each_network_once_the_strongest_first(esp: Esp) -> None:
    board = esp.board(**HOME)
    esp.radio.air = {"Longe": "", "Sala": "noz-moscada", "Cozinha": "cravo e canela"}
    esp.radio.station_active = True
    esp.radio.begin("Cozinha", "wrong")  # ESP-IDF goes on connecting, which a scan does not bear

    assert asyncio.run(board.radio().scan()) == ["Cozinha", "Sala", "Longe"]


def test_joining_tells_what_went_wrong(esp: Esp) -> None:
    board = esp.board()
    esp.radio.air, esp.radio.reason = AIR, NO_AP_FOUND  # of the network before

    assert asyncio.run(board.radio().join("Cozinha", "cravo e canela")) == set_up.NOTHING
    assert esp.clock.now_ms == JOIN_MS
    assert asyncio.run(board.radio().join("Cozinha", "errada")) == set_up.WRONG_PASSWORD
    assert esp.radio.wanted is None
    assert asyncio.run(board.radio().join("Ausente", "")) == set_up.NO_NETWORK
    assert esp.radio.reconnects == -1


def test_a_handshake_that_times_out_is_a_wrong_password(esp: Esp) -> None:
    board = esp.board()
    esp.radio.air, esp.radio.wrong_password = AIR, 15

    assert asyncio.run(board.radio().join("Cozinha", "errada")) == set_up.WRONG_PASSWORD


def test_a_network_is_remembered_with_those_before_it(esp: Esp, root: Path) -> None:
    board = esp.board(**HOME, relays=[26], access_point="segredo da placa")
    for number in range(6):
        board.radio().keep_network(f"Rede {number}", f"senha {number}")
    board.radio().keep_network("Cozinha", "nova")
    board.radio().keep_network("Rede 4", "")

    kept = json.loads((root / "yaguts.json").read_text())
    assert (kept["wifi"], kept["password"]) == ("Rede 4", "senha 4")
    assert kept["networks"] == [
        ["Cozinha", "nova"],
        *[[f"Rede {n}", f"senha {n}"] for n in (5, 3, 2)],
    ]
    assert (kept["relays"], kept["access_point"]) == ([26], "segredo da placa")

    esp.radio.air = {"Cozinha": "nova"}
    assert asyncio.run(board.radio().join("Cozinha", "")) == set_up.NOTHING


def test_a_server_takes_the_place_of_another_and_of_its_code(esp: Esp, root: Path) -> None:
    board = esp.board(**HOME, server="http://antigo", code="123456")
    board.radio().keep_server("https://yaguts.example")

    assert json.loads((root / "yaguts.json").read_text()) == {
        **HOME,
        "server": "https://yaguts.example",
    }
    assert board.configured() == ("Cozinha", "https://yaguts.example", False, False)
    (root / "ca.der").write_bytes(b"")
    assert board.configured().trusts


def test_the_access_point_survives_a_factory_reset_and_no_network_does(
    esp: Esp, root: Path
) -> None:
    board = esp.board(**HOME, networks=OLDER, server="http://x", access_point="segredo da placa")
    board.forget_network()

    assert json.loads((root / "yaguts.json").read_text()) == {"access_point": "segredo da placa"}
    assert board.configured() == ("", "", False, True)


def test_the_access_point_has_the_boards_own_password(esp: Esp) -> None:
    board = esp.board(access_point="segredo da placa")

    assert board.radio().open_access_point("Yaguts-0304") == ("192.168.4.1", 80, 53)
    assert esp.radio.point == {"ssid": "Yaguts-0304", "key": "segredo da placa", "security": 3}
    board.radio().close_access_point()
    assert not esp.radio.point_active


def test_an_access_point_that_takes_no_password_is_closed_at_once(esp: Esp) -> None:
    board = esp.board(access_point="segredo da placa")
    esp.radio.refuses_point = True

    with pytest.raises(OSError, match="Invalid"):
        board.radio().open_access_point("Yaguts-0304")
    assert not esp.radio.point_active


def test_it_says_that_the_wifi_is_there_and_its_own_address(
    esp: Esp, capsys: pytest.CaptureFixture[str]
) -> None:
    board = esp.board(**HOME)
    esp.radio.air = AIR
    for _ in range(2):
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
