"""The fault injector: makes the timed faults happen, one small function a kind."""

from collections.abc import Callable

from yaguts_sim.checkers.online import OnlineChecker
from yaguts_sim.device.flash import FlashKey
from yaguts_sim.device.machine import FOR_EVER, Machine
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.events.nonsense import send_nonsense
from yaguts_sim.events.orders import (
    answer,
    cancel,
    look_at_unplugged,
    look_for_copy,
    order_again,
    order_twice,
    pair_again,
    refill,
    set_asks,
)
from yaguts_sim.events.replacement import replace_board
from yaguts_sim.events.revocation import revoke_token
from yaguts_sim.faults.kinds import Fault, FaultKind
from yaguts_sim.setup.kitchen import SimKitchen

JOURNAL = "job_state"
_YEAR_S = 365 * 86_400
_WRONG_S = 3 * _YEAR_S
_GO_BACK = (FaultKind.RESTORED, FaultKind.RESTORED_BY_COMMAND, FaultKind.SERVER_POWER)
"""Their mode: how many seconds of commits are lost."""


class FaultInjector:
    """Makes the timed faults of one kitchen happen."""

    def __init__(self, kitchen: SimKitchen, checker: OnlineChecker) -> None:
        self.kitchen = kitchen
        self.checker = checker

    def plan(self) -> None:
        """Put every timed fault on the clock."""
        world = self.kitchen.world
        for fault in self.kitchen.faults.timed:
            if fault.kind is FaultKind.NO_TIME:
                self.kitchen.machines[fault.board].network.times.secure = True
            if fault.kind in _GO_BACK:
                then_ms = max(0, fault.at - int(fault.mode) * 1000)
                world.at(then_ms * US_PER_MS, self.kitchen.host.copy, fault.number)
            world.at(fault.at * US_PER_MS, self._inject, fault)

    def _inject(self, fault: Fault) -> None:
        if self.kitchen.faults.over:
            return
        self.kitchen.faults.strike(fault)
        if fault.kind is FaultKind.LONG_OUTAGE:  # somebody looks shortly before it ends
            seen = (fault.span_ms - 1) * US_PER_MS
            world, arguments = self.kitchen.world, (self.kitchen, self.checker, fault.board)
            world.after(seen, look_at_unplugged, *arguments)
        if fault.kind in _TO_MACHINES:
            _TO_MACHINES[fault.kind](self.kitchen.machines[fault.board], fault)
        else:
            _TO_KITCHENS[fault.kind](self, fault)


# Faults of a dispenser


def _cut(machine: Machine, fault: Fault) -> None:
    machine.cut(str(fault.kind), fault.span_ms)


def _brown_out(machine: Machine, fault: Fault) -> None:
    """Cut the power several times in a row, each time soon after a boot."""
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
        machine.note_damage(key)


def _lose_cell(machine: Machine, fault: Fault) -> None:
    key = _journal_key(machine, int(fault.mode))
    if key is not None:
        machine.timeline.note(machine.who, "loses", key[1])
        machine.flash.remove(key)
        machine.note_damage(key)


def _journal_key(machine: Machine, number: int) -> FlashKey | None:
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


def _lose_time(machine: Machine, fault: Fault) -> None:
    """What happens to the time after an outage of the house; the clock is lost, unless it is wrong.

    For `span_ms` the internet is away ("late" and "NTP blocked") or the dates are wrong.
    """
    network, times, span = machine.network, machine.network.times, fault.span_ms * US_PER_MS
    if fault.mode != "late":
        times.ntp_ahead_s = _WRONG_S if fault.mode == "NTP wrong" else None
    if fault.mode == "clock wrong":
        machine.clock_offset_us = (times.now_s + _WRONG_S) * US_PER_S - machine.world.now
        machine.reset(str(fault.kind))
        return
    if fault.mode == "dates early":
        times.date_ahead_s = -20 * _YEAR_S
        machine.world.after(span, setattr, times, "date_ahead_s", 0)
    elif fault.mode != "NTP wrong":
        network.lose_internet(span)
    machine.cut(str(fault.kind), 500)


def _break_call(machine: Machine, fault: Fault) -> None:
    machine.failing = fault.mode
    machine.world.after(fault.span_ms * US_PER_MS, setattr, machine, "failing", "")


def _press(machine: Machine, fault: Fault) -> None:
    machine.press(fault.span_ms)


def _break_panel(machine: Machine, fault: Fault) -> None:
    """For good: what is broken stays so."""
    machine.broken = fault.mode
    if fault.mode == "button":
        machine.deaf_until = FOR_EVER


def _offer_for_ever(machine: Machine, fault: Fault) -> None:
    machine.network.endless_offers.begin(fault.mode, fault.span_ms * US_PER_MS)


_TO_MACHINES: dict[FaultKind, Callable[[Machine, Fault], None]] = {
    FaultKind.POWER_CUT: _cut,
    FaultKind.LONG_OUTAGE: _cut,
    FaultKind.BROWNOUT: _brown_out,
    FaultKind.WATCHDOG: _watchdog,
    FaultKind.SOFT_RESET: _soft_reset,
    FaultKind.HANG: _hang,
    FaultKind.FLASH_FULL: _fill_flash,
    FaultKind.BIT_FLIP: _flip,
    FaultKind.CELL_GONE: _lose_cell,
    FaultKind.BOARD_CLOCK: _jump_clock,
    FaultKind.NO_FLOW: _break_jar,
    FaultKind.STUCK: _break_jar,
    FaultKind.NO_DRIVER: _break_jar,
    FaultKind.WIFI_DOWN: _lose_wifi,
    FaultKind.PORTAL: _portal,
    FaultKind.NO_TIME: _lose_time,
    FaultKind.BOARD_CALL: _break_call,
    FaultKind.ENDLESS_OFFERS: _offer_for_ever,
    FaultKind.PRESS: _press,
    FaultKind.PANEL: _break_panel,
}


# Faults of the server, and what people do


def _kill_server(injector: FaultInjector, fault: Fault) -> None:
    injector.kitchen.host.kill(str(fault.kind), fault.span_ms)


def _skew_server(injector: FaultInjector, fault: Fault) -> None:
    """Let the clock be wrong for a while. Somebody puts it right afterwards."""
    harness, jump = injector.kitchen.host.harness, int(fault.mode) * US_PER_S
    harness.jump(jump)
    injector.kitchen.world.after(fault.span_ms * US_PER_MS, _put_right, injector, jump)


def _put_right(injector: FaultInjector, jump: int) -> None:
    injector.kitchen.timeline.note("server", "has its clock put right by", -jump // US_PER_S, "s")
    injector.kitchen.host.harness.jump(-jump)


def _restore(injector: FaultInjector, fault: Fault) -> None:
    _prepare_restore(injector)
    injector.kitchen.host.restore(fault.number, fault.span_ms)


def _restore_by_command(injector: FaultInjector, fault: Fault) -> None:
    _prepare_restore(injector)
    injector.kitchen.host.restore_by_command(fault.number, fault.span_ms)


def _prepare_restore(injector: FaultInjector) -> None:
    """Rule out what nobody could tell after a restore."""
    # The server may offer a job anew that one board has served: its copy cannot know.
    injector.kitchen.retire_copies("its owner finds the copy")
    # The id in a report without a key may be another job's.
    for machine in injector.kitchen.machines:
        machine.network.may_lose_keys = False


def _cut_server(injector: FaultInjector, fault: Fault) -> None:
    injector.kitchen.host.lose_power(fault.number, fault.span_ms)


def _cancel(injector: FaultInjector, _fault: Fault) -> None:
    cancel(injector.kitchen, injector.checker)


def _order(injector: FaultInjector, fault: Fault) -> None:
    order_again(injector.kitchen, fault.board, fault.at)


def _order_twice(injector: FaultInjector, fault: Fault) -> None:
    order_twice(injector.kitchen, fault.board, fault.at)


def _refill(injector: FaultInjector, fault: Fault) -> None:
    refill(injector.kitchen, injector.checker, fault.board, int(fault.mode))


def _nonsense(injector: FaultInjector, _fault: Fault) -> None:
    send_nonsense(injector.kitchen, injector.checker)


def _set_asks(injector: FaultInjector, fault: Fault) -> None:
    """Let the dispenser ask before it resumes a job. A person always gives the same answer."""
    set_asks(injector.kitchen, fault.board)

    def reply(job_id: int, key: str) -> None:
        answer(injector.kitchen, injector.checker, job_id, key, fault.mode)

    injector.checker.on_question[fault.board] = reply


def _factory_reset(injector: FaultInjector, fault: Fault) -> None:
    """Erase token and journal. The owner pairs the dispenser again once the server is up."""
    machine = injector.kitchen.machines[fault.board]
    if not machine.plugged_in:
        return
    injector.kitchen.retire_copies("its owner finds the copy")
    machine.power_off(str(fault.kind))
    machine.forget_everything()
    pair_again(injector.kitchen, machine)


def _copy_flash(injector: FaultInjector, fault: Fault) -> None:
    """Let a second board wake with a copy of the dispenser's flash."""
    kitchen, same_name = injector.kitchen, bool(fault.mode)
    original = kitchen.machines[fault.board]
    if not original.plugged_in:
        return
    if same_name and max(original.forgot_at, kitchen.host.restored_at) >= 0:
        return  # its token is an old one, or jobs may be offered anew that it has not served
    copied = kitchen.add_copy(original, same_name=same_name)
    injector.checker.watch(copied)
    copied.power_on()
    if same_name:
        look_for_copy(kitchen, original, copied)


def _replace_board(injector: FaultInjector, fault: Fault) -> None:
    replace_board(injector.kitchen, injector.checker, fault)


def _revoke_token(injector: FaultInjector, fault: Fault) -> None:
    revoke_token(injector.kitchen, injector.checker, fault)


def _refuse_reports(injector: FaultInjector, fault: Fault) -> None:
    network, (refusal, _, for_good) = (
        injector.kitchen.machines[fault.board].network,
        fault.mode.partition(" "),
    )
    if for_good:
        network.next_report_refused = refusal
    else:
        network.refusal = refusal
        network.reports_refused_until = network.world.now + fault.span_ms * US_PER_MS


_TO_KITCHENS: dict[FaultKind, Callable[[FaultInjector, Fault], None]] = {
    FaultKind.FACTORY_RESET: _factory_reset,
    FaultKind.SERVER_DOWN: _kill_server,
    FaultKind.SERVER_CLOCK: _skew_server,
    FaultKind.RESTORED: _restore,
    FaultKind.RESTORED_BY_COMMAND: _restore_by_command,
    FaultKind.SERVER_POWER: _cut_server,
    FaultKind.CANCEL: _cancel,
    FaultKind.ORDER: _order,
    FaultKind.RETRY: _order_twice,
    FaultKind.REFILL: _refill,
    FaultKind.NONSENSE: _nonsense,
    FaultKind.ASKS: _set_asks,
    FaultKind.FLASH_COPIED: _copy_flash,
    FaultKind.REPORTS_REFUSED: _refuse_reports,
    FaultKind.BOARD_REPLACED: _replace_board,
    FaultKind.TOKEN_REVOKED: _revoke_token,
}
