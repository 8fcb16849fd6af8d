"""What each target was told, and the messages that are not delivered yet.

A target is leased by one server process at a time, which sends its messages in order.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, insert, or_, select, update

from yaguts.domain.alerts.delivery import AlertFault, Failed
from yaguts.domain.alerts.kinds import AlertEvent, AlertFacts, AlertMessage, ToldTrouble, Trouble
from yaguts.domain.clock import Window
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.storage.alert_tables import alert_outbox, alert_states, alert_targets
from yaguts.storage.db.dialects import insert_if_new
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import people
from yaguts.storage.windows import before, bounds, outside

_MESSAGES, _TARGETS = alert_outbox.c, alert_targets.c
_STATE = insert_if_new(alert_states, alert_states.c.target_id)
_WORSE = update(alert_states).where(
    alert_states.c.target_id == bindparam("of"),
    alert_states.c.kind == bindparam("what"),
    alert_states.c.subject == bindparam("about"),
    alert_states.c.grade < bindparam("worse"),
)
_DUE = and_(
    or_(_MESSAGES.retry_at.is_(None), outside(_MESSAGES.retry_at, "wait")),
    or_(_TARGETS.retry_at.is_(None), outside(_TARGETS.retry_at, "wait")),
)
_FREE = or_(_TARGETS.leased_until.is_(None), outside(_TARGETS.leased_until, "lease"))
_TESTED = exists().where(_MESSAGES.target_id == _TARGETS.id, _MESSAGES.event == AlertEvent.TEST)
_ENABLED = people.c.disabled_at.is_(None)
# Built once: every sweep runs it.
_DUE_TARGETS = Statement(
    select(_TARGETS.id, _TARGETS.person_id, _TESTED.label("tested"))
    .join_from(alert_targets, people)
    .where(_ENABLED, _FREE, exists().where(_MESSAGES.target_id == _TARGETS.id, _DUE))
    .order_by(_TARGETS.id)
)
_NEXT = (
    select(alert_outbox)
    .join_from(alert_outbox, alert_targets, _MESSAGES.target_id == _TARGETS.id)
    .join(people, _TARGETS.person_id == people.c.id)
    .where(_MESSAGES.target_id == bindparam("of"), _DUE, _ENABLED)
    .order_by(_MESSAGES.event != AlertEvent.TEST, _MESSAGES.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class DueTarget:
    """A target for which something is due. `tested`: its owner wants to see a test arrive."""

    id: int
    person_id: PersonId
    tested: bool


@dataclass(frozen=True, slots=True)
class Leased:
    """A target that this process sends to until the lease ends."""

    id: int
    sealed: str
    language: str
    failures: int


def told_of(connection: Connection, target_id: int) -> tuple[ToldTrouble, ...]:
    """What the target was told of, and is not well again."""
    return _told(connection, alert_states.c.target_id == target_id)


def told_about(connection: Connection, kind: str, subject: str) -> tuple[ToldTrouble, ...]:
    """Every target that was told of this subject."""
    return _told(connection, (alert_states.c.kind == kind) & (alert_states.c.subject == subject))


def tell(
    connection: Connection,
    target_id: int,
    kitchen_id: KitchenId,
    trouble: Trouble,
    now: datetime,
    uid: str,
) -> bool:
    """Put a trouble into the outbox, unless the target was told of one as bad. Whether it was put
    there.
    """
    state = {
        "target_id": target_id,
        "kind": trouble.kind,
        "subject": trouble.subject,
        "kitchen_id": kitchen_id,
        "grade": trouble.grade,
        "facts": dict(trouble.facts),
        "since": now,
    }
    if connection.execute(_STATE[connection.dialect.name], state).first() is None:
        which = {"of": target_id, "what": trouble.kind, "about": trouble.subject}
        worse = _WORSE.values(grade=trouble.grade, facts=dict(trouble.facts))
        if connection.execute(worse, which | {"worse": trouble.grade}).rowcount == 0:
            return False
    add(connection, target_id, _message(uid, trouble.kind, trouble.subject, trouble.facts, now))
    return True


def tell_well(connection: Connection, told: ToldTrouble, now: datetime, uid: str) -> bool:
    """Put "well again" into the outbox, once. Whether it was put there."""
    if not forget(connection, told):
        return False
    message = _message(uid, told.kind, told.subject, told.facts, now, AlertEvent.WELL)
    add(connection, told.target_id, message)
    return True


def forget(connection: Connection, told: ToldTrouble) -> bool:
    """Forget that the target was told. False when that is forgotten already."""
    this = (
        (alert_states.c.target_id == told.target_id)
        & (alert_states.c.kind == told.kind)
        & (alert_states.c.subject == told.subject)
    )
    return connection.execute(delete(alert_states).where(this)).rowcount > 0


def forget_all(connection: Connection, person_id: PersonId) -> None:
    """Forget what the person was told, and what waits for them, but for tests."""
    mine = select(_TARGETS.id).where(_TARGETS.person_id == person_id)
    connection.execute(delete(alert_states).where(alert_states.c.target_id.in_(mine)))
    waiting = _MESSAGES.target_id.in_(mine) & (_MESSAGES.event != AlertEvent.TEST)
    connection.execute(delete(alert_outbox).where(waiting))


def add_test(connection: Connection, target_id: int, now: datetime, uid: str) -> None:
    """Put a test into the outbox. Waiting for an earlier failure ends with it."""
    add(connection, target_id, _message(uid, AlertEvent.TEST, "", {}, now, AlertEvent.TEST))
    again = {"retry_at": None}
    connection.execute(update(alert_targets).where(_TARGETS.id == target_id).values(again))


def add(connection: Connection, target_id: int, message: AlertMessage) -> None:
    """Put a message into the outbox. Its id is not looked at."""
    row = {
        "uid": message.uid,
        "target_id": target_id,
        "kind": message.kind,
        "event": message.event,
        "subject": message.subject,
        "facts": dict(message.facts),
        "at": message.at,
        "attempts": message.attempts,
    }
    connection.execute(insert(alert_outbox).values(row))


def due(connection: Connection, wait: Window, lease: Window) -> tuple[DueTarget, ...]:
    """The targets that are nobody's now and for which a message is due.

    `wait` and `lease` are the times to come that count, of an attempt and of a lease.
    """
    found = _DUE_TARGETS.rows(connection, bounds(wait, "wait") | bounds(lease, "lease"))
    return tuple(DueTarget(row.id, row.person_id, bool(row.tested)) for row in found)


def take(connection: Connection, target_id: int, lease: Window, until: datetime) -> Leased | None:
    """Lease the target. None when another process was first, or it is gone."""
    taken = update(alert_targets).where(_TARGETS.id == target_id, _FREE)
    rows = connection.execute(
        taken.values(leased_until=until).returning(
            _TARGETS.id, _TARGETS.sealed, _TARGETS.language, _TARGETS.failures
        ),
        bounds(lease, "lease"),
    )
    row = rows.one_or_none()
    return None if row is None else Leased(*row)


def next_for(
    connection: Connection, target_id: int, wait: Window, *, tests_alone: bool
) -> AlertMessage | None:
    """The message that is due for the target: a test, or else the oldest."""
    query = _NEXT.where(_MESSAGES.event == AlertEvent.TEST) if tests_alone else _NEXT
    row = connection.execute(query, {"of": target_id} | bounds(wait, "wait")).one_or_none()
    return None if row is None else _read(row)


def delivered(
    connection: Connection, target_id: int, message_id: int, now: datetime, until: datetime
) -> None:
    """Remove a message that the target has taken, and renew the lease."""
    connection.execute(delete(alert_outbox).where(_MESSAGES.id == message_id))
    well = {"fault": None, "detail": "", "failures": 0, "retry_at": None, "sent_at": now}
    _change(connection, target_id, well | {"leased_until": until})


def failed(
    connection: Connection,
    target: Leased,
    message: AlertMessage,
    failure: Failed,
    now: datetime,
    retry_at: datetime,
) -> None:
    """Note an attempt that failed, and let the message and the target wait."""
    again = {"attempts": message.attempts + 1, "retry_at": retry_at}
    connection.execute(update(alert_outbox).where(_MESSAGES.id == message.id).values(again))
    noted = {"fault": failure.fault, "detail": failure.detail, "failed_at": now}
    _change(connection, target.id, noted | {"failures": target.failures + 1, "retry_at": retry_at})


def drop(connection: Connection, message_id: int) -> None:
    """Remove a message that is of no use any more."""
    connection.execute(delete(alert_outbox).where(_MESSAGES.id == message_id))


def release(connection: Connection, target_id: int) -> None:
    """Let other processes send to the target."""
    _change(connection, target_id, {"leased_until": None})


def give_up(connection: Connection, moment: datetime, now: datetime) -> None:
    """Remove the messages from before a moment, and note that with their targets."""
    old = before(_MESSAGES.at, moment)
    given_up = delete(alert_outbox).where(old).returning(_MESSAGES.target_id)
    for target_id in set(connection.execute(given_up).scalars()):
        _change(connection, target_id, {"fault": AlertFault.GIVEN_UP, "failed_at": now})


def forget_before(connection: Connection, kind: str, moment: datetime) -> None:
    """Forget what was told of this kind before a moment."""
    old = (alert_states.c.kind == kind) & before(alert_states.c.since, moment)
    connection.execute(delete(alert_states).where(old))


def _change(connection: Connection, target_id: int, values: dict[str, Any]) -> None:
    connection.execute(update(alert_targets).where(_TARGETS.id == target_id).values(values))


def _told(connection: Connection, which: Any) -> tuple[ToldTrouble, ...]:
    rows = connection.execute(select(alert_states).where(which).order_by(alert_states.c.since))
    return tuple(
        ToldTrouble(row.target_id, row.kind, row.subject, row.kitchen_id, row.grade, row.facts)
        for row in rows
    )


def _message(
    uid: str,
    kind: str,
    subject: str,
    facts: AlertFacts,
    at: datetime,
    event: AlertEvent = AlertEvent.TROUBLE,
) -> AlertMessage:
    return AlertMessage(0, uid, kind, event, subject, facts, at)


def _read(row: Row[Any]) -> AlertMessage:
    event = AlertEvent(row.event)
    return AlertMessage(
        row.id, row.uid, row.kind, event, row.subject, row.facts, row.at, row.attempts
    )
