"""What time does to a rollout: boards are chosen, a stage ends, a rollout halts by itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.clock import lately
from yaguts.domain.firmware.halting import WATCH_GAP, WatchedBoard, halting
from yaguts.domain.firmware.offer import Candidate, concerns, may_be_chosen
from yaguts.domain.firmware.release import Update, UpdateState
from yaguts.domain.firmware.rollout import next_boards, shown
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.dispensers.updates import publishing
from yaguts.services.dispensers.updates.offers import SERVER
from yaguts.services.runtime.context import Site
from yaguts.storage import releases, update_evidence, updates
from yaguts.storage.db.database import Connection
from yaguts.storage.releases import PublishedRelease
from yaguts.storage.updates import PairedBoard

LOOK_EVERY = timedelta(minutes=1)
HEARD_WITHIN = timedelta(hours=24)
"""A board that was not heard of for longer belongs to no stage until it is back."""
JOBS_BEFORE = timedelta(days=30)
"""So far back the jobs of a board are compared with those since the release."""


def watch(site: Site) -> None:
    """Look at each rollout that was not looked at in the last minute."""
    fresh = lately(site.clock(), LOOK_EVERY)
    with site.database.read() as connection:
        due = [
            published.release.number
            for published in releases.every(connection)
            if published.rollout.halted is None and published.checked_at not in fresh
        ]
    for number in due:
        with site.database.write() as connection:
            _look(site, connection, releases.find(connection, number, to_change=True))


def _look(site: Site, connection: Connection, published: PublishedRelease) -> None:
    now, number = site.clock(), published.release.number
    if published.rollout.halted is not None or published.checked_at in lately(now, LOOK_EVERY):
        return  # Another process was first.
    watched_since = now
    if published.watched_since is not None and published.checked_at in lately(now, WATCH_GAP):
        watched_since = published.watched_since
    releases.change(connection, number, {"checked_at": now, "watched_since": watched_since})
    boards = updates.boards(connection, published.release.hardware)
    so_far = updates.of_release(connection, number)
    reason = halting(
        _evidence(connection, published, boards, now),
        so_far,
        published.rollout.counts_since,
        watched_since,
        now,
    )
    if reason is not None:
        publishing.halt_for(site, connection, published, reason)
    else:
        advanced = _advanced(site, connection, published, boards, so_far)
        _choose(site, connection, advanced, boards, so_far)


def _evidence(
    connection: Connection,
    published: PublishedRelease,
    boards: Sequence[PairedBoard],
    now: datetime,
) -> list[WatchedBoard]:
    """What is known of each board. One that was silent for long before is no evidence."""
    number, since = published.release.number, published.rollout.counts_since
    jobs = update_evidence.jobs_since(connection, number, since)
    before = update_evidence.jobs_before(
        connection, number, lately(since, JOBS_BEFORE).after, since
    )
    heard = lately(now, HEARD_WITHIN)
    return [
        WatchedBoard(
            board.dispenser_id,
            board.kitchen_id,
            board.seen_at,
            board.heard_since,
            *jobs.get(board.dispenser_id, (0, 0)),
            *before.get(board.dispenser_id, (0, 0)),
        )
        for board in boards
        if board.seen_at in heard
    ]


def _advanced(
    site: Site,
    connection: Connection,
    published: PublishedRelease,
    boards: Sequence[PairedBoard],
    so_far: Sequence[Update],
) -> PublishedRelease:
    """The release in its next stage, if that begins now."""
    rollout, lived = published.rollout, site.lived.until(connection, site.clock())
    seen_at = {board.dispenser_id: board.seen_at for board in boards}
    if rollout.at_the_end or not rollout.lasted(lived) or not shown(so_far, seen_at):
        return published
    after = replace(rollout, stage=rollout.stage + 1, stage_since=lived)
    publishing.next_stage(site, connection, published, after)
    return replace(published, rollout=after)


def _choose(
    site: Site,
    connection: Connection,
    published: PublishedRelease,
    boards: Sequence[PairedBoard],
    so_far: Sequence[Update],
) -> None:
    now, release = site.clock(), published.release
    chosen = {update.dispenser_id for update in so_far}
    heard = lately(now, HEARD_WITHIN)
    candidate = Candidate(release, published.rollout, None)
    free = {
        board.dispenser_id: board
        for board in boards
        if board.dispenser_id not in chosen
        and board.seen_at in heard
        and concerns(release, published.channel, board.told, board.choice)
        and may_be_chosen(candidate, board.told, board.choice, SERVER, now)
    }
    for dispenser_id in next_boards(release.number, published.rollout.percent, so_far, free.keys()):
        kitchen_id = KitchenId(free[dispenser_id].kitchen_id)
        choose(site, connection, kitchen_id, dispenser_id, release.number)


def choose(
    site: Site, connection: Connection, kitchen_id: KitchenId, dispenser_id: int, number: int
) -> None:
    """Offer the release to this dispenser from now on."""
    now = site.clock()
    one = Update(dispenser_id, number, UpdateState.CHOSEN, None, now, now)
    updates.put(connection, one)
    about = {"dispenser": dispenser_id, "release": number}
    audit_log.note(
        site, connection, AuditEvent.UPDATE_CHOSEN, kitchen_id, Actor(None, None), **about
    )
