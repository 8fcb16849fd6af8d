"""When the portal opens, and what it leads to: a network, a server, a token.

It runs before the rest of the firmware is loaded. What it serves is let go before the server is
asked, since a TLS handshake needs the memory.
"""

import asyncio

from yaguts_device.core import set_up
from yaguts_device.flow.portal_wish import is_configured, restart
from yaguts_device.hal import led
from yaguts_device.net.backoff import backoff_ms
from yaguts_device.phases import Phase

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Awaitable

    from yaguts_device.hal.board import Board
    from yaguts_device.portal.serving.form import Wish

PORTAL_MS = 600_000
SHOWN_MS = 60_000
"""How long a success is shown to who comes back."""
LOOK_MS = 100


async def open_as_needed(board: "Board", wanted: bool) -> None:
    """Run the portal, and again as long as nothing is configured.

    `wanted`: somebody asked for it by holding the button, and may hold it still.
    """
    feeding = asyncio.create_task(_feed_watchdog(board)) if board.feed_every_ms else None
    await _alone(_forget_what_is_asked(board, wanted))
    failures = 0
    while True:
        try:
            await _run(board)
        except (OSError, MemoryError) as error:  # the radio, the flash
            failures += 1
            board.log("portal: %r" % (error,))
            await board.sleep_ms(backoff_ms(board, failures))
        if is_configured(board):
            break
    if wanted:
        await _alone(_until_released(board))  # held on, it would ask for a factory reset
    if feeding:
        feeding.cancel()


async def _run(board: "Board") -> None:
    """Open the portal for ten minutes at most. After a success the board restarts."""
    began = board.ticks_ms()
    state = set_up.NOTHING
    while True:
        _show(board, led.SET_UP)
        left_ms = PORTAL_MS - board.ticks_diff(board.ticks_ms(), began)
        wish = await _alone(_serve(board, state, left_ms)) if left_ms > 0 else None
        if wish is None:
            board.log("portal: closed")
            return
        if not wish.ssid:
            await _alone(_forget_everything(board))
            restart(board)
        _show(board, led.CONNECTING)
        state = await _alone(_try_server(board, wish))
        board.log("portal: state %d" % state)
        if state == set_up.DONE:
            await _alone(_serve(board, state, SHOWN_MS))
            restart(board)


def _show(board: "Board", state: int) -> None:
    """On the LED, which may fail."""
    with Phase():
        from yaguts_device.flow.shown import Shown

        Shown(board).show(state)


async def _until_released(board: "Board") -> None:
    from yaguts_device.flow.factory_reset import is_held

    while is_held(board):
        await board.sleep_ms(LOOK_MS)


async def _forget_what_is_asked(board: "Board", wanted: bool) -> None:
    from yaguts_device.flow.factory_reset import forget_if_copied, reset_if_asked

    if not wanted:
        await reset_if_asked(board)
    forget_if_copied(board)


async def _forget_everything(board: "Board") -> None:
    from yaguts_device.flow.factory_reset import forget_everything

    forget_everything(board)


async def _serve(board: "Board", state: int, for_ms: int) -> "Wish | None":
    from yaguts_device.portal.serving.portal import Portal

    return await Portal(board, state).run(for_ms)


async def _try_server(board: "Board", wish: "Wish") -> int:
    from yaguts_device.portal.first_contact import first_contact

    return await first_contact(board, wish)


async def _alone(work: "Awaitable[Any]") -> "Any":
    """The result of the work. What it loads is let go afterwards."""
    with Phase():
        return await work


async def _feed_watchdog(board: "Board") -> None:
    while True:
        board.feed()
        await board.sleep_ms(board.feed_every_ms)
