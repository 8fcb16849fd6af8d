"""The dispenser's token, its heartbeat interval, and the last pairing code."""

from binascii import crc32

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Flash

from yaguts_device.journal.cells import read_cell, write_cell
from yaguts_device.phases import Phase
from yaguts_wire.limits import HEARTBEAT_S

NAMESPACE = "config"
PORTAL = "portal"
"""The cell of `flow.portal_wish`."""


def all_keys() -> "list[str]":
    """Every key that may stand there, in the order in which a factory reset erases them.

    `board` is the last one: see `flow.factory_reset`.
    """
    return ["token_a", "token_b", "beat_s", "code", "clock", PORTAL, "board"]


class Identity:
    """Namespace `config`: the token in two slots, the heartbeat, the fingerprint of the last code.

    The record of a renewed token also holds the token before it.
    """

    def __init__(self, flash: "Flash") -> None:
        from yaguts_device.journal.slots import Slots

        self._flash = flash
        self._number, tokens = Slots(flash, "token").read()
        self.token, _, self._former = bytes(tokens).decode().partition("\n")
        self.heartbeat_s = read_cell(self._flash, "beat_s") or HEARTBEAT_S

    def is_spent(self, code: str) -> bool:
        """Whether the pairing code was used or refused before. A code is tried once."""
        return read_cell(self._flash, "code") == _fingerprint(code)

    def spend(self, code: str) -> None:
        """Never try this code again."""
        write_cell(self._flash, "code", _fingerprint(code))

    def keep(self, token: str, heartbeat_s: int) -> None:
        """Store a new token in the place of the old one."""
        self._write(token, "")
        write_cell(self._flash, "beat_s", heartbeat_s)
        self.heartbeat_s = heartbeat_s

    def renew(self, token: str) -> None:
        """Store a renewed token beside the old one, which works until the new one is used."""
        self._write(token, self.token)

    def fall_back(self) -> bool:
        """Use the other token of the two: the refusal may not be the server's. False when there is
        one only.
        """
        if not self._former:
            return False
        self.token, self._former = self._former, self.token
        return True

    def _write(self, token: str, former: str) -> None:
        self._number += 1
        tokens = (token + "\n" + former if former else token).encode()
        with Phase():
            from yaguts_device.journal.slots import Slots

            Slots(self._flash, "token").write(self._number, tokens)
        self.token, self._former = token, former


def _fingerprint(code: str) -> int:
    return crc32(code.encode()) & 0x7FFFFFFF
