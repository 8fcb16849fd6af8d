"""A dispenser's flash: what is durable, what a power cut leaves of a write, and how it wears.

The interface is that of MicroPython's `esp32.NVS`. A write during which the power fails ends in one
of the ways of `Torn`. A number stays old or new (measured on ESP-IDF, 2,080 cuts), a rewritten blob
can vanish; `GONE` also covers the rare number that is lost.
"""

from collections.abc import Callable

from yaguts_sim.device.errors import NvsFull, NvsNotFound, NvsTooSmall
from yaguts_sim.device.nvs import Fragment, Layout
from yaguts_sim.engine.clock import Halted
from yaguts_sim.faults.kinds import Torn

Value = int | bytes
FlashKey = tuple[str, str]
"""A namespace, and a key in it."""
LONGEST_NAME = 15
"""ESP-IDF takes so many characters for a namespace, and for a key."""

FlashWatch = Callable[[str, FlashKey], Torn | None]
"""Called before each operation. Says whether the power fails in it, and what it leaves."""


def _never(_operation: str, _key: FlashKey) -> Torn | None:
    return None


class SimFlash:
    """The partition. It outlives every power cut. Firmware uses its namespaces."""

    def __init__(self) -> None:
        self.values: dict[FlashKey, Value] = {}
        self.operations = 0
        self.layout = Layout()
        self.watch: FlashWatch = _never
        self.full = False
        self.failing = False
        self._places: dict[FlashKey, list[Fragment]] = {}

    def namespace(self, name: str, alive: Callable[[], None] = lambda: None) -> "Namespace":
        """One namespace, as firmware opens it. `alive` raises `Halted` for a dead caller."""
        return Namespace(self, name, alive)

    def copy(self) -> "SimFlash":
        """A new partition with the same content."""
        twin = SimFlash()
        for key, value in self.values.items():
            twin.put(key, value)
        twin.layout.entries_written = 0
        return twin

    def write(self, key: FlashKey, value: Value) -> None:
        """Store a value durably, or as much of it as the power allows.

        `Halted` when the power fails, `NvsFull` when `full` (new keys) or `failing` (every key).
        """
        assert max(map(len, key)) <= LONGEST_NAME, key
        torn = self.watch("set", key)
        self.operations += torn is None
        if torn in (Torn.BEFORE, Torn.OLD):
            raise Halted
        if torn is Torn.GONE or torn is Torn.HALF:
            self._tear(key, value, torn)
            raise Halted
        if self.failing or (self.full and key not in self.values):
            raise NvsFull
        self.put(key, value)
        if torn is Torn.AFTER:
            raise Halted

    def erase(self, key: FlashKey) -> None:
        """Erase a key. `NvsNotFound` when it does not exist, `Halted` when the power fails."""
        if key not in self.values:
            raise NvsNotFound
        torn = self.watch("erase", key)
        self.operations += torn is None
        if torn in (Torn.BEFORE, Torn.OLD):
            raise Halted
        self.remove(key)
        if torn is not None:
            raise Halted

    def put(self, key: FlashKey, value: Value) -> None:
        """Store a value, past every fault. The new one takes room before the old one is dropped."""
        layout = self.layout
        places = layout.cell() if isinstance(value, int) else layout.blob(len(value))
        layout.drop(self._places.get(key, []))
        self._places[key] = places
        self.values[key] = value

    def remove(self, key: FlashKey) -> None:
        """Remove a key, past every fault. Does nothing when it does not exist."""
        self.layout.drop(self._places.pop(key, []))
        self.values.pop(key, None)

    def flip(self, key: FlashKey, bit: int) -> None:
        """Flip one bit of a value. The flash does not notice."""
        value = self.values.get(key)
        if isinstance(value, int):
            flipped = (value & 0xFFFFFFFF) ^ (1 << bit % 32)
            self.values[key] = flipped - (1 << 32) if flipped >> 31 else flipped
        elif value:
            place = bit % (8 * len(value))
            changed = bytearray(value)
            changed[place // 8] ^= 1 << place % 8
            self.values[key] = bytes(changed)

    def _tear(self, key: FlashKey, value: Value, torn: Torn) -> None:
        old = self.values.get(key)
        if torn is Torn.GONE or isinstance(value, int) or not isinstance(old, bytes):
            self.remove(key)
        else:
            half = len(value) // 2
            self.put(key, value[:half] + old[half:])


class Namespace:
    """The interface of `esp32.NVS`."""

    def __init__(self, flash: SimFlash, name: str, alive: Callable[[], None]) -> None:
        self._flash = flash
        self._name = name
        self._alive = alive

    def get_i32(self, key: str) -> int:
        self._alive()
        value = self._flash.values.get((self._name, key))
        if not isinstance(value, int):
            raise NvsNotFound
        return value

    def set_i32(self, key: str, value: int) -> None:
        self._alive()
        if not -(2**31) <= value < 2**31:
            raise OverflowError(value)
        self._flash.write((self._name, key), value)

    def get_blob(self, key: str, buffer: bytearray) -> int:
        self._alive()
        value = self._flash.values.get((self._name, key))
        if not isinstance(value, bytes):
            raise NvsNotFound
        if len(value) > len(buffer):
            raise NvsTooSmall
        buffer[: len(value)] = value
        return len(value)

    def set_blob(self, key: str, value: bytes | bytearray | memoryview) -> None:
        self._alive()
        self._flash.write((self._name, key), bytes(value))

    def erase_key(self, key: str) -> None:
        self._alive()
        self._flash.erase((self._name, key))

    def commit(self) -> None:
        """Does nothing: a write is durable at once, as in ESP-IDF since version 4."""

    def free_entries(self) -> int:
        return 0 if self._flash.full else self._flash.layout.free_entries
