"""`yaguts device build`: the files of the firmware for a board."""

from pathlib import Path

import click

from yaguts.services.firmware.board_tree import MANIFEST, build, write
from yaguts.services.firmware.compiling import BuildError


@click.command(name="build")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def build_command(folder: Path) -> None:
    """Compile the firmware for a board into FOLDER, and list it in a manifest.

    The same version gives the same bytes.
    """
    try:
        tree = build()
        write(tree, folder)
    except BuildError as error:
        raise click.ClickException(str(error)) from error
    except FileExistsError:
        raise click.ClickException(
            f"{folder} holds something else: name an empty folder."
        ) from None
    size = sum(len(content) for content in tree.files.values())
    click.echo(f"{folder}: {len(tree.files)} files, {size} bytes, mpy {tree.bytecode}. {MANIFEST}")
    click.echo("lists them with their SHA-256.")
