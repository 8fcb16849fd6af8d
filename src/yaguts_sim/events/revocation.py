"""A token is revoked while its dispenser's poll is held: nothing is handed out to it any more."""

import json
from collections.abc import Callable

from yaguts_sim.checkers.online import OnlineChecker
from yaguts_sim.device.firmware import token_of, tokens_in
from yaguts_sim.engine.clock import US_PER_MS, US_PER_S
from yaguts_sim.events.orders import is_known, order_again, pair_again
from yaguts_sim.faults.kinds import Fault, RevocationMode
from yaguts_sim.setup.kitchen import Errand, SimKitchen
from yaguts_wire import words as w

ORDERS_AFTER_MS = 200
LOOKS_EVERY_MS = 500
RENEWED_WITHIN_S = 60
LONGEST_WAIT_S = 30
"""For a poll to be held. Then the token is revoked whatever the dispenser does."""
_NO_WIFI_MS = 300


def revoke_token(kitchen: SimKitchen, checker: OnlineChecker, fault: Fault) -> None:
    """Revoke the dispenser's token once its poll is held. It is paired again after the span.

    One token in a history, and none of a board that is being replaced.
    """
    if not kitchen.errands and kitchen.machines[fault.board].plugged_in:
        TokenRevocation(kitchen, checker, fault).begin()


class TokenRevocation:
    """What the owner of a dispenser does from the revocation until it is in service again."""

    def __init__(self, kitchen: SimKitchen, checker: OnlineChecker, fault: Fault) -> None:
        self._kitchen, self._checker, self._fault = kitchen, checker, fault
        self._machine = kitchen.machines[fault.board]
        self._device = kitchen.initial.device_ids[fault.board]
        self._errand = Errand()
        self._until = kitchen.world.now + LONGEST_WAIT_S * US_PER_S

    def begin(self) -> None:
        """Wait until the poll is held, then revoke the token."""
        self._kitchen.errands.append(self._errand)
        self._revoke_when_held()

    def _revoke_when_held(self) -> None:
        held = self._machine.powered and self._machine.number in self._checker.idle_since
        if held or self._kitchen.world.now >= self._until:
            self._revoke()
        else:
            self._later(LOOKS_EVERY_MS, self._revoke_when_held)

    def _revoke(self) -> None:
        ways = {
            RevocationMode.UNPAIRED: self._unpair,
            RevocationMode.PAIRED_ELSEWHERE: self._pair_elsewhere,
        }
        ways.get(RevocationMode(self._fault.mode), self._renew)()

    def _unpair(self) -> None:
        answer = self._kitchen.person.ask("DELETE", f"/devices/{self._device}")
        if answer is not None and answer.status == 204:
            self._revoked()
        else:
            self._later(LOOKS_EVERY_MS, self._unpair)

    def _pair_elsewhere(self) -> None:
        person = self._kitchen.person
        answer = person.ask("POST", "/devices/claims", {w.FORMAT: w.LONG_FORMAT})
        if answer is not None and answer.status == 200:
            body = {w.UID: self._machine.uid, w.CLAIM_CODE: json.loads(answer.body)[w.CODE]}
            answer = person.ask("POST", "/devices/claim", body)
        if answer is not None and answer.status == 200:
            self._revoked()
        else:
            self._later(LOOKS_EVERY_MS, self._pair_elsewhere)

    def _revoked(self) -> None:
        """Order something while the old poll may still be held, and pair the dispenser later."""
        self._kitchen.timeline.note("person", "revokes the token of", self._machine.who)
        for token in tokens_in(self._machine.flash):
            self._checker.tokens.revoke(token)
        self._order_later()
        self._later(self._fault.span_ms, self._pair)

    def _pair(self) -> None:
        self._machine.power_off("its owner types a code")
        pair_again(self._kitchen, self._machine)
        self._end_when_known()

    def _end_when_known(self) -> None:
        if is_known(self._kitchen, self._machine):
            self._errand.over = True
        else:
            self._later(LOOKS_EVERY_MS, self._end_when_known)

    def _renew(self) -> None:
        answer = self._kitchen.person.ask("POST", f"/devices/{self._device}/token")
        if answer is None or answer.status != 200:
            self._later(LOOKS_EVERY_MS, self._renew)
            return
        self._machine.network.lose_wifi(_NO_WIFI_MS * US_PER_MS)
        self._machine.reset("its owner has its token renewed")
        self._until = self._kitchen.world.now + RENEWED_WITHIN_S * US_PER_S
        self._order_when_renewed(token_of(self._machine.flash))

    def _order_when_renewed(self, before: str) -> None:
        """Order something once the new token was used. Something else may have prevented it."""
        if token_of(self._machine.flash) == before and self._kitchen.world.now < self._until:
            self._later(LOOKS_EVERY_MS, self._order_when_renewed, before)
            return
        self._order_later()
        self._later(2 * ORDERS_AFTER_MS, setattr, self._errand, "over", True)

    def _order_later(self) -> None:
        board, number = self._fault.board, self._fault.at
        self._later(ORDERS_AFTER_MS, order_again, self._kitchen, board, number)

    def _later(self, milliseconds: int, step: Callable[..., object], *arguments: object) -> None:
        self._kitchen.world.after(milliseconds * US_PER_MS, step, *arguments)
