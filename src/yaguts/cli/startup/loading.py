"""Load code while the garbage collector is off: it would find nothing, and slow the start."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Generator[None]:
    """Switch the collector off for the block, and exempt what was loaded from later collections."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
