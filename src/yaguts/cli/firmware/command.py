"""The group of the commands for releases of the firmware."""

import click

from yaguts.cli.firmware.build import build_command
from yaguts.cli.firmware.keygen import keygen_command
from yaguts.cli.firmware.publishing import (
    halt_command,
    publish_command,
    resume_command,
    status_command,
)
from yaguts.cli.firmware.signing import sign_command, verify_command


@click.group()
def firmware() -> None:
    """Build, sign and publish releases of the firmware, which boards fetch over the air."""


for command in (
    build_command,
    keygen_command,
    sign_command,
    verify_command,
    publish_command,
    status_command,
    halt_command,
    resume_command,
):
    firmware.add_command(command)
