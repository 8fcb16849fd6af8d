"""A board on a USB cable: the real MicroPython of the unix port behind a pty, on a fake ESP32.

It starts, resets and is reset as a board: `boot.py` and `main.py` from its root, a soft reset with
Ctrl-D, a hard one by `machine.reset()`. Its power can be cut at any byte that comes over the cable.
"""

import os
import pty
import select
import signal
import subprocess
import termios
import threading
import time
import tty
from pathlib import Path

import yaguts_device
from tests.support.components import micropython

FAKES = Path(__file__).parent / "fake_chip"
HAL = Path(yaguts_device.__file__).parent / "hal"
POWER_ON, HARD, WATCHDOG, SOFT = 1, 2, 3, 5
_FRIENDLY, _RAW, _INTERRUPT, _SOFT_RESET = b"\x02", b"\x01", b"\x03", b"\x04"
_END = 4
"""The byte with which a message to the raw REPL ends."""
_PROMPT = b">>> "
_ON_TERMINAL = 'exec "$@" <"$0" >"$0" 2>&1'
"""The first terminal that the leader of a session opens is the one whose Ctrl-C it gets."""
_BANNER = b"raw REPL; CTRL-B to exit\r\n>"


class UsbBoard:
    """A board whose file system is `root` and whose NVS is `nvs`, both folders.

    `cut_at` says how many bytes from the PC it still takes; then its plug is pulled.
    """

    def __init__(self, folder: Path, cause: int = POWER_ON) -> None:
        self._cause = cause
        self.root, self.nvs = folder / "root", folder / "nvs"
        self.root.mkdir(parents=True, exist_ok=True)
        self.nvs.mkdir(exist_ok=True)
        self._asked_to_reset = self.nvs / "reset"
        self.watchdog = self.nvs / "watchdog"
        self.received = 0
        self.message_ends: list[int] = []
        self.cut_at: int | None = None
        self.starts: list[int] = []
        self.said = b""
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.port = os.ttyname(self._theirs)
        self._is_raw = False
        self._over = threading.Event()
        self._vm: subprocess.Popen[bytes] | None = None
        self._console = -1
        self._thread = threading.Thread(target=self._live, daemon=True)

    def __enter__(self) -> "UsbBoard":
        self._start(self._cause)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)
        if self._vm:
            self._stop()
            os.close(self._ours)
        os.close(self._theirs)

    def has_power(self) -> bool:
        """Whether its plug is still in."""
        return self._vm is not None

    # The life of a board

    def _live(self) -> None:
        while not self._over.is_set():
            assert self._vm
            ready, _, _ = select.select([self._ours, self._console], [], [], 0.05)
            if self._ours in ready:
                self._take(_read(self._ours))
            if self._vm and self._console in ready:
                self._tell(_read(self._console))
            if self._vm and self._has_bitten():
                self._stop()
                self._is_raw = False
                self._start(WATCHDOG)
            elif self._vm and (self._asked_to_reset.exists() or self._vm.poll() is not None):
                self._restart()

    def _has_bitten(self) -> bool:
        """Whether a watchdog is armed and was not fed for its time. Soft resets leave it armed."""
        try:
            timeout_ms = int(self.watchdog.read_text() or "60000")
            return time.time() * 1000 > self.watchdog.stat().st_mtime * 1000 + timeout_ms
        except FileNotFoundError:
            return False

    def _take(self, data: bytes) -> None:
        for byte in data:
            if self.cut_at is not None and self.received >= self.cut_at:
                return self._pull_the_plug()
            if byte == _END:
                self.message_ends.append(self.received)
            self.received += 1
            if self._vm:
                os.write(self._console, bytes([byte]))
        return None

    def _pull_the_plug(self) -> None:
        """The port goes with the power: the PC sees that the cable is dead."""
        self._stop()
        self._over.set()
        os.close(self._ours)

    def _tell(self, data: bytes) -> None:
        self.said += data
        if _BANNER in self.said[-len(data) - len(_BANNER) :]:
            self._is_raw = True
        elif self.said.endswith(_PROMPT):
            self._is_raw = False
        os.write(self._ours, data)

    def _restart(self) -> None:
        assert self._vm
        self._drain()
        status = self._vm.returncode
        self._stop()
        if self._asked_to_reset.exists():
            self._asked_to_reset.unlink()
            self._is_raw = False
            self._start(HARD)
        elif status == -signal.SIGINT:  # a board does not hear Ctrl-C so early
            self._start(self.starts.pop())
        else:
            self._tell(b"MPY: soft reboot\r\n")
            self._start(SOFT)

    def _drain(self) -> None:
        while select.select([self._console], [], [], 0)[0]:
            data = _read(self._console)
            if not data:
                return
            self._tell(data)

    def _start(self, cause: int) -> None:
        self.starts.append(cause)
        if cause != SOFT:
            self.watchdog.unlink(missing_ok=True)
        self._console, end = pty.openpty()
        tty.setraw(end)
        modes = termios.tcgetattr(end)
        modes[3] |= termios.ISIG
        termios.tcsetattr(end, termios.TCSANOW, modes)
        script = [FAKES / "start.py", FAKES, HAL, self.nvs, str(cause)]
        run_main = [] if self._is_raw and cause == SOFT else ["main"]
        self._vm = subprocess.Popen(
            ["sh", "-c", _ON_TERMINAL, os.ttyname(end), micropython(), "-i", *script, *run_main],
            cwd=self.root,
            start_new_session=True,
        )
        self._end = end
        if self._is_raw and cause == SOFT:
            os.write(self._console, _RAW)

    def _stop(self) -> None:
        if self._vm:
            self._vm.kill()
            self._vm.wait()
            self._vm = None
            os.close(self._console)
            os.close(self._end)


def _read(end: int) -> bytes:
    try:
        return os.read(end, 4096)
    except OSError:
        return b""
