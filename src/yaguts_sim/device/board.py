"""The simulated board: `yaguts_device.hal.board` in virtual time.

A `SimBoard` belongs to one boot. When its interpreter is dead, every call raises `Halted`, so that
the `finally` blocks of a dead program have no effect.
"""

import asyncio
from collections.abc import Awaitable
from random import Random
from typing import Any

from yaguts_device.core import set_up
from yaguts_device.hal.configuration import Told
from yaguts_device.net.address import Address, parse_url
from yaguts_sim.device.access_point import ACCESS_POINT, Listener
from yaguts_sim.device.files import OpenedFiles
from yaguts_sim.device.flash import Namespace
from yaguts_sim.device.hardware import Hardware
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S, Halted, Loop
from yaguts_wire import happenings as h

SERVER = parse_url("http://cozinha:8000")
SECURE_SERVER = parse_url("https://cozinha:8443")
WIFI, WIFI_PASSWORD = "Cozinha", "cravo e canela"
NOTHING_TOLD = Told("", "", trusts=True, has_portal=True)
TOLD = NOTHING_TOLD._replace(wifi=WIFI, server="http://cozinha:8000")
_TICKS = 1 << 30
_WIFI_S = 15
"""How long the board waits for its Wi-Fi."""
_NTP_S = 0.03
_SCAN_S, _JOIN_S = 2.5, 4


class SimBoard:
    """The board as one boot of the firmware sees it."""

    hardware = "simulado"
    bound_ms = 0
    feed_every_ms = 0

    def __init__(self, machine: Hardware, loop: Loop, random: Random) -> None:
        self.uid = machine.uid
        self.jars = machine.jars
        self.calls: list[str] = []
        self.slot = machine.slot
        self.reset_cause = h.WATCHDOG if machine.bitten else 0
        self.dark_after_us = 0
        self._machine, self._loop, self._random = machine, loop, random
        self._booted_at = loop.world.now
        self.start_number = (machine.number << 20) + machine.boots + 1
        self._has_wifi = False

    @property
    def server(self) -> Address:
        """The server as its owner wrote it down."""
        return SECURE_SERVER if self._machine.network.times.secure else SERVER

    def ticks_ms(self) -> int:
        self._alive()
        return (self._machine.ticks_offset + self._loop.world.now // US_PER_MS) % _TICKS

    def ticks_diff(self, later: int, earlier: int) -> int:
        return (later - earlier + _TICKS // 2) % _TICKS - _TICKS // 2

    async def sleep_ms(self, ms: int) -> None:
        self._alive()
        await asyncio.sleep(ms / 1000)

    async def within(self, ms: int, work: Awaitable[Any]) -> Any:
        self._alive()
        return await asyncio.wait_for(work, ms / 1000)

    def unix_s(self) -> int | None:
        self._alive()
        offset = self._machine.clock_offset_us
        return None if offset is None else (self._loop.world.now + offset) // US_PER_S

    def set_clock(self, unix_s: int) -> None:
        self._fail_if_struck("set_clock")
        self._machine.set_clock(unix_s)

    def random_bits(self, bits: int) -> int:
        self._machine.drawn += 1
        return self._random.getrandbits(bits)

    def flash(self, namespace: str) -> Namespace:
        return self._machine.flash.namespace(namespace, self._alive)

    def remembered(self) -> bytes:
        self._fail_if_struck("remembered")
        return self._machine.memory

    def remember(self, data: bytearray) -> None:
        self._fail_if_struck("remember")
        self._machine.memory = bytes(data)

    def files(self) -> OpenedFiles:
        return self._machine.files.opened(self._alive)

    def forget_network(self) -> None:
        self._call("forget_network")
        self._machine.told = NOTHING_TOLD

    def configured(self) -> Told:
        self._alive()
        return self._machine.told

    def keep_network(self, name: str, password: str) -> None:  # noqa: ARG002
        self._fail_if_struck("keep")
        self._machine.told = self._machine.told._replace(wifi=name)

    def keep_server(self, server: str) -> None:
        self._fail_if_struck("keep")
        self._machine.told = self._machine.told._replace(server=server)

    def button(self) -> bool:
        self._fail_if_struck("button")
        return self._machine.button_held

    async def button_down(self) -> None:
        """The edge is latched, as by an interrupt: one that comes while it hangs is not lost."""
        self._fail_if_struck("button")
        if not self._machine.button_fell:
            self._machine.button_awaited = self._loop.create_future()
            await self._machine.button_awaited
        self._machine.button_fell = False

    def light(self, state: int) -> None:
        """The LED: it shows one of the states of `hal.led`."""
        self._fail_if_struck("light")
        self._machine.shown.append((self._loop.world.now, state))

    def dark(self) -> None:
        self._call("dark")
        self._machine.all_dark()

    def open(self, jar: int, for_ms: int) -> None:
        self._call("open")
        self._machine.open(jar, for_ms)

    def extend(self, jar: int, by_ms: int) -> None:
        self._call("extend")
        self._machine.extend(jar, by_ms)

    def remaining_ms(self, jar: int) -> int:
        self._alive()
        return -(-self._machine.outputs.left(jar) // US_PER_MS)

    def close(self, jar: int) -> int:
        self._call("close")
        return self._machine.outputs.close(jar) // US_PER_MS

    def fault(self, jar: int) -> int:
        self._alive()
        return self._machine.sensed.get(jar, 0)

    def motor(self, percent: int) -> None:
        self._call("motor")
        self._fail_if_struck("motor")
        self._machine.shake(percent)

    def feed(self) -> None:
        self._alive()

    def reset(self) -> None:
        self._alive()
        self._machine.reset("reset asked for")
        raise Halted

    def radio(self) -> "SimBoard":
        self._alive()
        return self

    async def scan(self) -> list[str]:
        self._fail_if_struck("scan")
        self._has_wifi = False
        await asyncio.sleep(_SCAN_S)
        return [] if self._is_without_wifi() else [WIFI]

    async def join(self, name: str, password: str) -> int:
        self._fail_if_struck("join")
        self._has_wifi = False
        await asyncio.sleep(_JOIN_S)
        if self._is_without_wifi() or name != WIFI:
            return set_up.NO_NETWORK
        if password not in ("", WIFI_PASSWORD):
            return set_up.WRONG_PASSWORD
        self._has_wifi = True
        return set_up.NOTHING

    def open_access_point(self, name: str) -> tuple[str, int, int]:
        self._fail_if_struck("open_access_point")
        self._call("open_access_point")
        self._machine.timeline.note(self._machine.who, "opens", name)
        return ACCESS_POINT

    def close_access_point(self) -> None:
        self._fail_if_struck("close_access_point")
        self._call("close_access_point")

    def listen(self, host: str, port: int, datagrams: bool) -> Listener:
        self._fail_if_struck("listen")
        assert host == ACCESS_POINT[0]
        assert port == ACCESS_POINT[2 if datagrams else 1]
        return Listener(self._machine.visitors)

    async def up(self) -> None:
        self._fail_if_struck("up")
        if self._is_without_wifi():
            self._has_wifi = False
            await asyncio.sleep(_WIFI_S)
        if self._is_without_wifi():
            raise OSError("no Wi-Fi")
        self._has_wifi = True

    async def network_time(self) -> int:
        self._fail_if_struck("network_time")
        await asyncio.sleep(_NTP_S)
        network = self._machine.network
        if self._loop.world.now < network.down_until:
            raise OSError(116, "ETIMEDOUT")
        return network.times.ntp()

    async def connect(self, host: str, port: int, tls: bool, checked: bool) -> tuple[Any, Any]:
        self._fail_if_struck("connect")
        assert (host, port, tls) == self.server[:3]
        machine = self._machine
        connection = await machine.network.connect(self._loop, machine.line_step, machine.heard)
        if tls and checked:
            machine.network.times.check_dates(self.unix_s())
        return connection

    def status(self) -> dict[str, Any]:
        """The strength of the signal. A boot begins without Wi-Fi: `up` finds it."""
        self._fail_if_struck("status")
        if not self._has_wifi or self._is_without_wifi():
            raise OSError("Wifi Not Connected")
        return {"rssi": -60}

    def log(self, text: str) -> None:
        self._alive()
        self._machine.timeline.note(self._machine.who, "says:", text)
        self._machine.restarts += text.startswith("start again")

    def _is_without_wifi(self) -> bool:
        return self._loop.world.now < self._machine.network.wifi_down_until

    def _fail_if_struck(self, call: str) -> None:
        self._alive()
        if call in (self._machine.failing, self._machine.broken):
            raise OSError(5, call)

    def _call(self, name: str) -> None:
        self._alive()
        if not self.calls:
            self.dark_after_us = self._loop.world.now - self._booted_at
        if len(self.calls) < 8:
            self.calls.append(name)

    def _alive(self) -> None:
        if self._loop.dead:
            raise Halted
