"""The machine that the server runs on. It kills the process, fills the disk, restores a backup."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from yaguts.services.ops.epochs import begin_epoch
from yaguts.services.runtime.hub import Hub
from yaguts.storage.db.copying.copies import CopyError
from yaguts_sim.engine.clock import US_PER_MS, Halted, World
from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Fault, FaultKind, Trigger
from yaguts_sim.faults.schedule import FaultSchedule
from yaguts_sim.server.harness import ServerHarness
from yaguts_sim.server.process import ServerProcess
from yaguts_sim.server.real_files import is_the_same, restored_over

_WRITES = ("INSERT", "UPDATE", "DELETE", "COMMIT")


class Host:
    """The server's process and disk, and the faults that strike them."""

    def __init__(
        self, world: World, harness: ServerHarness, faults: FaultSchedule, timeline: Timeline
    ) -> None:
        self.world, self.harness = world, harness
        self.faults, self.timeline = faults, timeline
        self.server = ServerProcess(world, harness.app)
        self.on_death: Callable[[], None] = lambda: None
        self.deaths = 0
        self.restored_at = -1
        self.spoilt_restores: list[str] = []
        self._forgotten: tuple[tuple[int, int], ...] = ()
        self._copies: dict[int, tuple[int, bytes, tuple[tuple[int, int], ...]]] = {}
        self._statements = 0
        self._disk_full_until = 0
        self._locked_until = 0
        self._pending: Fault | None = None
        watched = faults.strikes_at(Trigger.STATEMENT)
        harness.database.connection.watch = self._statement if watched else None

    def start(self) -> None:
        """Start the process. Does nothing when it runs."""
        if not self.server.up:
            self.timeline.note("server", "starts")
            state = self.harness.application.state
            state.site = replace(state.site, hub=Hub())
            state.site.lived.forget()
            self.harness.open_database()
            self.server.start()

    def kill(self, why: str, down_ms: int) -> None:
        """End the process at once. It starts again after so many milliseconds."""
        if self.server.up:
            self.timeline.note("server", "dies:", why)
            self.deaths += 1
            self.server.kill()
            self.harness.database.connection.close()
            self.on_death()
            self.world.after(down_ms * US_PER_MS, self.start)

    def copy(self, number: int) -> None:
        """Save a copy of the database for the fault of this number."""
        self._copies[number] = self.world.now, self.harness.database.save(), self._forgotten

    def restore(self, number: int, down_ms: int) -> None:
        """Restore the copy of this number."""
        self.kill("its database is restored from a backup", down_ms)
        self._restore_copy(number)
        self._forget_since(number)

    def restore_by_command(self, number: int, down_ms: int) -> None:
        """Lay the copy of this number over the database's files, as the command does."""
        self.kill("its database is restored by the command", down_ms)
        site, lost = self.harness.site, self.harness.database.save()
        copy = self._copies[number][1]
        try:
            content, mark = restored_over(lost, site.high_water_mark.read(), copy, site.clock())
        except (sqlite3.Error, CopyError) as error:
            self.spoilt_restores.append(repr(error))
            return
        if not is_the_same(content, copy):
            self.spoilt_restores.append("what was lost plays over the copy")
        self.harness.database.load(content)
        begin_epoch(site, mark)
        self._forget_since(number)

    def _forget_since(self, number: int) -> None:
        copied_at, _, forgotten = self._copies[number]
        self._forgotten = (*forgotten, (copied_at, self.world.now))
        self.restored_at = self.world.now

    def has_forgotten(self, at: int) -> bool:
        """Whether a restore has lost what was committed at that instant.

        A copy may itself come from a restored database, and lacks what that one lacked.
        """
        return any(since < at < until for since, until in self._forgotten)

    def lose_power(self, number: int, down_ms: int) -> None:
        """Cut the server's power. Without `synchronous=FULL` the copy of this number is left."""
        if self.server.up:
            self.kill("the power fails", down_ms)
            if not self.harness.database.waits_for_disk():
                self._restore_copy(number)

    def _restore_copy(self, number: int) -> None:
        at, content, _ = self._copies[number]
        self.timeline.note("server", "is as it was at", at // US_PER_MS, "ms")
        self.harness.database.load(content)

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        """The rows of a query. No fault strikes here."""
        return self.harness.database.rows(sql, *parameters)

    def repair(self) -> None:
        """End the disk's faults and start the process."""
        self._disk_full_until = self._locked_until = 0
        self.start()

    def _statement(self, when: str, sql: str) -> None:
        if not self.server.up:
            return
        if when == "before":
            self._pending = self.faults.at(Trigger.STATEMENT, self._statements)
            self._statements += 1
        fault, now = self._pending, self.world.now
        if fault is not None and fault.kind is FaultKind.SERVER_KILLED:
            self._kill_between(fault, when, sql)
        elif fault is not None and when == "before":
            self._begin(fault)
        if when == "before" and now < self._disk_full_until and sql.startswith(_WRITES):
            raise sqlite3.OperationalError("database or disk is full")
        if when == "before" and now < self._locked_until and sql.startswith("BEGIN IMM"):
            raise sqlite3.OperationalError("database is locked")

    def _kill_between(self, fault: Fault, when: str, sql: str) -> None:
        if fault.mode == when:
            self._pending = None
            self.kill(f"{when} {sql[:60]}", fault.span_ms)
            raise Halted

    def _begin(self, fault: Fault) -> None:
        until = self.world.now + fault.span_ms * US_PER_MS
        if fault.kind is FaultKind.DISK_FULL:
            self._disk_full_until = until
        elif fault.kind is FaultKind.LOCKED:
            self._locked_until = until
