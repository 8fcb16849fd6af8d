"""What the firmware holds of a board's heap, measured in MicroPython with the files as built.

The unix port has words of 64 bits. A board holds 0.77 of what is counted here, as an emulated ESP32
showed.
"""

import subprocess

import pytest

from tests.support.device.vms import command, environment

LIMITS = {
    "work": ("yaguts_device.app", 89_000),
    "portal": ("yaguts_device.portal.opening, yaguts_device.portal.serving.portal", 56_000),
}
"""What is loaded in a phase, and how many bytes it may hold. The portal serves in 73 KB."""
MEASURE = """
import asyncio, gc, json, os, random, struct, time
gc.collect()
before = gc.mem_alloc()
import yaguts_device.hal.virtual, {modules}
gc.collect()
print(gc.mem_alloc() - before)
"""


@pytest.mark.parametrize("phase", LIMITS)
def test_the_modules_that_are_loaded_leave_room(phase: str) -> None:
    modules, limit = LIMITS[phase]
    done = subprocess.run(
        [*command("micropython"), "-c", MEASURE.format(modules=modules)],
        env=environment(),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) <= limit
