"""Real receivers of alerts on this computer: a mail server, and a server for webhooks."""

import json
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

LOCAL = ("127.0.0.0/8",)
"""What the operator allows, so that alerts reach these receivers."""


@dataclass
class MailBox:
    """What a mail server was sent."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])

    @property
    def address(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=yaguts@example.org&to=ana@example.org"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]

    def texts(self) -> list[str]:
        bodies = (mail.get_body(("plain",)) for mail in self.mails)
        return [body.get_content() for body in bodies if body is not None]


@contextmanager
def mail_box() -> Generator[MailBox]:
    """A mail server that takes everything."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        box = MailBox(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass(frozen=True)
class Received:
    """One request to the receiver of webhooks."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Hooks:
    """What a server for webhooks was sent, and what it answers."""

    port: int
    status: int = 204
    location: str = ""
    received: list[Received] = field(default_factory=list[Received])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def told(self) -> list[tuple[str, str, str]]:
        """Kind, event and subject of each request."""
        return [(one.told["tipo"], one.told["evento"], one.told["sobre"]) for one in self.received]


@contextmanager
def hooks(port: int = 0) -> Generator[Hooks]:
    """A server that takes webhooks and remembers them."""
    taken = Hooks(port)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            taken.received.append(Received(self.path, dict(self.headers), body))
            self.send_response(taken.status)
            if taken.location:
                self.send_header("Location", taken.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    taken.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield taken
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
