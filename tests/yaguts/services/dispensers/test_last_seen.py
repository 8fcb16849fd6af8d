"""When dispensers were heard of: what is gathered and stored together."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import event

from tests.support.kitchen.furnished import Furnished
from yaguts.app import open_site
from yaguts.services.dispensers import last_seen
from yaguts.services.runtime.context import Site
from yaguts.settings import Settings
from yaguts.storage import dispensers

HEALTH = {"rssi": -60}
MEET_S = 1


@pytest.fixture
def elsewhere(kitchen: Furnished) -> Generator[Site]:
    """The site of another process on the same database."""
    site = open_site(Settings(kitchen.site.settings.database_url, "a secret"), kitchen.clock)
    yield site
    site.database.close()


def meet_before_second_update(site: Site, both: Barrier) -> None:
    """Have each store wait for the other one when it has changed some of its rows."""
    updates = list[str]()

    def hear(*told: object) -> None:
        if str(told[2]).startswith("UPDATE dispensers"):
            updates.append(str(told[2]))
            if len(updates) == 2:
                with suppress(BrokenBarrierError):  # The other one waits for this one's rows.
                    both.wait(MEET_S)

    event.listen(site.database.engine, "before_cursor_execute", hear)


def test_two_processes_that_heard_of_the_same_boards_do_not_deadlock(
    kitchen: Furnished, elsewhere: Site
) -> None:
    """Rows whose columns are alike are changed together, so the order is another in each."""
    with kitchen.site.database.write() as connection:
        others = [dispensers.add(connection, kitchen.person.id, default=False).id for _ in "23"]
    one, two, three = kitchen.dispenser_id, *others
    kitchen.clock.passes(seconds=30)
    now, both = kitchen.clock(), Barrier(2)
    for dispenser_id, health in ((one, HEALTH), (two, None), (three, HEALTH)):
        kitchen.site.signs_of_life.gather(dispenser_id, now, health)
    for dispenser_id, health in ((two, None), (three, HEALTH)):
        elsewhere.signs_of_life.gather(dispenser_id, now, health)

    for site in (kitchen.site, elsewhere):
        meet_before_second_update(site, both)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(last_seen.store, (kitchen.site, elsewhere)))

    with kitchen.site.database.write() as connection:
        seen = dispensers.last_seen(connection, (one, two, three))
    assert seen == dict.fromkeys((one, two, three), now)
