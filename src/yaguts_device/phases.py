"""Modules that one phase needs: loaded for it, let go when it is over.

MicroPython keeps an imported module for ever, and a board has no memory for all of them at once:
TLS needs it. So what only a phase needs is imported inside `with Phase():`. Every module that was
not loaded before is let go at its end. Nothing of such a module may outlive the phase: a class that
is loaded anew is another class.

CPython has memory, and keeps its modules.
"""

import gc
import sys

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any

_LETS_GO = sys.implementation.name == "micropython"
_OFTEN_BYTES = 1024
_PARTS = 48 if sys.platform == "esp32" else 12
"""The heap is collected when this part of what is free was allocated, and never more often than
after `_OFTEN_BYTES`. What an ESP32 says is free includes what its heap may grow by, and TLS needs
that.
"""


class Phase:
    """A phase: `with Phase():` around the imports and what they are for."""

    def __init__(self) -> None:
        self._before: "set[str]" = set()

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, *_raised: object) -> None:
        self.end()

    def begin(self) -> None:
        """From here on, modules are loaded for the phase."""
        if _LETS_GO:
            _collect()
            self._before = set(sys.modules)

    def end(self) -> None:
        """Let the phase's modules go."""
        if _LETS_GO:
            for name in [name for name in sys.modules if name not in self._before]:
                if name.startswith("yaguts_"):
                    _let_go(name)
            _collect()


def _collect() -> None:
    """Collect the heap, and from now on after so many bytes were allocated."""
    gc.collect()
    gc.threshold(max(_OFTEN_BYTES, gc.mem_free() // _PARTS))


def _let_go(name: str) -> None:
    folder, _, last = name.rpartition(".")
    del sys.modules[name]
    if folder in sys.modules:
        delattr(sys.modules[folder], last)


async def forgotten(held: "list[Awaitable[Any]]") -> "Any":
    """What the only one in the list gives. A task is made of it: `create_task(forgotten([work]))`.

    MicroPython's asyncio keeps the last tasks that ended: stale pointers in its queue lead to them.
    An ended coroutine keeps what it knew, and so the modules of its phase. This one knows an empty
    list.
    """
    return await held.pop()
