"""Runs the vibration motor during a pour: from a little before to a little after."""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board
    from yaguts_wire.shapes import OfferedMotor


class MotorControl:
    """Runs the motor by the settings of a job. With an intensity of 0: no motor and no delays."""

    def __init__(self, board: "Board", settings: "OfferedMotor") -> None:
        self._board = board
        self._settings = settings
        self._running_since: "int | None" = None
        self.failed = False
        """Whether the board could not drive it when it was last asked to."""

    async def start(self) -> None:
        """Run the motor, and give the spice time to move."""
        if self._settings["intensity"]:
            self._run()
            await self._board.sleep_ms(self._settings["pre_start_ms"])

    def pause_if_due(self) -> None:
        """Called at every slice. A motor that ran for `max_runtime_s` pauses for one slice."""
        if self._running_since is None:
            if self._settings["intensity"]:
                self._run()
            return
        longest_ms = self._settings["max_runtime_s"] * 1000
        if self._board.ticks_diff(self._board.ticks_ms(), self._running_since) >= longest_ms:
            self._halt()

    async def stop(self) -> None:
        """Give loose spice time to fall, then stop the motor."""
        if self._settings["intensity"]:
            await self._board.sleep_ms(self._settings["post_stop_ms"])
            self._halt()

    def _run(self) -> None:
        self._running_since = self._board.ticks_ms()
        self._drive(self._settings["intensity"])

    def _halt(self) -> None:
        self._running_since = None
        self._drive(0)

    def _drive(self, percent: int) -> None:
        try:
            self._board.motor(percent)
            self.failed = False
        except OSError as error:
            self._board.log("motor: %r" % (error,))
            self.failed = True
