"""The radio of an ESP32, in virtual time: what MicroPython's `network` does with it."""

from dataclasses import dataclass, field

from tests.yaguts_device.hal.chip import Clock

JOIN_MS, REFUSE_MS = 3_000, 2_000
NO_AP_FOUND, WRONG_PASSWORD, HANDSHAKE_TIMEOUT = 201, 202, 15
CONNECTING, IDLE, GOT_IP = 1001, 1000, 1010


@dataclass
class Radio:
    """Its station and its access point. `air` has the networks around it, with their passwords.

    A wrong password may show as a handshake that times out, which stays hidden while ESP-IDF
    reconnects without end.
    """

    clock: Clock
    air: dict[str, str] = field(default_factory=dict[str, str])
    done: list[str] = field(default_factory=list[str])
    wrong_password: int = WRONG_PASSWORD
    wanted: tuple[str, str] | None = None
    wanted_at: int = 0
    reconnects: int = -1
    reason: int = 0
    station_active: bool = False
    point: dict[str, object] = field(default_factory=dict[str, object])
    point_active: bool = False
    refuses_point: bool = False

    AP_IF, STA_IF, AUTH_WPA2_PSK = 1, 0, 3

    def WLAN(self, interface: int) -> "Station | Point":  # noqa: N802
        return Station(self) if interface == self.STA_IF else Point(self)

    def waited_ms(self) -> int:
        return self.clock.now_ms - self.wanted_at

    def is_right(self) -> bool:
        return self.wanted is not None and self.air.get(self.wanted[0]) == self.wanted[1]

    def is_connected(self) -> bool:
        return self.is_right() and self.waited_ms() >= JOIN_MS

    def begin(self, name: str, password: str) -> None:
        """Connect, as ESP-IDF also does by itself."""
        self.wanted, self.wanted_at = (name, password), self.clock.now_ms


class Station:
    def __init__(self, radio: Radio) -> None:
        self._radio = radio

    def active(self, on: bool) -> None:
        self._radio.station_active = on

    def config(self, reconnects: int) -> None:
        self._radio.reconnects = reconnects

    def connect(self, name: str, password: str) -> None:
        assert self._radio.station_active
        self._radio.done.append(f"connect {name}")
        if self._radio.wanted and not self._radio.is_connected():
            raise OSError("Wifi Internal Error")
        self._radio.begin(name, password)

    def disconnect(self) -> None:
        if not self._radio.station_active:
            raise OSError("Wifi Not Started")
        if self._radio.wanted:
            self._radio.done.append("disconnect")
        self._radio.wanted = None

    def isconnected(self) -> bool:
        return self._radio.is_connected()

    def ifconfig(self) -> tuple[str, str, str, str]:
        return ("192.168.1.20", "255.255.255.0", "192.168.1.1", "192.168.1.1")

    def scan(self) -> list[tuple[bytes, bytes, int, int, int, bool]]:
        if self._radio.wanted and not self._radio.is_connected():
            raise OSError("Wifi Internal Error")
        assert self._radio.station_active
        assert not self._radio.point_active, "one radio: the phones would lose the access point"
        strengths = enumerate(self._radio.air)
        found = [(name.encode(), b"", 1, -90 + 10 * at, 3, False) for at, name in strengths]
        return [*found, (b"", b"", 1, -20, 3, False), (b"\xff", b"", 1, -20, 3, False), *found[:1]]

    def status(self, *what: str) -> int:
        radio = self._radio
        if what:
            if not radio.is_connected():
                raise OSError("Wifi Not Connected")
            return -61
        if radio.is_connected():
            return GOT_IP
        if radio.wanted and not radio.is_right() and radio.waited_ms() >= REFUSE_MS:
            there = radio.wanted[0] in radio.air
            radio.reason = radio.wrong_password if there else NO_AP_FOUND
        if radio.reason == HANDSHAKE_TIMEOUT and radio.reconnects == -1:
            return CONNECTING
        return radio.reason or (CONNECTING if radio.wanted else IDLE)


class Point:
    def __init__(self, radio: Radio) -> None:
        self._radio = radio

    def active(self, on: bool) -> None:
        self._radio.point_active = on

    def config(self, **named: object) -> None:
        assert self._radio.point_active, "Wifi Invalid Mode"
        if self._radio.refuses_point:
            raise OSError("Wifi Invalid Argument")
        self._radio.point = named

    def ifconfig(self) -> tuple[str, str, str, str]:
        return ("192.168.4.1", "255.255.255.0", "192.168.4.1", "192.168.4.1")
