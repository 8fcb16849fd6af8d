"""What whoever runs the server does with accounts: disable, enable, export, delete."""

from datetime import datetime
from typing import Any

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import NotFound
from yaguts.domain.ids import own_kitchen
from yaguts.domain.jobs.job import FINAL, Job, JobEvent, advance
from yaguts.domain.people import Account, Actor, Member, Person
from yaguts.domain.stock.ledger import releases
from yaguts.services import audit_log
from yaguts.services.people.households import end_membership
from yaguts.services.runtime.context import Site
from yaguts.storage import (
    dispensers,
    households,
    jobs,
    ledger,
    pairing_codes,
    password_resets,
    people,
    personal,
    sessions,
)
from yaguts.storage.db.database import Connection

_OPERATOR = Actor(None)


def accounts_of(site: Site) -> tuple[Account, ...]:
    """All accounts, the deleted ones too, oldest first."""
    with site.database.read() as connection:
        return people.accounts(connection)


def find(site: Site, who: str) -> Account:
    """The account with this name, or else with this number. Raises `NotFound`."""
    with site.database.read() as connection:
        found = people.credentials(connection, who)
        number = found[0].id if found is not None else int(who) if who.isdecimal() else 0
        accounts = people.accounts(connection)
    known = [one for one in accounts if one.person.id == number and one.deleted_at is None]
    if not known:
        raise NotFound(what="person")
    return known[0]


def members_of(site: Site, person: Person) -> tuple[Member, ...]:
    """Who cooks in the person's own kitchen beside them."""
    with site.database.read() as connection:
        return households.members(connection, own_kitchen(person.id))


def disable(site: Site, person: Person) -> None:
    """Refuse the person and their dispensers from the next call on. What is theirs stays.

    A board keeps its token, and works again when the account is enabled.
    """
    with site.database.write() as connection:
        people.set_disabled(connection, person.id, site.clock())
        _close_doors(connection, person)
        _note(site, connection, AuditEvent.DISABLED, person)
    site.idle.forget()


def enable(site: Site, person: Person) -> None:
    """Let the person and their dispensers in again. Sessions have ended for good."""
    with site.database.write() as connection:
        people.set_disabled(connection, person.id, None)
        _note(site, connection, AuditEvent.ENABLED, person)
    site.idle.forget()


def export(site: Site, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Everything about the person, by table, and no secret."""
    with site.database.read() as connection:  # Others write meanwhile: it may be long.
        told = personal.export(connection, person.id)
    with site.database.write() as connection:
        _note(site, connection, AuditEvent.EXPORTED, person)
    return told


def forget(site: Site, person: Person) -> None:
    """Delete the account. Its row stays as a number, because orders and movements refer to it.

    The person's own kitchen ends with it: open orders are cancelled, the boards' tokens are
    revoked, and its members find themselves in their own kitchens.
    """
    now = site.clock()
    with site.database.write() as connection:
        uids = [one.uid or "" for one in dispensers.of(connection, own_kitchen(person.id))]
        for job in jobs.open_of(connection, own_kitchen(person.id)):
            _end(connection, job, now)
        for member in households.members(connection, own_kitchen(person.id)):
            end_membership(connection, own_kitchen(person.id), member.id)
        _close_doors(connection, person)
        personal.forget_person(connection, person.id, now)
        _note(site, connection, AuditEvent.FORGOTTEN, person)
    site.database.erase_deleted()
    site.idle.forget()
    for uid in uids:
        site.boards.stop(uid)


def _close_doors(connection: Connection, person: Person) -> None:
    """End sessions, and withdraw every code with which somebody could come in."""
    mine = own_kitchen(person.id)
    sessions.remove_all(connection, person.id)
    password_resets.remove_of(connection, person.id)
    households.withdraw_all(connection, mine)
    pairing_codes.remove_of(connection, mine)


def _end(connection: Connection, job: Job, now: datetime) -> None:
    """Cancel an open job for good: nobody will report it."""
    after, _ = advance(job, JobEvent.CANCELLED, now)
    if after.state not in FINAL:
        after, _ = advance(after, JobEvent.FELL_SILENT, now)
    jobs.store(connection, job, after)
    ledger.book(connection, job.dispenser_id, releases(after), now)


def _note(site: Site, connection: Connection, what: AuditEvent, person: Person) -> None:
    audit_log.note(site, connection, what, own_kitchen(person.id), _OPERATOR)
