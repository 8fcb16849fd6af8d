"""A form that is sent twice is booked once.

The page draws a key for each of its forms. The key is stored in the transaction that books the
form, so that a repeat finds it, whenever the server was killed.
"""

from dataclasses import replace
from datetime import timedelta

from yaguts.domain.errors import AlreadySent
from yaguts.domain.ids import PersonId
from yaguts.services.runtime.context import Site
from yaguts.storage import booked_forms, lived_through
from yaguts.storage.db.database import Connection, after_commit

KEPT = timedelta(days=30)
"""A page that is older than that may book its form once more."""
LONGEST_ADDRESS = 400


class SentForm:
    """A form with a key. `site` books it: the services that it is given to know nothing of it."""

    def __init__(self, site: Site, person_id: PersonId, key: str) -> None:
        self._plain, self._person_id, self._key = site, person_id, key
        self._booked = False
        self.site = replace(site, database=site.database.beginning_with(self._insist_on_new))

    def led_to(self, address: str) -> None:
        """Store the page that is shown after the booking, for a repeat. A form that was not booked
        stores nothing, and no address that is out of bounds is stored.
        """
        if self._booked and len(address) <= LONGEST_ADDRESS and address.isprintable():
            with self._plain.database.write() as connection:
                booked_forms.lead(connection, self._person_id, self._key, address)

    def _insist_on_new(self, connection: Connection) -> None:
        """Raises `AlreadySent`."""
        if self._booked:
            return
        now = self._plain.clock()
        earlier = booked_forms.book(connection, self._person_id, self._key, now)
        if earlier is not None:
            raise AlreadySent(at=earlier.at, address=earlier.address)
        lived = lived_through.read(connection)
        if lived is not None:
            booked_forms.remove_before(connection, min(lived, now) - KEPT)
        after_commit(connection, self._note)

    def _note(self) -> None:
        self._booked = True
