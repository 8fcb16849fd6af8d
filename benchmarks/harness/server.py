"""`yaguts serve` in a process of its own, on a free port of this computer."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import process


@dataclass(frozen=True)
class Server:
    """The process, its port and its log."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path

    @property
    def pid(self) -> int:
        """The process's number."""
        return self.process.pid

    def cpu_s(self) -> float:
        """The processor time that it has used."""
        return process.processor_s(self.pid)

    def memory_kb(self) -> int:
        """The memory that it has."""
        return process.memory_kb(self.pid)

    def log_lines(self) -> int:
        """How many lines it has written."""
        return self.log.read_bytes().count(b"\n")


@contextmanager
def running(folder: Path, **settings: str) -> Generator[Server]:
    """Start a server with its data in a folder, and kill it at last."""
    log = folder / "server.log"
    command = [sys.executable, "-m", "yaguts.cli", "serve", "--port", "0"]
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            env={**os.environ, "YAGUTS_DATA": str(folder), **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
        )
    assert child.stdout is not None
    try:
        said = child.stdout.readline().decode()
        yield Server(child, int(said.rsplit(":", 1)[1]), log)
    finally:
        child.kill()
        child.communicate()
