"""Browsers in which somebody has signed in before. Guesses from elsewhere do not lock them out.

A known browser has a token, which it keeps as a cookie: person, number, signature. The signature
covers the hash of the password too, so a new password ends every one. Attempts with a token are
counted by its number, and not by the account.
"""

import hmac

from yaguts.domain.people import Person
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import keyed_hash
from yaguts.storage import people

_NUMBER_BYTES = 12


def new_browser_token(site: Site, person: Person) -> str:
    """The token of a browser in which the person has just signed in."""
    with site.database.read() as connection:
        found = people.credentials(connection, person.name)
    number = site.randomness(_NUMBER_BYTES).hex()
    return f"{person.id}.{number}.{_signature(site, person.id, number, found[1] if found else '')}"


def number_of(site: Site, browser_token: str, name: str) -> str | None:
    """The number of the browser, if the token is one of the person with this name."""
    person_id, _, rest = browser_token.partition(".")
    number, _, signature = rest.partition(".")
    with site.database.read() as connection:
        found = people.credentials(connection, name)
    if found is None or person_id != str(found[0].id):
        return None
    genuine = _signature(site, found[0].id, number, found[1])
    return number if hmac.compare_digest(genuine.encode(), signature.encode()) else None


def _signature(site: Site, person_id: int, number: str, password_hash: str) -> str:
    return keyed_hash(site, f"browser {person_id} {number} {password_hash}")
