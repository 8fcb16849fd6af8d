"""When Python searches for garbage that refers to itself, which reference counts do not free.

A full search looks at every object, while nobody is answered: 0.35 s with ten thousand held polls,
every few seconds as Python has it. Calls of dispensers leave no such garbage.
"""

import gc
from collections.abc import Generator
from contextlib import contextmanager

_NEVER = 1_000_000_000


@contextmanager
def searched_for_seldom() -> Generator[None]:
    """Search all objects only when `gc.collect` is called. New ones are searched as before."""
    before = gc.get_threshold()
    gc.set_threshold(*before[:2], _NEVER)
    try:
        yield
    finally:
        gc.set_threshold(*before)
