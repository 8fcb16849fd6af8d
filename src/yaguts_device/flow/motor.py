"""The vibration motor's part in a pour: on a little before, off a little after, never for long."""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_wire.shapes import OfferedMotor


class Shaker:
    """Runs the motor as a job's settings say. An intensity of 0 means: no motor, no delays."""

    def __init__(self, board: "Board", settings: "OfferedMotor") -> None:
        self._board = board
        self._settings = settings
        self._since: "int | None" = None

    async def start(self) -> None:
        """Shake, and give the spice time to move."""
        if self._settings["intensity"]:
            self._run()
            await self._board.sleep_ms(self._settings["pre_start_ms"])

    def rest(self) -> None:
        """Called at every slice: a motor that ran its longest stands still for one slice."""
        if self._since is None:
            if self._settings["intensity"]:
                self._run()
            return
        longest_ms = self._settings["max_runtime_s"] * 1000
        if self._board.ticks_diff(self._board.ticks_ms(), self._since) >= longest_ms:
            self._halt()

    async def stop(self) -> None:
        """Let what is loose fall, and stand still."""
        if self._settings["intensity"]:
            await self._board.sleep_ms(self._settings["post_stop_ms"])
            self._halt()

    def _run(self) -> None:
        self._since = self._board.ticks_ms()
        self._board.motor(self._settings["intensity"])

    def _halt(self) -> None:
        self._since = None
        self._board.motor(0)
