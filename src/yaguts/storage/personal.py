"""What is kept about a person: which rows, what of them is a secret, what goes with the account.

Every table is here, or in `NOT_PERSONAL`. No row of people, jobs, doses, jars, movements or
reports goes: others refer to them, and a job's id would come back. Their texts do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    bindparam,
    delete,
    or_,
    select,
    update,
)

from yaguts.domain.ids import PersonId
from yaguts.storage import tables as t
from yaguts.storage.audit_log import is_about
from yaguts.storage.people import NO_PASSWORD

NOBODY = ""
"""The name of a deleted account. No person has it."""

_ME: ColumnElement[int] = bindparam("person_id", type_=Integer)
_DISPENSERS = select(t.dispensers.c.id).where(t.dispensers.c.owner_id == _ME)
_JOBS = select(t.jobs.c.id).where(t.jobs.c.owner_id == _ME)
_RECIPES = select(t.recipes.c.id).where(t.recipes.c.owner_id == _ME)
_REPORTS = select(t.unclaimed_reports.c.id).where(
    t.unclaimed_reports.c.dispenser_id.in_(_DISPENSERS)
)
_TARGETS = select(t.alert_targets.c.id).where(t.alert_targets.c.person_id == _ME)
_Forgotten = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Personal:
    """How a table is about a person.

    `secret` columns are in no export. When the account goes, so do the rows (`goes`), or else these
    columns of them get other values (`forgotten`).
    """

    table: Table
    whose: ColumnElement[bool]
    secret: frozenset[str] = frozenset()
    goes: bool = False
    forgotten: _Forgotten = field(default_factory=dict[str, Any])


def _goes(table: Table, whose: ColumnElement[bool], *secret: str) -> Personal:
    return Personal(table, whose, frozenset(secret), goes=True)


def _stays(table: Table, whose: ColumnElement[bool], *secret: str, **forgotten: Any) -> Personal:
    return Personal(table, whose, frozenset(secret), forgotten=forgotten)


_NO_BOARD = dict.fromkeys(
    ("uid", "token_hash", "next_token_hash", "newcomer_since", "default_seen_at", "token_since",
     "firmware", "mac", "last_seen_at", "status", "happenings", "name")
)  # fmt: skip

# In the order in which they can go.
PERSONAL = (
    _goes(t.personal, t.personal.c.person_id == _ME, "salt"),
    _goes(t.alert_states, t.alert_states.c.target_id.in_(_TARGETS)),
    _goes(t.alert_outbox, t.alert_outbox.c.target_id.in_(_TARGETS)),
    _goes(
        t.alert_browsers,
        t.alert_browsers.c.target_id.in_(_TARGETS),
        "endpoint_hash",
        "session_hash",
    ),
    _goes(t.alert_targets, t.alert_targets.c.person_id == _ME, "sealed"),
    _goes(t.alert_choices, t.alert_choices.c.person_id == _ME),
    _goes(t.alert_hours, t.alert_hours.c.person_id == _ME),
    _goes(t.sessions, t.sessions.c.person_id == _ME, "token_hash"),
    _goes(t.booked_forms, t.booked_forms.c.person_id == _ME, "key"),
    _goes(t.password_resets, t.password_resets.c.person_id == _ME, "code_hash"),
    _goes(t.memberships, or_(t.memberships.c.person_id == _ME, t.memberships.c.owner_id == _ME)),
    _goes(t.invitations, t.invitations.c.owner_id == _ME, "code_hash"),
    _goes(t.claim_codes, t.claim_codes.c.person_id == _ME, "code_hash", "selector"),
    _goes(t.ingredients, t.ingredients.c.recipe_id.in_(_RECIPES)),
    _goes(t.recipes, t.recipes.c.owner_id == _ME),
    _goes(t.weighed_spoons, t.weighed_spoons.c.owner_id == _ME),
    _goes(t.former_spices, t.former_spices.c.dispenser_id.in_(_DISPENSERS)),
    _goes(t.former_places, t.former_places.c.dispenser_id.in_(_DISPENSERS)),
    _goes(t.by_hand, t.by_hand.c.job_id.in_(_JOBS)),
    _stays(t.job_items, t.job_items.c.job_id.in_(_JOBS), spice="", error=None),
    _stays(t.calibration_runs, t.calibration_runs.c.dispenser_id.in_(_DISPENSERS)),
    _stays(
        t.movements,
        or_(t.movements.c.dispenser_id.in_(_DISPENSERS), t.movements.c.person_id == _ME),
    ),
    _stays(t.unclaimed_doses, t.unclaimed_doses.c.report_id.in_(_REPORTS), spice="", error=None),
    _stays(
        t.unclaimed_reports,
        or_(
            t.unclaimed_reports.c.dispenser_id.in_(_DISPENSERS),
            t.unclaimed_reports.c.settled_by == _ME,
        ),
        "body_hash",
    ),
    _stays(t.jobs, t.jobs.c.owner_id == _ME, "key", error=None, recipe_name=None),
    _goes(t.updates, t.updates.c.dispenser_id.in_(_DISPENSERS)),
    _goes(t.update_choices, t.update_choices.c.dispenser_id.in_(_DISPENSERS)),
    _goes(t.board_told, t.board_told.c.dispenser_id.in_(_DISPENSERS)),
    _stays(t.jars, t.jars.c.dispenser_id.in_(_DISPENSERS), label=None),
    _stays(
        t.dispensers, t.dispensers.c.owner_id == _ME, "token_hash", "next_token_hash", **_NO_BOARD
    ),
    _stays(
        t.people,
        t.people.c.id == _ME,
        "name_key",
        "look_key",
        "password_hash",
        name=NOBODY,
        password_hash=NO_PASSWORD,
    ),
)
NOT_PERSONAL = (
    t.epochs, t.lived_through, t.imports, t.attempts, t.releases, t.release_files, t.seals
)  # fmt: skip
"""Tables about nobody. Attempts hold addresses of nobody knows whom, and live for minutes."""


def export(connection: Connection, person_id: PersonId) -> dict[str, list[dict[str, Any]]]:
    """Everything about a person, by table. No secret is in it."""
    told = {
        one.table.name: _rows(connection, _chosen(one), person_id) for one in reversed(PERSONAL)
    }
    about = select(t.audit_log).where(is_about(person_id))
    return told | {t.audit_log.name: _rows(connection, about, person_id)}


def forget_person(connection: Connection, person_id: PersonId, now: datetime) -> None:
    """Remove a person's name, password, addresses and texts. The row stays as a number.

    Whoever calls this has ended the person's open jobs.
    """
    connection.execute(delete(t.attempts))  # Rate limits begin anew, for everybody.
    for one in PERSONAL:
        if one.goes:
            connection.execute(delete(one.table).where(one.whose), {"person_id": person_id})
        elif one.forgotten:
            changed = update(one.table).where(one.whose).values(**one.forgotten)
            connection.execute(changed, {"person_id": person_id})
    key = f"\x1f{person_id}"
    gone = {"name_key": key, "look_key": None, "disabled_at": now, "deleted_at": now}
    connection.execute(update(t.people).where(t.people.c.id == person_id).values(gone))


def _chosen(one: Personal) -> Select[Any]:
    columns = [column for column in one.table.c if column.name not in one.secret]
    return select(*columns).where(one.whose).order_by(*one.table.primary_key.columns)


def _rows(connection: Connection, query: Select[Any], person_id: int) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query, {"person_id": person_id}).mappings()]
