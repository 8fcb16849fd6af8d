"""Look for what is in trouble and what is well again, and put what changed into the outbox."""

from yaguts.domain.alerts.delivery import FORGOTTEN, KEPT
from yaguts.domain.alerts.kinds import AlertKind, Changes, Watcher, changes
from yaguts.services.alerts.delivery import deliver, is_due
from yaguts.services.alerts.job_ended import new_uid
from yaguts.services.alerts.kinds import LOOKED_FOR, found, kinds_for
from yaguts.services.runtime.context import Site
from yaguts.storage import alert_outbox, alert_targets, people
from yaguts.storage.db.database import Connection


def sweep(site: Site) -> None:
    """Look now and then, and have whatever is due delivered."""
    if site.alerting.time_to_look(site.clock()):
        look(site)
    if is_due(site):
        site.alerting.start(lambda: deliver(site))


def look(site: Site) -> None:
    """Put into the outbox what has changed for anybody who has a target."""
    with site.database.read() as connection:
        watchers = alert_targets.watchers(connection)
        operator = people.first(connection) if watchers else None
    for watcher in watchers:
        with site.database.read() as connection:
            changed = _changed(site, connection, watcher, watcher.person_id == operator)
        if changed:
            with site.database.write() as connection:
                for target_id, each in changed:
                    _put(site, connection, target_id, watcher, each)
    if watchers:
        _forget_the_old(site)


def _changed(
    site: Site, connection: Connection, watcher: Watcher, operator: bool
) -> list[tuple[int, Changes]]:
    """What is to be told, for each of the person's targets to which something is."""
    choices = alert_targets.choices_of(connection, watcher.person_id)
    kinds = [kind for kind in kinds_for(operator=operator) if kind in LOOKED_FOR]
    wanted = frozenset(kind for kind in kinds if choices.wants(kind))
    troubles = found(site, connection, sorted(wanted), watcher.kitchen_id, choices)
    compared = (
        (
            target.id,
            changes(
                wanted,
                watcher.kitchen_id,
                troubles,
                alert_outbox.told_of(connection, target.id),
            ),
        )
        for target in alert_targets.of(connection, watcher.person_id)
    )
    return [each for each in compared if any((each[1].raised, each[1].cleared, each[1].dropped))]


def _put(
    site: Site, connection: Connection, target_id: int, watcher: Watcher, changed: Changes
) -> None:
    """Another process may have seen the same: what is told already is not told again."""
    now = site.clock()
    for told in changed.dropped:
        alert_outbox.forget(connection, told)
    for told in changed.cleared:
        alert_outbox.tell_well(connection, told, now, new_uid(site))
    for trouble in changed.raised:
        kitchen_id, uid = watcher.kitchen_id, new_uid(site)
        alert_outbox.tell(connection, target_id, kitchen_id, trouble, now, uid)


def _forget_the_old(site: Site) -> None:
    now = site.clock()
    with site.database.write() as connection:
        lived = site.lived.until(connection, now)
        alert_outbox.give_up(connection, lived - KEPT, now)
        alert_outbox.forget_before(connection, AlertKind.JOB_FAILED, lived - FORGOTTEN)
