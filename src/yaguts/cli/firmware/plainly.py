"""What the commands for releases have in common."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from yaguts.services.firmware.compiling import BuildError
from yaguts.services.firmware.release.keys import BadKey
from yaguts.services.firmware.release.manifest import BadRelease, Manifest
from yaguts.services.firmware.release.release_file import MOST_BYTES, ReleaseFile, read_release

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@contextmanager
def failing_plainly() -> Generator[None]:
    """End the command with the sentence of what is wrong."""
    try:
        yield
    except BadRelease as error:
        raise click.ClickException(f"{error} ({error.reason})") from error
    except (BadKey, BuildError, OSError) as error:
        raise click.ClickException(str(error)) from error


def release_in(file: Path) -> ReleaseFile:
    """The release in a file, of which no more is read than one can have. Raises `BadRelease`."""
    with file.open("rb") as opened:
        return read_release(opened.read(MOST_BYTES + 1))


def tell(manifest: Manifest) -> None:
    """Say what a release is."""
    release = manifest.release
    size = sum(file.size for file in manifest.files)
    server = f"server {release.server_from}"
    server += " and newer" if release.server_to is None else f" to {release.server_to}"
    click.echo(
        f"Release {release.number}: version {release.version} for {release.hardware}, "
        f"{len(manifest.files)} files, {size} bytes"
    )
    needs = f"MicroPython {release.micropython} and newer" if release.micropython else "MicroPython"
    click.echo(f"  {needs} with mpy {release.bytecode}; {server}")
    click.echo(f"  expires {release.expires_at:%Y-%m-%d %H:%M} UTC")
    if manifest.add_key:
        click.echo("  announces another key")
    if manifest.retire_key:
        click.echo(f"  retires the key {manifest.retire_key}")
