"""The two Pythons that the firmware runs on, as processes, and the firmware as it is built."""

import os
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import yaguts_device
from tests.support.components import micropython
from yaguts.services.firmware.board_tree import build, write
from yaguts.services.firmware.sources import VIRTUAL_BOARD

SCRIPTS = Path(__file__).parent
SOURCE = Path(yaguts_device.__file__).parents[1]
HEAP = "64wK"
ROOM_TO_COMPILE = "72wK"
"""Sources are compiled on the heap. A board loads compiled files."""
VMS = ("cpython", "micropython")
BUILT = "built"
"""MicroPython with the files that `yaguts device build` makes, for the virtual board."""


def command(vm: str) -> list[str]:
    """What starts the VM; on MicroPython with the heap of an ESP32."""
    if vm == "cpython":
        return [sys.executable, "-X", "utf8"]
    return [str(micropython()), "-X", f"heapsize={HEAP if vm == BUILT else ROOM_TO_COMPILE}"]


def environment(vm: str = "") -> dict[str, str]:
    """Where the VM finds the firmware.

    MicroPython keeps the path of each module on its heap. On the ESP32 it is short: so it is here.
    """
    place = os.path.relpath(_built() if vm == BUILT else SOURCE)
    return {**os.environ, "PYTHONPATH": str(SOURCE), "MICROPYPATH": f".frozen:{place}"}


@cache
def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="b")


@cache
def _built() -> str:
    tree = Path(_folder().name, "t")
    write(build(VIRTUAL_BOARD), tree)
    return str(tree)
