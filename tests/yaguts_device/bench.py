"""A board on the bench, in virtual time: flash, a network, and scales that know the truth."""

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from tests.yaguts_device.nvs import Namespace, Nvs, PowerCut
from yaguts_device.app import supervise
from yaguts_device.net.link import parse_url

if TYPE_CHECKING:
    from yaguts_device.hal.board import Board

_TICKS = 1 << 30
SERVER = parse_url("http://cozinha:8000")


class Scales:
    """When each jar was open, in ms of the loop's clock."""

    def __init__(self) -> None:
        self.pulses: list[tuple[int, int, int]] = []
        self.opened: list[int] = []

    def on_ms(self, jar: int) -> int:
        return sum(end - start for number, start, end in self.pulses if number == jar)


class Bench:
    """What outlives a boot: the flash, the scales, the server it is connected to."""

    def __init__(self, server: Any) -> None:
        self.nvs = Nvs()
        self.scales = Scales()
        self.server = server
        self.faults: dict[int, int] = {}
        self.clock_s: int | None = 1_800_000_000
        self.ticks_offset = 0
        self.button_held = False
        self.networks_forgotten = 0
        self.logged: list[str] = []
        self.shaken: list[tuple[int, int]] = []

    def boot(self, code: str = "123456") -> "Life":
        """Apply power: a new interpreter, the same flash."""
        return Life(self, code)

    async def serve(self, ms: int, code: str = "123456") -> None:
        """One boot that ends, with a power cut, after so long."""
        life = self.boot(code)
        await asyncio.sleep(ms / 1000)
        await life.pull_the_plug()


class Life:
    """One boot."""

    def __init__(self, bench: Bench, code: str) -> None:
        self.board = BenchBoard(bench)
        board: Board = self.board
        self._task = asyncio.ensure_future(supervise(board, SERVER, code))

    async def pull_the_plug(self) -> None:
        self.board.lose_power()
        self._task.cancel()
        await self.end()

    async def end(self) -> None:
        """Return when the power has failed, by whatever cause; anything else is a failure."""
        try:
            await self._task
        except (PowerCut, asyncio.CancelledError):
            self.board.lose_power()

    def is_over(self) -> bool:
        return self._task.done()


class BenchBoard:
    """`hal/board.py` on the bench."""

    hardware, jars, feed_every_ms, bound_ms, uid = "bench", 4, 0, 0, "bench-1"

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._dead = False
        self._pulses: dict[int, tuple[int, int]] = {}

    # Time and chance

    def ticks_ms(self) -> int:
        return (self._now() + self._bench.ticks_offset) % _TICKS

    def ticks_diff(self, later: int, earlier: int) -> int:
        return (later - earlier + _TICKS // 2) % _TICKS - _TICKS // 2

    async def sleep_ms(self, ms: int) -> None:
        self.alive()
        await asyncio.sleep(ms / 1000)
        self.alive()

    async def within(self, ms: int, work: Awaitable[Any]) -> Any:
        return await asyncio.wait_for(work, ms / 1000)

    def unix_s(self) -> int | None:
        start = self._bench.clock_s
        return None if start is None else start + self._now() // 1000

    def set_clock(self, unix_s: int) -> None:
        self._bench.clock_s = unix_s - self._now() // 1000

    def random_bits(self, bits: int) -> int:
        return 1 << bits - 1

    def flash(self, namespace: str) -> Namespace:
        return Namespace(self._bench.nvs, namespace, self.alive)

    def remembered(self) -> bytes:
        return b""

    def remember(self, data: bytearray) -> None:
        """This bench knows no resets, only power cuts."""

    def forget_network(self) -> None:
        self._bench.networks_forgotten += 1

    def button(self) -> bool:
        return self._bench.button_held

    # Outputs

    def dark(self) -> None:
        for jar in list(self._pulses):
            self.close(jar)

    def open(self, jar: int, for_ms: int) -> None:
        self.alive()
        self.close(jar)
        self._pulses[jar] = (self._now(), self._now() + for_ms)
        self._bench.scales.opened.append(jar)

    def extend(self, jar: int, by_ms: int) -> None:
        self.alive()
        if not self.remaining_ms(jar):
            self.open(jar, by_ms)
        else:
            start, end = self._pulses[jar]
            self._pulses[jar] = (start, end + by_ms)

    def remaining_ms(self, jar: int) -> int:
        end = self._pulses.get(jar, (0, 0))[1]
        return max(0, end - self._now())

    def close(self, jar: int) -> int:
        if jar not in self._pulses:
            return 0
        start, end = self._pulses.pop(jar)
        self._bench.scales.pulses.append((jar, start, min(end, self._now())))
        return max(0, end - self._now())

    def fault(self, jar: int) -> int:
        self.alive()
        return self._bench.faults.get(jar, 0)

    def motor(self, percent: int) -> None:
        self._bench.shaken.append((self._now(), percent))

    def feed(self) -> None:
        self.alive()

    def reset(self) -> None:
        raise PowerCut

    # The world outside

    async def up(self) -> None:
        self.alive()

    async def connect(self, host: str, port: int, tls: bool) -> tuple[Any, Any]:
        self.alive()
        assert (host, port, tls) == SERVER[:3]
        return await self._bench.server.connect(self.alive)

    def status(self) -> dict[str, Any]:
        return {"heap": 1}

    def log(self, text: str) -> None:
        self._bench.logged.append(text)

    # The power

    def lose_power(self) -> None:
        """Everything off at once; from now on each call ends the caller."""
        self._dead = True
        self.dark()

    def alive(self) -> None:
        if self._dead:
            raise asyncio.CancelledError("no power")

    def _now(self) -> int:
        return round(asyncio.get_event_loop().time() * 1000)
