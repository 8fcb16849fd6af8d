"""What the commands for a board on a cable have in common."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from yaguts.services.firmware.compiling import BuildError
from yaguts.services.firmware.label import label_of
from yaguts.services.firmware.pin_uses import Configuration
from yaguts.services.firmware.release.keys import BadKey
from yaguts.services.firmware.usb.cable import Cable
from yaguts.services.firmware.usb.configuration import ACCESS_POINT
from yaguts.services.firmware.usb.errors import UsbError

port_option = click.option(
    "--port", metavar="PORT", help="The board's serial port; the only one with USB unless told."
)


@contextmanager
def failing_plainly() -> Generator[None]:
    """End the command with the sentence of what went wrong."""
    try:
        yield
    except (BadKey, BuildError, UsbError) as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def restarted_if_refused(cable: Cable) -> Generator[None]:
    """Let a board that was interrupted go on when nothing is done to it."""
    try:
        yield
    except (UsbError, click.Abort):
        cable.restart()
        raise


def show_label(uid: str, configuration: Configuration, file: Path | None) -> None:
    """Show the label of a board that has one: its Wi-Fi, and the password of that."""
    password = configuration.get(ACCESS_POINT)
    if not isinstance(password, str) or not password:
        return
    label = label_of(uid, password)
    click.echo(f"Its label: Wi-Fi {label.name}, password {label.password}")
    click.echo(label.in_terminal())
    if file is not None:
        label.write(file)
        click.echo(f"To print: {file}. Whoever reads it can set the board up.")


def ask_password(wifi: str | None) -> str | None:
    """The password of a Wi-Fi that was named; never an argument, which others could read."""
    if wifi is None:
        return None
    return click.prompt(f"Password of {wifi}", hide_input=True, default="", show_default=False)
