"""What all histories of a process share: the built server, and the furnished kitchen."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from yaguts_sim.device.firmware import firmware, is_claimed, token_of
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.engine.clock import US_PER_S
from yaguts_sim.faults.kinds import Fault
from yaguts_sim.server.harness import ServerHarness
from yaguts_sim.setup import furnish
from yaguts_sim.setup.kitchen import Furnishing, SimKitchen
from yaguts_wire import words as w

UIDS = ("simulado-1", "simulado-2")


class Stage:
    """Gives each history a kitchen of its own."""

    def __init__(self) -> None:
        self.harness = ServerHarness()
        self._furnishing = self._furnish()

    def kitchen(
        self, seed: int, faults: Sequence[Fault], boards: int, flashes: tuple[SimFlash, ...] = ()
    ) -> SimKitchen:
        """A kitchen as it is before anything has happened. `flashes`: those of used dispensers."""
        furnishing = self._furnishing
        if flashes:
            furnishing = replace(furnishing, flashes=flashes)
        return SimKitchen(self.harness, furnishing, firmware(), seed, faults, boards)

    def _furnish(self) -> Furnishing:
        """Let a person move in: account, recipes, and two dispensers that claim themselves."""
        bare = Furnishing(
            self.harness.database.save(), (SimFlash(), SimFlash()), UIDS, (0, 0), ("", ""), "", ()
        )
        kitchen = SimKitchen(self.harness, bare, firmware(), seed=0, faults=(), boards=0)
        kitchen.start()
        person = kitchen.person
        furnish.sign_up(person)
        recipes = furnish.write_recipes(person)
        flashes = tuple(self._claim(kitchen, number) for number in range(len(UIDS)))
        device_ids = tuple(device["id"] for device in person.get("GET", "/me/devices")["devices"])
        for device_id, rates in zip(device_ids, furnish.RATES_G_PER_S, strict=True):
            furnish.fill_jars(person, device_id, rates)
        kitchen.close()
        return Furnishing(
            self.harness.database.save(),
            flashes,
            UIDS,
            device_ids,
            tuple(token_of(flash) for flash in flashes),
            person.cookie,
            recipes,
            len(furnish.SPICES) * len(device_ids),
        )

    def _claim(self, kitchen: SimKitchen, number: int) -> SimFlash:
        """A dispenser's flash after it has claimed itself with a fresh code."""
        answer = kitchen.person.get("POST", "/devices/claims", {w.FORMAT: w.LONG_FORMAT})
        machine = kitchen.add_machine(number, firmware(answer[w.CODE]), seed=0)
        machine.power_on()
        kitchen.world.run(kitchen.world.now + 60 * US_PER_S, lambda: is_claimed(machine.flash))
        kitchen.world.run(kitchen.world.now + 2 * US_PER_S)
        machine.power_off("moving in is over")
        return machine.flash.copy()


@lru_cache(maxsize=1)
def the_stage() -> Stage:
    """The stage of this process."""
    return Stage()
