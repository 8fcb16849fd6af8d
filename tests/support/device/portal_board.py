"""A virtual dispenser in its portal, as a process, and how raw sockets talk to it."""

import json
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.device.vms import command, environment
from tests.support.processes.kitchen import eventually, free_port

UID = "esp32-240ac4010203"
NAME = "Yaguts-0203"
AIR = {"Cozinha": "cravo e canela", "Casa do José & Cia": "noz-moscada"}


class PortalBoard:
    """A board that nothing is configured on. Its access point is a port of this machine."""

    def __init__(self, folder: Path, vm: str, heap: str = "", ca: Path | None = None) -> None:
        self.flash, self.log_file = folder / "flash", folder / "log"
        self.flash.mkdir()
        (self.flash / "air.json").write_text(json.dumps(AIR))
        self.port = _two_free_ports()
        self.address = f"http://127.0.0.1:{self.port}"
        start = command(vm)
        if heap and vm == "micropython":
            start[2] = f"heapsize={heap}"
        options = ["--uid", UID, "--flash", str(self.flash), "--portal", str(self.port)]
        relay_log = ["--relay-log", str(folder / "relays.jsonl")]
        options += ["--ca", str(ca)] if ca else []
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [*start, "-m", "yaguts_device", *options, *relay_log],
                env=environment(),
                stdout=log,
                stderr=log,
            )
        eventually(lambda: f"is open at {self.address}" in self.log())

    def log(self) -> str:
        return self.log_file.read_text("utf-8")

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def configuration(self) -> dict[str, Any]:
        """What it remembers of its network."""
        try:
            return json.loads((self.flash / "yaguts.json").read_text("utf-8"))
        except FileNotFoundError:
            return {}

    def state(self) -> int:
        """The result so far."""
        return int(json.loads(body(self.ask("GET /state HTTP/1.1\r\n\r\n")))["state"])

    def save(self, fields: str, headers: str = "") -> str:
        """What it answers to a form."""
        length = f"Content-Length: {len(fields.encode())}\r\n"
        return self.ask(f"POST /save HTTP/1.1\r\n{headers}{length}\r\n{fields}")

    def get(self, path: str, headers: str = "") -> str:
        """What it answers to who has its address."""
        host = f"Host: 127.0.0.1:{self.port}\r\n"
        return self.ask(f"GET {path} HTTP/1.1\r\n{host}{headers}\r\n")

    def ask(self, request: str | bytes, within_s: float = 10) -> str:
        """What it answers to these bytes until it hangs up."""
        with self.connect(within_s) as connection:
            said = request if isinstance(request, bytes) else request.encode()
            with suppress(OSError):  # it may hang up on so much
                connection.sendall(said)
            return heard(connection)

    def connect(self, within_s: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), within_s)


@contextmanager
def portal_board(
    folder: Path, vm: str, heap: str = "", ca: Path | None = None
) -> Generator[PortalBoard]:
    """A board in its portal, until the test is over."""
    board = PortalBoard(folder, vm, heap, ca)
    try:
        yield board
    finally:
        board.kill()


def heard(connection: socket.socket) -> str:
    """All that comes until the other side hangs up."""
    data = b""
    while True:
        try:
            piece = connection.recv(4096)
        except ConnectionError:
            piece = b""
        if not piece:
            return data.decode()
        data += piece


def body(answer: str) -> str:
    """The body of an answer."""
    return answer.partition("\r\n\r\n")[2]


def status(answer: str) -> int:
    """The status of an answer; 0 when there was none."""
    return int(answer.split(" ")[1]) if answer.startswith("HTTP/1.1 ") else 0


def _two_free_ports() -> int:
    while True:
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as names:
            try:
                names.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
