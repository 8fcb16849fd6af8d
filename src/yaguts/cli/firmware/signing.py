"""`yaguts firmware sign` and `verify`."""

from pathlib import Path

import click

from yaguts.cli.firmware.plainly import EXISTING, failing_plainly, release_in, tell
from yaguts.services.firmware.release.keys import read_private, read_public
from yaguts.services.firmware.release.release_file import signed, verified


@click.command(name="sign")
@click.argument("file", type=EXISTING)
@click.option("--key", required=True, type=EXISTING, help="The private key.")
@click.option("--announce", type=EXISTING, help="A public key that boards are to hold as well.")
@click.option("--retire", type=EXISTING, help="A public key that boards are to forget.")
def sign_command(file: Path, key: Path, announce: Path | None, retire: Path | None) -> None:
    """Sign the release in FILE. The key's password is asked for.

    A board does what is announced about keys when the release has shown that it works.
    """
    with failing_plainly():
        unsigned = release_in(file)
        added = None if announce is None else read_public(announce)
        retired = None if retire is None else read_public(retire).id
        private = read_private(key, click.prompt(f"Password of {key}", hide_input=True))
        release = signed(unsigned, private, added, retired)
        file.write_bytes(release.as_zip())
        tell(release.read())
    click.echo(f"Signed by the key {private.public.id}.")


@click.command(name="verify")
@click.argument("file", type=EXISTING)
@click.option("--key", required=True, type=EXISTING, help="The public key.")
def verify_command(file: Path, key: Path) -> None:
    """Check that the release in FILE is whole, and signed by this key."""
    with failing_plainly():
        public = read_public(key)
        tell(verified(release_in(file), public))
    click.echo(f"Whole, and signed by the key {public.id}.")
