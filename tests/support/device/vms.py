"""The two Pythons that the firmware runs on, as processes."""

import os
import sys
from pathlib import Path

import yaguts_device
from tests.support.components import ROOT, micropython
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
    """Where both find the firmware: CPython the sources, MicroPython the files of a board."""
    place = os.path.relpath(_slot())
    return {**os.environ, "PYTHONPATH": str(SOURCE), "MICROPYPATH": f".frozen:{place}"}


def _slot() -> Path:
    """Where the kept tree is also found.

    MicroPython keeps the path of each module on its heap. On a board that is `/a`, so it is short
    here, and the same on every machine.
    """
    slot, aside = ROOT / "build/a", ROOT / f"build/{os.getpid()}"
    slot.parent.mkdir(exist_ok=True)
    if not slot.exists() or slot.resolve() != kept_tree():
        aside.symlink_to(kept_tree())
        aside.replace(slot)
    return slot
