"""What the commands for a board on a cable have in common."""

from collections.abc import Generator
from contextlib import contextmanager

import click

from yaguts.services.firmware.compiling import BuildError
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.errors import UsbError

port_option = click.option(
    "--port", metavar="PORT", help="The board's serial port; the only one with USB unless told."
)


@contextmanager
def failing_plainly() -> Generator[None]:
    """End the command with the sentence of what went wrong."""
    try:
        yield
    except (BuildError, UsbError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def restarted_if_refused(cable: Cable) -> Generator[None]:
    """Let a board that was interrupted go on when nothing is done to it."""
    try:
        yield
    except (UsbError, click.Abort):
        cable.restart()
        raise


def ask_password(wifi: str | None) -> str | None:
    """The password of a Wi-Fi that was named; never an argument, which others could read."""
    if wifi is None:
        return None
    return click.prompt(f"Password of {wifi}", hide_input=True, default="", show_default=False)
