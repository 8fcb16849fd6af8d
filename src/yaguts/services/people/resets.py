"""New passwords for people who have forgotten theirs, chosen with a link.

Whoever runs the server makes it. The owner of a kitchen may, for somebody whose account was made
with their invitation and whose own kitchen is not in use: they get at nothing that is not theirs.
"""

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.clock import ahead
from yaguts.domain.errors import AccountDisabled, ResetByOperator, WrongReset
from yaguts.domain.ids import KitchenId, own_kitchen
from yaguts.domain.people import RESET_LIFE, Actor, Person
from yaguts.services import audit_log
from yaguts.services.people.accounts import insist_on_strong
from yaguts.services.people.passwords import a_place, hash_password
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.storage import households, password_resets, people, sessions
from yaguts.storage.db.database import Connection


def offer(site: Site, person: Person) -> str:
    """The code of a link that works once, within a day. An earlier one is dead.

    Raises `AccountDisabled`.
    """
    with site.database.write() as connection:
        if people.is_disabled(connection, person.id):
            raise AccountDisabled
        _note(site, connection, AuditEvent.RESET_OFFERED, person, Actor(None))
        return _new_code(site, connection, person)


def offer_member(
    site: Site, kitchen_id: KitchenId, membership_id: int, by: Actor
) -> tuple[Person, str]:
    """The same for a member of the kitchen, and who it is. The member is told.

    Raises `NotFound`, `ResetByOperator`.
    """
    with site.database.write() as connection:
        member, person_id = households.find_member(connection, kitchen_id, membership_id)
        if not member.resettable:
            raise ResetByOperator
        person = people.find(connection, person_id)
        households.note_reset(connection, membership_id, site.clock())
        audit_log.note(site, connection, AuditEvent.RESET_OFFERED, kitchen_id, by, person)
        return person, _new_code(site, connection, person)


def person_of(site: Site, code: str) -> Person:
    """Whose the link is. Looking uses nothing up. Raises `WrongReset`."""
    with site.database.read() as connection:
        return _person_of(site, connection, code)


@a_place()
def reset(site: Site, code: str, password: str, address: str) -> Person:
    """Set the password and end all sessions of the person. The link is used up.

    Raises `WrongReset`, `WeakPassword`, `PasswordIsName`, `Overloaded`; the link stays good.
    """
    insist_on_strong(password, person_of(site, code).name)
    hashed = hash_password(password, site.randomness)
    with site.database.write() as connection:
        person = _person_of(site, connection, code)
        if not password_resets.use_up(connection, token_hash(code)):
            raise WrongReset
        people.set_password(connection, person.id, hashed)
        sessions.remove_all(connection, person.id)
        _note(site, connection, AuditEvent.PASSWORD_RESET, person, Actor(person.id, address))
    return person


def _new_code(site: Site, connection: Connection, person: Person) -> str:
    code, until = new_token(site.randomness), site.clock() + RESET_LIFE
    password_resets.add(connection, token_hash(code), person.id, until)
    return code


def _person_of(site: Site, connection: Connection, code: str) -> Person:
    alive = ahead(site.clock(), RESET_LIFE)
    person = password_resets.find(connection, token_hash(code), alive)
    if person is None:
        raise WrongReset
    return person


def _note(site: Site, connection: Connection, what: AuditEvent, person: Person, by: Actor) -> None:
    audit_log.note(site, connection, what, own_kitchen(person.id), by)
