"""What all histories of a process share: the application, and the initial state."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from yaguts_sim.device.firmware import firmware, is_paired, token_of
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.engine.clock import US_PER_S
from yaguts_sim.faults.kinds import Fault
from yaguts_sim.server.harness import ServerHarness
from yaguts_sim.setup import initial_data
from yaguts_sim.setup.kitchen import InitialState, SimKitchen
from yaguts_wire import words as w

UIDS = ("simulado-1", "simulado-2")


class SharedSetup:
    """Makes the kitchen of each history."""

    def __init__(self) -> None:
        self.harness = ServerHarness()
        self._initial = self._make_initial_state()

    def kitchen(
        self, seed: int, faults: Sequence[Fault], boards: int, flashes: tuple[SimFlash, ...] = ()
    ) -> SimKitchen:
        """A kitchen in its initial state. `flashes` replaces the flashes of its dispensers."""
        initial = self._initial
        if flashes:
            initial = replace(initial, flashes=flashes)
        return SimKitchen(self.harness, initial, firmware(), seed, faults, boards)

    def _make_initial_state(self) -> InitialState:
        """Make an account, recipes and two paired dispensers, as a person and two boards would."""
        bare = InitialState(
            self.harness.database.save(), (SimFlash(), SimFlash()), UIDS, (0, 0), ("", ""), "", ()
        )
        kitchen = SimKitchen(self.harness, bare, firmware(), seed=0, faults=(), boards=0)
        kitchen.start()
        person = kitchen.person
        initial_data.sign_up(person)
        recipes = initial_data.write_recipes(person)
        flashes = tuple(self._pair(kitchen, number) for number in range(len(UIDS)))
        device_ids = tuple(device["id"] for device in person.get("GET", "/me/devices")["devices"])
        for device_id, rates in zip(device_ids, initial_data.RATES_G_PER_S, strict=True):
            initial_data.fill_jars(person, device_id, rates)
        kitchen.close()
        return InitialState(
            self.harness.database.save(),
            flashes,
            UIDS,
            device_ids,
            tuple(token_of(flash) for flash in flashes),
            person.cookie,
            recipes,
            len(initial_data.SPICES) * len(device_ids),
        )

    def _pair(self, kitchen: SimKitchen, number: int) -> SimFlash:
        """Pair a dispenser. Its flash afterwards."""
        answer = kitchen.person.get("POST", "/devices/claims", {w.FORMAT: w.LONG_FORMAT})
        machine = kitchen.add_machine(number, firmware(answer[w.CODE]))
        machine.power_on()
        kitchen.world.run(kitchen.world.now + 60 * US_PER_S, lambda: is_paired(machine.flash))
        kitchen.world.run(kitchen.world.now + 2 * US_PER_S)
        machine.power_off("it is paired")
        return machine.flash.copy()


@lru_cache(maxsize=1)
def setup_of_this_process() -> SharedSetup:
    """The one setup of this process, made at the first call."""
    return SharedSetup()
