"""Start Yaguts' own programs as child processes that end with their parent."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

READY_WITHIN_S = 30
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class DidNotStart(RuntimeError):
    """A child ended, or was not ready in time; the text says which, and what it printed last."""


@contextmanager
def running(
    arguments: list[str], environment: Mapping[str, str], log: Path, told: str = ""
) -> Generator[None]:
    """`yaguts …` as a child, ended when the block ends. `told` is its input; its output is in
    `log`.
    """
    child = None
    try:
        with _signals_wait():  # until the child is known
            child = _start(arguments, environment, log)
            _tell(child, told)
        yield
    finally:
        if child is not None:
            _end(child)


@contextmanager
def _signals_wait() -> Generator[None]:
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in _ENDS}
    for number in _heard():
        signal.signal(number, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _heard() -> list[signal.Signals]:
    """The signals that end this process, without those that it ignores."""
    return [number for number in _ENDS if signal.getsignal(number) is not signal.SIG_IGN]


def _start(
    arguments: list[str], environment: Mapping[str, str], log: Path
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "yaguts.cli", *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _tell(child: "subprocess.Popen[bytes]", told: str) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError), child.stdin as its_input:
        its_input.write(f"{told}\n".encode())


def _end(child: "subprocess.Popen[bytes]") -> None:
    child.terminate()
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def end_on_signals() -> None:
    """Let a kill or a closed terminal end this process as Ctrl-C does: its children first.

    A second signal changes nothing.
    """
    for number in _heard():
        signal.signal(number, _end_once)


def _end_once(number: int, _frame: FrameType | None) -> None:
    for each in _ENDS:
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


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
    last = min(wanted + 99, 65_535)
    for port in range(wanted, last + 1):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DidNotStart(f"No free port from {wanted} to {last}.")
