"""Processes by what stands in their command lines."""

from pathlib import Path


def command_lines(text: str) -> dict[int, str]:
    """The processes with the text in their command lines, and these lines."""
    found: dict[int, str] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().decode()
        except OSError:  # the process has ended
            continue
        if text in line:
            found[int(process.name)] = line
    return found
