"""What verifying a release takes of a board's memory and time, with the idle firmware loaded.

    pytest -s tests/yaguts_device/update/test_memory.py     # prints the figures

The heap of 73K is that of a chip before it doubles, by the exchange rate of `docs/device.md`.
"""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.device.vms import command, environment
from yaguts.services.firmware.kept_tree import kept_tree
from yaguts_device.update.cells import REASONS, STATES
from yaguts_sim.updates.signing import OWNER, make_release
from yaguts_wire import update_words as u

FILES_PEAK, FETCH_PEAK = 72_000, 80_000
"""Bytes held at most while files are read back, and in a fetch that finds every file there: what
was measured and about one percent.
"""
BEGIN = """
import asyncio, gc, json, os, random, struct, time
import yaguts_device.hal.virtual, yaguts_device.app, yaguts_device.flow.updates
from yaguts_device.phases import Phase
most = [0]
def held():
    most[0] = max(most[0], gc.mem_alloc())
"""
READ_BACK = """
class Watched:
    def __init__(self, files):
        self.size = files.size
        self._pieces = files.pieces
    def pieces(self, path):
        for piece in self._pieces(path):
            assert len(piece) <= 512
            held()
            yield piece
def files():
    from yaguts_device.hal.slot_files import SlotFiles
    return Watched(SlotFiles({root!r}, "virtual"))
def work():
    from binascii import hexlify
    from yaguts_device.update.manifest import read_entries
    from yaguts_device.update.slots import digest_of
    found = files()
    count = 0
    for path, size, digest in read_entries(found.pieces("/b/manifest.json")):
        assert hexlify(digest_of(found, "/b/" + path)).decode() == digest
        count += size
    return count
"""
FETCH = """
class Board:
    slot = "a"
    def files(self):
        return self.found
    def log(self, text):
        print(text)
    async def sleep_ms(self, ms):
        held()
    def reset(self):
        raise SystemExit
def begun(cells):
    with Phase():
        return fetching_with(cells)
def fetching_with(cells):
    from yaguts_device.hal.slot_files import SlotFiles
    from yaguts_device.update.fetching import Fetching
    board = Board()
    board.found = SlotFiles({root!r}, "virtual")
    return Fetching(board, None, cells, {{"release": 7}}, 1)
def work():
    from yaguts_device.hal.files import FileFlash
    cells = FileFlash({root!r}, "slot")
    fetching = begun(cells)
    try:
        while not asyncio.run(step(fetching)):
            held()
    except SystemExit:
        return cells.get_i32("active")
    return cells.get_i32("told")
async def step(fetching):
    with Phase():
        return await fetching.step()
"""
END = """
began = time.ticks_us()
with Phase():
    done = work()
print(done, most[0], time.ticks_diff(time.ticks_us(), began))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The root of a board, with the firmware as built in one slot, signed."""
    return root_with(tmp_path)


def root_with(folder: Path, **facts: Any) -> Path:
    """The same; `facts` stand in the place of those in the manifest."""
    tree = kept_tree()
    modules = sorted(tree.rglob("*.mpy"))
    release = make_release(
        7,
        {str(file.relative_to(tree)): file.read_bytes() for file in modules},
        OWNER,
        **{"hardware": "virtual", "micropython": None, **facts},
    )
    root = {**release.in_slot("b"), "/b/manifest.sig": release.signature, "/key_a": OWNER.modulus}
    for path, content in root.items():
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def play(work: str, root: Path, heap: str) -> tuple[int, int]:
    """What it did, and the most bytes that were held."""
    start = command("micropython")
    start[2] = f"heapsize={heap}"
    script = (BEGIN + work + END).format(root=str(root))
    done = subprocess.run(
        [*start, "-c", script], env=environment(), capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    count, most, took_us = map(int, done.stdout.splitlines()[-1].split())
    print(f"\nin a heap of {heap}: {most:,} bytes at most, {took_us:,} us")
    return count, most


def test_every_file_is_read_back_in_a_heap_that_has_not_doubled(root: Path) -> None:
    count, most = play(READ_BACK, root, "73K")

    assert count > 50_000
    assert most <= FILES_PEAK


def test_a_whole_fetch_is_verified_with_less_than_a_job_needs(root: Path) -> None:
    active, most = play(FETCH, root, "88K")

    assert active == 1
    assert most <= FETCH_PEAK


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"expires": 1}, u.EXPIRED),
        ({"hardware": "esp32"}, u.WRONG_HARDWARE),
        ({"files": [{"path": "main.py", "size": 1, "sha256": "0" * 64}]}, u.BAD_PATH),
    ],
)
def test_a_refusal_is_told_although_modules_are_loaded_anew(
    tmp_path: Path, facts: dict[str, Any], reason: str
) -> None:
    told, _ = play(FETCH, root_with(tmp_path, **facts), "88K")

    assert told == STATES.index(u.REFUSED) + 1 << 8 | REASONS.index(reason)
