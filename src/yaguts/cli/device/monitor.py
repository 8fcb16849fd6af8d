"""`yaguts device monitor`: what a board says."""

import click

from yaguts.cli.device.plainly import failing_plainly, port_option
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.ports import find_port


@click.command(name="monitor")
@port_option
def monitor_command(port: str | None) -> None:
    """Show the log of a board until Ctrl-C. It is not disturbed."""
    with failing_plainly():
        cable = Cable(find_port(port))
        while True:
            cable.patiently(lambda: cable.watch(click.echo))
            click.echo("The board has gone: waiting for it.")
