"""A real server of web pages on this computer, which may behave badly."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from threading import Event, Thread


@dataclass(frozen=True)
class Answer:
    """What is answered at a path. The body may be in parts, also without an end."""

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Website:
    """A server's pages by path, and which of them were asked for, by which name."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict[str, Answer])
    asked: list[str] = field(default_factory=list[str])
    names: list[str] = field(default_factory=list[str])
    closing: Event = field(default_factory=Event)

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def leads(self, path: str, to: str, status: int = 302) -> None:
        """Let a path redirect."""
        self.pages[path] = Answer(b"", status, {"Location": to})

    def drip(self) -> Iterator[bytes]:
        """A body of which now and then a byte comes, until the server ends."""
        while not self.closing.wait(0.05):
            yield b"."


def endless() -> Iterator[bytes]:
    """A body without an end."""
    return repeat(b"<p>more</p>" * 5000)


@contextmanager
def website() -> Generator[Website]:
    """A server that listens at every address of the loopback range."""
    site = Website(0)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            site.names.append(self.headers["Host"])
            answer = site.pages.get(self.path, Answer(status=404))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            parts = [answer.body] if isinstance(answer.body, bytes) else answer.body
            with suppress(OSError):
                for part in parts:
                    self.wfile.write(part)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = False

    with Server(("0.0.0.0", 0), Handler) as server:
        site.port = server.server_port
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            server.shutdown()
            thread.join()
