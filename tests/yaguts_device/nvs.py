"""A flash in memory whose power can fail in any operation, and what is left of it then."""

from collections.abc import Callable

NOT_FOUND = OSError(-4354, "ESP_ERR_NVS_NOT_FOUND")


class PowerCut(BaseException):
    """The plug is pulled. Nothing may catch this."""


def before(_old: bytes | int | None, _new: bytes | int) -> bytes | int | None:
    """The operation did nothing."""
    return _old


def after(_old: bytes | int | None, new: bytes | int) -> bytes | int | None:
    """The operation was complete; nothing else was."""
    return new


def torn(old: bytes | int | None, new: bytes | int) -> bytes | int | None:
    """A blob is half new. Numbers are old or new in ESP-IDF, never in between."""
    if isinstance(new, int) or not isinstance(old, bytes):
        return old
    return new[: len(new) // 2] + old[len(new) // 2 :]


def vanished(_old: bytes | int | None, _new: bytes | int) -> bytes | int | None:
    """The old value is erased, the new one is not there."""
    return None


CUTS = (before, torn, after, vanished)


class Nvs:
    """The whole partition. `cut_at` counts writing operations from now."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], bytes | int] = {}
        self.free = 600
        self.full = False
        self.writes = 0
        self._cut_at: int | None = None
        self._kind: Callable[[bytes | int | None, bytes | int], bytes | int | None] = before

    def cut_at(self, operation: int, kind: Callable[..., bytes | int | None]) -> None:
        self.writes, self._cut_at, self._kind = 0, operation, kind

    def write(self, key: tuple[str, str], value: bytes | int) -> None:
        if self.full:
            raise OSError(-4357, "ESP_ERR_NVS_NOT_ENOUGH_SPACE")
        self.writes += 1
        if self.writes != self._cut_at:
            self.values[key] = value
            return
        left = self._kind(self.values.pop(key, None), value)
        if left is not None:
            self.values[key] = left
        self._cut_at = None
        raise PowerCut

    def erase(self, key: tuple[str, str]) -> None:
        """One that the cut hits has not happened, or has: there is nothing in between."""
        self.writes += 1
        if self.writes != self._cut_at or self._kind is not before:
            del self.values[key]
        if self.writes == self._cut_at:
            self._cut_at = None
            raise PowerCut


class Namespace:
    """A namespace of the partition, as `esp32.NVS` has it."""

    def __init__(self, nvs: Nvs, name: str, alive: Callable[[], None] = lambda: None) -> None:
        assert len(name) <= 15
        self.nvs, self.name, self._alive = nvs, name, alive

    def get_i32(self, key: str) -> int:
        value = self._value(key)
        if not isinstance(value, int):
            raise NOT_FOUND
        return value

    def set_i32(self, key: str, value: int) -> None:
        assert -(2**31) <= value < 2**31
        self._write(key, value)

    def get_blob(self, key: str, buffer: bytearray) -> int:
        value = self._value(key)
        if not isinstance(value, bytes):
            raise NOT_FOUND
        buffer[: len(value)] = value
        return len(value)

    def set_blob(self, key: str, value: bytes) -> None:
        self._write(key, bytes(value))

    def erase_key(self, key: str) -> None:
        self._alive()
        if (self.name, key) not in self.nvs.values:
            raise NOT_FOUND
        self.nvs.erase((self.name, key))

    def commit(self) -> None:
        pass

    def free_entries(self) -> int:
        return self.nvs.free

    def _value(self, key: str) -> bytes | int | None:
        self._alive()
        return self.nvs.values.get((self.name, key))

    def _write(self, key: str, value: bytes | int) -> None:
        self._alive()
        assert len(key) <= 15
        self.nvs.write((self.name, key), value)
