"""The virtual board: real time, real sockets, flash in a folder, a log of relay edges.

A relay is the time at which its pulse ends. So a pulse is exactly as long as permitted, whatever
the interpreter does meanwhile, as with the ESP32's RMT.

Tests write faults into the file `faults.json` of the flash folder, for example
{"2": "no_flow", "4": "no_driver"}. It is read each time the firmware asks. "no_flow" shows only
after the jar was opened, the others at once. {"fails": ["status", "motor"]} lets these calls of the
board raise OSError, as those of a real one may.

What it is told of its network stands in the file `yaguts.json` of that folder, and the Wi-Fi
networks around it in `air.json`, for example {"Cozinha": "password"}. Its access point is a port
of this machine.
"""

import asyncio
import json
import os
import random
import sys
import time

from yaguts_device.core import dose_machine
from yaguts_device.hal.files import FileFlash
from yaguts_device.hal.tls import client_context, unchecked_context

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Awaitable

    from yaguts_device.hal.board import BoardFiles, Configured, Radio, Reader, Writer
    from yaguts_wire.shapes import Message

FAULTS = {
    "no_flow": dose_machine.NO_FLOW,
    "stuck": dose_machine.STUCK,
    "no_driver": dose_machine.NO_DRIVER,
    "motor": dose_machine.MOTOR,
}

_BUTTON_MS = 100
_memories: "dict[str, bytes]" = {}
"""The ticks by flash folder: they outlive a reset of the board, but not the process."""


def _monotonic_ms() -> "Any":
    if hasattr(time, "ticks_ms"):
        return time.ticks_ms()
    return time.monotonic_ns() // 1_000_000  # type: ignore[attr-defined]  # CPython


class Reset(BaseException):
    """The board's reset button. Not an Exception: the firmware itself never catches it."""


class VirtualBoard:
    """A board with `jars` relays. `log_path` is where relay edges go; "" for nowhere.

    `server` is its server, whatever it was told. With a `portal`, the port of its HTTP, it can be
    set up there; the port after it is that of DNS. A board with slots has a `root`, the folder that
    stands for the root of its file system.
    """

    hardware = "virtual"
    feed_every_ms = 0
    bound_ms = 0
    reset_cause = 0
    slot = root = ""

    def __init__(
        self,
        uid: str,
        folder: str,
        log_path: str = "",
        jars: int = 16,
        authority: bytes = b"",
        server: str = "",
        portal: int = 0,
    ) -> None:
        self.uid = uid
        self.start_number = random.getrandbits(30)
        self.jars = jars
        self._folder = folder
        self._log_path = log_path
        self._authority = authority
        self._server = server
        self._portal = portal
        self._origin_ms = time.time_ns() // 1_000_000 - _monotonic_ms()
        self._clock_ahead_s = 0
        self._ends: "dict[int, int]" = {}  # jar -> unix ms at which its running pulse ends
        self._opened: "set[int]" = set()
        _make_folder(folder)

    # Time and chance

    def ticks_ms(self) -> int:
        """Unix milliseconds that no correction of the clock lets jump."""
        return self._origin_ms + _monotonic_ms()

    def ticks_diff(self, later: int, earlier: int) -> int:
        return later - earlier

    async def sleep_ms(self, ms: int) -> None:
        await asyncio.sleep(ms / 1000)

    async def within(self, ms: int, work: "Awaitable[Any]") -> "Any":
        return await asyncio.wait_for(work, ms / 1000)

    def unix_s(self) -> "int | None":
        return self.ticks_ms() // 1000 + self._clock_ahead_s

    def set_clock(self, unix_s: int) -> None:
        self.fail_if_planted("set_clock")
        self._clock_ahead_s = unix_s - self.ticks_ms() // 1000

    def random_bits(self, bits: int) -> int:
        return random.getrandbits(bits)

    # What lasts

    def flash(self, namespace: str) -> FileFlash:
        return FileFlash(self._folder, namespace)

    def remembered(self) -> bytes:
        self.fail_if_planted("remembered")
        return _memories.get(self._folder, b"")

    def remember(self, data: bytearray) -> None:
        self.fail_if_planted("remember")
        _memories[self._folder] = bytes(data)

    def files(self) -> "BoardFiles":
        from yaguts_device.hal.slot_files import SlotFiles

        return SlotFiles(self.root, self.hardware)

    def forget_network(self) -> None:
        try:
            os.remove(self._folder + "/yaguts.json")
        except OSError:  # it knows none
            pass

    def configured(self) -> "Configured":
        from yaguts_device.hal.configuration import Told, read, told

        if self._server:
            return Told("virtual", self._server, bool(self._authority), bool(self._portal))
        known = told(read(self._folder + "/yaguts.json"), bool(self._authority))
        return Told(known.wifi, known.server, known.trusts, bool(self._portal))

    # The panel

    def button(self) -> bool:
        """Down as long as there is a file `button` in the flash folder."""
        self.fail_if_planted("button")
        return "button" in os.listdir(self._folder)

    async def button_down(self) -> None:
        while not self.button():
            await self.sleep_ms(_BUTTON_MS)

    def light(self, state: int) -> None:  # noqa: ARG002
        """There is no LED."""
        self.fail_if_planted("light")

    # Outputs

    def dark(self) -> None:
        for jar in list(self._ends):
            self.close(jar)

    def open(self, jar: int, for_ms: int) -> None:
        self.close(jar)
        now = self.ticks_ms()
        self._edge(now, jar, True)
        self._opened.add(jar)
        self._ends[jar] = now + for_ms

    def extend(self, jar: int, by_ms: int) -> None:
        if self.remaining_ms(jar):
            self._ends[jar] += by_ms
        else:
            self.open(jar, by_ms)

    def remaining_ms(self, jar: int) -> int:
        end = self._ends.get(jar)
        if end is None:
            return 0
        remaining = end - self.ticks_ms()
        if remaining <= 0:
            del self._ends[jar]
            self._edge(end, jar, False)
            return 0
        return remaining

    def close(self, jar: int) -> int:
        unused = self.remaining_ms(jar)
        if unused:
            end = self._ends.pop(jar)
            self._edge(end - unused, jar, False)
        return unused

    def fault(self, jar: int) -> int:
        name = self._planted().get(str(jar), "")
        if name == "no_flow" and jar not in self._opened:
            return dose_machine.NO_REASON
        return FAULTS.get(name, dose_machine.NO_REASON)

    def motor(self, percent: int) -> None:  # noqa: ARG002
        """There is no motor."""
        self.fail_if_planted("motor")

    def feed(self) -> None:
        """There is no watchdog."""

    def reset(self) -> None:
        raise Reset

    # The world outside

    def radio(self) -> "Radio":
        from yaguts_device.hal.radio.virtual_radio import VirtualRadio

        return VirtualRadio(self._folder, self._portal, self.fail_if_planted)

    async def up(self) -> None:
        """The operating system has the network."""
        self.fail_if_planted("up")

    async def network_time(self) -> int:
        """The operating system has the time."""
        self.fail_if_planted("network_time")
        return time.time_ns() // 1_000_000_000

    async def connect(
        self, host: str, port: int, tls: bool, checked: bool
    ) -> "tuple[Reader, Writer]":
        self.fail_if_planted("connect")
        if not tls:
            return await asyncio.open_connection(host, port)  # type: ignore[return-value]
        context = client_context(self._authority) if checked else unchecked_context()
        return await asyncio.open_connection(  # type: ignore[return-value]
            host, port, ssl=context, server_hostname=host
        )

    def status(self) -> "Message":
        self.fail_if_planted("status")
        return {"vm": sys.implementation.name}

    def log(self, text: str) -> None:
        try:
            print(text)
            sys.stdout.flush()
        except (OSError, ValueError):  # nobody reads it, or it cannot be written
            pass

    def _planted(self) -> "dict[str, Any]":
        try:
            with open(self._folder + "/faults.json") as file:
                return json.load(file)
        except OSError:
            return {}

    def fail_if_planted(self, call: str) -> None:
        """OSError if this call of the board is planted to fail."""
        if call in self._planted().get("fails", ()):
            raise OSError(5, call)

    def _edge(self, at_ms: int, jar: int, on: bool) -> None:
        if self._log_path:
            line = {"t_ms": at_ms, "frasco": jar, "on": on}
            with open(self._log_path, "ab") as file:
                file.write(json.dumps(line).encode() + b"\n")


def _make_folder(folder: str) -> None:
    path = ""
    for part in folder.split("/"):
        path += part + "/"
        try:
            os.mkdir(path)
        except OSError:  # it is there
            pass
