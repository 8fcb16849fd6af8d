"""`yaguts firmware keygen`: the key with which releases are signed."""

from pathlib import Path

import click

from yaguts.cli.firmware.plainly import failing_plainly
from yaguts.services.firmware.release.keys import new_key, write_pair

SHORTEST = 12


@click.command(name="keygen")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def keygen_command(file: Path) -> None:
    """Make a key, and write it into FILE, encrypted, and its public half into FILE.pub.

    FILE never goes onto a server. Without it and its password nobody can make a release for the
    boards that hold FILE.pub: keep copies of both.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already: a key is never overwritten.")
    password = click.prompt("A password for it", hide_input=True, confirmation_prompt=True)
    if len(password) < SHORTEST:
        raise click.ClickException(
            f"At least {SHORTEST} characters: whoever has it has the boards."
        )
    with failing_plainly():
        key = new_key()
        public = write_pair(file, key, password)
    click.echo(f"Key {key.public.id}: {file} (keep it offline) and {public}.")
    click.echo(f"Put it onto a board: yaguts device flash --key {public}")
