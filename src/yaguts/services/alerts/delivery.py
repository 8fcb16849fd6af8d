"""Deliver what is in the outbox. At least once: it is removed when its target has taken it.

A process that is killed in between leaves the message, and the lease of its target ends.
"""

from contextlib import suppress
from datetime import datetime

from yaguts.domain.alerts.delivery import (
    LEASE,
    LONGEST_ASKED,
    AlertFault,
    Failed,
    wait_after,
)
from yaguts.domain.alerts.kinds import AlertMessage
from yaguts.domain.clock import ahead
from yaguts.domain.errors import NotFound, Unavailable
from yaguts.services.alerts.request import request
from yaguts.services.alerts.sealing import unsealed
from yaguts.services.runtime.context import Site
from yaguts.storage import alert_outbox, alert_targets
from yaguts.storage.alert_outbox import DueTarget, Leased
from yaguts.storage.db.database import Connection


def is_due(site: Site) -> bool:
    """Whether there is anything to deliver now."""
    with site.database.read() as connection:
        return bool(_due(site, connection))


def deliver(site: Site) -> int:
    """Deliver whatever is due, and return how many messages were taken."""
    taken = 0
    try:
        while not site.alerting.closing:
            with site.database.read() as connection:
                waiting = _due(site, connection)
            now_taken = sum(_deliver_to(site, target) for target in waiting)
            taken += now_taken
            if not now_taken:
                break
    except Unavailable:
        pass  # The failure is in the log; the next sweep makes good for it.
    return taken


def _due(site: Site, connection: Connection) -> list[DueTarget]:
    """The targets to send to. In quiet hours that is only done to show that a test arrives."""
    now = site.clock()
    due = alert_outbox.due(connection, ahead(now, LONGEST_ASKED), ahead(now, LEASE))
    return [each for each in due if each.tested or not _quiet(connection, each, now)]


def _quiet(connection: Connection, target: DueTarget, now: datetime) -> bool:
    quiet = alert_targets.choices_of(connection, target.person_id).quiet
    return quiet is not None and quiet.hold(now)


def _deliver_to(site: Site, due: DueTarget) -> int:
    now = site.clock()
    with site.database.write() as connection:
        target = alert_outbox.take(connection, due.id, ahead(now, LEASE), now + LEASE)
    if target is None:
        return 0
    taken = 0
    while not site.alerting.closing and _deliver_next(site, due, target):
        taken += 1
    with site.database.write() as connection:
        alert_outbox.release(connection, target.id)
    return taken


def _deliver_next(site: Site, due: DueTarget, target: Leased) -> bool:
    """Whether the next message was taken. False when there is none, too."""
    now = site.clock()
    with site.database.read() as connection:
        choices = alert_targets.choices_of(connection, due.person_id)
        quiet = choices.quiet is not None and choices.quiet.hold(now)
        wait = ahead(now, LONGEST_ASKED)
        message = alert_outbox.next_for(connection, target.id, wait, tests_alone=quiet)
    if message is None:
        return False
    failure = _send(site, target, message, choices.zone)
    if failure is not None and site.alerting.closing:
        return False  # The attempt was cut off.
    with site.database.write() as connection:
        _note(site, connection, due, target, message, failure)
    return failure is None or failure.fault == AlertFault.GIVEN_UP


def _send(site: Site, target: Leased, message: AlertMessage, zone: str) -> Failed | None:
    secret = unsealed(site, target.sealed)
    if secret is None:
        return Failed(AlertFault.UNREADABLE)
    asked = request(site, message, secret, target.language, zone)
    return Failed(AlertFault.GIVEN_UP) if asked is None else site.alerting.child.send(asked)


def _note(
    site: Site,
    connection: Connection,
    due: DueTarget,
    target: Leased,
    message: AlertMessage,
    failure: Failed | None,
) -> None:
    now = site.clock()
    if failure is None:
        alert_outbox.delivered(connection, target.id, message.id, now, now + LEASE)
    elif failure.fault == AlertFault.GIVEN_UP:
        alert_outbox.drop(connection, message.id)
    elif failure.fault == AlertFault.GONE:
        with suppress(NotFound):  # Its owner was faster.
            alert_targets.remove(connection, due.person_id, target.id)
    else:
        retry_at = now + wait_after(target.failures + 1, failure.asked_s)
        alert_outbox.failed(connection, target, message, failure, now, retry_at)
