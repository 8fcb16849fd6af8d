"""What only a phase needs is let go after it on MicroPython, and kept on CPython."""

import subprocess

import pytest

from tests.support.device.vms import VMS, command, environment

SCRIPT = """
import gc, sys
import yaguts_device.flow.job
from yaguts_device.phases import Phase

JOB = "yaguts_device.flow.job"
NAMES = (JOB + ".motor", JOB + ".recovery", "yaguts_device.net.backoff")

def show(when):
    loaded = [name.split(".")[-1] for name in NAMES if name in sys.modules]
    print(when, *loaded, hasattr(yaguts_device.flow.job, "motor"))

def load(name):
    __import__(name)

def phase(name, then=None):
    with Phase():
        load(name)
        show("during")
        if then:
            then()
            show("outer")

def failing():
    with Phase():
        load(NAMES[1])
        raise OSError

load(NAMES[2])
phase(NAMES[0], lambda: phase(NAMES[1]))
show("after")
try:
    failing()
except OSError:
    show("failed")
phase(NAMES[0])
show("again")
"""
LET_GO = """\
during motor backoff True
during motor recovery backoff True
outer motor backoff True
after backoff False
failed backoff False
during motor backoff True
again backoff False
"""
KEPT = """\
during motor backoff True
during motor recovery backoff True
outer motor recovery backoff True
after motor recovery backoff True
failed motor recovery backoff True
during motor recovery backoff True
again motor recovery backoff True
"""


def run(vm: str, script: str) -> str:
    done = subprocess.run(
        [*command(vm), "-c", script],
        env=environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("vm", VMS)
def test_a_phases_modules_are_let_go_where_memory_is_thin(vm: str) -> None:
    assert run(vm, SCRIPT) == (LET_GO if vm == "micropython" else KEPT)


def test_their_memory_is_free_again() -> None:
    script = """
import gc
from yaguts_device.phases import Phase

def load():
    import yaguts_device.flow.job.pour
    gc.collect()
    return gc.mem_alloc()

def phase():
    with Phase():
        return load()

phase()  # names never go: they are counted here
gc.collect()
before = gc.mem_alloc()
print(phase() - before)
gc.collect()
print(gc.mem_alloc() - before)
"""
    during, after = [int(line) for line in run("micropython", script).split()]

    assert during > 5_000
    assert after < 500


KNOWS_MUCH = """
import asyncio
import gc

from yaguts_device.phases import forgotten


class Much:
    def __init__(self):
        self.bytes = bytearray(20_000)

    async def work(self):
        await asyncio.sleep_ms(30)


async def begin_and_end():
    work = Much().work()
    asyncio.create_task(forgotten([work]) if HOW == "forgotten" else work)
    for _ in range(8):
        await asyncio.sleep_ms(10)


async def main():
    await begin_and_end()
    await asyncio.sleep_ms(1)
    gc.collect()
    print(gc.mem_alloc() - before)


gc.collect()
before = gc.mem_alloc()
asyncio.run(main())
"""


@pytest.mark.parametrize(("how", "is_kept"), [("forgotten", False), ("as it is", True)])
def test_an_ended_task_keeps_what_it_knew_unless_it_is_forgotten(how: str, is_kept: bool) -> None:
    held = run("micropython", f"HOW = {how!r}\n{KNOWS_MUCH}")
    assert (int(held) > 20_000) == is_kept


def test_the_heap_is_collected_less_often_the_more_is_free() -> None:
    script = """
import gc
from yaguts_device.phases import Phase

def every(room):
    kept = bytearray(gc.mem_free() - room)
    with Phase():
        inside = gc.threshold()
    print(inside >= 1024, gc.threshold() // 1024)

every(60_000)
gc.collect()
every(30_000)
gc.collect()
every(6_000)
"""
    assert run("micropython", script).splitlines() == ["True 4", "True 2", "True 1"]
