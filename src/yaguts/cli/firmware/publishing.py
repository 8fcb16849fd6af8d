"""`yaguts firmware publish`, `status`, `halt` and `resume`: on the server's computer."""

import secrets
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from yaguts.cli.firmware.plainly import EXISTING, failing_plainly, release_in, tell
from yaguts.cli.startup.environment import (
    data_option,
    existing_database,
    outages_named,
    upgrade_database,
)
from yaguts.domain.clock import left
from yaguts.domain.errors import NotFound
from yaguts.domain.firmware.release import Channel, UpdateReason
from yaguts.domain.firmware.rollout import STAGES
from yaguts.services.dispensers.updates import publishing
from yaguts.services.dispensers.updates.publishing import OtherRelease, RolloutState
from yaguts.services.firmware.release.keys import read_public
from yaguts.services.firmware.release.manifest import BadRelease, Manifest
from yaguts.services.firmware.release.release_file import verified
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.storage.db.database import Database
from yaguts.storage.releases import SignedBytes
from yaguts.translations import translated


def _stages(_context: click.Context, _parameter: click.Parameter, text: str) -> tuple[int, ...]:
    """Percentages that rise to 100."""
    try:
        stages = tuple(int(part) for part in text.split(","))
    except ValueError:
        stages = ()
    if stages != tuple(sorted({one for one in stages if 0 < one <= 100})) or 100 not in stages:
        raise click.BadParameter("percentages that rise to 100, such as 1,10,50,100")
    return stages


@click.command(name="publish")
@data_option
@click.argument("file", type=EXISTING)
@click.option("--key", required=True, type=EXISTING, help="The public key that has signed it.")
@click.option(
    "--channel",
    default=Channel.STABLE.value,
    show_default=True,
    type=click.Choice([channel.value for channel in Channel]),
    help="Who gets it: all, or those who try first.",
)
@click.option(
    "--stages",
    default=",".join(map(str, STAGES)),
    show_default=True,
    callback=_stages,
    help="The percentages of the boards, a day each at least.",
)
def publish_command(file: Path, key: Path, channel: str, stages: tuple[int, ...]) -> None:
    """Offer the release in FILE to the boards of this server, a few of them first.

    It is verified before. Published again with another channel, its rollout begins anew.
    """
    with failing_plainly():
        release = release_in(file)
        manifest = verified(release, read_public(key))
        _insist_on_time_left(manifest)
    files = [release.files[one.path] for one in manifest.files]
    signed = SignedBytes(release.manifest, release.signature, files)
    with _site() as site:
        try:
            publishing.publish(site, manifest.release, signed, Channel(channel), stages)
        except OtherRelease as error:
            raise click.ClickException(str(error)) from None
    tell(manifest)
    click.echo(f"Published: {channel}, to {stages[0]} % of the boards first. See how it goes:")
    click.echo("yaguts firmware status")


@click.command(name="status")
@data_option
def status_command() -> None:
    """Say how far each release is."""
    with _site() as site:
        states = publishing.states(site)
    if not states:
        click.echo("No release is published.")
    for state in states:
        _tell_state(state)


@click.command(name="halt")
@data_option
@click.argument("number", type=int)
def halt_command(number: int) -> None:
    """Offer release NUMBER to no board from now on. Those that run it stay at it."""
    with _site() as site, _known(number):
        publishing.halt(site, number)
    click.echo(f"Release {number} is halted. It goes on with: yaguts firmware resume {number}")


@click.command(name="resume")
@data_option
@click.argument("number", type=int)
def resume_command(number: int) -> None:
    """Let the halted release NUMBER go on with its stage."""
    with _site() as site, _known(number):
        publishing.resume(site, number)
    click.echo(f"Release {number} goes on.")


def _insist_on_time_left(manifest: Manifest) -> None:
    if not left(manifest.release.expires_at, datetime.now(UTC)):
        raise BadRelease(UpdateReason.EXPIRED, "It has expired: no board would take it.")


def _tell_state(state: RolloutState) -> None:
    published, rollout = state.published, state.published.rollout
    release = published.release
    stage = f"{rollout.percent} % (stage {rollout.stage + 1} of {len(rollout.stages)})"
    click.echo(
        f"Release {release.number} ({release.version}, {release.hardware}, {published.channel}): "
        f"{stage} since {rollout.stage_since:%Y-%m-%d %H:%M} UTC"
    )
    if rollout.halted is not None:
        why = translated(f"halt_reason.{rollout.halted}", "en")
        click.echo(f"  HALTED at {rollout.halted_at:%Y-%m-%d %H:%M} UTC: {why}")
    counted = Counter((one.state, one.reason) for one in state.updates)
    for (how_far, reason), count in sorted(counted.items(), key=str):
        why = "" if reason is None else ": " + translated(f"update_reason.{reason}", "en")
        click.echo(f"  {count} {how_far}{why}")


@contextmanager
def _site() -> Generator[Site]:
    wanted = existing_database()
    upgrade_database(wanted)
    database = Database(wanted.database_url)
    try:
        with outages_named():
            yield Site(database, lambda: datetime.now(UTC), secrets.token_bytes, Hub(), wanted)
    finally:
        database.close()


@contextmanager
def _known(number: int) -> Generator[None]:
    try:
        yield
    except NotFound:
        raise click.ClickException(f"There is no release {number} on this server.") from None
