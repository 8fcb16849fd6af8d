"""What the firmware asks of a board. `virtual` and `esp32` implement it, a simulator may too.

Everything that is not pure goes through a board: time, randomness, flash, outputs, network. The
classes here are never instantiated; they are the description, for people and for type checkers.

A pulled plug may show as an exception out of any of these calls. It derives from BaseException
(or cancels the task): nothing in the firmware catches it.
"""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Protocol

    from yaguts_wire.shapes import Message

    class Flash(Protocol):
        """A namespace of NVS, as `esp32.NVS` has it. An OSError when a key is not there.

        Arguments go by position (hence the underscores: MicroPython knows no other way to say so).
        """

        def get_i32(self, __key: str) -> int:
            """The number under the key."""
            ...

        def set_i32(self, __key: str, __value: int) -> None:
            """Keep a number. After a power cut the key holds the old or the new one."""
            ...

        def get_blob(self, __key: str, __buffer: bytearray) -> int:
            """Copy the blob into the buffer; its length."""
            ...

        def set_blob(self, __key: str, __value: "bytearray | memoryview") -> None:
            """Keep a blob. After a power cut the key may hold nothing, or what is torn."""
            ...

        def erase_key(self, __key: str) -> None:
            """Forget the key."""
            ...

        def commit(self) -> None:
            """Return when everything written is durable."""
            ...

        def free_entries(self) -> int:
            """How many entries of 32 bytes can still be written."""
            ...

    class Reader(Protocol):
        """The receiving side of a connection, as asyncio has it."""

        async def read(self, n: int = -1) -> bytes:
            """Up to `n` bytes as soon as there are some; none at the end."""
            ...

    class Writer(Protocol):
        """The sending side of a connection, as asyncio has it."""

        def write(self, data: "bytes | bytearray") -> "Any":
            """Take bytes to be sent."""
            ...

        async def drain(self) -> None:
            """Return when they are on their way."""
            ...

        def close(self) -> None:
            """Begin to close the connection."""
            ...

        async def wait_closed(self) -> None:
            """Return when it is closed."""
            ...

    DarkStep = list[int | list[int]]
    """A pin and its level, or a write on an I2C bus: [sda, scl, address, register, [byte, ...]]."""

    class Outputs(Protocol):
        """What moves the jars. They are numbered from 1; see `hal/drivers`."""

        jars: int
        """Jars 1 to so many can be opened."""
        bound_ms: int
        """The relay is off at most so long after its pulse should have ended, whatever the
        interpreter does. 0: the pulse is timed by hardware that needs no interpreter."""

        def dark(self) -> None:
            """Every output off, whatever the state. Never fails."""
            ...

        def open(self, jar: int, for_ms: int) -> None:
            """Relay on. It goes off by itself after `for_ms`; see `bound_ms`."""
            ...

        def extend(self, jar: int, by_ms: int) -> None:
            """Add to the running pulse; a new pulse when it has already ended."""
            ...

        def remaining_ms(self, jar: int) -> int:
            """How much of the pulse is still to come; 0 when it has ended."""
            ...

        def close(self, jar: int) -> int:
            """Relay off now. How many ms of the pulse were surely not used."""
            ...

        def fault(self, jar: int) -> int:
            """What is wrong with the jar, as a reason of `core.dose_machine`; 0: nothing known."""
            ...

    class Motor(Protocol):
        """What shakes the jars."""

        def run(self, percent: int) -> None:
            """The vibration motor's strength; 0: off."""
            ...

    class Parts(Protocol):
        """What drivers are made of: the chip's pins, pulses, buses and timer."""

        def low(self, pin: int) -> None:
            """A plain output, low. Cuts the pin off from a pulse or PWM that drives it."""
            ...

        def output(self, pin: int) -> "Any":
            """A `machine.Pin`, low."""
            ...

        def pulses(self, pin: int, clock_div: int) -> "Any":
            """An `esp32.RMT` on the pin, idle low."""
            ...

        def pwm(self, pin: int, hz: int) -> "Any":
            """A `machine.PWM` with a duty of 0."""
            ...

        def i2c(self, sda: int, scl: int) -> "Any":
            """A `machine.I2C`."""
            ...

        def once(self, ms: int, work: "Callable[[Any], None]") -> None:
            """Call back once, in place of what was to be called before; with 0 ms, never."""
            ...

        def watch(self, __within_ms: int) -> None:
            """Reset the board when the interpreter hangs for so long; 0: for as long as usual."""
            ...

    class Board(Outputs, Protocol):
        """Everything that the firmware reaches outside of itself."""

        uid: str
        """The name under which it is claimed: 4 to 64 characters, never the same twice."""
        hardware: str
        """What it is, for example "esp32-relays"."""
        feed_every_ms: int
        """How often `feed` must be called; 0: there is no watchdog."""

        # Time and chance

        def ticks_ms(self) -> int:
            """Milliseconds since whenever; may wrap around."""
            ...

        def ticks_diff(self, later: int, earlier: int) -> int:
            """Milliseconds between two ticks, wrap-around considered."""
            ...

        async def sleep_ms(self, ms: int) -> None:
            """Let others run for at least so long."""
            ...

        async def within(self, ms: int, work: "Awaitable[Any]") -> "Any":
            """The result of the work; asyncio.TimeoutError after so long, the work cancelled."""
            ...

        def unix_s(self) -> "int | None":
            """Seconds since 1970; None as long as the clock is not set."""
            ...

        def set_clock(self, unix_s: int) -> None:
            """Set the clock."""
            ...

        def random_bits(self, bits: int) -> int:
            """A random number of so many bits (at most 30)."""
            ...

        # What lasts

        def flash(self, namespace: str) -> Flash:
            """The namespace (at most 15 characters) of the flash."""
            ...

        def remembered(self) -> bytes:
            """What `remember` was given last, if only resets came since; else anything."""
            ...

        def remember(self, __data: bytearray) -> None:
            """Keep up to 2,048 bytes in memory that outlives every reset, but no power cut."""
            ...

        def forget_network(self) -> None:
            """Forget the Wi-Fi, its password, the server and the claim code, not the wiring."""
            ...

        def button(self) -> bool:
            """Whether somebody holds the button for a factory reset."""
            ...

        # Outputs

        def motor(self, percent: int) -> None:
            """The vibration motor's strength; 0: off."""
            ...

        def feed(self) -> None:
            """Tell the watchdog that the interpreter is alive."""
            ...

        def reset(self) -> None:
            """Start anew, as after a reset button. Does not return."""
            ...

        # The world outside

        async def up(self) -> None:
            """Return when there is a network; OSError when there is none for now."""
            ...

        async def connect(self, host: str, port: int, tls: bool) -> "tuple[Reader, Writer]":
            """A connection; OSError when there is none. With `tls` the server must prove itself."""
            ...

        def status(self) -> "Message":
            """A few numbers about the board's health, for heartbeats."""
            ...

        def log(self, text: str) -> None:
            """A line for whoever looks. No secrets."""
            ...
