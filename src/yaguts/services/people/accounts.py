"""Accounts: register, sign in, change the password."""

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.errors import PasswordIsName, RegistrationClosed, WrongCredentials, WrongPassword
from yaguts.domain.ids import KitchenId, own_kitchen
from yaguts.domain.people import Actor, Person
from yaguts.services import audit_log
from yaguts.services.people import first_word, households, known_browsers, rate_limits
from yaguts.services.people.names import counted_name, insist_on_clear
from yaguts.services.people.passwords import (
    a_place,
    hash_password,
    insist_on_uncommon,
    is_outdated,
    is_password,
)
from yaguts.services.people.sessions import open_session
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import token_hash
from yaguts.storage import dispensers, people, sessions
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock
from yaguts.storage.households import add_member


@a_place()
def register(
    site: Site,
    name: str,
    password: str,
    address: str,
    invitation: str | None = None,
    word: str | None = None,
) -> Person:
    """Make an account with its default dispenser and four empty jars.

    An invitation admits also where registration is closed, and makes a member. `word`: see
    `first_word`.

    Raises `RegistrationClosed`, `WrongInvitation`, `WrongWord`, `WeakPassword`,
    `PasswordIsName`, `UnclearName`, `NameTaken`, `TooMany`, `TooManyAttempts`, `Overloaded`.
    """
    if invitation is None:
        _insist_on_open(site)
    else:
        households.inviter_of(site, invitation)
    insist_on_clear(name)
    insist_on_strong(password, name)
    rate_limits.admit(site, (rate_limits.REGISTER_FROM_ADDRESS, address))
    if invitation is None:
        first_word.insist_on_word(site, word)
    hashed = hash_password(password, site.randomness)
    with site.database.write() as connection:
        host_id = _admit(site, connection, invitation)
        person = people.add(connection, name, hashed, site.clock())
        dispensers.add(connection, own_kitchen(person.id), default=True)
        if host_id is not None:
            add_member(connection, host_id, person.id, site.clock(), made_here=True)
        person = people.find(connection, person.id)
        by = Actor(person.id, address)
        audit_log.note(site, connection, AuditEvent.REGISTERED, person.kitchen_id, by)
    first_word.word_was_used(site)
    return person


def takes_new(site: Site) -> tuple[bool, bool]:
    """Whether somebody may register now, and whether they would be the first."""
    with site.database.read() as connection:
        accounts = people.count(connection)
    return _has_room(site, accounts), accounts == 0


@a_place()
def sign_in(
    site: Site,
    name: str,
    password: str,
    address: str,
    previous: str | None = None,
    browser_token: str | None = None,
) -> tuple[Person, str]:
    """The person and the token of a new session. The browser's earlier session ends.

    `browser_token`: see `known_browsers`.

    Raises `WrongCredentials`, after the same time for a wrong name and a wrong password,
    `AccountDisabled` with the right one, `TooManyAttempts`, `Overloaded`.
    """
    noted = rate_limits.admit(site, *_counted(site, name, address, browser_token))
    person = _insist_on_password(site, name, password, AuditEvent.SIGN_IN_REFUSED, address)
    rate_limits.forget(site, noted)
    return person, open_session(site, person, previous, address)


@a_place()
def change_password(
    site: Site,
    person: Person,
    current: str,
    new: str,
    address: str | None = None,
    previous: str | None = None,
) -> str:
    """Replace the password, end all the person's sessions, and return the token of a new one.

    `previous`: the token of this browser's session, whose alerts go on.

    Raises `WrongPassword`, `WeakPassword`, `PasswordIsName`, `TooManyAttempts`,
    `Overloaded`.
    """
    noted = rate_limits.admit(site, (rate_limits.CHANGE_PASSWORD, str(person.id)))
    try:
        _insist_on_password(site, person.name, current, AuditEvent.PASSWORD_CHANGE_REFUSED, address)
    except WrongCredentials:
        raise WrongPassword from None
    rate_limits.forget(site, noted)
    insist_on_strong(new, person.name)
    hashed = hash_password(new, site.randomness)
    with site.database.write() as connection:
        people.set_password(connection, person.id, hashed)
        sessions.remove_others(connection, person.id, token_hash(previous or ""))
        by = Actor(person.id, address)
        audit_log.note(site, connection, AuditEvent.PASSWORD_CHANGED, person.kitchen_id, by)
    return open_session(site, person, previous, address)


def _counted(
    site: Site, name: str, address: str, browser_token: str | None
) -> tuple[tuple[rate_limits.Limit, str], ...]:
    """What an attempt to sign in counts for. A known browser's counts for that browser alone, so
    that a stranger's guesses do not keep it out.
    """
    browser = None if browser_token is None else known_browsers.number_of(site, browser_token, name)
    if browser is not None:
        return ((rate_limits.SIGN_IN_IN_BROWSER, browser),)
    who = counted_name(name)
    return (
        (rate_limits.SIGN_IN_FROM_ADDRESS, address),
        (rate_limits.SIGN_IN_AS_NAME_FROM, token_hash(f"{address} {who}")),
        (rate_limits.SIGN_IN_AS_NAME, token_hash(who)),
    )


def insist_on_strong(password: str, name: str) -> None:
    """Refuse what is too common, and the person's name. Raises `WeakPassword`, `PasswordIsName`."""
    if counted_name(password) == counted_name(name):
        raise PasswordIsName
    insist_on_uncommon(password)


def _insist_on_password(
    site: Site, name: str, password: str, otherwise: AuditEvent, address: str | None
) -> Person:
    """The person with this password. Otherwise adds an entry to the audit log and raises.

    An unknown name gets an entry too, or its answer would come sooner. The entry does not hold the
    name: people type their passwords there.
    """
    with site.database.read() as connection:
        found = people.credentials(connection, name)
        some_are_old = people.some_are_old(connection)
    person, kept = found or (None, None)
    matches = is_password(password, kept, some_are_old=some_are_old)
    if matches and person is not None and kept is not None:
        _renew(site, person, password, kept)
        return person
    whose = None if person is None else person.kitchen_id
    with site.database.write() as connection:
        audit_log.note(site, connection, otherwise, whose, Actor(None, address), person)
    raise WrongCredentials


def _renew(site: Site, person: Person, password: str, kept: str) -> None:
    """Hash the password as new ones are hashed, if it was hashed otherwise."""
    if is_outdated(password, kept):
        hashed = hash_password(password, site.randomness)
        with site.database.write() as connection:
            people.replace_hash(connection, person.id, kept, hashed)


def _admit(site: Site, connection: Connection, invitation: str | None) -> KitchenId | None:
    """Check again, now that nobody else registers. Returns the kitchen that the invitation
    names.
    """
    lock(connection, "register")  # Two first accounts are one too many.
    if invitation is not None:
        return households.take(connection, invitation, site.clock())
    _insist_on_room(site, people.count(connection))
    return None


def _insist_on_open(site: Site) -> None:
    with site.database.read() as connection:
        _insist_on_room(site, people.count(connection))


def _insist_on_room(site: Site, accounts: int) -> None:
    if not _has_room(site, accounts):
        raise RegistrationClosed


def _has_room(site: Site, accounts: int) -> bool:
    allowed = site.settings.registration
    return allowed == "open" or (allowed == "first" and not accounts)
