"""Commands to the board's MicroPython, through mpremote."""

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from yaguts.services.firmware.usb.errors import BrokenOff, UsbError
from yaguts.services.firmware.usb.programs import RECONNECT, OnLine, find_program, run_program

SILENT_S = 20
"""mpremote says something at least for each file; the longest takes less than this."""
START_S = 2
"""A board takes so long until it hears what is sent to it."""
TRIES = 4
_MARK = "yaguts "
_GREETING = ("Connected to MicroPython at ", "Use Ctrl-] ")
_SHOW = "\nprint('yaguts', json.dumps({expression}))\n"

Command = Sequence["str | Path"]
Worked = TypeVar("Worked")


RESTART = """
import esp32, machine, time
try:
    cells = esp32.NVS("slot")
    cells.erase_key("tries")
    cells.commit()
except OSError:
    pass
time.sleep_ms(100)
machine.reset()
"""
"""The loader does not count this start against a release on trial. The pause lets mpremote hear
that the code was taken.
"""


class Cable:
    """A board on a port. What is run on it interrupts whatever runs there."""

    def __init__(self, port: str, silent_s: float = SILENT_S, start_s: float = START_S) -> None:
        self.port = port
        self._silent_s = silent_s
        self._start_s = start_s

    def do(self, *commands: Command, resume: bool = True, on_line: OnLine = str) -> str:
        """Run commands of mpremote one after the other; what they said.

        Without `resume` the board is reset softly before: its outputs go dark and its heap is
        empty. Raises `UsbError`, and `BrokenOff` when the board no longer answers.
        """
        arguments: list[str | Path] = [find_program("mpremote"), "connect", self.port]
        arguments += ["resume"] if resume else []
        for command in commands:
            arguments += [*command, "+"]
        status, told = run_program(arguments[:-1], on_line, self._silent_s)
        if status:
            raise _error(self.port, told)
        return told

    def ask(self, code: str, expression: str, resume: bool = True) -> Any:
        """What an expression is on the board, after this code. It has to be JSON."""
        shown = "import json\n" + code + _SHOW.format(expression=expression)
        told = self.do(["exec", shown], resume=resume)
        for line in told.splitlines():
            if line.startswith(_MARK):
                return json.loads(line.removeprefix(_MARK))
        raise BrokenOff(f"The board gave no answer. {RECONNECT}")

    def patiently(self, work: "Callable[[], Worked]", tries: int = TRIES) -> Worked:
        """What the work gives. It is tried again when a watchdog or a restart comes between."""
        for left in reversed(range(tries)):
            try:
                return work()
            except BrokenOff:
                if not left:
                    raise
                time.sleep(self._start_s)
        raise AssertionError  # not reached

    def restart(self, code: str = RESTART) -> None:
        """A hard reset, at the end of this code: no watchdog is armed, and `boot.py` runs first."""
        self.do(["exec", "--no-follow", code])
        time.sleep(self._start_s)

    def watch_restart(self, on_line: OnLine, at_most_s: float) -> None:
        """A hard reset, and what the board says then, until `on_line` gives True."""
        arguments = [find_program("mpremote"), "connect", self.port, "resume", "exec", RESTART]
        run_program(arguments, on_line, at_most_s=at_most_s)

    def watch(self, on_line: OnLine, at_most_s: float | None = None) -> None:
        """What the board says, without disturbing it, until `on_line` gives True.

        mpremote wants a terminal: it gets one without keys. Its own two lines are left out.
        """

        def said(line: str) -> object:
            return None if line.startswith(_GREETING) else on_line(line)

        ours, theirs = os.openpty()
        arguments = [find_program("mpremote"), "connect", self.port, "resume", "repl"]
        try:
            status, told = run_program(arguments, said, at_most_s=at_most_s, stdin=theirs)
        finally:
            os.close(ours)
            os.close(theirs)
        if status > 0:
            raise _error(self.port, told)


def _error(port: str, told: str) -> UsbError:
    last = told.strip().splitlines()[-1:] or ["mpremote failed"]
    if Path(port).is_absolute() and not Path(port).exists():
        return BrokenOff(f"{port} has gone. {RECONNECT}")
    if "failed to access" in told:
        return UsbError(
            f"{port} is used by another program: close it (a monitor, Thonny, the Arduino IDE), "
            "and run this again."
        )
    if "ENOSPC" in told or "Errno 28" in told:
        return UsbError(
            "The board's file system is full: run `yaguts device flash` with --image and --erase."
        )
    if "OSError:" in told and "Traceback" in told and "serial" not in told:
        return UsbError(f"The board could not do it: {last[0]}. Run `yaguts device flash` again.")
    return BrokenOff(f"The board does not answer as MicroPython does ({last[0]}). {RECONNECT}")
