"""Two servers on one PostgreSQL: whoever waits at one hears what happens at the other."""

import threading
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.support.databases import POSTGRESQL, Databases
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.processes.kitchen import eventually
from tests.yaguts.services.jobs.test_live import NOT_SOON_S, follow, progress, while_polling
from yaguts.domain.jobs.job import JobState
from yaguts.domain.people import Actor
from yaguts.services.delivery import handover
from yaguts.services.dispensers import pairing
from yaguts.services.jobs import orders
from yaguts.services.runtime.process_bridge import ProcessBridge


class Server:
    """One of the two, in touch with the other."""

    def __init__(self, folder: Path, url: str) -> None:
        never = {"polls_look_again_s": NOT_SOON_S, "followers_look_again_s": NOT_SOON_S}
        self.home = Household(folder, database_url=url, **never)
        self.site = self.home.site
        self._relay, self._stop = ProcessBridge(self.site), threading.Event()
        self._thread = threading.Thread(target=self._relay.listen, args=(self._stop,))
        self.site.hub.tell_others = self._relay.tell

    def start(self) -> None:
        """Returns once it hears."""
        hears = threading.Event()
        wake_all = self.site.hub.wake_all

        def woken() -> None:
            wake_all()
            hears.set()

        self.site.hub.wake_all = woken
        self._thread.start()
        assert hears.wait(NOT_SOON_S)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self.home.close()


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> str:
    return databases.migrated(POSTGRESQL, tmp_path)


@pytest.fixture
def servers(tmp_path: Path, database_url: str) -> Generator[tuple[Server, Server]]:
    both = Server(tmp_path, database_url), Server(tmp_path, database_url)
    for server in both:
        server.start()
    yield both
    for server in both:
        server.stop()


@pytest.fixture
def here(servers: tuple[Server, Server]) -> Furnished:
    return Furnished(servers[0].home)


@pytest.fixture
def there(servers: tuple[Server, Server], here: Furnished) -> Furnished:
    """The same kitchen, seen from the other server."""
    return here.at(servers[1].home)


def test_an_order_here_wakes_the_dispenser_that_polls_there(
    here: Furnished, there: Furnished
) -> None:
    job = while_polling(there, here.order)

    assert job is not None
    assert job.state == JobState.OFFERED


def test_what_a_board_told_there_is_kept_until_its_token_is_revoked_here(
    here: Furnished, there: Furnished
) -> None:
    signs, dispenser_id = there.site.signs_of_life, there.dispenser_id
    signs.gather(dispenser_id, there.clock(), {"rssi": -60})

    assert while_polling(there, here.order) is not None
    assert list(signs.gathered()) == [dispenser_id]

    pairing.unpair(here.site, here.person.kitchen_id, dispenser_id, by=here.actor)
    eventually(lambda: not signs.gathered())


def test_who_follows_a_job_there_is_told_of_everything_that_happens_here(
    here: Furnished, there: Furnished
) -> None:
    job = here.order(Sal=4.5)

    told = follow(
        there,
        job,
        lambda: handover.offer(here.site, here.dispenser),
        lambda: handover.accept(here.site, here.dispenser, job.id, job.key),
        progress(here, job, 1),
        lambda: orders.cancel_active(here.site, here.person.id, by=Actor(here.person.id)),
        lambda: here.report(job),
    )

    assert told == [
        ("queued", 1),
        ("offered", 2),
        ("running", 3),
        ("running", 1000),
        ("cancelling", 4),
        ("canceled", 5),
    ]


def test_progress_is_known_there_until_the_job_ends(here: Furnished, there: Furnished) -> None:
    job = here.started(Sal=4.5)

    follow(there, job, progress(here, job, 2))
    assert there.site.progress.of(job.id) == here.site.progress.of(job.id) != {}

    follow(there, job, lambda: here.report(job))
    assert there.site.progress.of(job.id) == {}


def test_who_lost_touch_looks_for_himself_and_hears_again(
    here: Furnished, there: Furnished
) -> None:
    job = here.started(Sal=4.5)

    told = follow(there, job, lambda: (cut_off(here), here.report(job)))

    assert told[-1] == ("done", 4)
    assert while_polling(there, here.order) is not None


def cut_off(kitchen: Furnished) -> None:
    """Every connection that listens is lost."""
    with kitchen.site.database.write() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE starts_with(query, 'LISTEN')"
        )
