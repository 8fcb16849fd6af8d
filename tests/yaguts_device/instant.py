"""An event loop in which nobody waits: when all sleep, time jumps to who wakes up first."""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any


class _Nobody(selectors.BaseSelector):
    """Watches the loop's own pipe, which never says anything, and lets time pass instead."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        self._keys[fileobj] = selectors.SelectorKey(fileobj, 0, events, data)
        return self._keys[fileobj]

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for somebody else"
        self.now_s += max(0.0, timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._keys


class InstantLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps."""

    def __init__(self) -> None:
        self._nobody = _Nobody()
        super().__init__(self._nobody)

    def time(self) -> float:
        return self._nobody.now_s


def instantly(story: Coroutine[Any, Any, None]) -> None:
    """Run the coroutine in a world of its own, however many hours it takes."""
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        runner.run(story)
