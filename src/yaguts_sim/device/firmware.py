"""The real firmware, as a simulated board boots it."""

from yaguts_device.app import supervise
from yaguts_device.journal.identity import NAMESPACE
from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.flash import SimFlash
from yaguts_sim.device.machine import Firmware

RECORD_HEAD_BYTES = 16


def firmware(code: str = "") -> Firmware:
    """The program of a boot. `code` pairs a dispenser that has no token yet."""

    async def boot(board: SimBoard) -> None:
        board.dark()  # boot.py does this first
        await supervise(board, board.server, code)

    return boot


def token_of(flash: SimFlash) -> str:
    """The dispenser's token; empty before it is paired."""
    return next(iter(tokens_in(flash)), "")


def tokens_in(flash: SimFlash) -> list[str]:
    """The dispenser's tokens: its own, and the one before while the server may know that one."""
    for slot in ("token_a", "token_b"):
        value = flash.values.get((NAMESPACE, slot))
        if isinstance(value, bytes):
            return value[RECORD_HEAD_BYTES:].decode().split("\n")
    return []


def is_paired(flash: SimFlash) -> bool:
    """Whether the dispenser has a token."""
    return bool(token_of(flash))
