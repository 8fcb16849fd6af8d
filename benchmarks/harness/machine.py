"""On what the figures were measured."""

import os
import platform
import sqlite3
import statistics
import time
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile

LIBRARIES = ("uvicorn", "httptools", "uvloop", "starlette", "fastapi", "sqlalchemy")
SYNCS = 100


def described() -> str:
    """The processor, the disk's patience, and the versions of what runs, as a list of Markdown."""
    load = os.getloadavg()[0]
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = f"{platform.python_implementation()} {platform.python_version()}"
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    machine = f"{os.cpu_count()} × {_processor()}, {memory_gb:.0f} GB"
    disk = f"`fdatasync` of 4 KB, where the databases lie: {synced_ms():.2f} ms"
    return "\n".join(
        [
            f"- {machine}, {platform.system()} {platform.release()}; load {load:.1f} at the end",
            f"- {disk} in the median of {SYNCS}",
            f"- {python}, SQLite {sqlite3.sqlite_version}, {versions}",
        ]
    )


def synced_ms() -> float:
    """What the disk takes to make 4 KB durable, in the median, in milliseconds."""
    took: list[float] = []
    with TemporaryFile(prefix="yaguts-bench-") as file:
        for _ in range(SYNCS):
            os.write(file.fileno(), bytes(4096))
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.machine()
