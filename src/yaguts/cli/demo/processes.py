"""Start Yaguts' own programs as child processes that end with their parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

READY_WITHIN_S = 30


class DidNotStart(RuntimeError):
    """A child ended, or was not ready in time; the text says which, and what it printed last."""


@contextmanager
def running(arguments: list[str], environment: Mapping[str, str], log: Path) -> Generator[None]:
    """`yaguts …` as a child, its output in `log`, ended when the block ends."""
    child = None
    try:
        # A Ctrl-C during the start waits until the child is known.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            child = _start(arguments, environment, log)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield
    finally:
        if child is not None:
            _end(child)


def _start(
    arguments: list[str], environment: Mapping[str, str], log: Path
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "yaguts.cli", *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_for(what: str, ready: Callable[[], bool], log: Path) -> None:
    """Return as soon as `ready()`; `DidNotStart` when it takes too long."""
    deadline = time.monotonic() + READY_WITHIN_S
    while not ready():
        if time.monotonic() > deadline:
            lines = log.read_text(errors="replace").splitlines()[-5:]
            raise DidNotStart("\n".join([f"{what} did not start.", *lines]))
        time.sleep(0.05)


def free_port(wanted: int) -> int:
    """The wanted port, or the next one that nobody listens on."""
    for port in range(wanted, wanted + 100):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DidNotStart(f"No free port from {wanted} to {wanted + 99}.")
