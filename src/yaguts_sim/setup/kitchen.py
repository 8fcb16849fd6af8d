"""A simulated kitchen: the server, the dispensers, a person and the faults."""

from collections.abc import Sequence
from dataclasses import dataclass

from yaguts_sim.device.flash import SimFlash
from yaguts_sim.device.machine import Firmware, Machine
from yaguts_sim.engine.clock import World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Fault
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.network.network import Network
from yaguts_sim.server.harness import ServerHarness
from yaguts_sim.server.host import Host
from yaguts_sim.setup.people import SimPerson
from yaguts_sim.setup.script import random_stream

_KEPT = "SELECT 'audit log', id FROM trail UNION SELECT 'sessions', token_hash FROM sessions"


@dataclass(frozen=True)
class InitialState:
    """A kitchen before its history begins."""

    database: bytes
    flashes: tuple[SimFlash, ...]
    uids: tuple[str, ...]
    device_ids: tuple[int, ...]
    tokens: tuple[str, ...]
    cookie: str
    recipes: tuple[int, ...]
    amounts_entered: int = 0


@dataclass
class Errand:
    """What people set out to do. A history goes on until it is `over`."""

    over: bool = False


@dataclass
class Replacement:
    """A board beside which its owner paired another one. `place` is its dispenser's id.

    `old` and `newcomer` are numbers of machines. `said`: whether the owner says that the old one is
    replaced; None before they say anything.
    """

    place: int
    old: int
    newcomer: int
    said: bool | None = None


class SimKitchen:
    """The parts of one history."""

    def __init__(
        self,
        harness: ServerHarness,
        initial: InitialState,
        firmware: Firmware,
        seed: int,
        faults: Sequence[Fault],
        boards: int,
    ) -> None:
        self.world = World()
        self.initial = initial
        self.timeline = Timeline(self.world)
        self.faults = FaultSchedule(faults, self.timeline)
        harness.load(initial.database, lambda: self.world.now, random_stream(seed, "server"))
        self.host = Host(self.world, harness, self.faults, self.timeline)
        self.machines: list[Machine] = []
        self.errands: list[Errand] = []
        self.replacement: Replacement | None = None
        self._seed = seed
        for number in range(boards):
            self.add_machine(number, firmware)
        self.host.on_death = self._reset_lines
        self.person = SimPerson(self.host.server, initial.cookie)
        self.kept_at_first = self.kept()

    def add_machine(self, number: int, firmware: Firmware) -> Machine:
        """Add a dispenser without power."""
        uid, flash = self.initial.uids[number], self.initial.flashes[number]
        return self._add(number, uid, flash, firmware)

    def add_copy(self, original: Machine, *, same_name: bool) -> Machine:
        """Add a second board with a copy of a dispenser's flash, without power.

        If it says the same name, nothing but the acceptance number tells the two apart. Then the
        copy was made before the history began, when no job was in it.
        """
        number = len(self.machines)
        flash = self.initial.flashes[original.number] if same_name else original.flash
        uid = original.uid if same_name else f"copia-{number}"
        machine = self._add(number, uid, flash, original.firmware)
        machine.copy_of = original.number
        machine.waited_for = same_name  # the other one has no token any more
        return machine

    def add_newcomer(self) -> Machine:
        """Add a board with an empty flash and a name of its own, without power."""
        number = len(self.machines)
        return self._add(number, f"simulado-{number}-novo", SimFlash(), self.machines[0].firmware)

    def retire_copies(self, why: str) -> None:
        """Take every copied board away."""
        for machine in self.machines:
            if machine.copy_of is not None and machine.waited_for:
                machine.retire(why)

    def _add(self, number: int, uid: str, flash: SimFlash, firmware: Firmware) -> Machine:
        network = Network(
            self.world,
            self.host.server,
            self.faults,
            self.timeline,
            random_stream(self._seed, f"network {number}"),
            number,
        )
        chance = random_stream(self._seed, f"dispenser {number}")
        machine = Machine(number, uid, flash.copy(), network, firmware, chance)
        self.machines.append(machine)
        return machine

    def kept(self) -> set[tuple[str, object]]:
        """The rows that nothing in a history may remove: of the audit log, and of sessions."""
        found = self.host.rows(_KEPT)
        return {(table, row) for table, row in found}

    def start(self) -> None:
        """Switch everything on."""
        self.host.start()
        for machine in self.machines:
            machine.power_on()

    def end_faults(self) -> None:
        """Let no new fault strike. Those of a dispenser that last a while end in their own time."""
        self.faults.over = True
        self.timeline.note("world", "calms down")
        self.host.repair()

    def close(self) -> None:
        """End the history: nothing of it may go on in the next one."""
        for machine in self.machines:
            machine.power_off("the history is over")
        self.host.server.kill()

    def _reset_lines(self) -> None:
        for machine in self.machines:
            machine.network.reset_all()
