"""When dispensers were heard of: what is gathered and stored together."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import event

from tests.support.kitchen.furnished import Furnished
from yaguts.app import open_site
from yaguts.domain.dispenser import Dispenser
from yaguts.services.dispensers import heartbeats, last_seen
from yaguts.services.runtime.context import Site
from yaguts.settings import Settings
from yaguts.storage import dispensers

HEALTH, WORSE = {"rssi": -60}, {"rssi": -90}
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


def known(kitchen: Furnished) -> Dispenser:
    with kitchen.site.database.read() as connection:
        return dispensers.find(connection, kitchen.person.kitchen_id, kitchen.dispenser_id)


def test_what_another_process_was_told_later_is_not_put_back(
    kitchen: Furnished, elsewhere: Site
) -> None:
    kitchen.site.signs_of_life.gather(kitchen.dispenser_id, kitchen.clock(), HEALTH)
    kitchen.clock.passes(seconds=1)
    about = {"firmware": "0.2.1", "status": WORSE}
    heartbeats.take(elsewhere, kitchen.dispenser, about, WORSE, [])
    last_seen.store(kitchen.site)

    assert (known(kitchen).signal_dbm, known(kitchen).last_seen_at) == (-90, kitchen.clock())
    assert kitchen.site.signs_of_life.gathered() == {}


def test_a_time_that_a_clock_ahead_stored_is_replaced(kitchen: Furnished) -> None:
    with kitchen.site.database.write() as connection:
        dispensers.seen(connection, kitchen.dispenser_id, kitchen.clock() + timedelta(days=1))
    kitchen.site.signs_of_life.gather(kitchen.dispenser_id, kitchen.clock(), HEALTH)
    last_seen.store(kitchen.site)

    assert (known(kitchen).signal_dbm, known(kitchen).last_seen_at) == (-60, kitchen.clock())


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
