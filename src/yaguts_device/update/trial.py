"""Whether a release shows that it works; otherwise the slot before is active again.

    no server heard for ten minutes     back to the slot before
    a crash, or the watchdog            the loader counts it, and gives the slot up after three
    two hours, and a job was reported   confirmed; without a job after five days

The two hours and the job are there because a release may crash late, or only when it pours. What is
watched stays in memory meanwhile, so what only its end needs is loaded then.
"""

from yaguts_device.phases import Phase
from yaguts_device.update.cells import get, put, tell
from yaguts_wire import update_words as u

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, Flash

SILENT_MS = 10 * 60_000
SERVED_MS = 2 * 3_600_000
LONGEST_MS = 5 * 86_400_000
"""Within what ticks that wrap around can count."""
PROMPT_MS = 2 * 60_000
_TRIAL, _AFTER_SILENCE, _BY_CABLE = range(1, 4)


class Trial:
    """The release that runs is untried."""

    def __init__(self, board: "Board", cells: "Flash", release: int) -> None:
        self.release = release
        self._board = board
        self._cells = cells
        self.began_at = board.ticks_ms()
        self.is_healthy = False

    def kept(self) -> "tuple[int, int, int, bool]":
        """What `taken_up` needs."""
        return _TRIAL, self.release, self.began_at, self.is_healthy

    def look(self, heard: bool, reported: bool, failures: int) -> bool:
        """Whether the trial is over. Restarts the board to go back to the slot before.

        `heard`: a poll was answered since the start, `reported`: a job was. `failures`: so often in
        a row no server was heard.
        """
        passed_ms = self._passed_ms()
        if heard and not self.is_healthy and self._is_dark():
            self.is_healthy = True
            put(self._cells, "silent", 0)
        if not self.is_healthy:
            if failures and passed_ms >= SILENT_MS:
                self._go_back()
            return False
        if passed_ms < SERVED_MS or not (reported or passed_ms >= LONGEST_MS):
            return False
        self.confirm()
        return True

    def may_give_way(self) -> bool:
        """Whether it worked for long enough that the slot before may be filled anew."""
        return self.is_healthy and self._passed_ms() >= SERVED_MS

    def confirm(self) -> None:
        """The release stays. The first write decides: what follows is done again after a cut."""
        put(self._cells, "release", self.release)
        with Phase():
            from yaguts_device.update.key_change import take_keys

            take_keys(self._board)
        tell(self._cells, u.CONFIRMED, self.release)
        put(self._cells, "untried", 0)
        put(self._cells, "tries", 0)
        put(self._cells, "trial", 0)
        self._board.log("update: release %d works and stays" % self.release)

    def _passed_ms(self) -> int:
        return self._board.ticks_diff(self._board.ticks_ms(), self.began_at)

    def _is_dark(self) -> bool:
        return not any([self._board.remaining_ms(jar + 1) for jar in range(self._board.jars)])

    def _go_back(self) -> None:
        from yaguts_device.update.slots import MANIFEST, SLOTS

        slot = SLOTS.index(self._board.slot) ^ 1
        if self._board.files().size("/" + SLOTS[slot] + MANIFEST) < 0:
            return
        put(self._cells, "silent", self.release)
        put(self._cells, "active", slot)
        put(self._cells, "untried", 0)
        self._board.log("update: release %d hears no server: back to the one before" % self.release)
        self._board.reset()


class ByCable:
    """The release that runs came by cable: once a server was heard, none from before it counts."""

    def __init__(self, cells: "Flash", release: int) -> None:
        self._cells = cells
        self._release = release

    def kept(self) -> "tuple[int, int, int, bool]":
        """What `taken_up` needs."""
        return _BY_CABLE, self._release, 0, False

    def look(self, heard: bool, reported: bool, failures: int) -> bool:  # noqa: ARG002
        """Whether its number is noted."""
        if heard:
            self.confirm()
        return heard

    def may_give_way(self) -> bool:
        """At once: who has the cable tries it."""
        return True

    def confirm(self) -> None:
        """Note its number."""
        put(self._cells, "release", self._release)


class AfterSilence:
    """The release before this one heard no server. Was it the release, or the network?

    A server that answers this one promptly had been there. Otherwise the release stays untried, and
    is tried again when it is offered.
    """

    def __init__(self, board: "Board", cells: "Flash") -> None:
        self._board = board
        self._cells = cells
        self.began_at = board.ticks_ms()

    def kept(self) -> "tuple[int, int, int, bool]":
        """What `taken_up` needs."""
        return _AFTER_SILENCE, 0, self.began_at, False

    def look(self, heard: bool, reported: bool, failures: int) -> bool:  # noqa: ARG002
        """Whether that is settled."""
        if not heard:
            return False
        passed_ms = self._board.ticks_diff(self._board.ticks_ms(), self.began_at)
        if passed_ms <= PROMPT_MS:
            leave(self._cells, u.SILENCE)
        put(self._cells, "trial", 0)
        return True

    def may_give_way(self) -> bool:
        """Not before it is settled."""
        return False

    def confirm(self) -> None:
        """Nothing: it was confirmed before."""


def taken_up(
    board: "Board", cells: "Flash", trial: "tuple[int, int, int, bool]"
) -> "Trial | AfterSilence | ByCable":
    """The watch that said `trial` of itself before a job."""
    kind, release, began_at, is_healthy = trial
    if kind == _BY_CABLE:
        return ByCable(cells, release)
    watch = Trial(board, cells, release) if kind == _TRIAL else AfterSilence(board, cells)
    watch.began_at = began_at
    if isinstance(watch, Trial):
        watch.is_healthy = is_healthy
    return watch


def leave(cells: "Flash", reason: str) -> None:
    """The release on trial is not tried again, and the server is told why: the news comes first, so
    that no power cut loses it.
    """
    release = get(cells, "trial")
    tell(cells, u.FELL_BACK, release, reason)
    put(cells, "bad", release)
    put(cells, "trial", 0)
