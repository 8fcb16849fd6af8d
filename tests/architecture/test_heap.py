"""What the firmware holds of a board's heap, measured in MicroPython with the files as built.

The unix port has words of 64 bits. A board holds 0.77 of what is counted here, as an emulated ESP32
showed.
"""

import subprocess

from tests.support.device.vms import command, environment

LIMIT_BYTES = 86_000
MEASURE = """
import asyncio, gc, json, os, random, struct, time
gc.collect()
before = gc.mem_alloc()
import yaguts_device.app, yaguts_device.hal.virtual
gc.collect()
print(gc.mem_alloc() - before)
"""


def test_the_modules_that_are_loaded_leave_room_for_tls() -> None:
    done = subprocess.run(
        [*command("micropython"), "-c", MEASURE],
        env=environment(),
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) <= LIMIT_BYTES
