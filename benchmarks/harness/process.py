"""What another process uses, as Linux tells it in `/proc`, and which process goes first."""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Used:
    """The memory in KB, and how many files, files of the database and connections are open."""

    memory_kb: int
    files: int
    database_files: int
    connections: int


def processor_s(pid: int) -> float:
    """The processor time of all threads of a process. Linux names its clock so."""
    return time.clock_gettime_ns((~pid << 3) | 2) / 1e9


def memory_kb(pid: int, which: str = "VmRSS") -> int:
    """The memory that a process has, or has had at most (`VmHWM`)."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    [line] = [line for line in status.splitlines() if line.startswith(which)]
    return int(line.split()[1])


def used(pid: int) -> Used:
    """What a process uses now."""
    targets = [_target(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    sockets = [target for target in targets if target.startswith("socket:")]
    of_database = [target for target in targets if ".db" in Path(target).name]
    files = len(targets) - len(of_database)
    return Used(memory_kb(pid), files, len(of_database), len(sockets))


@contextmanager
def priority() -> Generator[None]:
    """Go before everything else on this machine, children too, where that is permitted."""
    with suppress(PermissionError, AttributeError):  # AttributeError: not on macOS
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    try:
        yield
    finally:
        with suppress(PermissionError, AttributeError):
            os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # it was closed meanwhile
        return ""
