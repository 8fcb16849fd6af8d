"""What the maker does to a release: publish it, look at it, halt it, have it go on."""

from dataclasses import dataclass, replace

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import NotFound
from yaguts.domain.firmware.release import Channel, Release, Update
from yaguts.domain.firmware.rollout import HaltReason, Rollout
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.storage import releases, updates
from yaguts.storage.db.database import Connection
from yaguts.storage.releases import PublishedRelease, SignedBytes

_NOBODY_KNOWN = Actor(None, None)


class OtherRelease(Exception):
    """Another release was published with this number, or with a higher one for this hardware."""


@dataclass(frozen=True, slots=True)
class RolloutState:
    """How far a release is: what the command shows, and metrics and alerts may read."""

    published: PublishedRelease
    updates: tuple[Update, ...]


def publish(
    site: Site, release: Release, signed: SignedBytes, channel: Channel, stages: tuple[int, ...]
) -> None:
    """Store a release that was verified, and begin its rollout.

    The same release may be published to another channel later: then its rollout begins anew.
    Raises `OtherRelease`.
    """
    now = site.clock()
    with site.database.write() as connection:
        lived = site.lived.until(connection, now)
        rollout = Rollout(stages, 0, lived, now)
        published = PublishedRelease(release, channel, now, rollout, None, None)
        if _insist_on_newer(connection, release, signed.manifest):
            releases.change(connection, release.number, {"channel": channel, "published_at": now})
            releases.set_rollout(connection, release.number, rollout)
        else:
            releases.add(connection, published, signed)
        _note(
            site, connection, AuditEvent.RELEASE_PUBLISHED, release.number, version=release.version
        )


def states(site: Site) -> tuple[RolloutState, ...]:
    """How far every release is, the newest first."""
    with site.database.read() as connection:
        return tuple(
            RolloutState(published, updates.of_release(connection, published.release.number))
            for published in releases.every(connection)
        )


def halt(site: Site, number: int) -> None:
    """Offer the release to nobody from now on. Raises `NotFound`."""
    with site.database.write() as connection:
        halt_for(
            site, connection, releases.find(connection, number, to_change=True), HaltReason.WORD
        )


def halt_for(
    site: Site, connection: Connection, published: PublishedRelease, reason: HaltReason
) -> None:
    """Halt a rollout that is not halted yet, in a transaction that has begun."""
    if published.rollout.halted is None:
        number = published.release.number
        halted = replace(published.rollout, halted=reason, halted_at=site.clock())
        releases.set_rollout(connection, number, halted)
        _note(site, connection, AuditEvent.ROLLOUT_HALTED, number, reason=reason)


def resume(site: Site, number: int) -> None:
    """Let a halted rollout go on with its stage. What was seen so far halts it no more.

    Raises `NotFound`.
    """
    now = site.clock()
    with site.database.write() as connection:
        published = releases.find(connection, number, to_change=True)
        if published.rollout.halted is not None:
            goes_on = replace(published.rollout, halted=None, halted_at=None, counts_since=now)
            lived = site.lived.until(connection, now)
            releases.set_rollout(connection, number, replace(goes_on, stage_since=lived))
            releases.change(connection, number, {"checked_at": None})
            _note(site, connection, AuditEvent.ROLLOUT_RESUMED, number)


def next_stage(
    site: Site, connection: Connection, published: PublishedRelease, rollout: Rollout
) -> None:
    """Begin the next stage, in a transaction that has begun."""
    releases.set_rollout(connection, published.release.number, rollout)
    percent = rollout.percent
    _note(site, connection, AuditEvent.ROLLOUT_STAGE, published.release.number, percent=percent)


def _insist_on_newer(connection: Connection, release: Release, manifest: bytes) -> bool:
    """Whether this very release is published already. Raises `OtherRelease`."""
    for published in releases.of_hardware(connection, release.hardware):
        if published.release.number > release.number:
            raise OtherRelease(
                f"Release {published.release.number} was published already: a release number only"
                " rises."
            )
    try:
        releases.find(connection, release.number)
    except NotFound:
        return False
    if releases.manifest_of(connection, release.number) != manifest:
        raise OtherRelease(f"Another release was published as number {release.number} already.")
    return True


def _note(
    site: Site, connection: Connection, what: AuditEvent, number: int, **about: int | str
) -> None:
    audit_log.note(site, connection, what, None, _NOBODY_KNOWN, release=number, **about)
