"""`yaguts device run`: the real firmware in a process, with relays that only log."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import click

from yaguts.services.firmware.compiling import BuildError
from yaguts.services.firmware.kept_tree import kept_tree

VM = Literal["cpython", "micropython"]

_HEAP = "64wK"
"""What an ESP32 starts with; `w` doubles it for the 64-bit words of this machine."""
_OWN_MICROPYTHON = Path(sys.prefix).with_name(".venv-micropython") / "bin" / "micropython"


def _address(_context: click.Context, _option: click.Parameter, url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise click.BadParameter("an address such as http://127.0.0.1:8000")
    return url


def _below_a_folder(_context: click.Context, _option: click.Parameter, folder: str) -> str:
    above = next(each for each in Path(folder).absolute().parents if each.exists())
    if not above.is_dir():
        raise click.BadParameter(f"{above} is no folder")
    return folder


def _in_a_folder(_context: click.Context, _option: click.Parameter, file: str | None) -> str | None:
    if file is not None and not Path(file).absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {Path(file).absolute().parent}")
    return file


@click.command(name="run")
@click.option(
    "--server", required=True, metavar="URL", callback=_address, help="Where the server answers."
)
@click.option("--uid", required=True, help="The board's name for itself, 4 to 64 characters.")
@click.option(
    "--flash",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False),
    callback=_below_a_folder,
    help="Its memory; survives everything.",
)
@click.option(
    "--claim",
    metavar="CODE",
    help="The code that links it to its owner, once; - reads it from standard input.",
)
@click.option(
    "--relay-log",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    callback=_in_a_folder,
    help="Where every edge of a relay is appended.",
)
@click.option("--vm", type=click.Choice(["cpython", "micropython"]), default="cpython")
def run(
    server: str, uid: str, flash: str, claim: str | None, relay_log: str | None, vm: VM
) -> None:
    """Run the firmware in this process until it is killed. The process id stays the same."""
    options = {"--claim": claim, "--relay-log": relay_log}
    arguments = ["-m", "yaguts_device", "--server", server, "--uid", uid, "--flash", flash]
    for name, value in options.items():
        arguments += [] if value is None else [name, value]
    sys.stdout.flush()
    if vm == "cpython":
        os.execv(sys.executable, [sys.executable, *arguments])
    _exec_micropython(arguments)


def _exec_micropython(arguments: Sequence[str]) -> None:
    """Run the files that a board runs: compiling the sources would take more heap than it has."""
    program = shutil.which("micropython") or shutil.which(str(_OWN_MICROPYTHON))
    if program is None:
        raise click.ClickException("No micropython here: `make setup` brings one, or use cpython.")
    try:
        environment = {**os.environ, "MICROPYPATH": f".frozen:{kept_tree()}"}
    except BuildError as error:
        raise click.ClickException(str(error)) from error
    os.execve(program, [program, "-X", f"heapsize={_HEAP}", *arguments], environment)
