"""The `yaguts` command. What a subcommand needs is imported only when that one is run."""

from importlib import import_module

import click

from yaguts.cli.startup.loading import nothing_collected

_COMMANDS = {
    "audit": "yaguts.cli.audit:audit_command",
    "db": "yaguts.cli.db.command:db",
    "demo": "yaguts.cli.demo.command:demo",
    "device": "yaguts.cli.device.command:device",
    "firmware": "yaguts.cli.firmware.command:firmware",
    "import-v01": "yaguts.cli.import_v01:import_command",
    "serve": "yaguts.cli.serve:serve",
    "user": "yaguts.cli.users:user",
    # Named here and never imported: the simulator imports the server, not the reverse.
    "simulate": "yaguts_sim.runner.command:simulate",
}


class _Lazy(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OSError as error:  # A file, folder, address or port that cannot be used.
            raise click.ClickException(_sentence(error)) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        with nothing_collected():
            return getattr(import_module(module), name)


def _sentence(error: OSError) -> str:
    why = error.strerror or str(error)
    return f"{error.filename}: {why}" if error.filename is not None else why


@click.group(cls=_Lazy)
@click.version_option(package_name="yaguts")
def main() -> None:
    """A spice dispenser that a recipe drives."""
