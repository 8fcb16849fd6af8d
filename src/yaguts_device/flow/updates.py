"""Updates while there is no job: hear the offer, and let a release show its worth.

This is let go for a job. All else is in the package `update`, which is loaded when there is
something to do. A board whose firmware lies in no slot takes no update.
"""

from yaguts_device.journal.cells import read_cell
from yaguts_device.phases import Phase
from yaguts_device.update import NAMESPACE
from yaguts_wire.limits import MAX_POLL_S

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.flow.clock import BoardClock
    from yaguts_device.hal.board import Board
    from yaguts_device.net.server import ServerClient
    from yaguts_device.update.fetching import Fetching
    from yaguts_device.update.trial import AfterSilence, ByCable, Trial
    from yaguts_wire.shapes import Message

POLL_S = 1
"""How long the server holds a poll while a release is fetched."""


class Updates:
    """The updates from here to the next job. `trial`: what `trial` said before the last one."""

    def __init__(
        self,
        board: "Board",
        server: "ServerClient",
        clock: "BoardClock",
        trial: "tuple[int, int, int, bool] | None" = None,
    ) -> None:
        self.board, self.server, self.clock = board, server, clock
        self.cells = board.flash(NAMESPACE)
        self.facts: "Message | None" = None
        self.told: "tuple[int, int]" = (0, 0)
        self.watch: "Trial | AfterSilence | ByCable | None" = None
        self.fetching: "Fetching | None" = None
        self.ended: "tuple[int, int]" = (0, 0)
        if trial is None:
            self._load("start")
        elif trial[0]:
            self._load("go_on", trial)

    def trial(self) -> "tuple[int, int, int, bool] | None":
        """What has to be known to go on after a job; None: to begin anew, as at a start."""
        if self.watch:
            return self.watch.kept()
        return None if self.facts else (0, 0, 0, False)

    def poll_s(self) -> int:
        """For how long the server may hold the next poll."""
        return POLL_S if self.fetching else MAX_POLL_S

    def tell(self, status: "Message") -> None:
        """Add to the status what has not been told yet."""
        if self.facts or read_cell(self.cells, "told"):
            self._load("tell", status)

    def answered(self, offer: object) -> None:
        """The heartbeat was answered: what it told is known, and it may offer a release."""
        if offer or self.facts or self.told[0]:
            self._load("answered", offer)
        if not offer:
            self.fetching = None

    async def step(self) -> None:
        """Go on with what is fetched: called between two polls, when there is no job."""
        if not self.fetching:
            return
        try:
            with Phase():
                over = await self.fetching.step()
        except MemoryError:
            over = True
        if over:
            self._load("end")

    def trusted_s(self) -> "int | None":
        """The time in unix seconds; None while it is not known, doubted or before a noted day."""
        unix_s = self.board.unix_s()
        if unix_s is None or self.clock.doubted:
            return None
        from yaguts_device.flow.time_setting import noted_s  # in the phase of who asks

        return None if unix_s < noted_s(self.board) else unix_s

    def look(self, heard: bool, reported: bool, failures: int) -> None:
        """Let the release that runs show whether it works: see `Trial.look`."""
        if self.watch and self.watch.look(heard, reported, failures):
            self.watch = None

    def _load(self, what: str, about: object = None) -> None:
        """Nothing of updates may stop the dispenser, not even a lack of memory."""
        try:
            with Phase():
                from yaguts_device.update import desk

                getattr(desk, what)(self, about)
        except MemoryError:
            self.fetching = None
            self.board.log("update: no memory")
