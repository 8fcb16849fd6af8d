"""`yaguts device trust`: the authority by which a board trusts its server."""

from pathlib import Path

import click

from yaguts.cli.device.plainly import failing_plainly, port_option
from yaguts.services.firmware.usb.authority import root_of
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.flashing import trust
from yaguts.services.firmware.usb.ports import find_port


@click.command(name="trust")
@click.argument("url")
@port_option
@click.option(
    "--authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The certificate (PEM) of an authority of your own, which this computer does not know.",
)
def trust_command(url: str, port: str | None, authority: Path | None) -> None:
    """Find the root of the certificates of the server at URL, and put it on the board as ca.der.

    The board trusts that root and no other. It is restarted.
    """
    with failing_plainly():
        root = root_of(url, authority)
        trust(Cable(find_port(port)), root)
    click.echo(f"The board now trusts {url}, by a root of {len(root)} bytes in ca.der.")
