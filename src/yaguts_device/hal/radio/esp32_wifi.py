"""The Wi-Fi of the ESP32: its own access point, and the networks that it connects to in turn.

It has one radio, so both are on one channel: a station that connects takes the access point with
it to another one. What is said about `status` was read in MicroPython's sources.
"""

import asyncio
import time

import network

from yaguts_device.core import set_up

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.configuration import Network

TRY_MS = 15_000
"""How long a network is tried before the next one."""
SURE_MS = 6_000
"""Before that, what `status` says may be about the network before."""
LOOK_MS = 250
_RECONNECTS = 1
"""With no end of them, `status` says for ever that it is connecting."""
_WRONG_PASSWORD = (15, 202, 204)
"""Reasons of ESP-IDF: the four-way handshake timed out, or the authentication failed."""
_NO_NETWORK = (201, 210, 211, 212)


class Wifi:
    """The radio."""

    def __init__(self) -> None:
        self._station = network.WLAN(network.STA_IF)
        self._turn = 0
        self._began: "Any" = None

    async def up(self, networks: "list[Network]") -> None:
        """Return when there is a network; OSError when there is none.

        Each network has its time, however many calls that takes; then the next one is tried.
        """
        if self._began is None or self._waited_ms() >= TRY_MS:
            self._try_next(networks)
        while not self._station.isconnected():
            if self._waited_ms() >= TRY_MS:
                self._leave()
                raise OSError("no Wi-Fi")
            await asyncio.sleep_ms(LOOK_MS)
        self._began = None

    def is_up(self) -> bool:
        """Whether the board is connected to a network."""
        return self._station.isconnected()

    def address(self) -> str:
        """The board's address in the network that it is connected to."""
        return self._station.ifconfig()[0]

    def rssi(self) -> int:
        """The strength of the signal, in dBm. OSError when it is not connected."""
        return self._station.status("rssi")

    async def scan(self) -> "list[str]":
        """The names of the networks that are there, the strongest first. OSError when it cannot.

        Holds the interpreter for two or three seconds.
        """
        self._station.active(True)
        self._leave()  # it does not look around while it connects
        await asyncio.sleep_ms(LOOK_MS)
        found = sorted(self._station.scan(), key=lambda seen: -seen[3])
        names: "list[str]" = []
        for seen in found:
            name = _text(seen[0])
            if name and name not in names:
                names.append(name)
        return names

    async def join(self, name: str, password: str) -> int:
        """Connect to this network. `NOTHING`, or what went wrong, of `core.set_up`."""
        self._station.active(True)
        self._leave()
        self._station.config(reconnects=_RECONNECTS)
        try:
            self._connect(name, password)
            trouble = await self._outcome()
        finally:
            self._station.config(reconnects=-1)
        if trouble:
            self._leave()
        return trouble

    def open_access_point(self, name: str, password: str) -> str:
        """Open the access point, after `scan`; its address. OSError when it does not open."""
        point = network.WLAN(network.AP_IF)
        point.active(True)  # before that it takes no name
        try:
            point.config(ssid=name, key=password, security=network.AUTH_WPA2_PSK)
        except (OSError, ValueError, TypeError):
            point.active(False)
            raise
        return point.ifconfig()[0]

    def close_access_point(self) -> None:
        """Close it."""
        network.WLAN(network.AP_IF).active(False)

    def _try_next(self, networks: "list[Network]") -> None:
        self._station.active(True)
        if self._began is not None:
            self._turn += 1
            self._leave()
        name, password = networks[self._turn % len(networks)] if networks else ("", "")
        self._began = time.ticks_ms()
        self._connect(name, password)

    def _connect(self, name: str, password: str) -> None:
        try:
            self._station.connect(name, password)
        except OSError:  # ESP-IDF is connecting already, by itself
            pass

    async def _outcome(self) -> int:
        for waited_ms in range(0, TRY_MS, LOOK_MS):
            if self._station.isconnected():
                return set_up.NOTHING
            reason = self._station.status()
            if waited_ms >= SURE_MS and reason in _WRONG_PASSWORD:
                return set_up.WRONG_PASSWORD
            if waited_ms >= SURE_MS and reason in _NO_NETWORK:
                return set_up.NO_NETWORK
            await asyncio.sleep_ms(LOOK_MS)
        return set_up.NO_NETWORK

    def _leave(self) -> None:
        try:
            self._station.disconnect()
        except OSError:  # it has not started
            pass

    def _waited_ms(self) -> int:
        return time.ticks_diff(time.ticks_ms(), self._began or 0)


def _text(name: bytes) -> str:
    try:
        return name.decode()
    except ValueError:  # nobody could choose it in a page
        return ""
