"""`yaguts serve`: the server on a port."""

import secrets
from socket import IPPROTO_TCP, TCP_NODELAY, socket

import click
import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from yaguts.cli.connections import guarded
from yaguts.cli.startup.environment import settings, upgrade_database
from yaguts.cli.startup.loading import nothing_collected
from yaguts.services.runtime.secret_key import with_secret_key

GRACE_S = 10
"""Answers under way may take this long when the server is told to stop."""
KEEP_ALIVE_S = 65
"""Longer than dispensers are silent between two calls, so that they need not reconnect."""
_OWN = ("", "127.0.0.1", "::1", "::ffff:127.0.0.1")
LARGEST_WS_MESSAGE = 64 * 1024


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Upgrade the database, then answer people and dispensers."""
    _prepare()
    config = uvicorn.Config(
        "yaguts.app:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=guarded(is_proxy),  # pyright: ignore[reportArgumentType]
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=LARGEST_WS_MESSAGE,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    listener = listening(config)
    click.echo(f"Yaguts: http://{host}:{listener.getsockname()[1]}")
    if workers > 1:
        Multiprocess(config, sockets=[listener]).run()
    else:
        with nothing_collected():
            config.load()
        uvicorn.Server(config).run(sockets=[listener])


def listening(config: uvicorn.Config) -> socket:
    """A socket that accepts connections, each of which sends what it has at once.

    Accepted sockets inherit the option. asyncio does not set it: uvicorn's socket names no
    protocol. Without it, the kernel keeps an answer's last part until the one before is
    acknowledged, for which a dispenser takes 40 ms.
    """
    listener = config.bind_socket()
    listener.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    listener.listen(config.backlog)
    return listener


def is_proxy(address: str) -> bool:
    """Whether many people may come from the address: it is this machine's, or a socket file's."""
    return address in _OWN


def _prepare() -> None:
    """Prepare the database and the key before a worker needs them."""
    wanted = settings()
    upgrade_database(wanted)
    with_secret_key(wanted, secrets.token_bytes)
