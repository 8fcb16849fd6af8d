"""The group of the commands for dispensers."""

import click

from yaguts.cli.device.build import build_command
from yaguts.cli.device.run import run


@click.group()
def device() -> None:
    """Run a virtual dispenser, or build the firmware of a real one."""


device.add_command(run)
device.add_command(build_command)
