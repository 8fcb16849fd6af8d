"""The real firmware, as a board in the world boots it."""

from yaguts_device.app import supervise
from yaguts_device.io.identity import NAMESPACE as TOKEN_NAMESPACE
from yaguts_device.io.link import parse_url
from yaguts_sim.board import Board
from yaguts_sim.machine import Firmware

__all__ = ["TOKEN_NAMESPACE", "firmware"]

SERVER = parse_url("http://cozinha:8000")


def firmware(code: str = "") -> Firmware:
    """What a boot runs; `code` claims a dispenser that has no token yet."""

    async def boot(board: Board) -> None:
        board.dark()  # the first thing that boot.py does
        await supervise(board, SERVER, code)

    return boot
