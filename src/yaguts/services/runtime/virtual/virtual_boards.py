"""Virtual boards: the real firmware in child processes, each with a flash of its own.

A file in the flash's folder says that a board is to run, where, and for which server: it starts
again with the server, and when its process was killed. In a copy of the folder it does not: the
board that was copied may run. Where another process has removed the file, or written it anew, the
board gives up its place.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from threading import Lock

from yaguts.domain.errors import Unavailable
from yaguts.services.runtime.virtual.flash_lock import is_used, opened, take

_log = logging.getLogger(__name__)
_SERVER_PREFIX = "YAGUTS_"
"""Settings and secrets of the server, which a board must not see."""
PATIENCE_S = 5
_RUNNING = "running"


class Boards:
    """The virtual boards that this process runs, up to a number. Their flash outlives them."""

    def __init__(self, folder: Path | None = None, most: int = 0) -> None:
        self._folder, self._most = folder, most
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._servers: dict[str, str] = {}
        self._written: dict[str, int | None] = {}
        self._failed = set[str]()
        self._lock = Lock()

    @property
    def offered(self) -> bool:
        """Whether this server runs any."""
        return self._folder is not None and self._most > 0

    def start(self, uid: str, server: str, new_code: Callable[[], str]) -> bool:
        """Start the board unless it runs. False when there is no room for another.

        The code pairs the board if its flash holds no valid token. Raises `Unavailable` when its
        files cannot be used.
        """
        with self._lock:
            try:
                return self._started(uid, server, new_code)
            except OSError as error:
                self._say_once(uid)
                raise Unavailable from error

    def _started(self, uid: str, server: str, new_code: Callable[[], str]) -> bool:
        self._clear()
        if uid in self._children and self._servers[uid] == server:
            return True
        if uid not in self._children and self._runs_elsewhere(uid):
            return True
        code = new_code()
        if uid in self._children:  # It has no code, or the server has another address by now.
            _kill(self._children.pop(uid))
        if self._folder is None or len(self._children) >= self._most:
            return False
        self._begin(self._folder / uid, server, code)
        return True

    def look_after(self, start_again: Callable[[], bool]) -> None:
        """End what is to end here. One of several processes starts again what has ended."""
        self.clear()
        if start_again():
            self.start_again()

    def start_again(self) -> None:
        """Start the boards that are to run, and run neither here nor in another process: they ended
        with the process that had them, or by themselves.
        """
        for note in self._notes():
            try:
                with self._lock:
                    self._start_again(note)
                self._failed.discard(note.parent.name)
            except FileNotFoundError:
                pass  # Its owner lets it go now.
            except OSError:
                self._say_once(note.parent.name)

    def clear(self) -> None:
        """End the boards that another process has let go. Their flash is free then."""
        with self._lock:
            self._clear()

    def stop(self, uid: str) -> None:
        """Stop the board for good if it runs here, or in another process with this folder.

        No path is made of `uid`: a real board may say any text.
        """
        with self._lock:
            for note in self._notes():
                if note.parent.name == uid:
                    note.unlink(missing_ok=True)
            self._clear()

    def close(self) -> None:
        """Stop all boards until the server starts again."""
        with self._lock:
            while self._children:
                _kill(self._children.popitem()[1])

    def _notes(self) -> list[Path]:
        return sorted(self._folder.glob(f"*/{_RUNNING}")) if self._folder is not None else []

    def _runs_elsewhere(self, uid: str) -> bool:
        """Whether another process runs the board, and is not about to end it."""
        if self._folder is None or not (self._folder / uid / _RUNNING).exists():
            return False
        return is_used(self._folder / uid)

    def _start_again(self, note: Path) -> None:
        flash, written = note.parent, _when_written(note)
        server, _, place = note.read_text("utf-8").partition("\n")
        if place != str(flash.resolve()):
            return
        self._clear()
        if flash.name in self._children or len(self._children) >= self._most:
            return
        with opened(flash) as lock:
            if take(lock):
                # Without a code: nearly always its flash holds its token.
                self._run(flash, server, "", lock)
                self._written[flash.name] = written

    def _begin(self, flash: Path, server: str, code: str) -> None:
        flash.mkdir(parents=True, exist_ok=True)
        with opened(flash) as lock:
            take(lock)  # Or the child waits: another process is about to end the one before.
            self._run(flash, server, code, lock)
            self._written[flash.name] = _remember(flash, server)

    def _run(self, flash: Path, server: str, code: str, lock: TextIOWrapper) -> None:
        self._children[flash.name] = _process(flash, server, code, lock)
        self._servers[flash.name] = server if code else ""

    def _say_once(self, uid: str) -> None:
        """Of several failures in a row the first goes into the log."""
        if uid not in self._failed:
            extra = {"about": {"board": uid, "folder": str(self._folder)}}
            _log.exception("A virtual board does not start, and is tried again", extra=extra)
        self._failed.add(uid)

    def _clear(self) -> None:
        """Make room where a board has ended, or is to."""
        going_on = {note.parent.name: _when_written(note) for note in self._notes()}
        for uid, child in tuple(self._children.items()):
            is_ours = uid in going_on and going_on[uid] == self._written.get(uid)
            if not is_ours or child.poll() is not None:
                _kill(self._children.pop(uid))


def _remember(flash: Path, server: str) -> int | None:
    """Note that the board is to run. Returns when that was written."""
    note = flash / _RUNNING
    note.write_text(f"{server}\n{flash.resolve()}", "utf-8")
    return _when_written(note)


def _when_written(note: Path) -> int | None:
    """None: it is no longer there."""
    with suppress(OSError):
        return note.stat().st_mtime_ns
    return None


def _process(flash: Path, server: str, code: str, lock: TextIOWrapper) -> "subprocess.Popen[bytes]":
    options = {"--server": server, "--uid": flash.name, "--flash": str(flash)}
    arguments = [str(lock.fileno()), *(word for option in options.items() for word in option)]
    child = subprocess.Popen(
        [sys.executable, "-m", "yaguts.services.runtime.virtual.board_process", *arguments],
        env=_without_server_settings(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(lock.fileno(),),
    )
    assert child.stdin is not None
    with suppress(BrokenPipeError):  # It has ended already.
        child.stdin.write(f"{code}\n".encode("ascii"))
        child.stdin.flush()
    return child


def _kill(child: "subprocess.Popen[bytes]") -> None:
    child.kill()
    child.communicate(timeout=PATIENCE_S)


def _without_server_settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in environment.items() if not name.startswith(_SERVER_PREFIX)
    }
