"""Refusals that say when to come again are sent late: whoever comes again at once waits longer.

Without this, a crowd that does not heed them takes all the time of a process.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class LateRefusals:
    """Sends answers with `Retry-After` so many seconds late. Nothing is held but the connection."""

    def __init__(self, app: ASGIApp, late_s: float) -> None:
        self._app, self._late_s = app, late_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Called by the server."""

        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start" and _says_when(message):
                await asyncio.sleep(self._late_s)
            await send(message)

        await self._app(scope, receive, send_late if self._late_s else send)


def _says_when(message: Message) -> bool:
    return any(name == b"retry-after" for name, _ in message["headers"])
