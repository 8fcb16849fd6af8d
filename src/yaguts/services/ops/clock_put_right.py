"""What becomes of the things that a clock that was ahead has stored, once the clock is right.

They count for nothing meanwhile. But their time would come, a day or two years later: a dispenser
without power would show online, an invitation would let somebody in.
"""

from yaguts.domain.clock import latest_begun, latest_seen
from yaguts.domain.people import INVITATION_LIFE
from yaguts.services.dispensers.pairing_codes import LIFE as CODE_LIFE
from yaguts.services.runtime.context import Site
from yaguts.storage import from_the_future, lived_through
from yaguts.storage.from_the_future import Latest


def put_right(site: Site) -> None:
    """Forget signs of life from the future, and remove sessions, attempts, codes and invitations
    that began further ahead than the clock or the lived-through time has come.
    """
    now = site.clock()
    with site.database.read() as connection:
        begun = latest_begun(now, lived_through.read(connection) or now)
        latest = Latest(latest_seen(now), begun, begun + CODE_LIFE, begun + INVITATION_LIFE)
        found = from_the_future.any_after(connection, latest)
    if found:
        with site.database.write() as connection:
            from_the_future.put_right(connection, latest)
