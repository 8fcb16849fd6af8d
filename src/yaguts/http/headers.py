"""The security headers of every answer."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
"""The defaults, for an answer with private data that is not a page. An answer may set its own."""
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")
_PLAIN = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_SECURE = [*_PLAIN, (HTTPS_ONLY[0].lower().encode(), HTTPS_ONLY[1].encode())]


class SecurityHeaders:
    """ASGI middleware that adds the security headers that an answer lacks."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_missing(message, https=scope["scheme"] == "https")
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_missing(message: Message, *, https: bool) -> None:
    headers: list[tuple[bytes, bytes]] = list(message["headers"])
    present = {name for name, _ in headers}
    missing = [pair for pair in (_SECURE if https else _PLAIN) if pair[0] not in present]
    message["headers"] = headers + missing
