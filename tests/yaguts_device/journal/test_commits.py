"""ESP-IDF may keep a write in memory until `commit`: each is committed before the next."""

from collections.abc import Callable

from tests.support.device.bench import Bench
from tests.support.device.counter import Counter
from tests.support.device.journals import begun, closed, loaded
from tests.support.device.offers import an_offer
from yaguts_device.flow.factory_reset import forget_everything, forget_if_copied
from yaguts_device.journal.identity import Identity
from yaguts_device.journal.journal import Journal
from yaguts_sim.device.flash import Namespace, SimFlash

MAY_WAIT = "lost"
"""The count of lost reports. The next write to its namespace, which follows at once, commits it."""


class CarefulFlash(SimFlash):
    """Notes what is written, and what another write or the end finds uncommitted."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[str] = []
        self.neglected: list[str] = []

    def namespace(self, name: str, alive: Callable[[], None] = lambda: None) -> Namespace:
        return _CarefulNamespace(self, name, alive)

    def will_write(self, key: str) -> None:
        self.neglected += [one for one in self.waiting if one != MAY_WAIT]
        self.waiting = [key]

    def all_committed(self) -> bool:
        """Whether all that was written was committed in time."""
        return self.operations > 0 and not self.neglected and not self.waiting


class _CarefulNamespace(Namespace):
    def __init__(self, flash: CarefulFlash, name: str, alive: Callable[[], None]) -> None:
        super().__init__(flash, name, alive)
        self._careful = flash

    def set_i32(self, key: str, value: int) -> None:
        self._careful.will_write(key)
        super().set_i32(key, value)

    def set_blob(self, key: str, value: bytes | bytearray | memoryview) -> None:
        self._careful.will_write(key)
        super().set_blob(key, value)

    def erase_key(self, key: str) -> None:
        super().erase_key(key)
        self._careful.will_write(key)

    def commit(self) -> None:
        self._careful.waiting = []


def test_the_journal_commits_what_it_writes() -> None:
    flash = CarefulFlash()
    closed(flash)
    assert flash.all_committed()
    Journal(flash.namespace("job_state")).note_time(1_800_000_000)
    assert flash.all_committed()

    begun(flash)
    flash.remove(("job_state", "job_a"))
    assert loaded(flash) is not None
    assert ("job_state", "job_a") in flash.values
    assert flash.all_committed()


def test_the_token_the_code_and_the_heartbeat_are_committed() -> None:
    flash = CarefulFlash()
    identity = Identity(flash.namespace("config"))
    for write in (
        lambda: identity.spend("123456"),
        lambda: identity.keep("old", 30),
        lambda: identity.renew("new"),
    ):
        write()
        assert flash.all_committed()


def test_what_is_forgotten_is_committed() -> None:
    flash = CarefulFlash()
    board = Bench(flash=flash).board()
    forget_if_copied(board)
    assert flash.all_committed()

    closed(flash)
    forget_everything(board)
    assert flash.values == {}
    assert flash.all_committed()


def test_a_parked_report_is_committed_and_so_is_its_end() -> None:
    flash = CarefulFlash()
    server = Counter(*[an_offer(number, Sal=0.5) for number in range(7, 12)])
    server.answers["/complete"] = lambda _body: (422, {"detail": "Isto não."})
    bench = Bench(server, flash)
    bench.serve(90_000)
    assert flash.values["job_state", "lost"] == 1
    assert flash.all_committed()

    server.answers.clear()
    bench.serve(120_000)
    assert len(server.reports) == 4
    assert flash.all_committed()
