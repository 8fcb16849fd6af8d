"""The same files under CPython and under MicroPython with an ESP32's heap, as processes."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.device.counter import Counter
from tests.support.device.offers import an_offer
from tests.support.device.vms import SCRIPTS, VMS, command, environment
from yaguts_wire.codec import encode
from yaguts_wire.limits import MAX_JOB_BYTES

KEY = f"{7:032x}"


class Desk:
    """A virtual dispenser on the desk, and the server that it knows."""

    def __init__(self, vm: str, server: str, folder: Path) -> None:
        self._relays = folder / "relays.jsonl"
        self.flash = folder / "flash"
        self.log = folder / "log"
        place = ["--server", server, "--uid", "desk-1"]
        files = ["--flash", str(self.flash), "--relay-log", str(self._relays)]
        self._started: list[asyncio.subprocess.Process] = []
        self._environment = environment()
        self._command = [*command(vm), "-m", "yaguts_device", *place, *files, "--claim", "123456"]

    async def start(self) -> asyncio.subprocess.Process:
        with self.log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *self._command, env=self._environment, stdout=output, stderr=output
            )
        self._started.append(process)
        return process

    async def clear(self) -> None:
        """Leave no dispenser running, however the test ended."""
        for process in self._started:
            if process.returncode is None:
                process.kill()
            await process.wait()

    def edges(self) -> list[dict[str, Any]]:
        if not self._relays.exists():
            return []
        return [json.loads(line) for line in self._relays.read_text().splitlines()]

    def spans_ms(self, jar: int) -> list[int]:
        """How long each pulse of the jar was."""
        times = [edge["t_ms"] for edge in self.edges() if edge["frasco"] == jar]
        return [off - on for on, off in zip(times[::2], times[1::2], strict=True)]


@asynccontextmanager
async def on_the_desk(
    vm: str, server: Counter, folder: Path, address: str = "127.0.0.1"
) -> AsyncIterator[Desk]:
    listening = await asyncio.start_server(server.serve, address, 0)
    host = f"[{address}]" if ":" in address else address
    desk = Desk(vm, f"http://{host}:{listening.sockets[0].getsockname()[1]}", folder)
    try:
        yield desk
    finally:
        await desk.clear()
        listening.close()
        for task in filter(None, server.serving):
            task.cancel()
        await asyncio.gather(*filter(None, server.serving))


async def until_reported(server: Counter, desk: Desk, key: str = KEY) -> list[dict[str, Any]]:
    for _ in range(1500):
        if key in server.reports:
            return server.reports[key]["execution_logs"]
        await asyncio.sleep(0.01)
    raise AssertionError(desk.log.read_text())


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("vm", VMS)
def test_a_job_from_the_claim_to_the_report(vm: str, address: str, tmp_path: Path) -> None:
    async def story() -> None:
        server = Counter(an_offer(Alho=0.7, Orégano=0.3))
        async with on_the_desk(vm, server, tmp_path, address) as desk:
            process = await desk.start()
            entries = await until_reported(server, desk)
            process.kill()
            await process.wait()

            assert [entry["status"] for entry in entries] == ["done", "done"]
            assert [entry["tempero"] for entry in entries] == ["Alho", "Orégano"]
            assert (desk.spans_ms(1), desk.spans_ms(2)) == ([700], [300])

    asyncio.run(story())


@pytest.mark.parametrize("vm", VMS)
def test_killed_in_mid_jar_it_pours_the_rest_and_no_more(vm: str, tmp_path: Path) -> None:
    async def story() -> None:
        server = Counter(an_offer(Sal=2.0))
        async with on_the_desk(vm, server, tmp_path) as desk:
            process = await desk.start()
            while not desk.edges():
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.7)
            process.kill()
            await process.wait()
            (opened,) = desk.edges()
            assert opened["on"]

            process = await desk.start()
            (entry,) = await until_reported(server, desk)
            process.kill()
            await process.wait()

            assert (entry["status"], entry["retomadas"]) == ("done", 1)
            on, off = desk.edges()[1:]
            assert 0 < off["t_ms"] - on["t_ms"] <= 1000

    asyncio.run(story())


@pytest.mark.parametrize("vm", VMS)
def test_the_largest_jobs_fit_an_esp32s_heap(vm: str, tmp_path: Path) -> None:
    async def story() -> None:
        names = [f"{place:02d} " + "ç" * 57 for place in range(16)]
        offer = an_offer(ms_per_g=100, **dict.fromkeys(names, 0.1))
        offer["enchimento"] = "x" * (MAX_JOB_BYTES - len(encode(offer)) - len(',"enchimento":""'))
        assert len(encode(offer)) == MAX_JOB_BYTES
        keys = [KEY, "b" * len(KEY)]
        server = Counter(*[{**offer, "job_key": key} for key in keys])
        async with on_the_desk(vm, server, tmp_path) as desk:
            process = await desk.start()
            reports = [await until_reported(server, desk, key) for key in keys]
            process.kill()
            await process.wait()

            for entries in reports:
                assert [entry["tempero"] for entry in entries] == names
                assert {entry["status"] for entry in entries} == {"done"}
            assert "Memory" not in desk.log.read_text()

    asyncio.run(story())


HEADS = {
    "until it closes": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    "said to be JSON": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("vm", ["micropython", pytest.param("cpython", marks=pytest.mark.more)])
def test_a_portals_page_does_not_fit_and_stops_nothing(vm: str, head: str, tmp_path: Path) -> None:
    page = HEADS[head] + b"<p>Entre na rede do hotel</p>" * 300
    names = [f"{place:02d} " + "ç" * 57 for place in range(16)]

    async def story() -> None:
        server = Counter(an_offer(ms_per_g=2500, **dict.fromkeys(names, 0.1)))
        server.pages = {"/progress": page, "/complete": page}
        async with on_the_desk(vm, server, tmp_path) as desk:
            process = await desk.start()
            for _ in range(3000):
                if server.heard("/complete"):
                    break
                await asyncio.sleep(0.01)
            assert len(server.heard("/progress")) >= 2, desk.log.read_text()
            server.pages.clear()
            process.kill()
            await process.wait()
            await desk.start()
            entries = await until_reported(server, desk)

            assert {entry["status"] for entry in entries} == {"done"}
            assert {entry["retomadas"] for entry in entries} == {0}
            told = desk.log.read_text()
            assert "Memory" not in told
            assert "start again" not in told

    asyncio.run(story())


JOURNAL_OF_0_2 = "bbcfd17e6dc935b3113816dc52e12d58d38b5a076a9d76402a5d59960e7ab097"
"""A release on trial writes what the firmware before can read. Another format is read at once, and
written once the cell `untried` is 0: see ADR 25.
"""


def test_both_write_the_same_journal_as_the_firmware_before() -> None:
    lines = [
        subprocess.run(
            [*command(vm), str(SCRIPTS / "journal_lines.py")],
            env=environment(),
            capture_output=True,
            check=True,
            text=True,
            encoding="utf-8",
        ).stdout.splitlines()
        for vm in VMS
    ]

    assert len(lines[0]) == 24
    assert lines[0] == lines[1]
    assert sha256("\n".join(lines[0]).encode()).hexdigest() == JOURNAL_OF_0_2


@pytest.mark.parametrize("vm", VMS)
@pytest.mark.parametrize(
    "arguments", [[], ["--server"], ["--unknown", "x"], ["--server", "cozinha", "--uid", "v-1"]]
)
def test_what_is_not_understood_is_said(vm: str, arguments: list[str]) -> None:
    finished = subprocess.run(
        [*command(vm), "-m", "yaguts_device", *arguments],
        env=environment(),
        capture_output=True,
        check=False,
        text=True,
    )

    assert finished.returncode == 2
    assert finished.stdout.startswith("yaguts_device: ")
