"""mpremote and esptool, run as programs, line by line."""

import os
import select
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from yaguts.services.firmware.usb.errors import BrokenOff, UsbError

OnLine = Callable[[str], object]


def find_program(name: str) -> str:
    """The program's path: beside this Python, or on the PATH. Raises `UsbError`."""
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(str(beside)) or shutil.which(name)
    if found is None:
        raise UsbError(f"{name} is missing: install Yaguts with its extra, [board].")
    return found


def run_program(
    command: Sequence[str | Path],
    on_line: OnLine,
    silent_s: float | None = None,
    at_most_s: float | None = None,
    stdin: int = subprocess.DEVNULL,
) -> tuple[int, str]:
    """Run a program to its end: its status, and what it said.

    It is ended when `on_line` gives True, and after `at_most_s` seconds. Raises `BrokenOff` when
    nothing is heard of it for `silent_s` seconds.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment
    ) as process:
        timer = threading.Timer(at_most_s or 0, process.terminate)
        if at_most_s is not None:
            timer.start()
        try:
            told = _listen(process, on_line, silent_s)
        finally:
            timer.cancel()
            process.terminate()
        return process.wait(), told


def _listen(process: subprocess.Popen[bytes], on_line: OnLine, silent_s: float | None) -> str:
    assert process.stdout is not None
    told, line = b"", b""
    while data := _more(process.stdout.fileno(), silent_s):
        told += data
        *whole, line = (line + data).replace(b"\r", b"\n").split(b"\n")
        if any(on_line(each.decode("utf-8", "replace")) is True for each in whole if each):
            return told.decode("utf-8", "replace")
    process.wait()
    return told.decode("utf-8", "replace")


def _more(pipe: int, silent_s: float | None) -> bytes:
    if not select.select([pipe], [], [], silent_s)[0]:
        raise BrokenOff(f"Nothing was heard for {silent_s:g} s. {RECONNECT}")
    return os.read(pipe, 4096)


RECONNECT = (
    "Pull the cable out and in again, try another one (some only charge), and run this again."
)
