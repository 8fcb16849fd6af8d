"""Where people's alerts go, and what they chose to be told."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select

from yaguts.domain.alerts.choices import AlertChoices, QuietHours
from yaguts.domain.alerts.delivery import AlertFault, AlertTarget
from yaguts.domain.alerts.kinds import AlertEvent, Watcher
from yaguts.domain.errors import NotFound
from yaguts.domain.ids import KitchenId, PersonId
from yaguts.storage.alert_tables import (
    alert_browsers,
    alert_choices,
    alert_hours,
    alert_outbox,
    alert_targets,
)
from yaguts.storage.db.statements import Statement
from yaguts.storage.people import PEOPLE, WHO
from yaguts.storage.tables import memberships, people

_KITCHEN = func.coalesce(memberships.c.owner_id, people.c.id)
_WATCHED = PEOPLE.join(alert_targets, alert_targets.c.person_id == people.c.id)
# Built once: every job that ends runs one of them.
_ENABLED = people.c.disabled_at.is_(None)
_WANTING = (
    select(alert_targets.c.id)
    .select_from(_WATCHED)
    .outerjoin(
        alert_choices,
        (alert_choices.c.person_id == people.c.id) & (alert_choices.c.kind == bindparam("kind")),
    )
    .where(
        bindparam("kitchen_id") == _KITCHEN, func.coalesce(alert_choices.c.wanted, True), _ENABLED
    )
    .order_by(alert_targets.c.id)
)
_ALL_WANTING = Statement(_WANTING)
_BROWSERS_WANTING = Statement(
    _WANTING.join(alert_browsers, alert_browsers.c.target_id == alert_targets.c.id)
)
_WATCHERS = Statement(
    select(*WHO).select_from(_WATCHED).where(_ENABLED).distinct().order_by(people.c.id)
)
_WAITING = select(func.count()).where(alert_outbox.c.target_id == alert_targets.c.id)
_OF = (
    select(
        alert_targets,
        _WAITING.scalar_subquery().label("waiting"),
        _WAITING.where(alert_outbox.c.event == AlertEvent.TEST, alert_outbox.c.attempts == 0)
        .scalar_subquery()
        .label("tests"),
        alert_browsers.c.target_id.is_not(None).label("browser"),
    )
    .select_from(alert_targets.outerjoin(alert_browsers))
    .where(alert_targets.c.person_id == bindparam("person_id"))
    .order_by(alert_targets.c.id)
)


def add(
    connection: Connection, person_id: PersonId, target: AlertTarget, sealed: str
) -> AlertTarget:
    """Store a new target and return it with its id. `sealed` is its encrypted address."""
    row = {
        "person_id": person_id,
        "sealed": sealed,
        "shown": target.shown,
        "language": target.language,
        "signed": target.signed,
        "created_at": target.created_at,
        "failures": 0,
        "detail": "",
    }
    added = insert(alert_targets).values(row).returning(alert_targets.c.id)
    return find(connection, person_id, connection.execute(added).scalar_one())


def of(connection: Connection, person_id: PersonId) -> tuple[AlertTarget, ...]:
    """The person's targets, oldest first."""
    return tuple(_target(row) for row in connection.execute(_OF, {"person_id": person_id}))


def find(connection: Connection, person_id: PersonId, target_id: int) -> AlertTarget:
    """One of the person's targets. Raises `NotFound`."""
    found = connection.execute(
        _OF.where(alert_targets.c.id == target_id), {"person_id": person_id}
    ).one_or_none()
    if found is None:
        raise NotFound(what="target")
    return _target(found)


def remove(connection: Connection, person_id: PersonId, target_id: int) -> None:
    """Remove one of the person's targets, with what is not delivered yet. Raises `NotFound`."""
    mine = (alert_targets.c.person_id == person_id) & (alert_targets.c.id == target_id)
    if connection.execute(delete(alert_targets).where(mine)).rowcount == 0:
        raise NotFound(what="target")


def wanting(connection: Connection, kitchen_id: KitchenId, kind: str) -> tuple[int, ...]:
    """The targets of everybody in this kitchen who wants to be told of this kind."""
    found = _ALL_WANTING.rows(connection, {"kitchen_id": kitchen_id, "kind": kind})
    return tuple(row.id for row in found)


def browsers_wanting(connection: Connection, kitchen_id: KitchenId, kind: str) -> tuple[int, ...]:
    """The same of browsers alone."""
    found = _BROWSERS_WANTING.rows(connection, {"kitchen_id": kitchen_id, "kind": kind})
    return tuple(row.id for row in found)


def watchers(connection: Connection) -> tuple[Watcher, ...]:
    """Everybody who has a target."""
    return tuple(Watcher(row.id, row.kitchen_id) for row in _WATCHERS.rows(connection))


def choices_of(connection: Connection, person_id: PersonId) -> AlertChoices:
    """What the person chose."""
    mine = select(alert_choices).where(alert_choices.c.person_id == person_id)
    wanted = {row.kind: row.wanted for row in connection.execute(mine)}
    hours = select(alert_hours).where(alert_hours.c.person_id == person_id)
    row = connection.execute(hours).one_or_none()
    if row is None:
        return AlertChoices(wanted)
    return AlertChoices(wanted, _quiet(row), row.zone, row.silent_min)


def choose(connection: Connection, person_id: PersonId, choices: AlertChoices) -> None:
    """Replace what the person chose."""
    for table in (alert_choices, alert_hours):
        connection.execute(delete(table).where(table.c.person_id == person_id))
    rows = _kinds(person_id, choices.wanted)
    if rows:
        connection.execute(insert(alert_choices), rows)
    quiet = choices.quiet
    hours = {
        "person_id": person_id,
        "quiet_from_min": None if quiet is None else quiet.start_min,
        "quiet_until_min": None if quiet is None else quiet.end_min,
        "zone": choices.zone,
        "silent_min": choices.silent_min,
    }
    connection.execute(insert(alert_hours).values(hours))


def _kinds(person_id: PersonId, wanted: Mapping[str, bool]) -> list[dict[str, object]]:
    chosen: Iterable[tuple[str, bool]] = sorted(wanted.items())
    return [{"person_id": person_id, "kind": kind, "wanted": yes} for kind, yes in chosen]


def _quiet(row: Row[Any]) -> QuietHours | None:
    if row.quiet_from_min is None:
        return None
    return QuietHours(row.quiet_from_min, row.quiet_until_min, row.zone)


def _target(row: Row[Any]) -> AlertTarget:
    created: datetime = row.created_at
    return AlertTarget(
        id=row.id,
        shown=row.shown,
        language=row.language,
        signed=row.signed,
        created_at=created,
        sent_at=row.sent_at,
        failed_at=row.failed_at,
        fault=None if row.fault is None else AlertFault(row.fault),
        detail=row.detail,
        waiting=row.waiting,
        testing=row.tests > 0,
        browser=row.browser,
    )
