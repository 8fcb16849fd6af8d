import asyncio

import pytest

from yaguts_sim.engine.clock import Halted, Loop, World


def test_hours_pass_at_once_and_in_order() -> None:
    world, heard = World(), []

    async def sleeper(hours: int) -> None:
        await asyncio.sleep(hours * 3600)
        heard.append((hours, world.now))

    loop = Loop(world, "dispenser")
    for hours in (3, 1, 2):
        loop.create_task(sleeper(hours))
    assert not world.run(until=4 * 3_600_000_000)
    assert heard == [(hours, hours * 3_600_000_000) for hours in (1, 2, 3)]
    assert world.now == 4 * 3_600_000_000


def test_timeouts_expire_in_virtual_time() -> None:
    world, heard = World(), []

    async def impatient() -> None:
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(60)
        except TimeoutError:
            heard.append(world.now)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(60), 2)
        heard.append(world.now)

    Loop(world, "dispenser").create_task(impatient())
    world.run(until=100_000_000)
    assert heard == [5_000_000, 7_000_000]


def test_a_killed_interpreter_never_runs_again_and_leaves_the_others_alone() -> None:
    world, heard = World(), []

    async def ticking(name: str) -> None:
        while True:
            await asyncio.sleep(1)
            heard.append((world.now // 1_000_000, name))

    victim, other = Loop(world, "victim"), Loop(world, "other")
    victim.create_task(ticking("victim"))
    other.create_task(ticking("other"))
    world.at(1_500_000, victim.kill)
    world.run(until=3_000_000)
    assert heard == [(1, "victim"), (1, "other"), (2, "other"), (3, "other")]


def test_power_lost_inside_a_step_ends_the_whole_interpreter() -> None:
    world, heard = World(), []

    async def falls() -> None:
        raise Halted

    async def bystander() -> None:
        await asyncio.sleep(1)
        heard.append("alive")

    loop = Loop(world, "dispenser")
    loop.create_task(bystander())
    loop.create_task(falls())
    world.run(until=5_000_000)
    assert loop.dead
    assert heard == []


def test_what_a_dying_program_tries_it_tries_at_the_instant_of_death() -> None:
    world, heard = World(), []

    async def tidy() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            heard.append(world.now)

    loop = Loop(world, "dispenser")
    loop.create_task(tidy())
    world.at(7_000_000, loop.kill)
    world.run(until=90_000_000)
    assert heard == [7_000_000]


def test_a_hung_interpreter_wakes_late_while_time_passes() -> None:
    world, heard = World(), []

    async def ticking() -> None:
        while True:
            await asyncio.sleep(1)
            heard.append(world.now)

    loop = Loop(world, "dispenser")
    loop.create_task(ticking())
    world.at(1_500_000, loop.hang, 4_000_000)
    world.run(until=5_500_000)
    assert heard == [1_000_000, 4_000_000, 5_000_000]
