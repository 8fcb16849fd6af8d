"""A board is replaced: its owner pairs another one, which gets the place after an hour, or at once
when they say so.
"""

import json
from collections.abc import Callable
from typing import Any

from yaguts_sim.checkers.online import OnlineChecker
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.events.orders import PAIRED_WITHIN_S, order, pair_again, pair_if_unknown
from yaguts_sim.faults.kinds import Fault, ReplacementMode
from yaguts_sim.setup.kitchen import Errand, Replacement, SimKitchen
from yaguts_wire import words as w

SAYS = {ReplacementMode.YES: True, ReplacementMode.YES_THEN_BACK: True, ReplacementMode.NO: False}
KEEPS_ITS_PLACE = (ReplacementMode.BACK_BEFORE, ReplacementMode.NO)
COMES_BACK = (ReplacementMode.SILENT_THEN_BACK, ReplacementMode.YES_THEN_BACK)

ANSWERS_AFTER_S = 20
TOO_EARLY_S = 50 * 60
HOUR_IS_OVER_S = 62 * 60
BACK_BEFORE_S = 30 * 60
HANDED_WITHIN_S = 80
"""Longer than a poll is held, and shorter than the order's time to live."""
AWAY_S = 30
"""Longer than a poll is held: a living board asks for nothing until the newcomer has asked."""
TRY_AGAIN_S = 5
SMALL_ORDER = 3
"""It takes two seconds, and waits in the queue when the dispenser is busy."""
_OPEN = "SELECT state FROM jobs WHERE dispenser_id = ? AND finished_at IS NULL"


def replace_board(kitchen: SimKitchen, checker: OnlineChecker, fault: Fault) -> None:
    """Unplug a dispenser's board. Its owner pairs another one after the fault's span.

    One board in a history, and none whose token is being revoked: an unpaired one has no place.
    """
    if not kitchen.errands:
        BoardReplacement(kitchen, checker, fault).begin(fault.span_ms)


class BoardReplacement:
    """What the owner of a board does from its end until the place has a board again."""

    def __init__(self, kitchen: SimKitchen, checker: OnlineChecker, fault: Fault) -> None:
        self._kitchen, self._checker, self._board = kitchen, checker, fault.board
        self._mode = ReplacementMode(fault.mode)
        self._old = kitchen.machines[fault.board]
        self._newcomer = kitchen.add_newcomer()
        place = kitchen.initial.device_ids[fault.board]
        self._replacement = Replacement(place, self._old.number, self._newcomer.number)
        self._errand = Errand()

    def begin(self, paired_after_ms: int) -> None:
        """Unplug the board, and do the rest later."""
        kitchen = self._kitchen
        kitchen.errands.append(self._errand)
        kitchen.replacement = self._replacement
        kitchen.retire_copies("its owner finds the copy")
        self._old.unplug(f"its board is replaced, {self._mode}")
        self._checker.watch(self._newcomer)
        kitchen.world.after(paired_after_ms * US_PER_MS, self._pair)

    def _pair(self) -> None:
        pair_again(self._kitchen, self._newcomer)
        if self._mode in SAYS:
            self._later(ANSWERS_AFTER_S, self._say, SAYS[self._mode])
        else:
            self._later(ANSWERS_AFTER_S, self._order)
        if self._mode is ReplacementMode.BACK_BEFORE:
            self._later(BACK_BEFORE_S, self._plug_in)
            self._later(HOUR_IS_OVER_S - AWAY_S, self._lose_wifi)
        if SAYS.get(self._mode) is not True:
            self._later(TOO_EARLY_S, self._order)
            self._later(HOUR_IS_OVER_S, self._order_at_last)

    def _say(self, yes: bool) -> None:
        """Answer whether the board is replaced. Whoever is not asked any more pairs it anew."""
        shown = self._shown()
        if shown is None:
            self._later(TRY_AGAIN_S, self._say, yes)
        elif shown[w.ID] == self._replacement.place:
            self._later(TRY_AGAIN_S, self._order_at_last)
        elif shown[w.NEWCOMER]:
            self._answer(shown[w.ID], yes)
        else:
            self._kitchen.person.ask("DELETE", f"/devices/{shown[w.ID]}")
            self._newcomer.power_off("its owner types another code")
            pair_again(self._kitchen, self._newcomer)
            self._later(ANSWERS_AFTER_S, self._say, yes)

    def _answer(self, newcomer_id: int, yes: bool) -> None:
        self._replacement.said = yes
        body = {w.REPLACES: self._replacement.place if yes else None}
        said = self._kitchen.person.ask("PUT", f"/devices/{newcomer_id}/replaces", body)
        heard = said is not None and said.status == 200
        self._kitchen.timeline.note("person", "says what is replaced:", body, "heard:", heard)
        if not heard:
            self._later(TRY_AGAIN_S, self._say, yes)
        elif yes:
            self._checker.places.take()
            self._later(ANSWERS_AFTER_S, self._order_at_last)

    def _order(self) -> None:
        order(self._kitchen, self._board, SMALL_ORDER, ())

    def _order_at_last(self) -> None:
        """Order until the board that has the place then is handed a job."""
        self._order()
        self._later(HANDED_WITHIN_S, self._look, self._must_be_handed())

    def _look(self, must_be_handed: bool) -> None:
        if self._mode in KEEPS_ITS_PLACE:
            self._errand.over = True
        elif any(one.board == self._newcomer.number for one in self._checker.accepted.values()):
            self._end()
        else:
            if must_be_handed:
                who = self._newcomer.who
                self._checker.report("I8", f"{who} does not get the place of a silent board")
            self._say(True)

    def _must_be_handed(self) -> bool:
        """Whether the newcomer must be handed what was just ordered, although nobody said so.

        A clock that jumped makes the server forget when the old board was heard of. A request of
        that board may have come late, and an order of another dispenser answers the question.
        """
        shown, place, rows = self._shown(), self._replacement.place, self._kitchen.host.rows
        return (
            self._replacement.said is None
            and not self._kitchen.host.harness.jumped
            and self._checker.places.is_silent(self._replacement)
            and shown is not None
            and shown[w.NEWCOMER]
            and rows(_OPEN, place) == [("queued",)]
        )

    def _end(self) -> None:
        """End. A board that comes back gets nothing of what is ordered then."""
        if self._mode not in COMES_BACK:
            self._errand.over = True
            return
        self._plug_in()
        self._later(ANSWERS_AFTER_S, self._order)
        self._later(ANSWERS_AFTER_S + HANDED_WITHIN_S, setattr, self._errand, "over", True)

    def _plug_in(self) -> None:
        self._old.plug_in()
        self._later(PAIRED_WITHIN_S, pair_if_unknown, self._kitchen, self._old)

    def _lose_wifi(self) -> None:
        self._old.network.lose_wifi(2 * AWAY_S * US_PER_S)

    def _shown(self) -> Any:
        """The newcomer as its owner sees it; None before it is paired, or without the server."""
        answer = self._kitchen.person.ask("GET", "/me/devices")
        if answer is None or answer.status != 200:
            return None
        shown = json.loads(answer.body)[w.DEVICES]
        return next((one for one in shown if one[w.UID] == self._newcomer.uid), None)

    def _later(self, seconds: int, step: Callable[..., object], *arguments: object) -> None:
        self._kitchen.world.after(seconds * US_PER_S, step, *arguments)
