"""Reading and fetching, as the server sees it: a process for each, which is ended in time.

The server itself never loads what reads pages, nor unpacks or parses what comes from elsewhere.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Timer

from yaguts.domain.recipe_files.faults import ImportFault, ImportRefused
from yaguts.domain.recipe_files.found import FoundRecipe
from yaguts.domain.recipe_files.passing import taken_over
from yaguts.domain.recipe_files.reading import MOST_RECIPES, NoRecipe
from yaguts.services.runtime.imports.fetching import LARGEST_PAGE, WEB_PORTS, Fetched

READER = "yaguts.services.runtime.imports.reader_process"
FETCHER = "yaguts.services.runtime.imports.fetcher_process"
MOST_WAITING = 3
"""So many are read or wait for their turn: each holds a thread that answers people."""
_SERVER_PREFIX = "YAGUTS_"
_LONGEST_HEAD = 8192


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process may take. `patience_s`: by the clock on the wall; `most_bytes`: it says."""

    memory_mb: int
    cpu_s: int
    patience_s: float
    most_bytes: int


READING = Limits(memory_mb=512, cpu_s=30, patience_s=40, most_bytes=8 * 1024 * 1024)
FETCHING = Limits(256, 10, 20, LARGEST_PAGE + _LONGEST_HEAD)


@dataclass(frozen=True, slots=True)
class Imports:
    """One at a time is read or fetched. `allowed`: private networks that links may lead to."""

    allowed: tuple[str, ...] = ()
    ports: tuple[int, ...] = WEB_PORTS
    reading: Limits = READING
    fetching: Limits = FETCHING
    _turn: BoundedSemaphore = field(default_factory=BoundedSemaphore)
    _places: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(MOST_WAITING))

    def read(
        self, data: bytes, language: str, address: str = "", charset: str = ""
    ) -> list[FoundRecipe]:
        """The recipes in a file or page. Raises `NoRecipe` or `ImportRefused`."""
        head = {"language": language, "address": address, "charset": charset}
        answer = self._run(READER, head, data, self.reading)
        if answer is None:
            raise ImportRefused(ImportFault.UNREADABLE)
        found = [taken_over(line) for line in answer.decode().splitlines()[:MOST_RECIPES]]
        if not found:
            raise NoRecipe
        return found

    def fetch(self, url: str) -> Fetched:
        """What is at an address. Raises `ImportRefused`."""
        head = {"url": url, "allowed": self.allowed, "ports": self.ports}
        answer = self._run(FETCHER, head, b"", self.fetching)
        if answer is None:
            raise ImportRefused(ImportFault.TIMEOUT)
        line, _, body = answer.partition(b"\n")
        told = json.loads(line)
        if told["fault"] is not None:
            raise ImportRefused(ImportFault(told["fault"]))
        return Fetched(told["address"], told["charset"], body)

    def _run(
        self, module: str, head: Mapping[str, object], data: bytes, limits: Limits
    ) -> bytes | None:
        """What the process says. None where it failed, or took too much and was ended.

        Raises `ImportRefused` where others take too long, and where too many wait.
        """
        if not self._places.acquire(blocking=False):
            raise ImportRefused(ImportFault.BUSY)
        with ExitStack() as ended:
            ended.callback(self._places.release)
            if not self._turn.acquire(timeout=limits.patience_s):
                raise ImportRefused(ImportFault.BUSY)
            ended.callback(self._turn.release)
            given = {**head, "memory_mb": limits.memory_mb, "cpu_s": limits.cpu_s}
            return _run(module, json.dumps(given).encode() + b"\n" + data, limits)


def _run(module: str, given: bytes, limits: Limits) -> bytes | None:
    environment = {
        name: text for name, text in os.environ.items() if not name.startswith(_SERVER_PREFIX)
    }
    with subprocess.Popen(
        [sys.executable, "-m", module],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        alarm = Timer(limits.patience_s, process.kill)
        alarm.start()
        try:
            with suppress(OSError):  # It may end before it has read everything.
                process.stdin.write(given)
                process.stdin.close()
            answer = process.stdout.read(limits.most_bytes + 1)
            if len(answer) > limits.most_bytes:
                process.kill()
            status = process.wait()
        finally:
            alarm.cancel()
            process.kill()
    return answer if status == 0 else None
