"""The two Pythons that the firmware runs on, as processes."""

import os
import sys
from pathlib import Path

import yaguts_device
from tests.support.components import micropython
from yaguts.services.firmware.kept_tree import kept_tree

SCRIPTS = Path(__file__).parent
SOURCE = Path(yaguts_device.__file__).parents[1]
HEAP = "64wK"
VMS = ("cpython", "micropython")


def command(vm: str) -> list[str]:
    """What starts the VM; on MicroPython with the heap of an ESP32."""
    if vm == "cpython":
        return [sys.executable, "-X", "utf8"]
    return [str(micropython()), "-X", f"heapsize={HEAP}"]


def environment() -> dict[str, str]:
    """Where both find the firmware: CPython the sources, MicroPython the files that a board runs.

    MicroPython keeps the path of each module on its heap. On the ESP32 it is short: so it is here.
    """
    place = os.path.relpath(kept_tree())
    return {**os.environ, "PYTHONPATH": str(SOURCE), "MICROPYPATH": f".frozen:{place}"}
