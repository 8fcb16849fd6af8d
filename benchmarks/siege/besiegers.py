"""What strangers and people do to a server on this computer, many at once, in a process of its own.

Loopback only. Each kind of siege has a number of besiegers and a time after which all of them
leave; a besieger whose connection is cut comes again, a bounded number of times.
"""

import asyncio
import resource
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

HERE = "127.0.0.1"
OF_ADDRESS = 90
"""One address has room for a hundred strangers."""
COMES_AGAIN = 3
"""A besieger makes at most so many connections."""
DRIP_EVERY_S = 2.0
RAMP = 200
"""So many connections are begun at once."""

_HALF_A_HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
_HALF_A_BODY = (
    b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 5000\r\n\r\n{"
)
_SIGN_IN = (
    "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    "Connection: close\r\nContent-Length: {length}\r\n\r\n{body}"
)
_LIVE = (
    "GET /app/jobs/{job}/live HTTP/1.1\r\nHost: localhost\r\nCookie: yaguts_session={token}\r\n\r\n"
)


@dataclass(frozen=True)
class Target:
    """The server, and what those who have accounts there need: a session each, and a job."""

    port: int
    tokens: tuple[str, ...] = ()
    job: int = 0


@dataclass
class Held:
    """How many connections stand now, and how many stood at once at most."""

    now: int = 0
    most: int = 0

    def __enter__(self) -> None:
        self.now += 1
        self.most = max(self.most, self.now)

    def __exit__(self, *_error: object) -> None:
        self.now -= 1


Besieger = Callable[[Target, int, Held], Awaitable[None]]
"""What the besieger with this number does. It may go on for ever."""


def besiege(kind: str, target: Target, besiegers: int, seconds: float) -> int:
    """Lay siege for so long, and return how many connections stood at once at most."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    held = Held()
    asyncio.run(_siege(KINDS[kind], target, besiegers, seconds, held))
    return held.most


async def _siege(
    besieger: Besieger, target: Target, besiegers: int, seconds: float, held: Held
) -> None:
    tasks: list[asyncio.Task[None]] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            for number in range(besiegers):
                tasks.append(asyncio.create_task(_one(besieger, target, number, held)))
                if number % RAMP == RAMP - 1:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _one(besieger: Besieger, target: Target, number: int, held: Held) -> None:
    await besieger(target, number, held)


async def _silent(target: Target, number: int, held: Held) -> None:
    await _hold(target, number, held, b"", b"")


async def _half_a_head(target: Target, number: int, held: Held) -> None:
    await _hold(target, number, held, _HALF_A_HEAD, b"x")


async def _half_a_body(target: Target, number: int, held: Held) -> None:
    await _hold(target, number, held, _HALF_A_BODY, b" ")


async def _hold(target: Target, number: int, held: Held, says: bytes, drip: bytes) -> None:
    """Connect, say this, then a byte now and then, and come again when that ends."""
    for _ in range(COMES_AGAIN):
        with suppress(OSError):
            reader, writer = await _connected(target, _address(77, number // OF_ADDRESS))
            with held:
                writer.write(says)
                await _until_cut(reader, writer, drip)


async def _until_cut(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, drip: bytes
) -> None:
    try:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(DRIP_EVERY_S):
                    if not await reader.read(4096):
                        return
            writer.write(drip)
    finally:
        writer.transport.abort()


_strangers = count(1)


async def _sign_in(target: Target, _number: int, held: Held) -> None:
    """Guess without end, each time from another address and at another name: no limit holds."""
    while True:
        stranger = next(_strangers)
        body = f'{{"nome": "pessoa {stranger}", "senha": "colher de pau {stranger}"}}'
        with suppress(OSError):
            reader, writer = await _connected(target, _address(78, stranger % 60_000))
            with held:
                writer.write(_SIGN_IN.format(length=len(body.encode()), body=body).encode())
                await reader.read()
            writer.close()


async def _live_page(target: Target, number: int, held: Held) -> None:
    token = target.tokens[number % len(target.tokens)]
    with suppress(OSError):
        reader, writer = await _connected(target, HERE)
        writer.write(_LIVE.format(job=target.job, token=token).encode())
        if (await reader.readline()).startswith(b"HTTP/1.1 200"):
            with held:
                while await reader.read(65_536):
                    pass


async def _nobody(_target: Target, _number: int, _held: Held) -> None:
    return


KINDS: dict[str, Besieger] = {
    "nobody": _nobody,
    "silent": _silent,
    "half a head": _half_a_head,
    "slow body": _half_a_body,
    "sign-ins": _sign_in,
    "live pages": _live_page,
}


async def _connected(
    target: Target, address: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection(HERE, target.port, local_addr=(address, 0))


def _address(network: int, number: int) -> str:
    return f"127.{network}.{number // 250}.{number % 250 + 1}"


def addresses_of(besiegers: int) -> Sequence[str]:
    """The addresses from which so many strangers come."""
    return sorted({_address(77, number // OF_ADDRESS) for number in range(besiegers)})
