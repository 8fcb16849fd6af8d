"""`yaguts device flash`: a board from the box to its first answer from the server."""

import secrets
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TextColumn

from yaguts.cli.device.plainly import (
    ask_password,
    failing_plainly,
    port_option,
    restarted_if_refused,
    show_label,
)
from yaguts.services.firmware.board_tree import BoardTree, build
from yaguts.services.firmware.label import new_password
from yaguts.services.firmware.pin_uses import Configuration
from yaguts.services.firmware.release.keys import read_public
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.configuration import ACCESS_POINT, changed, parsed
from yaguts.services.firmware.usb.facts import BoardFacts
from yaguts.services.firmware.usb.flashing import ask_board, flash, refuse_unfit
from yaguts.services.firmware.usb.image import read_image
from yaguts.services.firmware.usb.log import ANSWERED, PORTAL_OPEN, start_and_wait
from yaguts.services.firmware.usb.on_board import KEYS
from yaguts.services.firmware.usb.ports import find_port
from yaguts.services.firmware.usb.rom import Rom, percent
from yaguts.services.firmware.wiring import warnings

WAIT_S = 180
WIFI_OR_NONE = "Wi-Fi (nothing: set it up with a phone)"


@click.command(name="flash")
@port_option
@click.option(
    "--image",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="MicroPython, as downloaded, to write before.",
)
@click.option("--erase", is_flag=True, help="With --image: forget everything on the board.")
@click.option("--wifi", metavar="NAME", help="The Wi-Fi; its password is asked for.")
@click.option("--server", metavar="URL", help="Where your server answers.")
@click.option("--code", metavar="CODE", help="The pairing code that your server shows.")
@click.option(
    "--configuration",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A yaguts.json to put on the board, in the place of the one there.",
)
@click.option(
    "--label",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the board's label as SVG, to print it.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A public key whose releases it takes over the air; at most two.",
)
@click.option("--wait", default=WAIT_S, show_default=True, help="Seconds for the server; 0: none.")
def flash_command(
    port: str | None,
    image: Path | None,
    erase: bool,
    wifi: str | None,
    server: str | None,
    code: str | None,
    configuration: Path | None,
    label: Path | None,
    keys: tuple[Path, ...],
    wait: int,
) -> None:
    """Put the firmware onto a board, or a newer one, and wait until your server has answered it.

    A board that has it already keeps its token, its journal, its configuration and its keys.
    Without a Wi-Fi it is set up with a phone, in its own Wi-Fi, whose label is shown.
    """
    if len(keys) > len(KEYS):
        raise click.UsageError(f"--key: a board holds {len(KEYS)} keys at most.")
    if erase and not image:
        raise click.UsageError("--erase needs --image: what is erased has to be written again.")
    with failing_plainly():
        moduli = [read_public(file).modulus for file in keys]
        tree = build()
        cable = Cable(find_port(port))
        if image:
            _write_micropython(cable.port, image, erase)
        facts = ask_board(cable)
        refuse_unfit(facts, tree)
        click.echo(f"{cable.port}: {facts.chip}, MicroPython {'.'.join(map(str, facts.version))}")
        with restarted_if_refused(cable):
            before = parsed(facts.configuration, "yaguts.json on the board")
            start = before
            if configuration:
                start = parsed(configuration.read_bytes(), str(configuration))
            after = _decided(facts, start, wifi, server, code)
        slot = _put(cable, tree, before, after, moduli)
        click.echo(f"The firmware is in {slot}, whole: each file was read back.")
        show_label(facts.uid, after, label)
        if wait:
            click.echo("The board starts; its log:")
            start_and_wait(cable, lambda line: click.echo(f"  {line}"), wait, _awaited(after))
            click.echo(_DONE[_awaited(after)])
        else:
            cable.restart()


def _awaited(configuration: Configuration) -> str:
    """What the board says when it has come up: that it was answered, or that its portal is open."""
    return ANSWERED if configuration.get("wifi") and configuration.get("server") else PORTAL_OPEN


_DONE = {
    ANSWERED: "Done: your server has answered the board.",
    PORTAL_OPEN: "Done: connect a phone to the Wi-Fi on the label; the page that opens sets it up.",
}


def _write_micropython(port: str, file: Path, erase: bool) -> None:
    rom = Rom(port)
    image = read_image(file.read_bytes(), rom.chip())
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("MicroPython", total=100)
        rom.write(image, erase, lambda line: progress.update(task, completed=percent(line)))


def _decided(
    facts: BoardFacts,
    before: Configuration,
    wifi: str | None,
    server: str | None,
    code: str | None,
) -> Configuration:
    """The configuration for the board. What a new one needs is asked for."""
    if not before.get("server"):
        if not before.get("wifi"):
            wifi = wifi or click.prompt(WIFI_OR_NONE, default="", show_default=False)
        if wifi or before.get("wifi"):
            server = server or click.prompt("Address of your server (https://…)")
            code = code or click.prompt("Pairing code that it shows")
    wifi = wifi or None
    values = {"wifi": wifi, "password": ask_password(wifi), "server": server, "code": code}
    if not before.get(ACCESS_POINT):
        values[ACCESS_POINT] = new_password(secrets.choice)
    after = changed(facts.chip, before, values)
    for warning in warnings(facts.chip, after):
        click.echo(f"Note: {warning}")
    return after


def _put(
    cable: Cable,
    tree: BoardTree,
    before: Configuration,
    after: Configuration,
    moduli: Sequence[bytes],
) -> str:
    total = sum(map(len, tree.files.values())) + len(tree.manifest())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("Copying", total=total)
        return flash(cable, tree, before, after, lambda size: progress.advance(task, size), moduli)
