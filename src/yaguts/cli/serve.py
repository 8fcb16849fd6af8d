"""`yaguts serve`: the server on a port."""

import os
import secrets
import socket
from collections.abc import Generator, Iterable
from functools import partial
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

import click
import uvicorn

from yaguts.cli.connections import guarded
from yaguts.cli.ending import EndingServer
from yaguts.cli.phones import say_for_phones
from yaguts.cli.startup.environment import data_option, own_database
from yaguts.cli.startup.loading import nothing_collected
from yaguts.cli.workers import SHARED_FOLDER, WORKER, run_together
from yaguts.http.lan_addresses import bracketed, is_local
from yaguts.http.watching.log_lines import log_configuration
from yaguts.services.people.first_word import word_at_start
from yaguts.services.runtime.files.data_folder import (
    default_folder,
    is_former,
    whereabouts,
    work_tree_around,
)
from yaguts.services.runtime.files.secret_key import with_secret_key
from yaguts.settings import THIS_COMPUTER, Settings, unknown
from yaguts.storage.db.copying.copies import sqlite_file

GRACE_S = 10
"""Answers under way may take this long when the server is told to stop."""
KEEP_ALIVE_S = 65
"""Longer than dispensers are silent between two calls, so that they need not reconnect."""
LARGEST_WS_MESSAGE = 64 * 1024
_PROGRAM = "yaguts.app:from_environment"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@data_option
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(host: str, port: int, workers: int) -> None:
    """Upgrade the database, then answer people and dispensers."""
    wanted = own_database()
    with_secret_key(wanted, secrets.token_bytes)  # before a worker needs it
    os.environ.pop(SHARED_FOLDER, None)  # one process alone counts in its memory
    config = uvicorn.Config(
        _PROGRAM if workers == 1 else WORKER,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http=guarded(partial(is_proxy, wanted.trusted_proxies)),  # pyright: ignore[reportArgumentType]
        log_config=log_configuration(wanted),
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # The application reads them: see http/public_address.py.
        server_header=False,
        ws_max_size=LARGEST_WS_MESSAGE,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    listener = listening(config)
    for note in _notes(wanted, workers):
        click.echo(f"Note: {note}", err=True)
    port = listener.getsockname()[1]
    click.echo(f"Yaguts: http://{bracketed(host)}:{port}")
    click.echo(whereabouts(wanted))
    word = word_at_start(wanted, secrets.token_bytes, reachable=is_reachable(host, wanted))
    if word:
        click.echo(f"The first account needs this word: {word}")
    say_for_phones(host, port, wanted.public_url)
    if workers > 1:
        run_together(config, listener)
    else:
        with nothing_collected():
            config.load()
        EndingServer(config).run(sockets=[listener])


def listening(config: uvicorn.Config) -> socket.socket:
    """A socket that accepts connections, each of which sends what it has at once.

    Accepted sockets inherit the option. asyncio does not set it: the socket names no protocol.
    Without it, the kernel keeps an answer's last part until the one before is acknowledged, for
    which a dispenser takes 40 ms. Raises `ClickException` when the address cannot be had.
    """
    listener = _bound(config.host, config.port)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.listen(config.backlog)
    return listener


def is_reachable(host: str, wanted: Settings) -> bool:
    """Whether others than this computer's people can reach a server on `host`, or by a proxy."""
    public = urlsplit(wanted.public_url).hostname or "localhost"
    return not all(_is_of_this_computer(each) for each in (host, public))


def _is_of_this_computer(host: str) -> bool:
    if is_local(host):
        return host != ""
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def is_proxy(trusted: Iterable[str], host: str) -> bool:
    """Whether many people may come from an address.

    They do from this machine's own, from a socket file's, and from a trusted proxy's.
    """
    if not host:
        return True
    address = ip_address(host.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in ip_network(network) for network in (*THIS_COMPUTER, *trusted))


def _notes(wanted: Settings, workers: int) -> Generator[str]:
    """What whoever runs the server should know, and need not change today."""
    for name in unknown(os.environ):
        yield f"{name} is no setting of this version."
    file = sqlite_file(wanted.database_url)
    if file is not None and workers > 1:
        yield "several workers are no gain with SQLite, where one writes at a time. One is right."
    if is_former(wanted, os.environ):
        yield _how_to_move(wanted, "yaguts.db*" if file else "yaguts.{key,mark,virtual}")
    if file is not None and (tree := work_tree_around(file.parent)):
        yield f"{file} lies in the git work tree {tree}, where `git clean` may remove it."


def _how_to_move(wanted: Settings, files: str) -> str:
    here, folder = wanted.data_folder, default_folder(os.environ)
    return (
        f"the data in {here} is from before there was a data folder, and goes on being used. To"
        f" move it, stop the server: mkdir -p {folder} && mv {here}/{files} {folder}/"
    )


def _bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {host}, port {port}: {error.strerror}. Is --host an address of this"
            " computer, and --port free?"
        ) from None
    listener.set_inheritable(True)  # for the workers
    return listener
