"""`yaguts device config`: what a board is told of Wi-Fi, server and wiring."""

from pathlib import Path

import click

from yaguts.cli.device.plainly import (
    ask_password,
    failing_plainly,
    port_option,
    restarted_if_refused,
    show_label,
)
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.configuration import changed, parsed, shown
from yaguts.services.firmware.usb.flashing import ask_board, configure
from yaguts.services.firmware.usb.ports import find_port
from yaguts.services.firmware.wiring import warnings


@click.command(name="config")
@port_option
@click.option("--wifi", metavar="NAME", help="Another Wi-Fi; its password is asked for.")
@click.option("--server", metavar="URL", help="Another server.")
@click.option("--code", metavar="CODE", help="A pairing code that your server shows.")
@click.option(
    "--wiring",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with the keys that say what is wired to which pin, all of them.",
)
@click.option(
    "--label",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Show the board's label again, and write it as SVG.",
)
def config_command(
    port: str | None,
    wifi: str | None,
    server: str | None,
    code: str | None,
    wiring: Path | None,
    label: Path | None,
) -> None:
    """Show the configuration of a board, or change it; the board is restarted.

    Passwords are neither shown nor taken from the command line, but for the one on the label.
    """
    with failing_plainly():
        cable = Cable(find_port(port))
        facts = ask_board(cable)
        with restarted_if_refused(cable):
            before = parsed(facts.configuration, "yaguts.json on the board")
            wired = None if wiring is None else parsed(wiring.read_bytes(), str(wiring))
            password = ask_password(wifi)
            values = {"wifi": wifi, "password": password, "server": server, "code": code}
            asked = wired is not None or any(values.values())
            after = changed(facts.chip, before, values, wired) if asked else before
        if asked:
            configure(cable, before, after)
        else:
            cable.restart()
        _show(facts.chip, after)
        if label is not None:
            show_label(facts.uid, after, label)


def _show(chip: str, configuration: dict[str, object]) -> None:
    click.echo("\n".join([f"chip: {chip}", *shown(configuration)]))
    for warning in warnings(chip, configuration):
        click.echo(f"Note: {warning}")
