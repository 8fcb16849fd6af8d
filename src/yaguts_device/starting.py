"""A start of the board: it opens the portal or works. Neither is loaded with the other."""

from yaguts_device.phases import Phase

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board


async def start(board: "Board", code: str) -> None:
    """Open the portal if it was asked for or nothing is configured; then work for ever.

    `code` is the pairing code that the board was given over its cable.
    """
    with Phase():
        await _open_portal_if_needed(board)
    await _work(board, code)


async def _open_portal_if_needed(board: "Board") -> None:
    from yaguts_device.flow.portal_wish import is_configured, take_wish

    wanted = take_wish(board)
    if wanted or not is_configured(board):
        from yaguts_device.portal.opening import open_as_needed

        await open_as_needed(board, wanted)


async def _work(board: "Board", code: str) -> None:
    from yaguts_device.app import supervise
    from yaguts_device.net.address import parse_url

    async def set_up() -> None:
        with Phase():
            from yaguts_device.flow.portal_wish import want_portal

            want_portal(board)

    await supervise(board, parse_url(board.configured().server), code, set_up)
