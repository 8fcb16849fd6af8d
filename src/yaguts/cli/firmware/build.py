"""`yaguts firmware build`: a release in one file, not signed yet."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from yaguts.cli.firmware.plainly import failing_plainly, tell
from yaguts.services.firmware.board_tree import build
from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.release.release_file import ReleaseFacts, new_release
from yaguts.services.firmware.usb.facts import MICROPYTHON
from yaguts_wire.values import MAX_ID

_OLDEST = ".".join(map(str, MICROPYTHON))


@click.command(name="build")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--release",
    "number",
    required=True,
    type=click.IntRange(1, MAX_ID),
    help="Its number, higher than that of every release before.",
)
@click.option(
    "--expires",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="The first day (UTC) on which no board takes it any more.",
)
@click.option(
    "--hardware", default="esp32", show_default=True, type=click.Choice(list(CHIPS)), help="For it."
)
@click.option(
    "--micropython",
    default=_OLDEST,
    show_default=True,
    metavar="VERSION",
    help="The oldest on which it runs.",
)
@click.option(
    "--server-from",
    default=version("yaguts"),
    show_default=True,
    metavar="VERSION",
    help="The oldest server to which it speaks.",
)
@click.option("--server-to", metavar="VERSION", help="The newest one; without: any.")
def build_command(
    file: Path,
    number: int,
    expires: datetime,
    hardware: str,
    micropython: str,
    server_from: str,
    server_to: str | None,
) -> None:
    """Compile the firmware into FILE, a release that is not signed yet.

    The same sources and options give the same bytes.
    """
    facts = ReleaseFacts(
        number, hardware, expires.replace(tzinfo=UTC), micropython, server_from, server_to
    )
    with failing_plainly():
        release = new_release(build(), facts)
        file.write_bytes(release.as_zip())
        tell(release.read())
    click.echo(f"Written to {file}. Sign it: yaguts firmware sign {file} --key KEY")
