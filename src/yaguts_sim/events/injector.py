"""Let the timed faults of a history happen: one small function a kind."""

from collections.abc import Callable

from yaguts_sim.checkers.online import Witness
from yaguts_sim.device.flash import Key
from yaguts_sim.device.machine import Machine
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.events.nonsense import send_nonsense
from yaguts_sim.events.orders import (
    answer,
    cancel,
    claim_anew,
    order_again,
    order_twice,
    refill,
    set_asks,
)
from yaguts_sim.faults.kinds import Fault, Kind
from yaguts_sim.setup.kitchen import Kitchen

JOURNAL = "job_state"
_GO_BACK = (Kind.RESTORED, Kind.SERVER_POWER)
"""Their mode is how many seconds of what the database took in are gone."""


class Fate:
    """Deals out what happens at its time in one kitchen."""

    def __init__(self, kitchen: Kitchen, witness: Witness) -> None:
        self.kitchen = kitchen
        self.witness = witness

    def plan(self) -> None:
        """Put every timed fault on the clock."""
        world = self.kitchen.world
        for fault in self.kitchen.hazards.timed:
            if fault.kind in _GO_BACK:
                then_ms = max(0, fault.at - int(fault.mode) * 1000)
                world.at(then_ms * US_PER_MS, self.kitchen.host.copy, fault.number)
            world.at(fault.at * US_PER_MS, self._befall, fault)

    def _befall(self, fault: Fault) -> None:
        if self.kitchen.hazards.calm:
            return
        self.kitchen.hazards.strike(fault)
        if fault.kind in _TO_MACHINES:
            _TO_MACHINES[fault.kind](self.kitchen.machines[fault.board], fault)
        else:
            _TO_KITCHENS[fault.kind](self, fault)


# What befalls a dispenser


def _cut(machine: Machine, fault: Fault) -> None:
    machine.cut(str(fault.kind), fault.span_ms)


def _brown_out(machine: Machine, fault: Fault) -> None:
    """The supply comes back and sags again, a few times in a row."""
    for number in range(int(fault.mode)):
        delay_ms = number * (fault.span_ms + 450)
        machine.world.after(delay_ms * US_PER_MS, machine.cut, str(fault.kind), 60)


def _watchdog(machine: Machine, fault: Fault) -> None:
    machine.hang(fault.span_ms)
    machine.world.after(fault.span_ms * US_PER_MS, machine.reset, str(fault.kind))


def _soft_reset(machine: Machine, fault: Fault) -> None:
    machine.reset(str(fault.kind), fault.span_ms)


def _hang(machine: Machine, fault: Fault) -> None:
    machine.hang(fault.span_ms)


def _fill_flash(machine: Machine, fault: Fault) -> None:
    machine.flash.full = True
    machine.world.after(fault.span_ms * US_PER_MS, setattr, machine.flash, "full", False)


def _flip(machine: Machine, fault: Fault) -> None:
    key = _journal_key(machine, int(fault.mode))
    if key is not None:
        machine.timeline.note(machine.who, "has a bit flipped in", key[1])
        machine.flash.flip(key, fault.at)
        machine.spoil(key)


def _lose_cell(machine: Machine, fault: Fault) -> None:
    key = _journal_key(machine, int(fault.mode))
    if key is not None:
        machine.timeline.note(machine.who, "loses", key[1])
        machine.flash.remove(key)
        machine.spoil(key)


def _journal_key(machine: Machine, number: int) -> Key | None:
    keys = sorted(key for key in machine.flash.values if key[0] == JOURNAL)
    return keys[number % len(keys)] if keys else None


def _jump_clock(machine: Machine, fault: Fault) -> None:
    if machine.clock_offset_us is not None:
        machine.clock_offset_us += int(fault.mode) * US_PER_S


def _break_jar(machine: Machine, fault: Fault) -> None:
    machine.break_jar(int(fault.mode), fault.kind)


def _lose_wifi(machine: Machine, fault: Fault) -> None:
    machine.network.lose_wifi(fault.span_ms * US_PER_MS)


def _portal(machine: Machine, fault: Fault) -> None:
    machine.network.portal = fault.mode
    machine.network.portal_until = machine.world.now + fault.span_ms * US_PER_MS


_TO_MACHINES: dict[Kind, Callable[[Machine, Fault], None]] = {
    Kind.POWER_CUT: _cut,
    Kind.LONG_OUTAGE: _cut,
    Kind.BROWNOUT: _brown_out,
    Kind.WATCHDOG: _watchdog,
    Kind.SOFT_RESET: _soft_reset,
    Kind.HANG: _hang,
    Kind.FLASH_FULL: _fill_flash,
    Kind.BIT_FLIP: _flip,
    Kind.CELL_GONE: _lose_cell,
    Kind.BOARD_CLOCK: _jump_clock,
    Kind.NO_FLOW: _break_jar,
    Kind.STUCK: _break_jar,
    Kind.NO_DRIVER: _break_jar,
    Kind.WIFI_DOWN: _lose_wifi,
    Kind.PORTAL: _portal,
}


# What befalls the server, and what people do


def _kill_server(fate: Fate, fault: Fault) -> None:
    fate.kitchen.host.kill(str(fault.kind), fault.span_ms)


def _skew_server(fate: Fate, fault: Fault) -> None:
    fate.kitchen.host.premises.skew += int(fault.mode) * US_PER_S


def _restore(fate: Fate, fault: Fault) -> None:
    fate.kitchen.host.restore(fault.number, fault.span_ms)


def _cut_server(fate: Fate, fault: Fault) -> None:
    fate.kitchen.host.lose_power(fault.number, fault.span_ms)


def _cancel(fate: Fate, _fault: Fault) -> None:
    cancel(fate.kitchen, fate.witness)


def _order(fate: Fate, fault: Fault) -> None:
    order_again(fate.kitchen, fault.board, fault.at)


def _order_twice(fate: Fate, fault: Fault) -> None:
    order_twice(fate.kitchen, fault.board, fault.at)


def _refill(fate: Fate, fault: Fault) -> None:
    refill(fate.kitchen, fate.witness, fault.board, int(fault.mode))


def _nonsense(fate: Fate, _fault: Fault) -> None:
    send_nonsense(fate.kitchen, fate.witness)


def _have_it_ask(fate: Fate, fault: Fault) -> None:
    """From now on jobs for it are asked about, and answered, if at all, always alike."""
    set_asks(fate.kitchen, fault.board)

    def hear(job_id: int, key: str) -> None:
        answer(fate.kitchen, fate.witness, job_id, key, fault.mode)

    fate.witness.hear_question[fault.board] = hear


def _factory_reset(fate: Fate, fault: Fault) -> None:
    """Token and journal are erased; the owner claims the dispenser anew, when the server is up."""
    machine = fate.kitchen.machines[fault.board]
    machine.power_off(str(fault.kind))
    machine.forget_everything()
    claim_anew(fate.kitchen, machine)


_TO_KITCHENS: dict[Kind, Callable[[Fate, Fault], None]] = {
    Kind.FACTORY_RESET: _factory_reset,
    Kind.SERVER_DOWN: _kill_server,
    Kind.SERVER_CLOCK: _skew_server,
    Kind.RESTORED: _restore,
    Kind.SERVER_POWER: _cut_server,
    Kind.CANCEL: _cancel,
    Kind.ORDER: _order,
    Kind.RETRY: _order_twice,
    Kind.REFILL: _refill,
    Kind.NONSENSE: _nonsense,
    Kind.ASKS: _have_it_ask,
}
