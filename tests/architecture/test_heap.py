"""What the firmware holds of a board's heap, measured in MicroPython with the files as built.

The unix port has words of 64 bits. A board holds 0.77 of what is counted here, as an emulated ESP32
showed. A limit is what was measured and about one percent.

    pytest -s tests/architecture/test_heap.py     # prints the table
"""

import subprocess

import pytest

from tests.support.device.vms import command, environment

WORK = "app"
UPDATES = "app flow.updates"
PORTAL = "portal.opening"
LIMITS = {
    WORK: {
        "idle": (49_200, ""),
        "start": (69_700, "flow.factory_reset"),
        "claim": (63_900, "net.token_calls"),
        "offer": (71_700, "flow.job.offer_reading"),
        "job": (93_400, "flow.job.steps flow.job.offers"),
        "pour": (92_700, "flow.job.steps journal.ticks flow.job.pour"),
        "report": (89_700, "flow.job.steps journal.ticks core.report"),
        "parked": (81_300, "flow.job.parked_reports net.job_calls"),
        "clock": (70_900, "flow.time_setting"),
        "panel": (65_200, "flow.panel"),
        "idle again": (62_400, ""),
    },
    UPDATES: {
        "waiting": (50_900, ""),
        "start": (65_200, "update.desk update.settling update.trial"),
        "heartbeat": (57_500, "flow.heartbeat update.desk"),
        "manifest": (67_400, "update.fetching update.judging update.signature hal.slot_files"),
        "piece": (67_000, "update.fetching update.download hal.slot_files"),
        "confirm": (66_700, "update.trial update.key_change update.signature hal.slot_files"),
        "waiting again": (53_600, ""),
    },
    PORTAL: {
        "waiting": (20_000, ""),
        "serving": (43_700, "portal.serving.portal"),
        "contact": (48_900, "portal.first_contact net.token_calls"),
    },
}
"""Of each of the lives of a board: how many bytes are held, and what is loaded for it. A board that
waits for updates works, too.

Three rounds are measured, and the largest counts. After the first one MicroPython's pool of names
has doubled, by 7 KB: names never go.
"""
MEASURE = """
import asyncio, gc, json, os, random, struct, time
def count():
    gc.collect()
    return gc.mem_alloc() - start
def load(values):
    for value in values:
        __import__("yaguts_device." + value)
    return count()
def read(values):
    with Phase():
        return load(values)
values = {phases!r}.split(",")
start = 0
start = count()
import yaguts_device.hal.virtual
load({life!r}.split())
from yaguts_device.phases import Phase
print(count())
for _ in range(3):
    for value in values:
        print(read(value.split()))
"""


def held(life: str) -> dict[str, int]:
    """The bytes that are held in each phase."""
    first, *phases = LIMITS[life]
    script = MEASURE.format(life=life, phases=",".join(LIMITS[life][phase][1] for phase in phases))
    done = subprocess.run(
        [*command("micropython"), "-c", script],
        env=environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    alone, *rounds = [int(line) for line in done.stdout.split()]
    return {first: alone} | {
        phase: max(rounds[place :: len(phases)]) for place, phase in enumerate(phases)
    }


@pytest.mark.parametrize("life", LIMITS)
def test_each_phase_leaves_room(life: str) -> None:
    found = held(life)

    print(*(f"\n{phase:12}{count:7,}" for phase, count in found.items()))
    assert {phase: count for phase, count in found.items() if count > LIMITS[life][phase][0]} == {}
