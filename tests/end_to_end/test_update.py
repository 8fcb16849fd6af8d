"""A release goes into a dispenser with the heap of a board, whose memory is enough for it.

The dispenser is the firmware as built, in MicroPython, with two slots. Whoever starts its process
again does what the loader does: the slot that the cell `active` names is on the path.
"""

# pyright: basic, reportIncompatibleVariableOverride=false, reportIncompatibleMethodOverride=false

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.components import micropython, mpy_cross
from tests.support.processes.kitchen import eventually
from yaguts.services.firmware.kept_tree import kept_tree
from yaguts_device.__main__ import RESET_STATUS
from yaguts_sim.updates.server import UpdateServer
from yaguts_sim.updates.signing import OWNER, STRANGER, SignedRelease, SigningKey, make_release

HEAP = "64wK"
OLD, NEW = 1, 2
TO_FETCH = 3


class Server(ThreadingHTTPServer):
    """The routes of a server for one dispenser, over a real socket."""

    def __init__(self, release: SignedRelease) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known = UpdateServer(release)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.wfile.write(self.server.known.answer(self.command, self.path, body).written())

    def log_message(self, *_what: Any) -> None:
        """Nothing."""


class Dispenser:
    """Its flash, its slots, and the process that runs."""

    def __init__(self, folder: Path, server: Server, old: SignedRelease) -> None:
        self.flash, self.root = folder / "flash", folder / "root"
        self.flash.mkdir()
        self._server = server
        for path, content in old.in_slot("a").items():
            self.put(path, content)
        self.put("/key_a", OWNER.modulus)
        self._process: subprocess.Popen[bytes] | None = None
        self.starts: list[str] = []

    def put(self, path: str, content: bytes) -> None:
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def cell(self, key: str) -> int:
        file = self.flash / f"slot.{key}"
        return int(file.read_text()[1:]) if file.exists() else 0

    def go_on(self) -> None:
        """Start it if it does not run."""
        if self._process is None or self._process.poll() is not None:
            assert self._process is None or self._process.returncode == RESET_STATUS
            slot = "ab"[self.cell("active")]
            self.starts.append(slot)
            options = ["--server", self._server.address, "--uid", "virtual-1", "--claim", "123456"]
            options += ["--flash", str(self.flash), "--slots", str(self.root)]
            self._process = subprocess.Popen(
                [micropython(), "-X", f"heapsize={HEAP}", "-m", "yaguts_device", *options],
                env={"MICROPYPATH": f"{self.root}/{slot}:.frozen"},
                stdout=subprocess.DEVNULL,
            )

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


def release(number: int, key: SigningKey = OWNER) -> SignedRelease:
    tree = kept_tree()
    files = {str(file.relative_to(tree)): file.read_bytes() for file in sorted(tree.rglob("*.mpy"))}
    return make_release(number, files, key, hardware="virtual", micropython=None)


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Dispenser, Server]]:
    mpy_cross()
    server = Server(release(NEW, request.param))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    dispenser = Dispenser(tmp_path, server, release(OLD))
    yield dispenser, server
    dispenser.stop()
    server.shutdown()
    server.server_close()


def whole(dispenser: Dispenser, slot: str) -> bool:
    """Whether a slot has each file of its manifest, as its hash says."""
    folder = dispenser.root / slot
    listed = json.loads((folder / "manifest.json").read_bytes())["files"]
    return all(
        sha256((folder / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
        for entry in listed
    )


@pytest.mark.more
@pytest.mark.parametrize("running", [OWNER], indirect=True, ids=["signed by its owner"])
def test_a_release_is_fetched_verified_and_started(running: tuple[Dispenser, Server]) -> None:
    dispenser, server = running
    assert server.known.release
    here = list(server.known.release.files.items())[:-TO_FETCH]
    shutil.rmtree(dispenser.root / "b", ignore_errors=True)
    for path, content in here:
        dispenser.put(f"/b/{path}", content)
    dispenser.put("/b/yaguts_device/of_another_release.mpy", b"x")

    def runs_the_new_one() -> bool:
        dispenser.go_on()
        return server.known.facts.get("release") == NEW and server.known.has_heard("untried")

    eventually(runs_the_new_one, 100)

    assert dispenser.starts == ["a", "b"]
    assert server.known.pieces >= TO_FETCH
    assert whole(dispenser, "a")
    assert whole(dispenser, "b")
    assert not (dispenser.root / "b/yaguts_device/of_another_release.mpy").exists()
    assert (dispenser.cell("untried"), dispenser.cell("trial")) == (1, NEW)
    assert server.known.facts["slot"] == "b"


@pytest.mark.more
@pytest.mark.parametrize("running", [STRANGER], indirect=True, ids=["signed by a stranger"])
def test_a_strangers_release_is_refused(running: tuple[Dispenser, Server]) -> None:
    dispenser, server = running

    def told() -> bool:
        dispenser.go_on()
        return (NEW, "refused", "bad_signature") in server.known.told

    eventually(told, 100)

    assert dispenser.starts == ["a"]
    assert not (dispenser.root / "b").exists()
