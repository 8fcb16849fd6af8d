"""The interface of a board. `virtual`, `esp32` and the simulator implement it.

Everything that is not pure goes through a board: time, randomness, flash, outputs, network. These
classes are never instantiated; they describe the interface for people and type checkers.

Each call says what it raises, apart from two things. Any of them may lack memory (MemoryError),
and any may raise an exception that stands for a power cut: it derives from BaseException, or
cancels the task, and nothing in the firmware catches it.
"""

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable, Iterator, Protocol

    from yaguts_wire.shapes import Message

    class Flash(Protocol):
        """A namespace of NVS, as `esp32.NVS` has it.

        OSError when a key is not there, or of another type or too long for the buffer; when there
        is no room for what is written; and when the partition cannot be read.

        Arguments go by position (hence the underscores: MicroPython knows no other way to say so).
        """

        def get_i32(self, __key: str) -> int:
            """The number under the key."""
            ...

        def set_i32(self, __key: str, __value: int) -> None:
            """Store a number. After a power cut the key holds the old or the new one."""
            ...

        def get_blob(self, __key: str, __buffer: bytearray) -> int:
            """Copy the blob into the buffer; its length."""
            ...

        def set_blob(self, __key: str, __value: "bytearray | memoryview") -> None:
            """Store a blob. After a power cut the key may be gone, or its blob torn."""
            ...

        def erase_key(self, __key: str) -> None:
            """Erase the key."""
            ...

        def commit(self) -> None:
            """Return when everything written is durable."""
            ...

        def free_entries(self) -> int:
            """How many entries of 32 bytes can still be written."""
            ...

    class BoardFiles(Protocol):
        """The files of the board's root, as updates need them. Paths begin with "/".

        A write is durable when its call returns. A power cut leaves any part of the last one, or
        other bytes in its place. OSError when the file system is full or damaged.
        """

        def size(self, path: str) -> int:
            """A file's length in bytes; -1 when there is no such file."""
            ...

        def pieces(self, path: str) -> "Iterator[bytes]":
            """A file's bytes, 512 at a time; none when there is no such file."""
            ...

        def append(self, path: str, data: "bytes | bytearray") -> None:
            """Write at a file's end; a new file when there is none."""
            ...

        def rename(self, old: str, new: str) -> None:
            """Move a file into its place, over what is there: whole or not at all."""
            ...

        def remove(self, path: str) -> None:
            """Remove a file. Nothing when there is none."""
            ...

        def below(self, folder: str) -> "Iterator[str]":
            """The paths of all files below a folder, as from the root."""
            ...

        def free_bytes(self) -> int:
            """How much room the file system has."""
            ...

        def platform(self) -> "Message":
            """What its modules are made for, as manifests have it: the chip, and the bytecode and
            the version of its MicroPython.
            """
            ...

    class Reader(Protocol):
        """The receiving side of a connection, as asyncio has it."""

        async def read(self, n: int = -1) -> bytes:
            """Up to `n` bytes as soon as there are some; none at the end."""
            ...

    class Writer(Protocol):
        """The sending side of a connection, as asyncio has it."""

        def write(self, data: "bytes | bytearray") -> "Any":
            """Buffer bytes to be sent."""
            ...

        async def drain(self) -> None:
            """Return when the buffer is sent."""
            ...

        def close(self) -> None:
            """Begin to close the connection."""
            ...

        async def wait_closed(self) -> None:
            """Return when it is closed."""
            ...

    DarkStep = list[int | list[int]]
    """A pin and its level, or a write on an I2C bus: [sda, scl, address, register, [byte, ...]],
    and [sda, scl, address, [byte, ...]] for a chip without registers."""

    class Outputs(Protocol):
        """What opens the jars. See `hal/drivers`.

        A chip that does not answer is no error but a `fault`. `open` and `extend` raise OSError
        when the board cannot make the pulse, and IndexError when there is no such jar.
        """

        jars: int
        """How many jars there are, numbered from 1."""
        bound_ms: int
        """How long after its end a pulse may last, if the interpreter hangs. 0: hardware ends the
        pulse without the interpreter."""

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
            """How much of the pulse remains; 0 when it has ended."""
            ...

        def close(self, jar: int) -> int:
            """Relay off now. Returns how many ms of the pulse were surely not used."""
            ...

        def fault(self, jar: int) -> int:
            """The fault of the jar, one of `dose_machine.REASONS`; 0 when none is known."""
            ...

    class MotorOutput(Protocol):
        """The vibration motor."""

        def run(self, percent: int) -> None:
            """Run at so many percent; 0: off. OSError when its PWM or its bus fails."""
            ...

    class Parts(Protocol):
        """What drivers use of the chip: pins, pulses, buses, a timer, the watchdog."""

        def output(self, pin: int, value: int = 0) -> "Any":
            """A `machine.Pin` at this level. Cuts the pin off from a pulse or PWM on it."""
            ...

        def pulses(
            self, pin: int, clock_div: int, idle: int, carrier: "tuple[int, int, bool] | None"
        ) -> "Any":
            """An `esp32.RMT` on the pin. The carrier is a frequency in Hz, the percentage of it
            that is high, and whether it modulates what is high."""
            ...

        def pwm(self, pin: int, hz: int) -> "Any":
            """A `machine.PWM` with a duty of 0."""
            ...

        def pixel(self, pin: int) -> "Any":
            """A `neopixel.NeoPixel` of one LED."""
            ...

        def i2c(self, sda: int, scl: int) -> "Any":
            """A `machine.I2C`."""
            ...

        def once(self, ms: int, work: "Callable[[Any], None]") -> None:
            """Call `work` once after so long. Replaces the call before; 0 ms: only cancels it."""
            ...

        def watch(self, __within_ms: int) -> None:
            """The watchdog resets the board after so long; 0: after its usual time."""
            ...

    class Configured(Protocol):
        """What a board is told of its network. No secret is in it."""

        @property
        def wifi(self) -> str:
            """The name of the Wi-Fi that was set last; "" when there is none."""
            ...

        @property
        def server(self) -> str:
            """The server's address; "" when there is none."""
            ...

        @property
        def trusts(self) -> bool:
            """Whether the board has an authority to trust an https server by."""
            ...

        @property
        def has_portal(self) -> bool:
            """Whether its access point has a password. Without one there is no portal."""
            ...

    class Radio(Protocol):
        """Setting up without a cable: what is around the board, its access point, its memory."""

        def keep_network(self, name: str, password: str) -> None:
            """Remember a Wi-Fi as the first to try. Without a password it keeps the one it had.

            OSError when the file system is full.
            """
            ...

        def keep_server(self, server: str) -> None:
            """Remember the server's address. OSError when the file system is full."""
            ...

        async def scan(self) -> "list[str]":
            """The names of the Wi-Fi networks that are there, the strongest first, each once.

            Leaves the network. OSError when the radio is busy.
            """
            ...

        async def join(self, name: str, password: str) -> int:
            """Connect to this Wi-Fi. `NOTHING`, or what went wrong, of `core.set_up`.

            Without a password the one is used that is remembered for it. OSError when the radio
            does not take it.
            """
            ...

        def open_access_point(self, name: str) -> "tuple[str, int, int]":
            """Open the board's own Wi-Fi, with its own password, after `scan`.

            The board's address there, and its ports for HTTP and DNS. OSError when it does not
            open.
            """
            ...

        def close_access_point(self) -> None:
            """Close it. OSError when the radio does not take it."""
            ...

        def listen(self, host: str, port: int, datagrams: bool) -> "Any":
            """A socket that never waits, for connections or for datagrams. OSError when none."""
            ...

    class Board(Outputs, Protocol):
        """Everything that the firmware reaches outside of itself."""

        uid: str
        """The name under which it is paired: 4 to 64 characters, unique to the board."""
        hardware: str
        """What it is, for example "esp32-relays"."""
        feed_every_ms: int
        """How often `feed` must be called; 0: there is no watchdog."""
        reset_cause: int
        """Why it was reset, one of the causes in `yaguts_wire.happenings`; 0: not known."""
        start_number: int
        """Up to 30 random bits, drawn anew at each start."""

        slot: str
        """Which slot the firmware runs from, "a" or "b"; "" when it lies in none."""

        # Time and chance

        def ticks_ms(self) -> int:
            """Milliseconds since an unknown time; may wrap around."""
            ...

        def ticks_diff(self, later: int, earlier: int) -> int:
            """Milliseconds between two ticks, wrap-around considered."""
            ...

        async def sleep_ms(self, ms: int) -> None:
            """Let other tasks run for at least so long."""
            ...

        async def within(self, ms: int, work: "Awaitable[Any]") -> "Any":
            """The result of the work; asyncio.TimeoutError after so long, the work cancelled."""
            ...

        def unix_s(self) -> "int | None":
            """Seconds since 1970; None as long as the clock is not set."""
            ...

        def set_clock(self, unix_s: int) -> None:
            """Set the clock. OSError when the RTC does not take it."""
            ...

        def random_bits(self, bits: int) -> int:
            """A random number of so many bits (at most 30)."""
            ...

        # What lasts

        def flash(self, namespace: str) -> Flash:
            """The namespace (at most 15 characters) of the flash. OSError when it has no NVS."""
            ...

        def remembered(self) -> bytes:
            """What `remember` stored, unless the power was cut since: then any bytes.

            OSError when that memory cannot be read.
            """
            ...

        def remember(self, __data: bytearray) -> None:
            """Store up to 2,048 bytes in memory that outlives a reset, but no power cut.

            OSError when that memory does not take them.
            """
            ...

        def files(self) -> BoardFiles:
            """The files of the board's root."""
            ...

        def forget_network(self) -> None:
            """Forget every Wi-Fi, its password, the server and the pairing code, not the wiring.

            The password of the access point stays: it stands on the board's label. OSError when
            the file system is full.
            """
            ...

        def configured(self) -> "Configured":
            """What the board is told of its network."""
            ...

        # The panel

        def button(self) -> bool:
            """Whether the button is down. OSError when it cannot be read."""
            ...

        async def button_down(self) -> None:
            """Return when the button goes down, or did since the last time; sometimes for nothing.

            OSError when it cannot be read.
            """
            ...

        def light(self, __state: int) -> None:
            """Show one of the states of `hal.led`. OSError or ValueError when it cannot."""
            ...

        # Outputs

        def motor(self, percent: int) -> None:
            """The vibration motor's strength; 0: off. OSError when it cannot be driven."""
            ...

        def feed(self) -> None:
            """Tell the watchdog that the interpreter is alive."""
            ...

        def reset(self) -> None:
            """Reset the board. Does not return."""
            ...

        # The world outside

        def radio(self) -> "Radio":
            """What the portal needs of the board, loaded with it alone."""
            ...

        async def up(self) -> None:
            """Return when there is a network; OSError when there is none.

            Networks that are remembered are tried in turn.
            """
            ...

        async def network_time(self) -> int:
            """The time by NTP, in unix seconds; OSError when nobody answers.

            May hold the interpreter for a second, and for as long as looking up a name takes.
            """
            ...

        async def connect(
            self, host: str, port: int, tls: bool, checked: bool
        ) -> "tuple[Reader, Writer]":
            """A connection; OSError when there is none.

            `tls`: encrypted. `checked`: and with a certificate whose chain, host name and dates are
            right; otherwise ValueError, here or at the first write or read.
            """
            ...

        def status(self) -> "Message":
            """A few numbers about the board's health, for heartbeats. OSError without a Wi-Fi."""
            ...

        def log(self, text: str) -> None:
            """Print a line on the console. No secrets. Never fails."""
            ...
