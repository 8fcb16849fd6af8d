"""The group of the commands for dispensers."""

import click

from yaguts.cli.device.build import build_command
from yaguts.cli.device.config import config_command
from yaguts.cli.device.flash import flash_command
from yaguts.cli.device.monitor import monitor_command
from yaguts.cli.device.run import run
from yaguts.cli.device.trust import trust_command


@click.group()
def device() -> None:
    """Run a virtual dispenser, or bring a real one into service."""


device.add_command(run)
device.add_command(build_command)
device.add_command(flash_command)
device.add_command(config_command)
device.add_command(monitor_command)
device.add_command(trust_command)
